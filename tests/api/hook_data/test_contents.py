from typing import Any

import pytest

from tests.api.hook_data.test_issues import NOW, person
from tests.api.hook_data.test_pushes import OF_MAIN
from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario={**world(), "gitlab": {"version": "18.5.0"}})
WIKIS, RELEASES = "projects/1/wikis", "projects/1/releases"
SWITCHES = ("releases", "wiki_page", "milestone", "emoji", "pipeline", "job")
CI = "build:\n  script: make\ntest:\n  stage: test\n  script: exit 1\n"


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    flags: dict[str, Any] = {f"{name}_events": True for name in SWITCHES}
    api.post("projects/1/hooks", url=receiver.url, push_events=False, **flags)
    return receiver


def told(api: Api, heard: Receiver) -> list[Any]:
    api.server.deliveries()
    return heard.bodies


def test_releases(api: Api, heard: Receiver) -> None:
    link = {"name": "App", "url": "http://app.test/"}
    api.post(RELEASES, "ada", tag_name="v1.1", description="d", assets={"links": [link]})
    api.put(f"{RELEASES}/v1.1", "ada", description="e")
    api.delete(f"{RELEASES}/v1.1", "ada")
    first, *others = told(api, heard)
    at = "http://localhost/acme/rocket/-/archive/v1.1/rocket-v1.1"
    commit = api.get("projects/1/repository/commits/v1.1").json
    assert heard.events == ["Release Hook"] * 3
    assert first == {
        "id": 1,
        "created_at": NOW,
        "description": "d",
        "name": "v1.1",
        "released_at": NOW,
        "tag": "v1.1",
        "object_kind": "release",
        "project": OF_MAIN,
        "url": "http://localhost/acme/rocket/-/releases/v1.1",
        "action": "create",
        "assets": {
            "count": 5,
            "links": [{"id": 1, "link_type": "other", **link}],
            "sources": [{"format": form, "url": f"{at}.{form}"} for form in ("zip", "tar.gz", "tar.bz2", "tar")],
        },
        "commit": {**first["commit"], "id": commit["id"], "title": commit["title"]},
    }
    assert [(body["action"], body["description"]) for body in others] == [("update", "e"), ("delete", "e")]


def test_pages_of_wikis(api: Api, heard: Receiver) -> None:
    api.post(WIKIS, "ada", title="How to", content="![x](uploads/y.png)")
    api.put(f"{WIKIS}/How-to", "ada", content="y")
    api.delete(f"{WIKIS}/How-to", "ada")
    first, *others = told(api, heard)
    shown = first["object_attributes"]
    url = "http://localhost/acme/rocket/-/wikis/How-to"
    assert first == {
        "object_kind": "wiki_page",
        "user": person(api, 2, "Ada Lovelace", "ada"),
        "project": OF_MAIN,
        "wiki": {
            "web_url": "http://localhost/acme/rocket/-/wikis/home",
            "git_ssh_url": "git@localhost:acme/rocket.wiki.git",
            "git_http_url": "http://localhost/acme/rocket.wiki.git",
            "path_with_namespace": "acme/rocket.wiki",
            "default_branch": "main",
        },
        "object_attributes": {
            "slug": "How-to",
            "title": "How to",
            "format": "markdown",
            "message": shown["message"],
            "version_id": shown["version_id"],
            "content": "![x](http://localhost/uploads/y.png)",
            "url": url,
            "action": "create",
            "diff_url": f"{url}/diff?version_id={shown['version_id']}",
        },
    }
    attributes = [body["object_attributes"] for body in others]
    assert [(one["action"], one["content"]) for one in attributes] == [("update", "y"), ("delete", "y")]


def test_milestones(api: Api, heard: Receiver) -> None:
    made = api.post("projects/1/milestones", "ada", title="1.0").json
    path = f"projects/1/milestones/{made['id']}"
    api.put(path, "ada", title="1.1")
    api.put(path, "ada", state_event="close")
    api.put(path, "ada", state_event="activate")
    api.delete(path, "ada")
    first, *others = told(api, heard)
    assert first == {
        "object_kind": "milestone",
        "event_type": "milestone",
        "project": OF_MAIN,
        "object_attributes": {
            **dict.fromkeys(("description", "due_date", "start_date", "group_id")),
            "id": made["id"],
            "iid": 1,
            "title": "1.0",
            "state": "active",
            "project_id": 1,
            "created_at": NOW,
            "updated_at": NOW,
        },
        "action": "create",
    }
    assert [body["action"] for body in others] == ["close", "reopen", "delete"]


def test_reactions(api: Api, heard: Receiver) -> None:
    api.post("projects/1/issues", "ada", title="x")
    api.post("projects/1/issues/1/notes", "ada", body="y")
    api.post("projects/1/issues/1/award_emoji", "bob", name="tada")
    api.post("projects/1/issues/1/notes/1/award_emoji", "bob", name="tada")
    api.delete("projects/1/issues/1/award_emoji/1", "bob")
    on_issue, on_note, back = told(api, heard)
    url = "http://localhost/acme/rocket/-/issues/1"
    assert on_issue["object_attributes"] == {
        "user_id": 3,
        "id": 1,
        "name": "tada",
        "awardable_type": "Issue",
        "awardable_id": 10001,
        "created_at": NOW,
        "updated_at": NOW,
        "action": "award",
        "awarded_on_url": url,
    }
    assert (on_issue["event_type"], on_issue["issue"]["title"], back["event_type"]) == ("award", "x", "revoke")
    assert (on_note["note"]["note"], on_note["object_attributes"]["awarded_on_url"]) == ("y", f"{url}#note_1")


def test_pipelines_and_jobs(api: Api, heard: Receiver) -> None:
    file = {"branch": "main", "content": CI, "commit_message": "CI"}
    api.post("projects/1/repository/files/.gitlab-ci.yml", "ada", **file)
    bodies = told(api, heard)
    assert heard.events == ["Pipeline Hook", "Job Hook", "Job Hook"]
    pipeline, build, test = bodies
    shown = pipeline["object_attributes"]
    assert (shown["status"], shown["detailed_status"], shown["source"]) == ("failed", "failed", "push")
    assert (pipeline["user"]["username"], pipeline["project"]["id"], pipeline["merge_request"]) == ("ada", 1, None)
    assert [(one["name"], one["status"]) for one in pipeline["builds"]] == [("build", "success"), ("test", "failed")]
    assert (build["object_kind"], build["build_name"], build["pipeline_id"]) == ("build", "build", shown["id"])
    assert (test["build_status"], test["commit"]["id"], test["commit"]["message"]) == ("failed", shown["id"], "CI")


@pytest.mark.mockgitlab(scenario={**world(), "gitlab": {"transitions": {"pipelines": {"after": "5m"}}}})
def test_what_the_clock_finishes_is_told(api: Api, heard: Receiver) -> None:
    file = {"branch": "main", "content": CI, "commit_message": "CI"}
    api.post("projects/1/repository/files/.gitlab-ci.yml", "ada", **file)
    before = len(told(api, heard))
    api.server.advance("1h")
    later = [body["object_attributes"]["status"] for body in told(api, heard)[before:] if "builds" in body]
    assert later
