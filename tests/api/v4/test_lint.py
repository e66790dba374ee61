import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, seen

AT = "projects/1/ci/lint"
MAIN = """include: [ci.yml, {project: open/source, file: shared.yml}]
test:
  script: |
    echo a
    echo b
  rules: [{when: always}]
"""
LOCAL = (
    "default: {before_script: [prepare], tags: [linux]}\nbuild: {stage: build, script: make, when: manual, needs: []}\n"
)
SHARED = "ship: {script: [a, b], environment: {name: prod}, only: [tags], except: {refs: [x]}}\n"
MERGED = """---
default:
  before_script:
  - prepare
  tags:
  - linux
build:
  stage: build
  script: make
  when: manual
  needs: []
ship:
  script:
  - a
  - b
  environment:
    name: prod
  only:
  - tags
  except:
    refs:
    - x
test:
  script: |
    echo a
    echo b
  rules:
  - when: always
"""
WARNING = (
    "jobs:test may allow multiple pipelines to run for a single action due to `rules:when` clause with no "
    "`workflow:rules` - read more: https://docs.gitlab.com/ee/ci/troubleshooting.html#pipeline-warnings"
)
FINE: dict[str, Any] = {"valid": True, "errors": [], "warnings": [], "includes": []}


def world(settings: Any = None) -> Api:
    world = copy.deepcopy(WORLD)
    world["gitlab"] = settings or {}
    branches = {
        "main": {".gitlab-ci.yml": MAIN, "ci.yml": LOCAL},
        "old": {".gitlab-ci.yml": "a: {script: <b>}\nc: 1\n"},
    }
    world["projects"][0]["repository"] = {"branches": branches}
    world["projects"][1]["repository"] = {"branches": {"main": {"shared.yml": SHARED}}}
    return Api(world)


@pytest.fixture(scope="module")
def api() -> Api:
    """Acme/rocket (1) has a configuration that includes a file of its own and one of open/source (2)."""
    return world()


def sha(api: Api, project: int, branch: str = "main") -> str:
    return str(api.get(f"projects/{project}/repository/branches/{branch}").json["commit"]["id"])


def job(name: str, **more: Any) -> dict[str, Any]:
    usual = {"stage": "test", "before_script": ["prepare"], "script": [], "after_script": [], "tag_list": ["linux"]}
    rest = {"environment": None, "when": "on_success", "allow_failure": False}
    return {"name": name, **usual, **rest, **more}


JOBS = (
    job("build", stage="build", script=["make"], when="manual", allow_failure=True),
    job("ship", script=["a", "b"], environment="prod"),
    job("test", script=["echo a\necho b\n"]),
)
BRANCHES_AND_TAGS = {"refs": ["branches", "tags"]}


def test_the_configuration_of_a_project_is_checked_with_what_it_includes(api: Api) -> None:
    here, there = sha(api, 1), sha(api, 2)
    at = {"context_project": "acme/rocket", "context_sha": here}
    local = {"type": "local", "location": "ci.yml", "extra": {}, **at}
    local |= {name: f"http://localhost/acme/rocket/-/{name}/{here}/ci.yml" for name in ("blob", "raw")}
    shared = {"type": "file", "location": "shared.yml", "extra": {"project": "open/source", "ref": "HEAD"}, **at}
    shared |= {name: f"http://localhost/open/source/-/{name}/{there}/shared.yml" for name in ("blob", "raw")}
    told = {"valid": True, "errors": [], "warnings": [WARNING], "merged_yaml": MERGED, "includes": [local, shared]}
    answer = api.get(AT, "rex")
    assert seen(answer) == (200, told)
    assert list(answer.json) == ["valid", "errors", "warnings", "merged_yaml", "includes"]


def test_its_jobs_are_listed_on_demand(api: Api) -> None:
    build, ship, test = JOBS
    assert api.get(AT, "ada", include_jobs=True).json["jobs"] == [
        {**build, "only": BRANCHES_AND_TAGS, "except": None, "needs": []},
        {**ship, "only": {"refs": ["tags"]}, "except": {"refs": ["x"]}, "needs": None},
        {**test, "only": None, "except": None, "needs": None},
    ]


def test_a_simulated_pipeline_has_the_jobs_that_its_ref_gets(api: Api) -> None:
    answer = api.get(AT, "ada", dry_run=True, include_jobs=True)
    assert answer.json["jobs"] == [JOBS[0], {**JOBS[2], "when": "always"}]
    assert api.get("projects/1/pipelines" if False else AT, "ada", dry_run=True).json.get("jobs") is None
    assert answer.json["merged_yaml"] == MERGED


def test_another_commit_has_another_configuration(api: Api) -> None:
    invalid = {**FINE, "valid": False, "merged_yaml": "---\na:\n  script: <b>\nc: 1\n"}
    told = {**invalid, "errors": ["jobs c config should implement the script:, run:, or trigger: keyword"]}
    for given in ({"content_ref": "old"}, {"sha": sha(api, 1, "old")}):
        assert seen(api.get(AT, "ada", **given)) == (200, told)
    assert api.get(AT, "ada", content_ref="old", dry_run=True).json["errors"] == told["errors"]
    assert seen(api.get(AT, "ada", content_ref="none")) == (404, {"message": "404 Commit Not Found"})
    both = api.get(AT, "ada", content_ref="old", sha="old")
    assert seen(both) == (400, {"error": "sha, content_ref are mutually exclusive"})
    both = api.get(AT, "ada", ref="old", dry_run_ref="old")
    assert seen(both) == (400, {"error": "ref, dry_run_ref are mutually exclusive"})


