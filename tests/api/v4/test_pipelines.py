"""Pipelines: listed, shown, made, run again, canceled, renamed, deleted."""

from typing import Any

import pytest

from tests.pipeline_world import JUNIT, MANUAL, api_with, as_made, create, jobs_of, statuses
from tests.support import Answer, Api, refused, seen

AT = "projects/1/pipelines"
USER_ID = {"root": 1, "ada": 2, "bob": 3}
PAST = "2024-04-{:02}T10:00:00.000Z"
TOLD: list[dict[str, Any]] = [
    {"ref": "main", "status": "success", "user": "ada", "created_at": PAST.format(1), "name": "Nightly"},
    {"ref": "fix", "status": "failed", "user": "bob", "source": "web", "created_at": PAST.format(2)},
    {"ref": "v1", "status": "running", "tag": True, "created_at": PAST.format(3), "user": "ada"},
    {"ref": "gone", "sha": "main", "status": "pending", "source": "api", "created_at": PAST.format(4), "user": "ada"},
    {"ref": "main", "status": "canceled", "user": "ada", "created_at": PAST.format(5), "yaml_errors": "no jobs"},
    {"ref": "main", "status": "success", "user": "ada", "source": "parent_pipeline", "created_at": PAST.format(6)},
    {"ref": "main", "status": "skipped", "user": "ada", "source": "external", "created_at": PAST.format(7)},
]


@pytest.fixture(scope="module")
def told() -> Api:
    """A world with pipelines, which the tests only read."""
    pipelines = [{"id": place, **one, "updated_at": one["created_at"]} for place, one in enumerate(TOLD, 1)]
    return api_with(pipelines=pipelines)


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer
    return [one["id"] for one in answer.json]


# Lists


def test_pipelines_are_listed_the_newest_first_without_children(told: Api) -> None:
    listed = told.get(AT, "rex")
    assert ids(listed) == [7, 5, 4, 3, 2, 1]
    assert listed.json[-1] == {
        "id": 1,
        "iid": 1,
        "project_id": 1,
        "sha": listed.json[-1]["sha"],
        "ref": "main",
        "status": "success",
        "source": "push",
        "created_at": PAST.format(1),
        "updated_at": PAST.format(1),
        "web_url": "http://localhost/acme/rocket/-/pipelines/1",
        "name": "Nightly",
    }
    assert len(listed.json[-1]["sha"]) == 40


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"scope": "running"}, [3]),
        ({"scope": "pending"}, [4]),
        ({"scope": "finished"}, [5, 2, 1]),
        ({"scope": "branches"}, [7, 2]),
        ({"scope": "tags"}, [3]),
        ({"status": "failed"}, [2]),
        ({"ref": "fix"}, [2]),
        ({"ref": ""}, [7, 5, 4, 3, 2, 1]),
        ({"source": "web"}, [2]),
        ({"source": "parent_pipeline"}, [6]),
        ({"yaml_errors": "true"}, [5]),
        ({"yaml_errors": "false", "ref": "main"}, [7, 1]),
        ({"username": "bob"}, [2]),
        ({"username": "nobody-of-this-name"}, []),
        ({"username": "3"}, []),
        ({"name": "Nightly"}, [1]),
        ({"name": "Nigh"}, []),
        ({"updated_after": PAST.format(5)}, [7, 5]),
        ({"updated_before": PAST.format(2)}, [2, 1]),
        ({"created_after": PAST.format(2), "created_before": PAST.format(3)}, [3, 2]),
        ({"sort": "asc"}, [1, 2, 3, 4, 5, 7]),
        ({"order_by": "status"}, [1, 7, 3, 4, 2, 5]),
        ({"order_by": "ref", "sort": "asc"}, [2, 4, 1, 5, 7, 3]),
        ({"order_by": "user_id", "sort": "desc"}, [2, 7, 5, 4, 3, 1]),
        ({"order_by": "updated_at", "sort": "asc"}, [1, 2, 3, 4, 5, 7]),
        ({"per_page": 2, "page": 2}, [4, 3]),
    ],
)
def test_lists_are_narrowed_and_ordered(told: Api, given: dict[str, Any], found: list[int]) -> None:
    assert ids(told.get(AT, "rex", **given)) == found


