"""Commits, which are pipelines, of projects known by their tokens.

Source: gitlab-ci's doc/api/commits.md, lib/api/commits.rb and app/services/create_commit_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.ci import shapes
from mockgitlab.api.ci.base import ALONE, check_project_token, ci, find_project
from mockgitlab.api.models.pipeline import NOTHING, Pipeline, pipelines_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.merge_request_merges import as_user
from mockgitlab.api.services.pipelines import SKIP_MARK, NotCreated, config_text, create_from, keep_failed
from mockgitlab.errors import BadRequest, RecordNotFound
from mockgitlab.git.objects import read_commit

ALL = f"{ALONE}/commits"
PROJECT = dsl.param("project_id", str, "The ID of the project", required=True)
TOKEN = dsl.param("project_token", str, "That of the project", required=True)
PAGING = [
    dsl.param("page", int, "Which page", default=1, minimum=1),
    dsl.param("per_page", int, "How many are on one", default=20, minimum=1),
]
PUSH = dsl.param("data", dict[str, Any], "What GitLab tells of a push, with the text of ci_yaml_file", required=True)


def _project(call: dsl.Call) -> Project:
    project = find_project(call, call.given["project_id"])
    check_project_token(call, project)
    return project


@ci.get(ALL, rule=access.ANYONE, params=[PROJECT, TOKEN, *PAGING])
def list_commits(call: dsl.Call, given: dsl.Given) -> Any:
    """List the commits of a project, the oldest first, without a word on pages."""
    known = call.store[Pipeline].where(project_id=_project(call).id)
    found = list(known.page((given["page"] - 1) * given["per_page"], given["per_page"]))
    pipeline_progress.read(call.store, found)
    return [shapes.commit(call.view(), call.store.fresh(one)) for one in found]


@ci.post(ALL, rule=access.ANYONE, params=[PROJECT, PUSH, TOKEN])
def add_commit(call: dsl.Call, given: dsl.Given) -> Any:
    """Make builds for what was pushed; the same again changes nothing."""
    project, data = _project(call), given["data"]
    ref, sha = str(data.get("ref") or ""), str(data.get("after") or data.get("checkout_sha") or "")
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if not name or sha in ("", NOTHING):
        raise BadRequest(reason="data must have ref and after, and no branch was to be deleted")
    found = [one for one in pipelines_of(call.store, project.id, sha) if one.ref == name]
    return shapes.commit(call.view(), found[0] if found else _made(call, project, ref, name, sha))


def _made(call: dsl.Call, project: Project, ref: str, name: str, sha: str) -> Pipeline:
    known = call.store.objects.get(sha)
    if known is None or known[0] != "commit" or project.creator_id is None:
        raise RecordNotFound(reason=f"{project.full_path} has no commit {sha}, or nobody who made the project")
    acting, data = as_user(call, project.creator_id), call.given["data"]
    tie = {"project_id": project.id, "sha": sha, "ref": name, "tag": ref.startswith("refs/tags/")}
    draft = Pipeline(**tie, before_sha=str(data.get("before") or NOTHING), source="push", user_id=project.creator_id)
    made = _planned(acting, project, draft, data.get("ci_yaml_file"))
    pipeline_progress.begin(acting, made)
    return call.store.fresh(made)


def _planned(call: dsl.Call, project: Project, draft: Pipeline, text: Annotated[Any, "of .gitlab-ci.yml"]) -> Pipeline:
    """Return the commit with its builds: failed for a wrong configuration, skipped where there are to be none."""
    text = text if isinstance(text, str) else config_text(call.store, project, draft.sha)
    if text is None or SKIP_MARK.search(read_commit(call.store.objects, draft.sha).message):
        return call.store.insert(draft.replaced({"status": "skipped"}))
    try:
        return create_from(call, draft, text)
    except NotCreated as error:
        if error.yaml_errors is None:
            return call.store.insert(draft.replaced({"status": "skipped"}))
        return keep_failed(call.store, draft, error)
