"""Pipelines of merge requests: listed, and made from the CI configuration of the commit."""

from typing import Any

import pytest

from tests.merge_request_world import BRANCHES, FILES, open_mr, world
from tests.pipeline_world import as_made
from tests.support import Answer, Api

NOW = "2024-05-01T09:00:00.000Z"
RULES = "rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]"
CONFIG = f"""
stages: [build, test]
compile: {{stage: build, script: make, {RULES}}}
rspec: {{stage: test, script: rspec, {RULES}}}
"""
MISSING = {"message": {"base": ["Missing CI config file"]}}
FILTERED = (
    "Pipeline will not run for the selected trigger. "
    "The rules configuration prevented any jobs from being added to the pipeline."
)


def api_with(config: str | None, settings: Any = None, **rocket: Any) -> Api:
    """Return a client of the usual world whose main branch has a CI configuration, and an open merge request."""
    files = {**FILES, **({".gitlab-ci.yml": config} if config is not None else {})}
    begin = {"message": "Begin", "author": "ada", "date": "2024-04-01T10:00:00Z", "files": files}
    given = {"title": "Launch", "source_branch": "feature", "target_branch": "main", "author": "bob"}
    branches = {**BRANCHES, "main": {"commits": [begin]}}
    repository = {"branches": branches, "protected": False, **rocket.pop("repository", {})}
    base = world(given, repository=repository, **rocket)
    return Api({**base, "gitlab": settings or {}})


def make(api: Api, who: str = "bob", /, **given: Any) -> Answer:
    return api.post("projects/1/merge_requests/1/pipelines", who, **given)


def listed(api: Api) -> Any:
    return api.get("projects/1/merge_requests/1/pipelines").json


def statuses(api: Api, sha: str) -> list[tuple[str, str]]:
    found = api.get(f"projects/1/repository/commits/{sha}/statuses").json
    return [(one["name"], one["status"]) for one in found]


def test_a_pipeline_is_made_on_the_head_of_the_merge_request() -> None:
    api = api_with(CONFIG)
    head = api.get("projects/1/merge_requests/1").json["sha"]
    made = make(api)
    assert made.status == 200
    assert made.json == as_made(
        made,
        sha=head,
        ref="refs/merge-requests/1/head",
        source="merge_request_event",
        committed_at="2024-04-03T10:00:00.000+00:00",
        detailed_status={
            "icon": "status_pending",
            "text": "Pending",
            "label": "pending",
            "group": "pending",
            "tooltip": "pending",
            "has_details": True,
            "details_path": "/acme/rocket/-/pipelines/10001",
            "illustration": None,
            "favicon": "/assets/ci_favicons/favicon_status_pending.png",
        },
    )
    assert made.json["user"]["username"] == "bob"


def test_it_is_seen_wherever_pipelines_are() -> None:
    api = api_with(CONFIG)
    made = make(api).json
    [one] = listed(api)
    assert (one["id"], one["status"], one["ref"]) == (made["id"], "success", "refs/merge-requests/1/head")
    shown = api.get("projects/1/merge_requests/1").json
    assert (shown["head_pipeline"]["id"], shown["head_pipeline"]["status"]) == (made["id"], "success")
    assert (shown["head_pipeline"]["started_at"], shown["head_pipeline"]["finished_at"]) == (NOW, NOW)
    assert api.get(f"projects/1/repository/commits/{made['sha']}").json["last_pipeline"]["id"] == made["id"]
    assert statuses(api, made["sha"]) == [("compile", "success"), ("rspec", "success")]
    jobs = api.server.state()["CommitStatus"]
    assert [(job["kind"], job["stage"], job["stage_idx"]) for job in jobs] == [
        ("Ci::Build", "build", 1),
        ("Ci::Build", "test", 2),
    ]


def test_a_live_gitlab_does_not_know_the_jobs_yet() -> None:
    assert make(api_with(CONFIG, {"errors": "observed"})).json["status"] == "created"


def test_its_jobs_are_shown_as_statuses_with_their_pages() -> None:
    api = api_with(CONFIG)
    sha = make(api).json["sha"]
    [compiled, _] = api.get(f"projects/1/repository/commits/{sha}/statuses").json
    assert compiled == {
        "id": compiled["id"],
        "sha": sha,
        "ref": "refs/merge-requests/1/head",
        "status": "success",
        "name": "compile",
        "target_url": f"http://localhost/acme/rocket/-/jobs/{compiled['id']}",
        "description": None,
        "created_at": NOW,
        "started_at": NOW,
        "finished_at": NOW,
        "allow_failure": False,
        "coverage": None,
        "pipeline_id": 10001,
        "author": compiled["author"],
    }


