"""Pipelines.

Source: GitLab 8's doc/api/pipelines.md and lib/api/pipelines.rb, app/finders/pipelines_finder.rb there.
"""

from mockgitlab import dsl
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.pipeline_shapes import PIPELINE, PIPELINE_WITH_METADATA
from mockgitlab.api.models.project import Project
from mockgitlab.api.pipeline_filters import in_scope
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import pipelines
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

SHOWN = PIPELINE.only(
    *("id", "sha", "ref", "status", "before_sha", "tag", "yaml_errors", "user", "created_at", "updated_at"),
    *("started_at", "finished_at", "committed_at", "duration", "coverage"),
)
v3.dialect.show({PIPELINE: SHOWN, PIPELINE_WITH_METADATA: SHOWN})
v3.locator(pipelines.EACH, integer=True)(pipelines.find_pipeline)


def _scope(query: Query[Pipeline], scope: str, call: dsl.Call) -> Query[Pipeline]:
    if scope == "running":
        return query.among("status", ("running", "pending"))
    return in_scope(query, scope, call)


SCOPE = dsl.by(
    "scope",
    str,
    "Those that have not ended, or the latest of each branch or tag",
    _scope,
    enum=("running", "branches", "tags"),
)


@v3.get(pipelines.ALL, rule=may.READ_AS_USER, shape=PIPELINE, filters=[SCOPE])
def list_pipelines(call: dsl.Call, project: Project) -> Query[Pipeline]:
    """List the pipelines of a project, the newest first."""
    return pipelines.list_pipelines(call, project).order_by("id", descending=True)


v3.adopt(v4, "GET", pipelines.EACH, rule=may.READ_AS_USER)
v3.adopt(v4, "POST", "projects/:id/pipeline", takes=("ref",))
v3.adopt(v4, "POST", f"{pipelines.EACH}/retry")
v3.adopt(v4, "POST", f"{pipelines.EACH}/cancel")