def test_the_pipelines_of_a_commit(told: Api) -> None:
    [fix] = told.get(AT, ref="fix").json
    assert ids(told.get(AT, sha=fix["sha"])) == [2]
    assert ids(told.get(AT, sha="0" * 40)) == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("scope", "all", "scope does not have a valid value"),
        ("status", "good", "status does not have a valid value"),
        ("source", "me", "source does not have a valid value"),
        ("order_by", "sha", "order_by does not have a valid value"),
        ("sort", "up", "sort does not have a valid value"),
        ("created_after", "then", "created_after is invalid"),
        ("yaml_errors", "maybe", "yaml_errors is invalid"),
    ],
)
def test_lists_refuse_what_they_do_not_know(told: Api, name: str, value: str, text: str) -> None:
    assert seen(told.get(AT, **{name: value})) == (400, {"error": text})


def test_the_ref_of_a_merge_request_stands_for_its_own_with_their_source() -> None:
    own = {"ref": "refs/merge-requests/1/head", "sha": "fix", "source": "merge_request_event"}
    opened = {"title": "Fix", "source_branch": "fix", "target_branch": "main"}
    api = api_with(pipelines=[own, {"ref": "fix"}], merge_requests=[opened])
    assert len(api.get(AT, ref="fix").json) == 1
    [one] = api.get(AT, ref="fix", source="merge_request_event").json
    assert one["ref"] == own["ref"]


# One


def test_a_pipeline_is_shown_with_its_name(told: Api) -> None:
    shown = told.get(f"{AT}/1", "rex").json
    assert (shown["id"], shown["name"], shown["status"], shown["tag"]) == (1, "Nightly", "success", False)
    assert list(shown) == [
        *("id", "iid", "project_id", "sha", "ref", "status", "source", "created_at", "updated_at", "web_url"),
        *("before_sha", "tag", "yaml_errors", "user", "started_at", "finished_at", "committed_at", "duration"),
        *("queued_duration", "coverage", "detailed_status", "name"),
    ]
    assert told.get(f"{AT}/6", "rex").json["source"] == "parent_pipeline"


@pytest.mark.parametrize("path", ["99", "99/jobs", "99/bridges", "99/variables", "99/test_report"])
def test_a_pipeline_that_is_not_there(told: Api, path: str) -> None:
    assert seen(told.get(f"{AT}/{path}", "ada")) == (404, {"message": "404 Not found"})


def test_an_id_is_a_number(told: Api) -> None:
    assert seen(told.get(f"{AT}/first", "ada")) == (400, {"error": "pipeline_id is invalid"})


def test_names_came_with_16_3() -> None:
    api = api_with({"version": "16.2.0"}, pipelines=[{"ref": "main", "name": "Nightly"}])
    assert "name" not in api.get(AT).json[0]
    assert len(api.get(AT, name="other").json) == 1


def test_the_latest_pipeline_is_that_of_the_last_commit(told: Api) -> None:
    assert told.get(f"{AT}/latest", "rex").json["id"] == 7
    assert told.get(f"{AT}/latest", "rex", ref="fix").json["id"] == 2
    assert told.get(f"{AT}/latest", "rex", ref="v1").json["id"] == 3


@pytest.mark.parametrize("ref", ["gone", "nowhere"])
def test_without_one_the_latest_is_forbidden(told: Api, ref: str) -> None:
    assert seen(told.get(f"{AT}/latest", "ada", ref=ref)) == (403, {"message": "403 Forbidden"})


# Who reads


@pytest.mark.parametrize(
    ("settings", "who", "status"),
    [
        ({"visibility": "private"}, "gil", 200),
        ({"visibility": "private", "public_jobs": False}, "gil", 403),
        ({"visibility": "private", "public_jobs": False}, "rex", 200),
        ({"visibility": "private"}, "nora", 404),
        ({"visibility": "public"}, None, 200),
        ({"visibility": "public", "public_jobs": False}, None, 403),
        ({"visibility": "internal"}, "nora", 200),
        ({"visibility": "public", "builds_access_level": "private"}, "nora", 403),
        ({"visibility": "public", "builds_access_level": "disabled"}, "ada", 403),
        ({"visibility": "public", "repository_access_level": "private"}, "nora", 403),
    ],
)
def test_who_reads_pipelines(settings: Any, who: str | None, status: int) -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main"}], **settings)
    for path in (AT, f"{AT}/1", f"{AT}/1/jobs", f"{AT}/1/bridges", f"{AT}/latest", f"{AT}/1/test_report"):
        assert (path, api.get(path, who).status) == (path, status)


