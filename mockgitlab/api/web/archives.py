"""Archives of a repository's files, as the sources of releases are linked.

Source: GitLab's app/controllers/projects/repositories_controller.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.repositories import CONTENT_TYPES
from mockgitlab.api.web.base import web
from mockgitlab.errors import RouteNotFound
from mockgitlab.git.archive import FORMATS, archive
from mockgitlab.git.trees import files


@web.get("*full_path/-/archive/*ref/:file", rule=code.READ, json_suffix=False)
def download_archive(call: dsl.Call, project: Project, ref: str, file: str) -> dsl.Raw:
    """Download the files of a revision: ``/acme/rocket/-/archive/v1.0/rocket-v1.0.tar.gz``."""
    repository = Repository(call.store, project)
    commit, ending = repository.commit(ref), next((one for one in FORMATS if file.endswith(f".{one}")), None)
    if commit is None or ending is None:
        raise RouteNotFound(reason=f"{ref} is no revision of {project.full_path}, or {file} ends in no format")
    name, form = file.removesuffix(f".{ending}"), FORMATS[ending]
    body = archive(repository.objects, commit, files(repository.objects, commit.tree), name, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return dsl.Raw(body, CONTENT_TYPES.get(form, "application/octet-stream"), headers=headers)
