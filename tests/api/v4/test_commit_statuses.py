from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, world
from tests.support import Answer, Api

NOW = "2024-05-01T09:00:00.000Z"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def say(api: Api, state: str, who: str = "bob", ref: str = "main", **more: Any) -> Answer:
    return api.post(f"projects/1/statuses/{sha(api, ref)}", who, state=state, **more)


def commit(api: Api, ref: str = "main") -> Any:
    return api.get(f"{REPO}/commits/{sha(api, ref)}").json


def test_a_status_makes_a_pipeline_which_the_commit_shows(api: Api) -> None:
    made = say(api, "success", name="build", target_url="https://ci.example.com/1", description="Fine", coverage=98.5)
    assert made.status == 201
    assert made.json == {
        "id": 1,
        "sha": sha(api),
        "ref": "done",
        "status": "success",
        "name": "build",
        "target_url": "https://ci.example.com/1",
        "description": "Fine",
        "created_at": NOW,
        "started_at": None,
        "finished_at": NOW,
        "allow_failure": False,
        "coverage": 98.5,
        "pipeline_id": 10001,
        "author": made.json["author"],
    }
    assert made.json["author"]["username"] == "bob"
    shown = commit(api)
    assert shown["status"] == "success"
    assert shown["last_pipeline"] == {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "sha": sha(api),
        "ref": "done",
        "status": "success",
        "source": "external",
        "created_at": NOW,
        "updated_at": NOW,
        "web_url": "http://localhost/acme/rocket/-/pipelines/10001",
    }
    assert commit(api, "feature/launch")["last_pipeline"] is None


def test_a_status_goes_on_until_it_is_finished(api: Api) -> None:
    states = []
    for state in ("pending", "running", "failed", "success"):
        states.append((say(api, state, ref="feature/launch").json["id"], commit(api, "feature/launch")["status"]))
    assert states == [(1, "pending"), (1, "running"), (1, "failed"), (2, "success")]
    at = f"{REPO}/commits/{sha(api, 'feature/launch')}/statuses"
    assert [one["id"] for one in api.get(at, "bob").json] == [2]
    assert [one["status"] for one in api.get(at, "bob", all=True).json] == ["failed", "success"]


@pytest.mark.parametrize(
    ("before", "state", "event"),
    [("pending", "pending", "enqueue"), ("running", "running", "run"), ("running", "skipped", "skip")],
)
def test_a_status_that_cannot_follow_is_refused(api: Api, before: str, state: str, event: str) -> None:
    say(api, before)
    refused = say(api, state)
    told = f'Cannot transition status via :{event} from :{before} (Reason(s): Status cannot transition via "{event}")'
    assert (refused.status, refused.json) == (400, {"message": told})


def test_the_status_of_a_pipeline_is_composed_of_all_names(api: Api) -> None:
    composed = []
    for name, state in (("a", "success"), ("b", "pending"), ("b", "success"), ("c", "canceled"), ("d", "failed")):
        say(api, state, context=name)
        composed.append(commit(api)["status"])
    assert composed == ["success", "running", "success", "canceled", "failed"]


def test_each_ref_has_a_pipeline_of_its_own(api: Api) -> None:
    one, two = say(api, "success").json, say(api, "failed").json
    assert one["pipeline_id"] == two["pipeline_id"]
    at = f"projects/1/statuses/{sha(api)}"
    other = api.post(at, "bob", state="pending", ref="main").json
    assert (other["pipeline_id"], other["ref"]) == (10002, "main")
    old = api.post(at, "bob", state="success", name="x", pipeline_id=10001).json
    assert old["pipeline_id"] == 10001
    unknown = api.post(at, "bob", state="success", pipeline_id=9)
    assert (unknown.status, unknown.json) == (404, {"message": "404 Pipeline for pipeline_id, sha and ref Not Found"})
    listed = f"{REPO}/commits/{sha(api)}/statuses"
    assert [row["ref"] for row in api.get(listed, "bob", ref="main").json] == ["main"]
    assert [row["name"] for row in api.get(listed, "bob", pipeline_id=10001, name="x").json] == ["x"]
    assert api.get(listed, "bob", stage="build").json == []
    ordered = api.get(listed, "bob", order_by="pipeline_id", sort="desc").json
    assert [row["pipeline_id"] for row in ordered] == [10002, 10001, 10001]


