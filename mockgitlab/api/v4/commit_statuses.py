"""The statuses of commits, which systems outside tell.

Source: https://docs.gitlab.com/api/commits/#commit-status and GitLab's lib/api/commit_statuses.rb,
app/services/ci/create_commit_status_service.rb, app/models/commit_status.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.pipeline import COMMIT_STATUS, CommitStatus, Pipeline, pipelines_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.branches import merged_into
from mockgitlab.api.services.pipeline_jobs import process
from mockgitlab.api.services.pipeline_progress import react, read
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.api.url_rules import blocked
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit
from mockgitlab.errors import BadRequest, Forbidden, NotFound, ValidationFailed
from mockgitlab.git.objects import Commit, read_commit
from mockgitlab.store import Query

STATES = ("pending", "running", "success", "failed", "canceled", "skipped")
EVENTS = {"pending": "enqueue", "running": "run", "skipped": "skip"}
REFUSED = {"pending": ("pending", "running"), "running": ("running",), "skipped": ("running",)}
"""In which states a status cannot become another."""
TEXT_AT_MOST = 255
TEXTS = ("target_url", "description", "coverage")
CREATE = [
    dsl.param("state", str, "How it stands", required=True, enum=STATES),
    dsl.param("ref", str, "The branch or tag, the first branch that has the commit unless given"),
    dsl.param("name", str, "What tells it from the statuses of other systems, default unless given"),
    dsl.param("context", str, "Another word for the name"),
    dsl.param("target_url", str, "Where to read more"),
    dsl.param("description", str, "A short description"),
    dsl.param("coverage", float, "The part of the code that tests cover, in percent"),
    dsl.param("pipeline_id", int, "The pipeline, where a commit has several"),
]
LIST = [
    dsl.eq("ref", description="Only those of this branch or tag", ignore=("",)),
    dsl.eq("stage", description="Only those of this stage", ignore=("",)),
    dsl.eq("name", description="Only those of this name", ignore=("",)),
    dsl.eq("pipeline_id", int, "Only those of this pipeline"),
    dsl.order("id", "pipeline_id", sort="asc"),
]


@v4.get("projects/:id/repository/commits/:sha/statuses", rule=code.WRITE_ENABLED, shape=COMMIT_STATUS, filters=LIST)
def list_commit_statuses(call: dsl.Call, project: Project, sha: str, all: bool = False) -> Query[CommitStatus]:
    """List the statuses of a commit, of each name the latest."""
    find_commit(call, project, sha)
    read(call.store, pipelines_of(call.store, project.id, sha))
    ids = [one.id for one in pipelines_of(call.store, project.id, sha)]
    found = call.store[CommitStatus].all().among("pipeline_id", ids)
    return found if all else found.where(retried=False)


@v4.post("projects/:id/statuses/:sha", rule=access.AS_DEVELOPER, params=CREATE, shape=COMMIT_STATUS)
def set_commit_status(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> CommitStatus:
    """Say how a commit stands."""
    commit = find_commit(call, project, sha)
    pipeline = _pipeline(call, project, commit, given)
    if not _may_update(call, project, pipeline):
        raise Forbidden(reason=f"{pipeline.ref} is protected, and {call.user.username} may not push or merge there")
    status = _status(call, pipeline, given)
    react(call, process(call.store, pipeline, call.base))
    return status


def _may_update(call: dsl.Call, project: Project, pipeline: Pipeline) -> bool:
    return protected_refs.may_merge_into(call.store, access.me(call), project, pipeline.ref)


def _pipeline(call: dsl.Call, project: Project, commit: Commit, given: dsl.Given) -> Pipeline:
    """Return the newest pipeline of the commit that fits, or make one."""
    found = pipelines_of(call.store, project.id, commit.sha)
    if given.get("ref"):
        found = [one for one in found if one.ref == given["ref"]]
    if given.get("pipeline_id") is not None:
        found = [one for one in found if one.id == given["pipeline_id"]]
        if not found:
            reason = f"the commit has no pipeline {given['pipeline_id']}"
            raise NotFound("Pipeline for pipeline_id, sha and ref", reason=reason)
    if found:
        return found[0]
    ref = given.get("ref") or _first_branch(call, project, commit)
    made = {"project_id": project.id, "sha": commit.sha, "ref": ref, "source": "external"}
    return call.store.insert(Pipeline(user_id=access.me(call).id, **made))


def _first_branch(call: dsl.Call, project: Project, commit: Commit) -> str:
    repository = Repository(call.store, project)
    for name, tip in repository.named(HEADS).items():
        if commit.sha in merged_into(repository, read_commit(repository.objects, tip)):
            return name
    raise NotFound("References for commit", reason=f"no branch has {commit.sha}; give a ref")


def _status(call: dsl.Call, pipeline: Pipeline, given: dsl.Given) -> CommitStatus:
    """Let the status that is at work go on, or begin a new one."""
    name = given.get("name") or given.get("context") or "default"
    texts = {key: given[key] for key in TEXTS if str(given.get(key) or "").strip() or given.get(key) == 0}
    problems = {key: found for key in TEXTS[:2] if (found := _problems(key, texts.get(key)))}
    if problems:
        raise ValidationFailed(problems, reason=f"the status would have a {' and a '.join(problems)} that is none")
    own = [one for one in call.store[CommitStatus].having("pipeline_id", pipeline.id) if one.name == name]
    me, active = access.me(call).id, ("pending", "running")
    at_work = [one for one in own if not one.is_job and one.status in active and one.user_id == me]
    changes = {**texts, **_moved(call, at_work[0] if at_work else None, given["state"])}
    if at_work:
        return call.store.update(at_work[0], **changes)
    for one in own:
        call.store.update(one, retried=True)
    tie = {"project_id": pipeline.project_id, "pipeline_id": pipeline.id, "sha": pipeline.sha, "ref": pipeline.ref}
    return call.store.insert(CommitStatus(**tie, name=name, user_id=access.me(call).id, **changes))


def _problems(name: str, text: str | None) -> list[str]:
    problem = blocked(text) if text and name == "target_url" else ""
    too_long = text and len(text) > TEXT_AT_MOST
    return [
        *([problem] if problem else []),
        *([f"is too long (maximum is {TEXT_AT_MOST} characters)"] * bool(too_long)),
    ]


def _moved(call: dsl.Call, known: CommitStatus | None, state: str) -> dict[str, Any]:
    """Return the columns of a status that becomes another; raises ``BadRequest`` where it cannot."""
    if known is not None and known.status in REFUSED.get(state, ()):
        event = EVENTS[state]
        text = f"Cannot transition status via :{event} from :{known.status} "
        reason = f"the status {known.name} is {known.status} already"
        raise BadRequest(f'{text}(Reason(s): Status cannot transition via "{event}")', reason=reason)
    started = {"started_at": call.now} if state == "running" else {}
    finished = {"finished_at": call.now} if state in ("success", "failed", "canceled") else {}
    return {"status": state, **started, **finished}
