"""Pipelines of pushes, and how pipelines go on: at once, by the clock, by reads, by hand."""

from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.api.v4.test_merge_request_pipelines import CONFIG, api_with, listed, make, statuses
from tests.merge_request_world import remarks
from tests.support import Api

FILES = "projects/1/repository/files"
AT = "projects/1/merge_requests/1"
THREE = """
stages: [build, test, deploy]
compile: {stage: build, script: make}
rspec: {stage: test, script: rspec}
lint: {stage: test, script: [lint, 'false'], allow_failure: true}
ship: {stage: deploy, script: ship, when: manual, allow_failure: false}
clean: {stage: .post, script: clean, when: always}
"""


def commit(api: Api, branch: str = "main", message: str = "More", path: str = "more.txt", who: str = "bob") -> str:
    """Write a file through the API and return the commit."""
    given = {"branch": branch, "content": f"{message}\n", "commit_message": message}
    method = api.put if api.get(f"{FILES}/{path}", ref=branch).status == 200 else api.post
    assert method(f"{FILES}/{path}", who, **given).status in (200, 201)
    found: str = api.get(f"projects/1/repository/branches/{branch}").json["commit"]["id"]
    return found


def last(api: Api, sha: str) -> Any:
    return api.get(f"projects/1/repository/commits/{sha}").json["last_pipeline"]


def pipelines(api: Api) -> list[tuple[str, str, str]]:
    found = api.server.state().get("Pipeline", [])
    return [(one["source"], one["ref"], one["status"]) for one in found]


def waiting(api: Api) -> list[tuple[str, int]]:
    found: Any = api.server.app.test_client().get("/_mockgitlab/transitions").json
    return [(one["kind"], one["id"]) for one in found["waiting"]]


# Pushes


def test_a_commit_makes_a_pipeline_of_its_branch() -> None:
    api = api_with("rspec: {script: rspec}")
    sha = commit(api)
    shown = last(api, sha)
    assert (shown["ref"], shown["source"], shown["status"]) == ("main", "push", "success")
    assert statuses(api, sha) == [("rspec", "success")]


def test_the_answer_that_makes_a_commit_does_not_know_its_pipeline_yet() -> None:
    api = api_with("rspec: {script: rspec}")
    actions = [{"action": "create", "file_path": "one.txt", "content": "1"}]
    given = {"branch": "main", "commit_message": "One", "actions": actions}
    made = api.post("projects/1/repository/commits", "bob", **given).json
    assert (made["status"], made["last_pipeline"]) == (None, None)
    assert last(api, made["id"])["status"] == "success"


def test_without_a_configuration_a_commit_makes_none() -> None:
    api = api_with(None)
    assert last(api, commit(api)) is None
    assert last(api, commit(api, message="[skip ci] More")) is None


def test_a_tag_makes_a_pipeline() -> None:
    api = api_with("rspec: {script: rspec, only: [tags]}")
    assert last(api, commit(api)) is None
    assert api.post("projects/1/repository/tags", "bob", tag_name="v1", ref="main").status == 201
    assert pipelines(api) == [("push", "v1", "success")]


@pytest.mark.parametrize("message", ["Fix [skip ci]", "[CI-skip] Fix", "Fix\n\n[skip_ci]", "[ci skip]"])
def test_a_message_may_skip_it(message: str) -> None:
    api = api_with("rspec: {script: rspec}")
    sha = commit(api, message=message)
    assert last(api, sha)["status"] == "skipped"
    assert statuses(api, sha) == []


def test_a_push_to_the_branch_of_a_merge_request_makes_one_of_each() -> None:
    api = api_with(CONFIG + "lint: {script: lint, only: [branches]}\n", {"transitions": {"pipelines": "manual"}})
    commit(api, "feature")
    assert pipelines(api) == [
        ("push", "feature", "pending"),
        ("merge_request_event", "refs/merge-requests/1/head", "pending"),
    ]


def test_workflow_rules_choose_between_branch_and_merge_request() -> None:
    workflow = """
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH
rspec: {script: rspec}
"""
    api = api_with(workflow)
    commit(api, "feature")
    commit(api, "fix")
    assert [(source, ref) for source, ref, _ in pipelines(api)] == [
        ("merge_request_event", "refs/merge-requests/1/head"),
        ("push", "fix"),
    ]


def test_a_rule_about_changes_is_asked_of_what_the_push_changed() -> None:
    api = api_with("docs: {script: x, rules: [{changes: ['docs/**/*.md']}]}\nall: {script: x}")
    assert statuses(api, commit(api, path="docs%2Fa%2Fb.md")) == [("docs", "success"), ("all", "success")]
    assert statuses(api, commit(api)) == [("all", "success")]


def test_a_wrong_configuration_makes_a_failed_pipeline() -> None:
    api = api_with("rspec: {foo: x}")
    sha = commit(api)
    assert last(api, sha)["status"] == "failed"
    [kept] = api.server.state()["Pipeline"]
    assert kept["yaml_errors"] == "jobs rspec config should implement the script:, run:, or trigger: keyword"


