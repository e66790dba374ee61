"""Which jobs a pipeline gets: rules, only and except, workflow, needs."""

from typing import Any

import pytest

from mockgitlab.ci_config import ConfigError, Files
from tests.ci_config.rig import MERGE_REQUEST, jobs, planned, refused

TAG = {"kind": "tag", "ref": "v1"}


# only and except


@pytest.mark.parametrize(
    ("policy", "branch", "tag", "merge_request"),
    [
        ("", True, True, False),
        ("only: [branches]", True, False, False),
        ("only: [tags]", False, True, False),
        ("only: [merge_requests]", False, False, True),
        ("only: [main]", True, False, False),
        ("only: [/^ma.n$/]", True, False, False),
        ("only: [/^MA/i]", True, False, False),
        ("only: [pushes]", True, True, False),
        ("only: [push]", True, True, False),
        ("only: [feature]", False, False, False),
        ("only: []", False, False, False),
        ("only: [branches@acme/rocket]", True, False, False),
        ("only: [branches@other/one]", False, False, False),
        ("except: [main]", False, True, False),
        ("except: [tags]", True, False, False),
        ("except: [branches@other/one]", True, True, False),
        ("only: {refs: [merge_requests]}", False, False, True),
        ("only: {variables: [$X]}", True, True, False),
        ("only: {variables: [$NOT]}", False, False, False),
        ("only: {variables: [$NOT, $X == 'x']}", True, True, False),
        ("except: {variables: [$X]}", False, False, False),
        ("only: {changes: [src/*]}", True, True, False),
        ("only: {changes: [docs/*]}", False, False, False),
        ("only: {refs: [main], variables: [$NOT]}", False, False, False),
        ("except: {refs: [tags], variables: [$NOT]}", True, False, False),
        ("only: {kubernetes: active}", False, False, False),
        ("except: {kubernetes: active}", True, True, False),
    ],
)
def test_only_and_except_choose_refs(policy: str, branch: bool, tag: bool, merge_request: bool) -> None:
    text = f"a: {{script: x{', ' if policy else ''}{policy}}}"
    more: dict[str, Any] = {
        "variables": {"X": "x"},
        "project_path": "acme/rocket",
        "changed": lambda since: ["src/a.py"],
    }
    found = [bool(jobs(text, **more, **kind)) for kind in ({}, TAG, MERGE_REQUEST)]
    assert found == [branch, tag, merge_request]


# Rules


@pytest.mark.parametrize(
    ("rules", "when"),
    [
        ("[{if: $X}]", "on_success"),
        ("[{if: $NOT}]", None),
        ("[{if: $X, when: never}, {when: always}]", None),
        ("[{if: $NOT, when: never}, {when: always}]", "always"),
        ("[{when: manual}]", "manual"),
        ("[{if: $X, changes: [docs/*]}]", None),
        ("[{if: $X, changes: [src/*]}]", "on_success"),
        ("[{changes: {paths: [src/*], compare_to: main}}]", "on_success"),
        ("[{changes: {paths: [src/*], compare_to: other}}]", None),
        ("[{changes: ['$DIR/*']}]", "on_success"),
        ("[{exists: [Dockerfile]}]", "on_success"),
        ("[{exists: [docker/*]}]", None),
        ("[{exists: ['**/*.py']}]", "on_success"),
        ("[{exists: {paths: [x.yml], project: a/b}}]", "on_success"),
        ("[[{if: $NOT}], [{if: $X, when: manual}]]", "manual"),
        ("[{when: delayed, start_in: 1 hour}]", "delayed"),
        ("[{if: $LOCAL == 'x'}]", "on_success"),
        ("[{if: $SHARED == 'x'}]", "on_success"),
        ("[{if: $CI_JOB_NAME == 'a'}]", "on_success"),
    ],
)
def test_the_first_rule_that_holds_says_when(rules: str, when: str | None) -> None:
    def changed(since: str | None) -> list[str]:
        return ["src/a.py"] if since in (None, "main") else []

    files = Files(
        other=lambda *place: "x" if place == ("a/b", None, "x.yml") else None, paths=lambda: ("Dockerfile", "src/a.py")
    )
    text = f"variables: {{SHARED: $X}}\na: {{script: x, variables: {{LOCAL: x}}, rules: {rules}}}"
    more: dict[str, Any] = {"variables": {"X": "x", "DIR": "src"}, "changed": changed, "files": files}
    found = [job.when for _, _, inner in planned(text, **more).stages for job in inner] if when else jobs(text, **more)
    assert found == ([when] if when else [])


def test_where_nothing_is_known_of_changes_everything_changed() -> None:
    assert jobs("a: {script: x, rules: [{changes: [none]}]}") == ["a"]


def test_a_rule_may_compare_with_a_ref_that_there_is_not() -> None:
    def changed(since: str | None) -> list[str]:
        raise LookupError(since)

    told = refused("a: {script: x, rules: [{changes: {paths: [a], compare_to: none}}]}", changed=changed)
    assert told == "Failed to parse rule for a: rules:changes:compare_to is not a valid ref"