def test_what_a_system_outside_tells_of_is_shown_without_jobs() -> None:
    told = [{"id": 1, "ref": "main", "source": "external"}, {"id": 2, "ref": "main"}]
    api = api_with(pipelines=told, visibility="public", builds_access_level="disabled")
    assert [api.get(f"{AT}/{one}", None).status for one in (1, 2)] == [200, 403]


# Making


def test_a_pipeline_is_made() -> None:
    api = api_with()
    made = create(api)
    assert made.status == 201
    head = api.get("projects/1/repository/branches/main").json["commit"]["id"]
    later = {name: made.json[name] for name in ("committed_at", "detailed_status")}
    assert made.json == as_made(made, sha=head, ref="main", source="api", **later)
    assert made.json["user"]["username"] == "bob"
    shown = api.get(f"{AT}/10001").json
    assert (shown["status"], shown["name"], shown["duration"]) == ("failed", "Build of main", 0)
    assert statuses(api, 10001) == {"compile": "success", "rspec": "success", "lint": "failed", "ship": "skipped"}


def test_a_live_gitlab_has_not_made_its_jobs_yet() -> None:
    assert create(api_with({"errors": "observed"})).json["status"] == "created"


@pytest.mark.parametrize(
    ("ref", "name", "tag"), [("v1", "v1", True), ("refs/heads/fix", "fix", False), ("refs/tags/v1", "v1", True)]
)
def test_it_runs_on_a_branch_or_a_tag(ref: str, name: str, tag: bool) -> None:
    made = create(api_with(), ref=ref).json
    assert (made["ref"], made["tag"]) == (name, tag)


def test_it_runs_although_its_commit_wants_to_be_skipped() -> None:
    commits = [{"message": "More [ci skip]", "files": {".gitlab-ci.yml": "a: {script: x}"}}]
    api = api_with(repository={"branches": {"main": {"commits": commits}}, "tags": {}})
    assert create(api).json["status"] == "pending"


VARIABLES = [
    {"key": "CODE", "value": "1"},
    {"key": "KEYS", "value": "secret", "variable_type": "file"},
]


def test_variables_are_kept_and_decide() -> None:
    api = api_with(MANUAL)
    made = create(api, variables=VARIABLES).json
    assert api.get(f"{AT}/{made['id']}/variables", "bob").json == [
        {"variable_type": "env_var", "key": "CODE", "value": "1", "raw": False},
        {"variable_type": "file", "key": "KEYS", "value": "secret", "raw": False},
    ]
    assert api.get(f"{AT}/{create(api).json['id']}/variables", "bob").json == []


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("bob", 200), ("rex", 403), ("gil", 403), ("nora", 404)])
def test_who_started_it_and_maintainers_read_its_variables(who: str, status: int) -> None:
    api = api_with()
    made = create(api, "bob", variables=VARIABLES).json
    assert api.get(f"{AT}/{made['id']}/variables", who).status == status
    others = create(api, "ada", variables=VARIABLES).json
    assert api.get(f"{AT}/{others['id']}/variables", "bob").status == 403


def one_job(config: str, version: str = "18.0.0") -> Api:
    return api_with({"version": version}, repository={"branches": {"main": {".gitlab-ci.yml": config}}, "tags": {}})


def test_variables_sent_as_a_form() -> None:
    api = one_job("a: {script: x, rules: [{if: $WANTED == 'yes'}]}")
    assert refused(create(api)) == {
        "base": [
            "Pipeline will not run for the selected trigger. "
            "The rules configuration prevented any jobs from being added to the pipeline."
        ]
    }
    sent = {"ref": "main", "variables[][key]": "WANTED", "variables[][value]": "yes"}
    assert api.form("POST", "projects/1/pipeline", "bob", **sent).status == 201


