"""Pipelines.

Source: https://docs.gitlab.com/api/pipelines/ and GitLab's lib/api/ci/pipelines.rb,
app/services/ci/pipelines/update_metadata_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.pipeline import CHILD_SOURCE, Pipeline, is_no_child
from mockgitlab.api.models.pipeline_shapes import PIPELINE, PIPELINE_LISTED, PIPELINE_WITH_METADATA
from mockgitlab.api.models.project import Project
from mockgitlab.api.pipeline_filters import PIPELINE_FILTERS
from mockgitlab.api.services import pipeline_progress, test_reports
from mockgitlab.api.services.job_retries import retry_pipeline
from mockgitlab.api.services.pipeline_runs import VARIABLE_TYPES, run_on
from mockgitlab.api.services.pipelines import NotCreated
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

ALL = "projects/:id/pipelines"
EACH = f"{ALL}/:pipeline_id"
NAME_AT_MOST = 255
VARIABLES = dsl.param(
    "variables",
    list[dict[str, Any]],
    "The variables that it is started with",
    nested=[
        dsl.param("key", str, "The name of the variable"),
        dsl.param("value", str, "What it holds"),
        dsl.param("variable_type", str, "Whether it is a file, env_var unless given", enum=VARIABLE_TYPES),
    ],
)
CREATE = [
    dsl.param("ref", str, "The branch or tag to run on", required=True),
    VARIABLES,
    dsl.param("inputs", dict, "The inputs of its configuration", since="17.10"),
]


@v4.locator(EACH, integer=True)
def find_pipeline(call: dsl.Call, value: str) -> Pipeline:
    """Return the pipeline with an id; who may do nothing of the kind in the project is told so before."""
    call.operation.rule.check(call)
    pipeline = call.store[Pipeline].get(int(value))
    if pipeline is None or pipeline.project_id != call.at(Project).id:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no pipeline with the id {value}")
    if call.method in ("GET", "HEAD"):
        pipeline_progress.read(call.store, [pipeline])
    return call.store.fresh(pipeline)


def _check_read(call: dsl.Call) -> None:
    project, pipeline = call.at(Project), call.maybe_at(Pipeline)
    if pipeline is not None and not may.reads_pipeline(call, project, pipeline):
        may.READ.check(call)


READ_ONE = dsl.Rule("read jobs", _check_read, login=False)


@v4.get(ALL, rule=may.READ, shape=PIPELINE_LISTED, filters=PIPELINE_FILTERS, job_token=True)
def list_pipelines(call: dsl.Call, project: Project) -> Query[Pipeline]:
    """List the pipelines of a project; those that are children of others only by their source."""
    pipeline_progress.read_all(call.store, project.id)
    found = call.store[Pipeline].where(project_id=project.id)
    if call.given.get("source") == CHILD_SOURCE:
        return found
    return found.filter(is_no_child, "no child")


@v4.get(f"{ALL}/latest", shape=PIPELINE_WITH_METADATA)
def show_latest_pipeline(
    call: dsl.Call,
    project: Project,
    ref: Annotated[str | None, "The branch or tag, the default branch unless given"] = None,
) -> Pipeline:
    """Show the latest pipeline on the last commit of a branch or tag."""
    pipeline_progress.read_all(call.store, project.id)
    found = _latest(call, project, ref or project.default_branch or "main")
    if found is None or not may.reads_pipeline(call, project, found):
        raise Forbidden(reason=f"the last commit of {ref or 'the default branch'} has no pipeline that the caller sees")
    return found


def _latest(call: dsl.Call, project: Project, ref: str) -> Pipeline | None:
    commit = Repository(call.store, project).commit(ref)
    if commit is None:
        return None
    own = call.store[Pipeline].where(project_id=project.id, ref=ref, sha=commit.sha).filter(is_no_child, "no child")
    return own.order_by("id", descending=True).first()


@v4.get(EACH, rule=READ_ONE, shape=PIPELINE_WITH_METADATA, job_token=True)
def show_pipeline(pipeline: Pipeline) -> Pipeline:
    """Show a pipeline."""
    return pipeline


@v4.get(f"{EACH}/variables", paginated=False)
def list_pipeline_variables(call: dsl.Call, pipeline: Pipeline) -> list[dict[str, Any]]:
    """List the variables that a pipeline was started with."""
    may.check_variables(call, pipeline)
    return [
        {
            "variable_type": "file" if key in pipeline.file_variables else "env_var",
            "key": key,
            "value": value,
            "raw": False,
        }
        for key, value in (pipeline.variables or {}).items()
    ]


@v4.get(f"{EACH}/test_report", rule=READ_ONE)
def show_test_report(call: dsl.Call, pipeline: Pipeline) -> dict[str, Any]:
    """Show the tests that the jobs of a pipeline report."""
    return test_reports.report(call.store, pipeline)


@v4.get(f"{EACH}/test_report_summary", rule=READ_ONE, since="14.2")
def show_test_report_summary(call: dsl.Call, pipeline: Pipeline) -> dict[str, Any]:
    """Show how many tests of a pipeline ended how."""
    return test_reports.summary(call.store, pipeline)


@v4.post("projects/:id/pipeline", rule=may.UPDATE, shape=PIPELINE, params=CREATE)
def create_pipeline(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Make a pipeline on a branch or tag."""
    variables, inputs = given.get("variables") or (), given.get("inputs")
    try:
        made = run_on(call, project, given["ref"], "api", variables, inputs)
    except NotCreated as error:
        raise ValidationFailed({"base": [str(error)]}, reason=error.reason) from None
    return pipeline_progress.begin_shown(call, made)


@v4.post(f"{EACH}/retry", shape=PIPELINE)
def retry(call: dsl.Call, pipeline: Pipeline) -> Any:
    """Run the failed and canceled jobs of a pipeline again."""
    may.check_changes(call, pipeline)
    again = retry_pipeline(call, pipeline)
    shown = call.view().one(PIPELINE, again)
    pipeline_progress.go_on(call, again)
    return shown


@v4.post(f"{EACH}/cancel", shape=PIPELINE, success=200)
def cancel(call: dsl.Call, pipeline: Pipeline) -> Pipeline:
    """Cancel the jobs of a pipeline that have not ended."""
    may.check_cancels(call, pipeline)
    canceled = pipeline_progress.cancel(call.store, pipeline)
    pipeline_progress.rise(call, canceled)
    pipeline_progress.hand_over(call, canceled)
    return canceled


@v4.delete(EACH)
def delete_pipeline(call: dsl.Call, pipeline: Pipeline) -> None:
    """Delete a pipeline with its children, its jobs, their logs and artifacts."""
    may.DESTROY.check(call)
    pipeline_progress.delete(call.store, pipeline)


@v4.put(f"{EACH}/metadata", shape=PIPELINE_WITH_METADATA, since="16.6", job_token=True)
def update_pipeline_metadata(
    call: dsl.Call, pipeline: Pipeline, name: Annotated[str, "The name of the pipeline"]
) -> Pipeline:
    """Rename a pipeline."""
    may.check_changes(call, pipeline)
    name = name.strip()
    if not name or len(name) > NAME_AT_MOST:
        bound = f"long (maximum is {NAME_AT_MOST} characters)" if name else "short (minimum is 1 character)"
        told = f"Name is too {bound}"
        raise BadRequest(f"Failed to update pipeline - {told}", reason=f"the name has {len(name)} characters")
    return call.store.update(pipeline, name=name)
