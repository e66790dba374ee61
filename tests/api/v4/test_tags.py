"""The pages on tags."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, world
from tests.support import Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["v1.1", "v1.0"]),
        ({"sort": "asc"}, ["v1.0", "v1.1"]),
        ({"order_by": "name", "sort": "asc"}, ["v1.0", "v1.1"]),
        ({"search": "1$"}, ["v1.1"]),
        ({"search": "nothing"}, []),
    ],
)
def test_tags_are_listed_searched_and_sorted(api: Api, given: Any, expected: list[str]) -> None:
    assert names(api.get(f"{REPO}/tags", "rex", **given)) == expected


def test_tags_of_one_instant_are_ordered_by_name_whichever_way_the_others_are(api: Api) -> None:
    api.post(f"{REPO}/tags", tag_name="v0.9", ref="main")
    assert names(api.get(f"{REPO}/tags")) == ["v1.1", "v0.9", "v1.0"]
    assert names(api.get(f"{REPO}/tags", sort="asc")) == ["v0.9", "v1.0", "v1.1"]


def test_a_page_token_that_is_no_tag_is_refused(api: Api) -> None:
    answer = api.get(f"{REPO}/tags", pagination="keyset", page_token="v2")
    assert (answer.status, answer.json) == (422, {"message": "Invalid page token: refs/tags/v2"})


def test_tags_are_ordered_as_versions(api: Api) -> None:
    api.post(f"{REPO}/tags", tag_name="v1.10", ref="main")
    assert names(api.get(f"{REPO}/tags", order_by="version")) == ["v1.10", "v1.1", "v1.0"]
    assert names(api.get(f"{REPO}/tags", order_by="name")) == ["v1.10", "v1.1", "v1.0"]
    api.post(f"{REPO}/tags", tag_name="v1.9", ref="main")
    assert names(api.get(f"{REPO}/tags", order_by="version", sort="asc")) == ["v1.0", "v1.1", "v1.9", "v1.10"]


def test_a_light_tag_is_shown_with_its_commit(api: Api) -> None:
    shown = api.get(f"{REPO}/tags/v1.0").json
    assert shown.pop("commit")["id"] == sha(api)
    assert shown == {
        "name": "v1.0",
        "message": None,
        "target": sha(api),
        "release": None,
        "protected": False,
        "created_at": None,
    }
    live = Api({**world(), "gitlab": {"errors": "observed"}})
    assert live.get(f"{REPO}/tags/v1.0").json["message"] == ""


def test_an_annotated_tag_is_an_object_of_its_own(api: Api) -> None:
    answer = api.post(f"{REPO}/tags", "bob", tag_name="v2", ref="main", message=" The second ")
    assert answer.status == 201
    assert (answer.json["message"], answer.json["created_at"]) == ("The second", "2024-05-01T09:00:00.000+00:00")
    assert answer.json["target"] != answer.json["commit"]["id"] == sha(api)
    assert sha(api, "v2") == sha(api)
    assert api.get("projects/1/events").json[0]["push_data"]["ref_type"] == "tag"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tag_name": "v1.0", "ref": "main"}, "Tag v1.0 already exists"),
        ({"tag_name": "a b", "ref": "main"}, "Tag name invalid"),
        ({"tag_name": "x", "ref": "nowhere"}, "Target nowhere is invalid"),
        ({"tag_name": "x", "ref": ""}, "Target is empty"),
    ],
)
def test_a_tag_that_cannot_be_is_not_created(api: Api, given: Any, message: str) -> None:
    answer = api.post(f"{REPO}/tags", "bob", **given)
    assert (answer.status, answer.json) == (400, {"message": message})


def test_a_tag_is_deleted(api: Api) -> None:
    assert api.delete(f"{REPO}/tags/v1.1", "bob").status == 204
    answer = api.get(f"{REPO}/tags/v1.1")
    assert (answer.status, answer.json) == (404, {"message": "404 Tag Not Found"})
    assert api.delete(f"{REPO}/tags/v1.1", "bob").status == 404


def test_no_tag_is_signed(api: Api) -> None:
    answer = api.get(f"{REPO}/tags/v1.1/signature")
    assert (answer.status, answer.json) == (404, {"message": "404 Signature Not Found"})


def test_who_may_read_and_write(api: Api) -> None:
    assert api.get(f"{REPO}/tags", "gil").status == 403
    assert api.post(f"{REPO}/tags", "rex", tag_name="x", ref="main").status == 403
    assert api.delete(f"{REPO}/tags/v1.0", "rex").status == 403


def test_a_tag_whose_commit_changed_since_is_not_deleted(api: Api) -> None:
    old = {"If-Unmodified-Since": "Fri, 01 Mar 2024 00:00:00 GMT"}
    refused = api.request("DELETE", f"{REPO}/tags/v1.0", headers=old)
    assert (refused.status, refused.json) == (412, {"message": "412 Precondition Failed"})


@pytest.mark.parametrize("name", ["HEAD", "refs/tags/v2", "refs/heads/v2", "-v2"])
def test_no_tag_is_called_as_a_ref_or_an_option(api: Api, name: str) -> None:
    answer = api.post(f"{REPO}/tags", tag_name=name, ref="main")
    assert (answer.status, answer.json) == (400, {"message": "Tag name invalid"})