@pytest.mark.parametrize(
    ("content", "errors", "merged"),
    [
        ("a: {script: b}", [], "---\na:\n  script: b\n"),
        ("", ["Please provide content of .gitlab-ci.yml"], None),
        (
            "a: [}",
            ["(<unknown>): did not find expected node content while parsing a flow node at line 1 column 5"],
            None,
        ),
        ("include: none.yml\na: {script: b}", ["Local file `none.yml` does not exist!"], None),
        (
            "variables: []\na: {when: x, script: b}\nc: {script: 1}",
            [
                "variables config should be a hash",
                "jobs:a when should be one of: on_success, on_failure, always, manual, delayed",
                "jobs:c:script config should be a string or a nested array of strings up to 10 levels deep",
            ],
            "---\nvariables: []\na:\n  when: x\n  script: b\nc:\n  script: 1\n",
        ),
        (
            "a: {stage: x, script: b}",
            ["a job: chosen stage x does not exist; available stages are .pre, build, test, deploy, .post"],
            "---\na:\n  stage: x\n  script: b\n",
        ),
    ],
)
def test_a_given_configuration_is_checked(api: Api, content: str, errors: list[str], merged: str | None) -> None:
    told = {"valid": not errors, "errors": errors, "warnings": [], "merged_yaml": merged}
    answer = api.post(AT, "bob", content=content)
    assert seen(answer) == (200, {**told, "includes": [] if merged else None})


def test_a_given_configuration_may_be_simulated_on_a_ref(api: Api) -> None:
    content = """
a: {script: b, only: [old]}
c: {script: [d, $CI_COMMIT_BRANCH], after_script: [e], rules: [{if: $CI_COMMIT_TAG}]}
"""
    alone = {**job("a", script=["b"]), "before_script": [], "tag_list": []}
    answer = api.post(AT, "ada", content=content, dry_run=True, include_jobs=True, ref="old")
    assert answer.json["jobs"] == [alone]
    assert answer.json["valid"] is True
    other = api.post(AT, "ada", content=content, dry_run=True, include_jobs=True).json
    assert (other["valid"], other["jobs"]) == (False, [])
    [error] = other["errors"]
    assert error.startswith("Pipeline will not run for the selected trigger.")


def test_a_simulation_tells_why_there_can_be_no_pipeline(api: Api) -> None:
    def told(*given: Any, **more: Any) -> Any:
        return api.get(*given, dry_run=True, **more).json["errors"]

    assert told(AT, "ada", ref="none") == ["Reference not found"]
    assert told(AT, "rex") == ["Insufficient permissions to create a new pipeline"]
    assert told("projects/2/ci/lint", None) == ["Insufficient permissions to create a new pipeline"]
    assert told("projects/2/ci/lint", "root") == ["Missing CI config file"]
    [protected] = told(AT, "bob")
    assert protected.startswith("You do not have sufficient permission to run a pipeline on 'main'.")


def test_a_warning_is_not_given_where_the_workflow_has_rules(api: Api) -> None:
    content = "workflow: {rules: [{when: always}]}\na: {script: b, rules: [{when: always}]}"
    answer = api.post(AT, "bob", content=content, include_jobs=True).json
    assert answer["warnings"] == []
    assert answer["jobs"][0]["only"] is None
    assert api.post(AT, "bob", content="a: {script: b, rules: [{when: never}]}").json["warnings"] == []


def test_a_configuration_without_commits_is_checked_all_the_same(api: Api) -> None:
    told = api.post("projects/3/ci/lint", "ada", content="include: {template: Bash.gitlab-ci.yml}\na: {script: b}").json
    assert told["valid"] is True
    assert told["includes"] == [
        {
            "type": "template",
            "location": "Bash.gitlab-ci.yml",
            "blob": None,
            "raw": "https://gitlab.com/gitlab-org/gitlab/-/raw/master/lib/gitlab/ci/templates/Bash.gitlab-ci.yml",
            "extra": {},
            "context_project": "ada/notes",
            "context_sha": None,
        }
    ]
    assert seen(api.get("projects/3/ci/lint", "ada")) == (404, {"message": "404 Repository Not Found"})


def test_checking_is_for_those_who_read_code_or_make_pipelines(api: Api) -> None:
    forbidden = (403, {"message": "403 Forbidden"})
    assert seen(api.get(AT, "gil")) == forbidden
    assert seen(api.post(AT, "rex", content="a: {script: b}")) == forbidden
    assert seen(api.get(AT, "nora")) == (404, {"message": "404 Project Not Found"})
    assert seen(api.post(AT, None, content="a: {script: b}")) == (401, {"message": "401 Unauthorized"})
    missing = (400, {"message": '400 (Bad request) "content" not given'})
    assert seen(api.post(AT, "ada")) == missing


def test_nobody_makes_pipelines_where_they_are_switched_off() -> None:
    api = world()
    api.put("projects/1", "ada", builds_access_level="disabled")
    assert api.post(AT, "ada", content="a: {script: b}").status == 403
    assert api.get(AT, "ada").json["valid"] is True


def test_before_16_0_a_configuration_of_no_project_was_checked() -> None:
    api = world({"version": "15.11"})
    content = "a: {script: b}"
    assert seen(api.post("ci/lint", "nora", content=content)) == (
        200,
        {"status": "valid", "errors": [], "warnings": []},
    )
    whole = api.post("ci/lint", "nora", content=content, include_merged_yaml=True, include_jobs=True).json
    assert whole["merged_yaml"] == "---\na:\n  script: b\n"
    assert [one["name"] for one in whole["jobs"]] == ["a"]
    local = api.post("ci/lint", "nora", content="include: x.yml\na: {script: b}")
    told = {"status": "invalid", "errors": ["Local file `x.yml` does not have project!"], "warnings": []}
    assert seen(local) == (200, told)
    assert world().post("ci/lint", "nora", content=content).status == 404