def test_made_in_the_background_it_is_only_accepted() -> None:
    api = api_with(CONFIG)
    made = make(api, "bob", **{"async": True})
    assert (made.status, made.text) == (202, "")
    assert [one["status"] for one in listed(api)] == ["success"]
    nothing = api_with(None)
    assert make(nothing, "bob", **{"async": True}).status == 202
    assert listed(nothing) == []


def test_several_may_be_made_the_newest_first() -> None:
    api = api_with(CONFIG)
    ids = [make(api).json["id"] for _ in range(2)]
    assert [one["id"] for one in listed(api)] == ids[::-1]


# Refusals


def test_without_a_configuration_there_is_none() -> None:
    api = api_with(None)
    refused = make(api)
    assert (refused.status, refused.json) == (400, MISSING)
    assert "of acme/rocket has no .gitlab-ci.yml" in refused.headers["X-Mockgitlab-Reason"]
    assert listed(api) == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("rspec: {script: rspec}", FILTERED),
        ("rspec: {script: rspec, only: [branches]}", FILTERED),
        (
            f"rspec: {{script: x, {RULES}}}\nworkflow: {{rules: [{{if: $NOT}}]}}",
            "Pipeline filtered out by workflow rules.",
        ),
    ],
)
def test_where_no_job_is_for_merge_requests_there_is_none(config: str, told: str) -> None:
    api = api_with(config)
    refused = make(api)
    assert (refused.status, refused.json) == (400, {"message": {"base": [told]}})
    assert listed(api) == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("a:\n  b: c: d", "(): mapping values are not allowed in this context at line 2 column 7"),
        ("rspec: {script: x, foo: 1}", "jobs:rspec config contains unknown keys: foo"),
        (
            "a: {script: x, stage: b}\nstages: [c]",
            "a job: chosen stage b does not exist; available stages are .pre, c, .post",
        ),
    ],
)
def test_a_wrong_configuration_makes_a_failed_pipeline(config: str, told: str) -> None:
    api = api_with(config)
    made = make(api)
    assert (made.status, made.json["status"]) == (200, "failed")
    assert made.json["yaml_errors"] == told
    assert statuses(api, made.json["sha"]) == []


@pytest.mark.parametrize(("who", "told"), [("rex", "reporter"), ("gil", "guest")])
def test_who_may_not_push_makes_none(who: str, told: str) -> None:
    api = api_with(CONFIG)
    refused = make(api, who)
    if refused.status == 400:
        assert refused.json == {"message": {"base": ["Insufficient permissions to create a new pipeline"]}}
        assert refused.headers["X-Mockgitlab-Reason"] == f"{who} is {told} of acme/rocket, developer is needed"
    else:
        assert (refused.status, refused.json) == (403, {"message": "403 Forbidden"})
    assert listed(api) == []


def test_strangers_find_no_project_and_anonymous_requests_are_refused() -> None:
    api = api_with(CONFIG)
    assert make(api, "nora").json == {"message": "404 Project Not Found"}
    assert api.post("projects/1/merge_requests/1/pipelines", None).json == {"message": "401 Unauthorized"}
    assert api.post("projects/1/merge_requests/99/pipelines", "bob").json == {"message": "404 Not found"}


def test_on_a_protected_branch_none_is_made_by_who_may_not_merge_there() -> None:
    api = api_with(CONFIG)
    given = {"name": "feature", "push_access_level": 40, "merge_access_level": 40}
    assert api.post("projects/1/protected_branches", **given).status == 201
    refused = make(api)
    assert refused.status == 400
    [told] = refused.json["message"]["base"]
    assert told == (
        "You do not have sufficient permission to run a pipeline on 'feature'. "
        "Please select a different branch or contact your administrator for assistance. Learn more"
    )
    assert make(api, "ada").status == 200


def test_without_commits_or_with_pipelines_disabled_there_is_none() -> None:
    api = api_with(CONFIG)
    open_mr(api, source_branch="same", title="Nothing")
    refused = api.post("projects/1/merge_requests/2/pipelines", "bob")
    assert (refused.status, refused.json) == (405, {"message": "405 Method Not Allowed"})
    assert api.put("projects/1", builds_access_level="disabled").status == 200
    assert make(api).json == {"message": {"base": ["Pipelines are disabled!"]}}


# Where it runs