INPUTS = """spec: {inputs: {level: {type: number}, where: {default: here}}}
---
"at $[[ inputs.where ]]": {script: [build, "exit $[[ inputs.level ]]"]}
"""


def test_inputs_are_written_into_the_configuration() -> None:
    api = one_job(INPUTS)
    made = create(api, inputs={"level": 3, "where": "there"})
    assert made.status == 201
    assert statuses(api, made.json["id"]) == {"at there": "failed"}
    assert refused(create(api)) == {"base": ["`level` input: required value has not been provided"]}
    wrong = refused(create(api, inputs={"level": "x"}))
    assert wrong == {"base": ["`level` input: provided value is not a number"]}
    older = create(one_job(INPUTS, "17.9.0"), inputs={"level": 3})
    assert refused(older) == {"base": ["`level` input: required value has not been provided"]}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ref": "nowhere"}, "Reference not found"),
        ({"ref": ""}, "Reference not found"),
        ({"variables": [{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]}, "Duplicate variable name: A"),
        (
            {"variables": [{"key": "A-B", "value": "1"}]},
            "Failed to persist the pipeline: Validation failed: "
            "Variables key can contain only letters, digits and '_'.",
        ),
    ],
)
def test_what_no_pipeline_can_be_made_of(given: dict[str, Any], told: str) -> None:
    api = api_with({"errors": "observed"})
    assert refused(api.post("projects/1/pipeline", "bob", **{"ref": "main", **given})) == {"base": [told]}
    assert api.get(AT).json == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (None, "Missing CI config file"),
        ("a: {script: x, foo: 1}", "jobs:a config contains unknown keys: foo"),
        ("a: {script: x}\nworkflow: {rules: [{when: never}]}", "Pipeline filtered out by workflow rules."),
    ],
)
def test_a_configuration_that_gives_no_pipeline(config: str | None, told: str) -> None:
    files = {"README.md": "#\n", **({".gitlab-ci.yml": config} if config else {})}
    api = api_with(repository={"branches": {"main": files}, "tags": {}})
    assert refused(create(api)) == {"base": [told]}
    assert api.get(AT).json == []


def test_a_name_that_is_both_a_branch_and_a_tag() -> None:
    api = api_with(repository={"tags": {"fix": "main"}})
    assert refused(create(api, ref="fix")) == {"base": ["Ref is ambiguous"]}


def test_what_must_be_given() -> None:
    answer = api_with().post("projects/1/pipeline", "bob")
    assert seen(answer) == (400, {"message": '400 (Bad request) "ref" not given'})
    wrong = create(api_with(), variables=[{"key": "A", "value": "1", "variable_type": "secret"}])
    assert seen(wrong) == (400, {"error": "variables[0][variable_type] does not have a valid value"})


@pytest.mark.parametrize(("who", "status"), [("rex", 403), ("gil", 403), ("nora", 404), (None, 401)])
def test_who_makes_no_pipeline(who: str | None, status: int) -> None:
    assert api_with().post("projects/1/pipeline", who, ref="main").status == status


def test_on_a_protected_branch_only_who_may_merge_there_makes_one() -> None:
    api = api_with(protected_branches=[{"name": "main"}])
    [told] = refused(create(api, "bob"))["base"]
    assert told.startswith("You do not have sufficient permission to run a pipeline on 'main'.")
    assert create(api, "ada").status == 201


@pytest.mark.parametrize(
    ("role", "restricts", "allowed"),
    [("developer", False, ["bob", "ada"]), ("developer", True, ["ada"]), ("owner", True, ["ada"])],
)
def test_variables_may_be_kept_to_roles(role: str, restricts: bool, allowed: list[str]) -> None:
    settings = {"ci_pipeline_variables_minimum_override_role": role, "restrict_user_defined_variables": restricts}
    api = api_with(**settings)
    made = [who for who in ("bob", "ada") if create(api, who, variables=VARIABLES).status == 201]
    assert made == allowed
    if "bob" not in allowed:
        told = {"base": ["Insufficient permissions to set pipeline variables"]}
        assert refused(create(api, "bob", variables=VARIABLES)) == told
    assert create(api, "bob").status == 201


