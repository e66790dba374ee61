from typing import Any

import pytest

from tests.support import Api, refused, seen

GIVEN = {"name": "Chat", "redirect_uri": "https://chat.example/back", "scopes": "api read_user"}


@pytest.fixture
def api() -> Api:
    return Api()


def test_an_application_is_made_listed_and_deleted(api: Api) -> None:
    made = api.post("applications", **GIVEN)
    shown = {
        "id": 1,
        "application_id": made.json["application_id"],
        "application_name": "Chat",
        "callback_url": "https://chat.example/back",
        "confidential": True,
    }
    assert seen(made) == (201, {**shown, "secret": made.json["secret"]})
    assert len(made.json["application_id"]) == 64
    assert made.json["secret"].startswith("gloas-")
    assert seen(api.get("applications")) == (200, [shown])
    assert api.delete("applications/1").status == 204
    assert api.get("applications").json == []


def test_a_secret_is_renewed(api: Api) -> None:
    old = api.post("applications", **GIVEN, confidential=False).json
    assert old["confidential"] is False
    renewed = Api(
        {"mockgitlab": 1, "gitlab": {"version": "16.10.0"}, "tokens": [{"token": "root-token", "user": "root"}]}
    )
    assert renewed.post("applications/1/renew-secret").status == 404
    answer = api.post("applications/1/renew-secret")
    assert (answer.status, {**answer.json, "secret": old["secret"]}) == (201, old)
    assert answer.json["secret"] != old["secret"]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": " "}, {"name": ["can't be blank"]}),
        ({"redirect_uri": ""}, {"redirect_uri": ["can't be blank"]}),
        ({"redirect_uri": "chat"}, {"redirect_uri": ["must be an absolute URI."]}),
        ({"redirect_uri": "http://a.example\nhttp:"}, {"redirect_uri": ["must be an absolute URI."]}),
        ({"redirect_uri": "http://[a"}, {"redirect_uri": ["must be a valid URI."]}),
        ({"redirect_uri": "http://a.example#b"}, {"redirect_uri": ["cannot contain a fragment."]}),
        ({"redirect_uri": "javascript:alert"}, {"redirect_uri": ["is forbidden by the server."]}),
        ({"scopes": " "}, {"scopes": ["can't be blank"]}),
        ({"scopes": "api all"}, {"scopes": ["doesn't match configured on the server."]}),
    ],
)
def test_an_application_that_is_not_valid_is_refused(api: Api, given: Any, problems: Any) -> None:
    assert refused(api.post("applications", **{**GIVEN, **given})) == problems


def test_applications_are_for_administrators(api: Api) -> None:
    for method, path in (
        *(("GET", "applications"), ("POST", "applications"), ("DELETE", "applications/1")),
        ("POST", "applications/1/renew-secret"),
    ):
        assert seen(api.request(method, path, "ada")) == (403, {"message": "403 Forbidden"})
        assert api.request(method, path, None).status == 401
    assert seen(api.delete("applications/1")) == (404, {"message": "404 Application Not Found"})
    assert seen(api.post("applications", name="x")) == (400, {"message": '400 (Bad request) "redirect_uri" not given'})