def test_rules_set_more_than_when() -> None:
    text = "b: {script: x}\na: {script: x, rules: [{if: $X, allow_failure: true, needs: [b], variables: {Y: '2'}}]}"
    [(_, _, (_, job))] = planned(text, variables={"X": "x"}).stages
    assert (job.allow_failure, [need.name for need in job.needs or ()], job.variables) == (True, ["b"], {"Y": "2"})


@pytest.mark.parametrize(
    ("job", "allowed"),
    [
        ("when: manual", True),
        ("when: manual, allow_failure: false", False),
        ("rules: [{when: manual}]", False),
        ("rules: [{when: manual, allow_failure: true}]", True),
        ("allow_failure: true", True),
        ("allow_failure: {exit_codes: 3}", False),
        ("when: always", False),
    ],
)
def test_a_job_that_is_manual_by_itself_may_fail(job: str, allowed: bool) -> None:
    [(_, _, (found,))] = planned(f"a: {{script: x, {job}}}").stages
    assert found.allow_failure is allowed


# Workflow


def test_the_workflow_may_want_no_pipeline() -> None:
    assert refused("workflow: {rules: [{if: $NOT}]}\na: {script: x}") == "Pipeline filtered out by workflow rules."
    assert jobs("workflow: {rules: [{if: $X}]}\na: {script: x}", variables={"X": "x"}) == ["a"]


def test_with_rules_of_the_workflow_jobs_are_for_merge_requests_too() -> None:
    text = "workflow: {rules: [{when: always}]}\na: {script: x}\nb: {script: x, only: [branches]}"
    assert (jobs(text), jobs(text, **MERGE_REQUEST)) == (["a", "b"], ["a"])


def test_the_workflow_names_the_pipeline() -> None:
    assert planned("workflow: {name: On $REF}\na: {script: x}", variables={"REF": "main"}).name == "On main"
    assert refused("workflow: {name: 1}\na: {script: x}") == "workflow name should be a string"


def test_variables_that_a_pipeline_is_started_with_win() -> None:
    text = "variables: {X: shared}\na: {script: x, variables: {X: own}, rules: [{if: $X == 'given'}]}"
    assert (jobs(text), jobs(text, given={"X": "given"})) == ([], ["a"])


def test_variables_of_the_workflow_are_seen_by_the_rules_of_jobs() -> None:
    text = "workflow: {rules: [{if: $X, variables: {W: w}}]}\na: {script: x, rules: [{if: $W == 'w'}]}"
    assert jobs(text, variables={"X": "x"}) == ["a"]


# Stages, needs, parallel


def test_stages_are_in_their_order_and_the_edges_alone_make_no_pipeline() -> None:
    text = "stages: [b, a]\none: {script: x, stage: a}\ntwo: {script: x, stage: .pre}\nthree: {script: x, stage: b}"
    found = [(place, stage) for place, stage, _ in planned(text).stages]
    assert found == [(0, ".pre"), (1, "b"), (2, "a")]
    assert jobs("a: {script: x, stage: .post}") == []


def test_a_job_in_parallel_is_several() -> None:
    matrix = "{matrix: [{P: [x, y], Q: 1}, {R: z}]}"
    text = f"a: {{script: x, parallel: 2}}\nb: {{script: x, parallel: {matrix}}}\nc: {{script: x, needs: [a]}}"
    [(_, _, found)] = planned(text).stages
    assert [job.name for job in found] == ["a 1/2", "a 2/2", "b: [x, 1]", "b: [y, 1]", "b: [z]", "c"]
    assert [need.name for need in found[-1].needs or ()] == ["a 1/2", "a 2/2"]
    assert (found[1].variables, found[3].variables) == (
        {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "2"},
        {"P": "y", "Q": "1"},
    )


def test_a_need_that_is_not_in_the_pipeline_is_told() -> None:
    text = "a: {script: x, only: [tags]}\nb: {script: x, needs: [a]}"
    assert refused(text) == (
        "'b' job needs 'a' job, but 'a' does not exist in the pipeline. This might be because of the only, except, or "
        "rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional."
    )
    assert jobs(text.replace("[a]}", "[{job: a, optional: true}]}")) == ["b"]


def test_variables_are_inherited_as_the_job_wants() -> None:
    shared = "variables: {A: '1', B: '2'}\n"
    text = f"{shared}a: {{script: x, inherit: {{variables: [B]}}}}\nb: {{script: x, inherit: {{variables: false}}}}"
    [(_, _, found)] = planned(text).stages
    assert [job.variables for job in found] == [{"B": "2"}, {}]


def test_variables_that_use_one_another_are_told() -> None:
    text = "a: {script: x, variables: {A: $B, B: $A}}"
    assert refused(text) == 'a: circular variable reference detected: ["A", "B"]'


def test_there_are_not_too_many_jobs() -> None:
    text = "".join(f"a{n}: {{script: x, parallel: 200}}\n" for n in range(11))
    with pytest.raises(ConfigError, match="Pipeline size limit exceeded by 200 jobs!"):
        planned(text)