# Again, and no more


def test_failed_jobs_run_again_and_what_was_skipped_after_them() -> None:
    api = one_job("a: {script: x}\nb: {script: exit $CODE}\nc: {stage: deploy, script: y}\nd: {script: exit 1}")
    made = create(api).json
    before = jobs_of(api, made["id"])
    assert [before[name]["status"] for name in "abcd"] == ["success", "success", "skipped", "failed"]
    again = api.post(f"{AT}/{made['id']}/retry", "bob")
    assert (again.status, again.json["status"], again.json["id"]) == (201, "running", made["id"])
    after = jobs_of(api, made["id"])
    assert [after[name]["status"] for name in "abcd"] == ["success", "success", "skipped", "failed"]
    assert after["a"]["id"] == before["a"]["id"]
    assert after["d"]["id"] > before["d"]["id"]
    assert len(api.get(f"{AT}/{made['id']}/jobs", include_retried=True).json) == 5


def test_canceled_jobs_run_again() -> None:
    api = api_with(MANUAL)
    made = create(api).json
    canceled = api.post(f"{AT}/{made['id']}/cancel", "bob")
    assert (canceled.status, canceled.json["status"]) == (200, "canceled")
    assert set(statuses(api, made["id"]).values()) == {"canceled"}
    assert api.server.finish("pipelines") == 0
    assert api.post(f"{AT}/{made['id']}/cancel", "bob").json["status"] == "canceled"
    again = api.post(f"{AT}/{made['id']}/retry", "bob").json
    assert again["status"] == "pending"
    assert statuses(api, made["id"])["compile"] == "pending"
    assert api.server.finish("pipelines") == 1
    assert statuses(api, made["id"])["rspec"] == "success"


def test_nothing_to_run_again_is_no_error() -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main", "status": "success", "jobs": [{"name": "a"}]}])
    assert api.post(f"{AT}/1/retry", "bob").json["status"] == "success"
    assert api.post(f"{AT}/1/cancel", "bob").json["status"] == "success"


@pytest.mark.parametrize("what", ["retry", "cancel"])
def test_who_neither_retries_nor_cancels(what: str) -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main"}], protected_branches=[{"name": "main"}])
    got = {who: api.post(f"{AT}/1/{what}", who).status for who in ("bob", "rex", "gil", "nora", None)}
    assert got == {"bob": 403, "rex": 403, "gil": 403, "nora": 404, None: 401}
    assert api.post(f"{AT}/1/{what}", "ada").status in (200, 201)


def test_canceling_may_be_kept_to_maintainers() -> None:
    told = {"pipelines": [{"id": 1, "ref": "main"}], "ci_restrict_pipeline_cancellation_role": "maintainer"}
    api = api_with(**told)
    assert [api.post(f"{AT}/1/cancel", who).status for who in ("bob", "ada")] == [403, 200]
    assert api_with({"edition": "ce"}, **told).post(f"{AT}/1/cancel", "bob").status == 200
    told["ci_restrict_pipeline_cancellation_role"] = "no_one"
    assert api_with(**told).post(f"{AT}/1/cancel", "ada").status == 403


# Reads let it go on


def test_it_goes_on_as_often_as_it_is_asked_for() -> None:
    api = api_with({"transitions": {"pipelines": {"reads": 2}}})
    made = create(api).json
    found = [api.get(f"{AT}/{made['id']}").json["status"] for _ in range(3)]
    assert found == ["pending", "pending", "failed"]


# Name, and deletion


def test_a_pipeline_is_renamed() -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main"}])
    renamed = api.put(f"{AT}/1/metadata", "bob", name=" Night ")
    assert (renamed.status, renamed.json["name"]) == (200, "Night")
    assert api.get(f"{AT}/1").json["name"] == "Night"
    for name, bound in (("x" * 256, "long (maximum is 255 characters)"), (" ", "short (minimum is 1 character)")):
        told = refused(api.put(f"{AT}/1/metadata", "bob", name=name))
        assert told == f"Failed to update pipeline - Name is too {bound}"
    assert refused(api.put(f"{AT}/1/metadata", "bob")) == '400 (Bad request) "name" not given'
    assert api.put(f"{AT}/1/metadata", "rex", name="x").status == 403