def test_the_configuration_may_lie_elsewhere() -> None:
    branches = {"main": {"ci/all.yml": "rspec: {script: x}"}, "feature": {"a": "1"}}
    api = api_with(None, ci_config_path="ci/all.yml", repository={"branches": branches})
    assert last(api, commit(api))["status"] == "success"
    assert api.put("projects/1", ci_config_path="ci/none.yml").status == 200
    assert last(api, commit(api, message="Again")) is None


def test_the_configuration_may_lie_in_another_project() -> None:
    api = api_with(None, ci_config_path="ci.yml@open/source")
    file = {"branch": "main", "content": "rspec: {script: x}", "commit_message": "CI"}
    assert api.post("projects/2/repository/files/ci.yml", **file).status == 201
    assert statuses(api, commit(api)) == [("rspec", "success")]
    assert api.put("projects/1", ci_config_path="ci.yml@ada/notes").status == 200
    commit(api, message="Again")
    told = api.server.state()["Pipeline"][-1]["yaml_errors"]
    assert told.startswith("Project `ada/notes` not found or access denied!")


def test_files_are_included() -> None:
    api = api_with("include: [{local: ci/*.yml}, {project: open/source, file: ci.yml}]\n")
    assert api.post("projects/2/repository/files/ci.yml", branch="main", content="b: {script: x}", commit_message="CI")
    given = {"branch": "main", "content": "a: {script: x}", "commit_message": "CI"}
    assert api.post(f"{FILES}/ci%2Fa.yml", "ada", **given).status == 201
    sha = api.get("projects/1/repository/branches/main").json["commit"]["id"]
    assert statuses(api, sha) == [("a", "success"), ("b", "success")]


def test_a_template_is_included_and_the_workflow_names_the_pipeline() -> None:
    api = api_with("include: [{template: Bash.gitlab-ci.yml}]\nworkflow: {name: Of $CI_COMMIT_AUTHOR}")
    assert [name for name, _ in statuses(api, commit(api))] == ["build", "test", "deploy"]
    assert api.server.state()["Pipeline"][0]["name"] == "Of Bob Kahn <bob@example.com>"


# Going on


def test_manual_jobs_stay_and_hold_up_what_follows_them() -> None:
    api = api_with(THREE)
    sha = commit(api)
    assert statuses(api, sha) == [
        ("compile", "success"),
        ("rspec", "success"),
        ("lint", "failed"),
        ("ship", "manual"),
        ("clean", "created"),
    ]
    assert last(api, sha)["status"] == "manual"


def test_a_job_that_fails_lets_the_rest_be_skipped_and_what_is_for_failures_run() -> None:
    api = api_with(
        "a: {stage: build, script: exit 3}\nb: {script: x}\nc: {script: x, when: on_failure}\n"
        "d: {script: x, needs: []}\ne: {script: x, needs: [b]}\nf: {stage: .post, script: x, when: always}"
    )
    found = dict(statuses(api, commit(api)))
    assert found == {
        "a": "failed",
        "b": "skipped",
        "c": "success",
        "d": "success",
        "e": "skipped",
        "f": "success",
    }


def test_a_job_may_fail_with_some_exit_codes() -> None:
    api = api_with("a: {script: exit 3, allow_failure: {exit_codes: [3]}}\nb: {script: x, stage: deploy}")
    sha = commit(api)
    assert (statuses(api, sha), last(api, sha)["status"]) == ([("a", "failed"), ("b", "success")], "success")


def test_a_delayed_job_waits_for_the_clock() -> None:
    api = api_with("a: {script: x, when: delayed, start_in: 30 minutes}\nb: {script: x, stage: deploy}")
    sha = commit(api)
    assert (statuses(api, sha), last(api, sha)["status"]) == ([("a", "scheduled"), ("b", "created")], "scheduled")
    api.server.advance("29m")
    assert last(api, sha)["status"] == "scheduled"
    api.server.advance("1m")
    assert (statuses(api, sha), last(api, sha)["status"]) == ([("a", "success"), ("b", "success")], "success")


@pytest.mark.parametrize("transition", ["manual", {"after": "5m"}, {"reads": 3}])
def test_until_it_goes_on_a_pipeline_is_pending(transition: Any) -> None:
    api = api_with(THREE, {"transitions": {"pipelines": transition}})
    sha = commit(api)
    assert [last(api, sha)["status"] for _ in range(2)] == ["pending", "pending"]
    assert waiting(api) == [("pipelines", 10001)]
    if transition == {"reads": 3}:
        assert [status for _, status in statuses(api, sha)][:2] == ["pending", "created"]
        assert [last(api, sha)["status"] for _ in range(1)] == ["manual"]
    elif transition == "manual":
        assert api.server.finish("pipelines") == 1
    else:
        api.server.advance("5m")
    assert last(api, sha)["status"] == "manual"
    assert waiting(api) == []