def test_from_a_fork_it_runs_here_for_members_and_there_for_the_author() -> None:
    api = api_with(None)
    config = {"branch": "patch", "content": CONFIG, "commit_message": "Configure"}
    assert api.post("projects/4/repository/files/.gitlab-ci.yml", "nora", **config).status == 201
    given = {"title": "P", "source_branch": "patch", "target_branch": "main", "target_project_id": 2}
    iid = api.post("projects/4/merge_requests", "nora", **given).json["iid"]
    [own] = api.get(f"projects/2/merge_requests/{iid}/pipelines").json
    assert (own["project_id"], own["ref"], own["source"]) == (4, "patch", "merge_request_event")
    made = api.post(f"projects/2/merge_requests/{iid}/pipelines", "root").json
    assert (made["project_id"], made["ref"]) == (2, f"refs/merge-requests/{iid}/head")
    assert api.put("projects/2", ci_allow_fork_pipelines_to_run_in_parent_project=False).status == 200
    assert api.post(f"projects/2/merge_requests/{iid}/pipelines", "root").json["project_id"] == 4


def test_with_merged_results_it_runs_on_what_merging_would_give() -> None:
    api = api_with(CONFIG, merge_pipelines_enabled=True)
    head = api.get("projects/1/merge_requests/1").json["sha"]
    made = make(api).json
    assert made["ref"] == "refs/merge-requests/1/merge"
    assert made["sha"] == made["before_sha"] != head
    merged = api.get(f"projects/1/repository/commits/{made['sha']}").json
    assert merged["parent_ids"][1] == head
    assert api.get("projects/1/merge_requests/1").json["head_pipeline"]["id"] == made["id"]
    plain = api_with(CONFIG, {"edition": "ce"})
    assert make(plain).json["ref"] == "refs/merge-requests/1/head"


def test_a_conflict_lets_it_run_on_the_head() -> None:
    api = api_with(CONFIG, merge_pipelines_enabled=True)
    changed = {"branch": "main", "content": "1\n", "commit_message": "Count, too"}
    assert api.post("projects/1/repository/files/count.txt", **changed).status == 201
    assert make(api).json["ref"] == "refs/merge-requests/1/head"


# Automatic merge and its checks


def test_a_merge_request_is_merged_once_its_pipeline_succeeded() -> None:
    api = api_with(CONFIG, {"transitions": {"pipelines": "manual"}}, only_allow_merge_if_pipeline_succeeds=True)
    at = "projects/1/merge_requests/1"
    assert api.get(at).json["detailed_merge_status"] == "ci_must_pass"
    made = make(api).json
    assert api.get(at).json["detailed_merge_status"] == "ci_still_running"
    assert api.put(f"{at}/merge", "bob", merge_when_pipeline_succeeds=True).json["state"] == "opened"
    assert api.server.finish("pipelines", made["id"]) == 1
    merged = api.get(at).json
    assert (merged["state"], merged["merge_user"]["username"]) == ("merged", "bob")


def test_a_failed_job_keeps_it_from_being_merged() -> None:
    api = api_with(
        CONFIG.replace("script: rspec", "script: [rspec, exit 1]"), only_allow_merge_if_pipeline_succeeds=True
    )
    make(api)
    shown = api.get("projects/1/merge_requests/1").json
    assert (shown["head_pipeline"]["status"], shown["detailed_merge_status"]) == ("failed", "ci_must_pass")
    assert api.put("projects/1/merge_requests/1/merge", "bob").status == 405


# A new merge request


def test_opening_a_merge_request_makes_a_pipeline_where_the_configuration_wants_one() -> None:
    api = api_with(CONFIG)
    iid = open_mr(api, source_branch="fix", title="Mend")["iid"]
    [one] = api.get(f"projects/1/merge_requests/{iid}/pipelines").json
    assert (one["source"], one["status"], one["ref"]) == (
        "merge_request_event",
        "success",
        f"refs/merge-requests/{iid}/head",
    )
    assert listed(api) == []


def test_pipelines_of_the_branch_come_after_those_of_the_merge_request() -> None:
    api = api_with(CONFIG + "lint: {script: lint}\n")
    changed = {"branch": "feature", "content": "1\n", "commit_message": "One"}
    assert api.post("projects/1/repository/files/one.txt", "bob", **changed).status == 201
    assert [(one["source"], one["ref"]) for one in listed(api)] == [
        ("merge_request_event", "refs/merge-requests/1/head"),
        ("push", "feature"),
    ]
    assert api.get("projects/1/merge_requests/1").json["head_pipeline"]["source"] == "merge_request_event"
