"""The page on releases."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPO, REPOSITORY, sha, world
from tests.support import Answer, Api, names

RELEASES = "projects/1/releases"
MILESTONES = [{"title": "1.0", "due_date": "2024-06-01"}, {"title": "0.9", "due_date": "2024-05-01"}]
SEEDED = [
    {
        "tag_name": "v1.0",
        "name": "One",
        "description": "## First\n\n- [x] fly",
        "author": "ada",
        "released_at": "2024-04-01T12:00:00Z",
        "milestones": ["1.0", "0.9"],
        "links": [{"name": "App", "url": "https://example.com/app", "direct_asset_path": "/bin/app"}],
    }
]


@pytest.fixture
def api() -> Api:
    scene = world(REPOSITORY, milestones=MILESTONES, issues=[{"title": "x", "milestone": "1.0", "state": "closed"}])
    scene["projects"][0]["releases"] = SEEDED
    return Api(scene)


def create(api: Api, as_: str = "bob", /, **given: Any) -> Answer:
    return api.post(RELEASES, as_, **{"tag_name": "v1.1", **given})


def test_a_release_is_shown_whole(api: Api) -> None:
    shown = api.get(f"{RELEASES}/v1.0", "bob").json
    assert shown.pop("author")["username"] == "ada"
    assert shown.pop("commit")["id"] == sha(api)
    assert [(one["title"], one["issue_stats"]) for one in shown.pop("milestones")] == [
        ("0.9", {"total": 0, "closed": 0}),
        ("1.0", {"total": 1, "closed": 1}),
    ]
    base = "http://localhost/acme/rocket/-"
    [evidence] = shown.pop("evidences")
    assert len(evidence.pop("sha")) == 64
    assert evidence == {
        "filepath": f"{base}/releases/v1.0/evidences/1.json",
        "collected_at": "2024-04-01T12:00:00.000Z",
    }
    link = {
        "id": 1,
        "name": "App",
        "url": "https://example.com/app",
        "direct_asset_url": f"{base}/releases/v1.0/downloads/bin/app",
        "link_type": "other",
    }
    archive = f"{base}/archive/v1.0/rocket-v1.0"
    formats = ("zip", "tar.gz", "tar.bz2", "tar")
    query = "release_tag=v1.0&scope=all&state="
    assert shown == {
        "tag_name": "v1.0",
        "name": "One",
        "description": "## First\n\n- [x] fly",
        "created_at": "2024-04-01T12:00:00.000Z",
        "released_at": "2024-04-01T12:00:00.000Z",
        "upcoming_release": False,
        "commit_path": f"/acme/rocket/-/commit/{sha(api)}",
        "tag_path": "/acme/rocket/-/tags/v1.0",
        "assets": {
            "count": 5,
            "sources": [{"format": one, "url": f"{archive}.{one}"} for one in formats],
            "links": [link],
        },
        "_links": {
            "closed_issues_url": f"{base}/issues?{query}closed",
            "closed_merge_requests_url": f"{base}/merge_requests?{query}closed",
            "edit_url": f"{base}/releases/v1.0/edit",
            "merged_merge_requests_url": f"{base}/merge_requests?{query}merged",
            "opened_issues_url": f"{base}/issues?{query}opened",
            "opened_merge_requests_url": f"{base}/merge_requests?{query}opened",
            "self": f"{base}/releases/v1.0",
        },
    }


def test_a_release_is_named_as_its_tag_unless_it_has_a_name(api: Api) -> None:
    answer = create(api)
    assert (answer.status, answer.json["name"], answer.json["description"]) == (201, "v1.1", None)
    assert answer.json["author"]["username"] == "bob"
    assert "milestones" not in answer.json
    assert len(answer.json["evidences"]) == 1


def test_whoever_may_not_read_the_code_sees_no_sources_and_no_single_release(api: Api) -> None:
    [shown] = api.get(RELEASES, "gil").json
    assert not shown.keys() & {"commit", "commit_path", "tag_path", "evidences"}
    assert (shown["assets"].keys(), shown["assets"]["count"]) == ({"count", "links"}, 1)
    assert "edit_url" not in shown["_links"]
    assert api.get(f"{RELEASES}/v1.0", "gil").status == 403
    assert api.get(RELEASES, "nora").json == {"message": "404 Project Not Found"}


def test_a_description_is_shown_as_html_when_asked_for(api: Api) -> None:
    html = api.get(f"{RELEASES}/v1.0", include_html_description=True).json["description_html"]
    assert html.startswith('<h2 dir="auto">\n<a id="user-content-first"')
    assert 'class="task-list-item-checkbox" disabled checked> fly</li>' in html
    assert "description_html" not in api.get(RELEASES, include_html_description=False).json[0]
    assert "description_html" in api.get(RELEASES, include_html_description=True).json[0]


def test_releases_are_ordered_and_filtered(api: Api) -> None:
    create(api, released_at="2024-01-01T00:00:00Z")
    assert names(api.get(RELEASES), "tag_name") == ["v1.0", "v1.1"]
    assert names(api.get(RELEASES, sort="asc"), "tag_name") == ["v1.1", "v1.0"]
    assert names(api.get(RELEASES, order_by="created_at"), "tag_name") == ["v1.1", "v1.0"]
    assert names(api.get(RELEASES, updated_after="2024-04-15T00:00:00Z"), "tag_name") == ["v1.1"]
    assert names(api.get(RELEASES, updated_before="2024-04-15T00:00:00Z"), "tag_name") == ["v1.0"]
    assert api.get(RELEASES, order_by="name").status == 400


def test_a_release_that_is_not_there_is_told_in_three_ways(api: Api) -> None:
    assert (api.get(f"{RELEASES}/v9").status, api.get(f"{RELEASES}/v9").json) == (404, {"message": "404 Not Found"})
    assert api.put(f"{RELEASES}/v9", name="x").json == {"message": "403 Forbidden"}
    assert api.delete(f"{RELEASES}/v9").json == {"message": "403 Forbidden"}


# Creating


def test_the_tag_of_a_release_is_made_where_a_ref_says_of_what(api: Api) -> None:
    answer = create(api, tag_name="v2/rc", ref="feature/launch", tag_message="Second", released_at="2024-06-01")
    assert answer.status == 201
    assert answer.json["commit"]["id"] == sha(api, "feature/launch")
    assert answer.json["upcoming_release"] is True
    assert answer.json["evidences"] == []
    assert answer.json["assets"]["sources"][0]["url"].endswith("/-/archive/v2/rc/rocket-v2-rc.zip")
    tag = api.get(f"{REPO}/tags/v2%2Frc").json
    assert (tag["message"], tag["release"]) == ("Second", {"tag_name": "v2/rc", "description": None})
    assert api.get("projects/1/events").json[0]["push_data"]["ref"] == "v2/rc"
    assert api.get(f"{RELEASES}/v2%2Frc").json["name"] == "v2/rc"


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"tag_name": "v1.0"}, 409, "Release already exists"),
        ({"tag_name": "v2"}, 422, "Ref is not specified"),
        ({"tag_name": "v2", "ref": "nowhere"}, 400, "Target nowhere is invalid"),
        ({"tag_name": "a b", "ref": "main"}, 400, "Tag name invalid"),
        ({"milestones": ["1.0", "7", "8"]}, 400, "Milestone(s) not found: 7, 8"),
        ({"milestone_ids": [10001, 3]}, 400, "Milestone id(s) not found: 3"),
        (
            {"assets": {"links": [{"name": "n", "url": "x:y"}]}},
            400,
            "Validation failed: Links url is blocked: Only allowed schemes are http, https, ftp",
        ),
        (
            {"assets": {"links": [{"name": "n", "url": "http://a"}, {"name": "n", "url": "http://b"}]}},
            400,
            "Validation failed: Links have duplicate values (n)",
        ),
        (
            {"assets": {"links": [{"name": "n", "url": "http://a", "link_type": "no"}]}},
            400,
            "'no' is not a valid link_type",
        ),
    ],
)
def test_a_release_is_refused(api: Api, given: Any, status: int, message: str) -> None:
    answer = create(api, **given)
    assert (answer.status, answer.json) == (status, {"message": message})
    assert len(api.get(RELEASES).json) == 1


def test_parameters_of_a_release_are_checked(api: Api) -> None:
    assert api.post(RELEASES).json == {"message": '400 (Bad request) "tag_name" not given'}
    both = create(api, milestones=["1.0"], milestone_ids=[10001])
    told = "milestones, milestone_ids Cannot specify milestones and milestone_ids at the same time"
    assert (both.status, both.json) == (400, {"error": told})
    assert (
        create(api, assets={"links": [{"url": "http://a"}]})
        .json["message"]
        .endswith('"assets[links][0][name]" not given')
    )


def test_only_developers_release(api: Api) -> None:
    assert create(api, "rex").json == {"message": "403 Forbidden"}
    assert api.post(RELEASES, None, tag_name="v1.1").status == 401
    api.put("projects/1", releases_access_level="disabled")
    assert api.get(RELEASES, "bob").status == 403
    assert create(api).status == 403


def test_a_release_has_milestones_of_the_project_and_of_its_group(api: Api) -> None:
    api.post("groups/1/milestones", title="Group")
    made = create(api, milestones="Group,1.0").json
    assert {one["title"] for one in made["milestones"]} == {"Group", "1.0"}
    assert api.put(f"{RELEASES}/v1.1", milestone_ids=[10002]).json["milestones"][0]["title"] == "0.9"
    assert "milestones" not in api.put(f"{RELEASES}/v1.1", milestones=[]).json


def test_a_deleted_milestone_leaves_its_releases(api: Api) -> None:
    api.delete("projects/1/milestones/10001")
    assert [one["title"] for one in api.get(f"{RELEASES}/v1.0").json["milestones"]] == ["0.9"]


# Changing and deleting


def test_a_release_is_changed(api: Api) -> None:
    given = {"name": "Uno", "description": "d", "released_at": "2024-05-02T00:00:00Z"}
    answer = api.put(f"{RELEASES}/v1.0", "bob", **given)
    assert answer.status == 200
    assert {key: answer.json[key] for key in ("name", "description")} == {"name": "Uno", "description": "d"}
    assert (answer.json["released_at"], answer.json["upcoming_release"]) == ("2024-05-02T00:00:00.000Z", True)
    assert api.put(f"{RELEASES}/v1.0", "bob").json == {"message": "params is empty"}
    assert api.put(f"{RELEASES}/v1.0", "rex", name="x").status == 403


def test_a_deleted_release_is_shown_and_its_tag_stays(api: Api) -> None:
    answer = api.delete(f"{RELEASES}/v1.0", "bob")
    assert (answer.status, answer.json["name"], answer.json["assets"]["count"]) == (200, "One", 5)
    assert api.get(RELEASES).json == []
    assert api.get(f"{REPO}/tags/v1.0").json["release"] is None


def test_a_deleted_tag_takes_its_release_along(api: Api) -> None:
    assert api.delete(f"{REPO}/tags/v1.0").status == 204
    assert api.get(RELEASES).json == []


def test_releases_of_a_protected_tag_are_for_those_who_may_create_it(api: Api) -> None:
    api.post("projects/1/protected_tags", name="v*")
    told = "You are not allowed to create this tag as it is protected."
    assert (create(api).status, create(api).json) == (403, {"message": told})
    assert api.put(f"{RELEASES}/v1.0", "bob", name="x").json == {"message": "403 Forbidden"}
    assert api.delete(f"{RELEASES}/v1.0", "bob").status == 403
    assert create(api, "ada").status == 201


# Redirects


def test_the_latest_release_is_a_redirect(api: Api) -> None:
    answer = api.get(f"{RELEASES}/permalink/latest", order_by="released_at", include_html_description="true")
    assert answer.status == 302
    assert answer.headers["Location"] == f"/api/v4/{RELEASES}/v1.0?include_html_description=true"
    below = api.get(f"{RELEASES}/permalink/latest/downloads/bin/app")
    assert below.headers["Location"] == f"/api/v4/{RELEASES}/v1.0/downloads/bin/app"
    assert api.get("projects/2/releases/permalink/latest").json == {"message": "404 Not Found"}
    assert api.get(f"{RELEASES}/permalink/latest/..%2Fx").json == {"error": "suffix_path should be a valid file path"}


def test_an_asset_is_a_redirect(api: Api) -> None:
    answer = api.get(f"{RELEASES}/v1.0/downloads/bin/app", "bob")
    assert (answer.status, answer.headers["Location"]) == (302, "https://example.com/app")
    assert api.get(f"{RELEASES}/v1.0/downloads/bin/other").json == {"message": "404 Not found"}


def test_evidence_is_collected_again(api: Api) -> None:
    answer = api.post(f"{RELEASES}/v1.0/evidence", "bob")
    assert (answer.status, answer.json) == (202, 202)
    assert len(api.get(f"{RELEASES}/v1.0").json["evidences"]) == 2
    assert api.post(f"{RELEASES}/v1.0/evidence", "rex").status == 403
    assert api.post(f"{RELEASES}/v9/evidence", "bob").status == 404


# Groups


def test_the_releases_of_a_group_are_those_of_its_projects(api: Api) -> None:
    create(api, released_at="2024-01-01T00:00:00Z")
    assert names(api.get("groups/1/releases", "gil"), "tag_name") == ["v1.0", "v1.1"]
    assert names(api.get("groups/acme/releases", sort="asc"), "tag_name") == ["v1.1", "v1.0"]
    [first, _] = api.get("groups/1/releases", simple=True).json
    assert first == {
        "name": "One",
        "tag_name": "v1.0",
        "description": "## First\n\n- [x] fly",
        "created_at": "2024-04-01T12:00:00.000Z",
        "released_at": "2024-04-01T12:00:00.000Z",
        "upcoming_release": False,
    }
    assert api.get("groups/open/releases", "nora").status == 403
