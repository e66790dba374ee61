"""The filters and orders of lists of pipelines and of jobs.

Source: GitLab's app/finders/ci/pipelines_finder.rb, app/finders/ci/jobs_finder.rb and
https://docs.gitlab.com/api/pipelines/#list-project-pipelines.
"""

from typing import get_args

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, Status
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import find_user
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.store import Query

STATUSES = get_args(Status)
SOURCES = (
    *("unknown", "push", "web", "trigger", "schedule", "api", "external", "pipeline", "chat", "webide"),
    *("merge_request_event", "external_pull_request_event", "parent_pipeline", "ondemand_dast_scan"),
    *("ondemand_dast_validation", "security_orchestration_policy", "container_registry_push", "duo_workflow"),
    "pipeline_execution_policy_schedule",
)
FINISHED = ("success", "failed", "canceled")
BY_REFS = {"branches": HEADS, "tags": TAGS}
SCOPES = ("running", "pending", "finished", *BY_REFS)


def in_scope(query: Query[Pipeline], scope: str, call: dsl.Call) -> Query[Pipeline]:
    """Return the pipelines of a status, or the latest of each branch or tag."""
    if scope in BY_REFS:
        return query.among("id", _latest_of_refs(query, call, BY_REFS[scope]))
    return query.among("status", FINISHED if scope == "finished" else (scope,))


def _latest_of_refs(query: Query[Pipeline], call: dsl.Call, prefix: str) -> list[int]:
    """Return the ids of the newest pipelines, one for each branch or tag that there is."""
    refs = Repository(call.store, call.at(Project)).named(prefix)
    newest = {one.ref: one.id for one in query.order_by("id") if one.ref in refs}
    return list(newest.values())


def _ref(query: Query[Pipeline], ref: str, call: dsl.Call) -> Query[Pipeline]:
    if not ref:
        return query
    refs = [ref]
    if call.given.get("source") == "merge_request_event":
        own = call.store[MergeRequest].where(source_project_id=call.at(Project).id, source_branch=ref)
        refs += [f"refs/merge-requests/{one.iid}/{kind}" for one in own for kind in ("head", "merge", "train")]
    return query.among("ref", refs)


def _username(query: Query[Pipeline], name: str, call: dsl.Call) -> Query[Pipeline]:
    if not name:
        return query
    user = None if name.isdigit() else find_user(call.store, name)
    return query.where(user_id=user.id) if user else query.among("id", ())


def _yaml_errors(query: Query[Pipeline], wanted: bool, call: dsl.Call) -> Query[Pipeline]:
    return query.filter(lambda one: (one.yaml_errors is not None) == wanted, ("yaml_errors", wanted))


def _source(query: Query[Pipeline], source: str, call: dsl.Call) -> Query[Pipeline]:
    return query.where(source=source)


PIPELINE_FILTERS: list[dsl.Filter] = [
    dsl.by("scope", str, "Only those that are so, or the latest of each branch or tag", in_scope, enum=SCOPES),
    dsl.eq("status", description="Only those of this status", enum=STATUSES),
    dsl.by("ref", str, "Only those of this branch or tag", _ref),
    dsl.eq("sha", description="Only those of this commit", ignore=("",)),
    dsl.by("yaml_errors", bool, "Only those whose configuration is wrong, or is right", _yaml_errors),
    dsl.by("username", str, "Only those that this user started", _username),
    *dsl.dates("updated"),
    *dsl.dates("created"),
    dsl.by("source", str, "Only those that this started", _source, enum=SOURCES),
    dsl.eq("name", description="Only those of this name", ignore=("",), since="16.9"),
    dsl.order("id", "status", "ref", "updated_at", "user_id"),
]


# Jobs


def _statuses(query: Query[CommitStatus], statuses: list[str], call: dsl.Call) -> Query[CommitStatus]:
    return query.among("status", statuses) if statuses else query


def job_scope(statuses: tuple[str, ...]) -> dsl.Filter:
    """Return the filter of jobs by their status, where these are known."""
    return dsl.by("scope", dsl.OneOrMore, "Only those of one of these statuses", _statuses, enum=statuses)


JOB_SCOPE = job_scope(STATUSES)