def test_a_protected_branch_takes_statuses_of_those_who_may_push_or_merge(api: Api) -> None:
    api.post("projects/1/protected_branches", "ada", name="done")
    assert say(api, "success").status == 403
    assert say(api, "success", "ada").status == 201


def test_who_may_say_what(api: Api) -> None:
    assert say(api, "success", "rex").status == 403
    assert api.get(f"{REPO}/commits/{sha(api)}/statuses", None).status == 401
    assert api.get(f"{REPO}/commits/{sha(api)}/statuses", "gil").status == 403
    assert api.get(f"{REPO}/commits/0000/statuses", "bob").json == {"message": "404 Commit Not Found"}
    assert say(api, "great").json == {"error": "state does not have a valid value"}


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"target_url": "git://example.com"}, ["is blocked: Only allowed schemes are http, https"]),
        ({"target_url": "ci/1"}, ["is blocked: Only allowed schemes are http, https"]),
        ({"target_url": "http://"}, ["is blocked: Hostname or IP address invalid"]),
        ({"target_url": "http://[x"}, ["is blocked: URI is invalid"]),
        ({"target_url": "http://x/" + "y" * 250}, ["is too long (maximum is 255 characters)"]),
        ({"description": "x" * 256}, ["is too long (maximum is 255 characters)"]),
    ],
)
def test_a_status_leads_to_the_web_and_is_short(api: Api, given: dict[str, str], problems: list[str]) -> None:
    answer = say(api, "success", **given)
    assert (answer.status, answer.json) == (400, {"message": {next(iter(given)): problems}})


def test_what_is_blank_of_a_status_changes_nothing(api: Api) -> None:
    say(api, "running", description="Building", target_url="https://ci.example.com/1", coverage=50)
    told = say(api, "success", description="", target_url=" ", coverage=0).json
    assert [told[name] for name in ("description", "target_url", "coverage")] == [
        *("Building", "https://ci.example.com/1", 0.0)
    ]


def test_a_commit_in_no_branch_needs_a_ref(api: Api) -> None:
    api.post(f"{REPO}/tags", "bob", tag_name="kept", ref="feature/launch")
    gone = sha(api, "feature/launch")
    api.delete(f"{REPO}/branches/feature%2Flaunch", "bob")
    told = api.post(f"projects/1/statuses/{gone}", "bob", state="success")
    assert told.json == {"message": "404 References for commit Not Found"}
    assert api.post(f"projects/1/statuses/{gone}", "bob", state="success", ref="kept").status == 201


def test_a_merge_request_that_waits_is_merged_when_its_pipeline_succeeds() -> None:
    api = Api(world(merge_requests=[{"title": "Launch", "source_branch": "feature/launch", "target_branch": "main"}]))
    say(api, "running", ref="feature/launch")
    at = "projects/1/merge_requests/1"
    assert api.put(f"{at}/merge", "ada", merge_when_pipeline_succeeds=True).json["state"] == "opened"
    say(api, "success", "ada", ref="feature/launch", name="other")
    assert api.get(at).json["state"] == "opened"
    assert api.get(at).json["head_pipeline"]["status"] == "running"
    say(api, "success", ref="feature/launch")
    assert api.get(at).json["state"] == "merged"


def test_scenarios_declare_pipelines() -> None:
    api = Api(world(pipelines=[{"ref": "feature/launch", "status": "failed"}, {"status": "running"}]))
    assert commit(api, "feature/launch")["status"] == "failed"
    assert commit(api)["last_pipeline"]["ref"] == "main"
    with pytest.raises(Exception, match="names no commit of acme/rocket"):
        Api(world(pipelines=[{"ref": "nowhere"}]))