def test_how_long_it_takes_is_changed_at_run_time() -> None:
    api = api_with(CONFIG)
    api.server.transition(pipelines="manual")
    make(api)
    assert listed(api)[0]["status"] == "pending"
    client = api.server.app.test_client()
    assert waiting(api) == [("pipelines", 10001)]
    assert client.post("/_mockgitlab/transitions", json={"kind": "pipelines"}).json == {"finished": 1}
    assert client.put("/_mockgitlab/transitions", json={"pipelines": "immediate"}).status_code == 200
    assert listed(api)[0]["status"] == "success"
    with pytest.raises(ScenarioError, match="pipelines"):
        api_with(CONFIG, {"transitions": {"pipelines": "soon"}})


def test_reading_the_merge_request_or_its_pipelines_counts() -> None:
    api = api_with(CONFIG, {"transitions": {"pipelines": {"reads": 2}}})
    make(api)
    assert listed(api)[0]["status"] == "pending"
    assert api.get(AT).json["head_pipeline"]["status"] == "pending"
    assert listed(api)[0]["status"] == "success"


def test_the_clock_merges_what_waits_for_a_pipeline() -> None:
    api = api_with(CONFIG, {"transitions": {"pipelines": {"after": "10m"}}})
    make(api)
    assert api.put(f"{AT}/merge", "ada", merge_when_pipeline_succeeds=True).json["merge_when_pipeline_succeeds"] is True
    api.server.advance("10m")
    merged = api.get(AT).json
    assert (merged["state"], merged["merged_by"]["username"]) == ("merged", "ada")
    assert remarks(api)[0].startswith("enabled an automatic merge when all merge checks for")


def test_a_pipeline_that_fails_merges_nothing_automatically() -> None:
    failing = CONFIG.replace("script: rspec", "script: exit 1")
    api = api_with(failing, {"transitions": {"pipelines": "manual"}})
    make(api)
    assert api.put(f"{AT}/merge", "ada", merge_when_pipeline_succeeds=True).status == 200
    assert api.server.finish("pipelines") == 1
    shown = api.get(AT).json
    assert (shown["state"], shown["merge_when_pipeline_succeeds"]) == ("opened", True)
    assert shown["head_pipeline"]["status"] == "failed"


def test_a_read_merges_what_waits_for_a_pipeline() -> None:
    api = api_with(CONFIG, {"transitions": {"pipelines": {"reads": 1}}})
    make(api)
    api.put(f"{AT}/merge", "bob", merge_when_pipeline_succeeds=True)
    assert [api.get(AT).json["state"] for _ in range(2)] == ["opened", "merged"]


def test_a_newer_pipeline_cancels_the_older_of_its_ref() -> None:
    api = api_with("rspec: {script: rspec}", {"transitions": {"pipelines": "manual"}})
    commit(api, "fix")
    commit(api, "fix", "Again")
    commit(api, "same")
    assert [status for _, _, status in pipelines(api)] == ["canceled", "pending", "pending"]
    assert api.server.finish("pipelines") == 2
    assert api.put("projects/1", auto_cancel_pending_pipelines="disabled").status == 200
    commit(api, "fix", "Third")
    commit(api, "fix", "Fourth")
    assert [status for _, _, status in pipelines(api)][-2:] == ["pending", "pending"]


def test_a_job_that_fails_asks_the_author_and_who_wants_to_merge_to_repair_it() -> None:
    failing = "rspec: {script: exit 1, only: [merge_requests]}\nlint: {script: exit 1, allow_failure: true}"
    api = api_with(failing, {"transitions": {"pipelines": "manual"}})
    make(api)
    api.put(f"{AT}/merge", "ada", merge_when_pipeline_succeeds=True)
    api.server.finish("pipelines")
    for who in ("bob", "ada"):
        [todo] = api.get("todos", who).json
        assert (todo["action_name"], todo["author"]["username"], todo["target"]["iid"]) == ("build_failed", who, 1)
    commit(api, "fix")
    assert api.get("todos", "root").json == []


# Statuses from outside


def test_a_status_from_outside_decides_how_the_job_of_its_name_ended() -> None:
    api = api_with("rspec: {script: rspec}\nlint: {script: lint}", {"transitions": {"pipelines": "manual"}})
    sha = commit(api)
    answer = api.post(f"projects/1/statuses/{sha}", "bob", state="failed", name="rspec")
    assert (answer.status, answer.json["pipeline_id"]) == (201, 10001)
    assert statuses(api, sha) == [("lint", "pending"), ("rspec", "failed")]
    api.server.finish("pipelines")
    assert statuses(api, sha) == [("lint", "success"), ("rspec", "failed")]
    assert last(api, sha)["status"] == "failed"


def test_rebasing_may_skip_it() -> None:
    api = api_with("rspec: {script: rspec, only: [branches, merge_requests]}")
    commit(api, "main", path="other.txt")
    assert api.put(f"{AT}/rebase", "bob", skip_ci=True).status == 202
    assert [one["status"] for one in listed(api)] == ["skipped", "skipped"]
