"""Builds, which v4 calls jobs.

Source: GitLab 8's doc/api/builds.md and lib/api/builds.rb, GitLab 10's lib/api/v3/builds.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.job_shapes import JOB
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, CommitStatus, pipelines_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.pipeline_filters import job_scope
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.commits import commit
from mockgitlab.api.v3.users import USER
from mockgitlab.api.v4 import jobs
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.jobs import NotErasable, NotRetryable, Unplayable
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/builds"
EACH = f"{AT}/:build_id"
SCOPE = job_scope(("pending", "running", "failed", "success", "canceled"))

# Shape

_commit = dict(JOB.members)["commit"]


def _short_commit(job: CommitStatus, view: dsl.View) -> Any:
    found = _commit(job, view)
    return found and commit(found)


SHOWN = (
    JOB.plus(user=lambda job, view: view.one(USER, view.store[User].get(job.user_id)), commit=_short_commit)
    .only(
        *("id", "status", "stage", "name", "ref", "tag", "coverage", "created_at", "started_at", "finished_at"),
        *("user", "artifacts_file", "commit", "runner", "pipeline"),
    )
    .called("Build")
)
v3.dialect.show({JOB: SHOWN, PIPELINE_BASIC: PIPELINE_BASIC.only("id", "sha", "ref", "status")})
v3.dialect.say(
    {
        NotRetryable: lambda error: Forbidden("Build is not retryable"),
        NotErasable: lambda error: Forbidden("Build is not erasable!"),
        Unplayable: lambda error: BadRequest('400 (Bad request) "Unplayable Build" not given'),
    }
)

# Finding


@v3.locator(EACH, integer=True)
def find_build(call: dsl.Call, value: str) -> CommitStatus:
    """Return the build with an id; trigger jobs are none."""
    try:
        build = jobs.find_job(call, value)
        jobs.check_build(build)
    except RecordNotFound as error:
        raise NotFound(reason=error.reason) from None
    return build


# Lists


@v3.get(AT, shape=JOB, filters=[SCOPE])
def list_builds(call: dsl.Call, project: Project) -> Query[CommitStatus]:
    """List the builds of a project, the newest first."""
    return jobs.list_jobs(call, project).order_by("id", descending=True)


@v3.get(
    "projects/:id/repository/commits/:sha/builds",
    rule=may.READ_AS_USER,
    shape=JOB,
    filters=[SCOPE],
    unlocated=("sha",),
)
def list_commit_builds(
    call: dsl.Call, project: Project, sha: Annotated[str, "The SHA of the commit"]
) -> Query[CommitStatus]:
    """List the builds of a commit, the newest first; what names it otherwise than its whole SHA finds none."""
    if Repository(call.store, project).commit(sha) is None:
        raise NotFound(reason=f"{project.full_path} has no commit {sha}")
    own = [one.id for one in pipelines_of(call.store, project.id, sha)]
    return list_builds(call, project).among("pipeline_id", own)


# One build

ONE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "", {}),
    ("GET", "/trace", {}),
    ("GET", "/artifacts", {"rule": may.READ_AS_USER}),
    ("POST", "/artifacts/keep", {}),
    ("POST", "/cancel", {}),
    ("POST", "/retry", {}),
    ("POST", "/erase", {}),
    ("POST", "/play", {}),
)
for _method, _rest, _more in ONE:
    v3.adopt(v4, _method, f"{jobs.EACH}{_rest}", at=f"{EACH}{_rest}", takes=(), **_more)
v3.adopt(
    v4,
    "GET",
    "projects/:id/jobs/artifacts/:ref_name/download",
    at=f"{AT}/artifacts/:ref_name/download",
    rule=may.READ_AS_USER,
)