def test_renaming_came_with_16_6() -> None:
    api = api_with({"version": "16.5.0"}, pipelines=[{"id": 1, "ref": "main"}])
    assert api.put(f"{AT}/1/metadata", "bob", name="x").status == 404


def test_owners_delete_pipelines_with_all_that_is_of_them() -> None:
    api = api_with(MANUAL)
    made = create(api).json
    got = {who: api.delete(f"{AT}/{made['id']}", who).status for who in ("bob", "rex", "nora", None)}
    assert got == {"bob": 403, "rex": 403, "nora": 404, None: 401}
    gone = api.delete(f"{AT}/{made['id']}", "ada")
    assert (gone.status, gone.text) == (204, "")
    assert api.get(f"{AT}/{made['id']}").status == 404
    assert api.get("projects/1/jobs").json == []
    assert api.server.finish("pipelines") == 0


def test_a_pipeline_changed_since_is_not_deleted() -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main"}])
    before = {"If-Unmodified-Since": "2024-01-01T00:00:00Z"}
    assert api.request("DELETE", f"{AT}/1", "ada", headers=before).status == 412


# Tests


def test_reports_of_tests() -> None:
    jobs = [{"name": "rspec 1/2", "junit": JUNIT}, {"name": "rspec 2/2", "junit": "<testsuite"}, {"name": "lint"}]
    jobs.append({"name": "unit", "junit": JUNIT})
    api = api_with(pipelines=[{"id": 1, "ref": "main", "jobs": jobs}])
    found = api.get(f"{AT}/1/test_report", "rex").json
    counts = {"total_time": 1.75, "total_count": 4, "success_count": 1, "failed_count": 1, "skipped_count": 1}
    none = dict.fromkeys(("total_count", "success_count", "failed_count", "skipped_count", "error_count"), 0)
    broken, unit = found.pop("test_suites")
    assert found == {**counts, "error_count": 1}
    assert broken.pop("suite_error").startswith("JUnit XML parsing failed: ")
    assert broken == {"name": "rspec", "total_time": 0, **none, "test_cases": []}
    cases = unit.pop("test_cases")
    assert unit == {"name": "unit", **counts, "error_count": 1, "suite_error": None}
    assert cases[0] == {
        "status": "success",
        "name": "adds",
        "classname": "t.Sum",
        "file": "t/sum.py",
        "execution_time": 0.5,
        "system_output": None,
        "stack_trace": None,
        "recent_failures": None,
    }
    assert [(one["status"], one["name"], one["system_output"]) for one in cases[1:]] == [
        ("failed", "carries", "expected 10\n\nSystem Out:\n\ntrying"),
        ("skipped", "waits", None),
        ("error", "breaks", '{"type"=>"E"}'),
    ]


def test_summaries_of_tests() -> None:
    jobs = [{"name": "unit 1/2", "junit": JUNIT}, {"name": "unit 2/2", "junit": JUNIT}]
    api = api_with(pipelines=[{"id": 1, "ref": "main", "jobs": jobs}])
    own = sorted(one["id"] for one in api.get("projects/1/jobs").json)
    assert api.get(f"{AT}/1/test_report_summary", "rex").json == {
        "total": {"time": 1.75, "count": 4, "success": 1, "failed": 1, "skipped": 1, "error": 1, "suite_error": None},
        "test_suites": [
            {
                "name": "unit",
                "total_time": 1.75,
                "total_count": 4,
                "success_count": 1,
                "failed_count": 1,
                "skipped_count": 1,
                "error_count": 1,
                "build_ids": own,
                "suite_error": None,
            }
        ],
    }


def test_a_pipeline_without_tests_reports_none() -> None:
    api = api_with(pipelines=[{"id": 1, "ref": "main"}])
    assert api.get(f"{AT}/1/test_report").json["test_suites"] == []
    assert api.get(f"{AT}/1/test_report_summary").json["total"]["count"] == 0


def test_the_report_that_a_job_names_is_that_of_its_commit() -> None:
    api = api_with()
    made = create(api).json
    assert api.get(f"{AT}/{made['id']}/test_report").json["total_count"] == 4
