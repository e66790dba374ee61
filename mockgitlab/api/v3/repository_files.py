"""Files of a repository, which a parameter names.

Source: GitLab 8's doc/api/repository_files.md and lib/api/files.rb, GitLab 9's lib/api/v3/files.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.commits import chosen
from mockgitlab.api.v4 import repository_files
from mockgitlab.api.v4.base import v4

AT = "projects/:id/repository/files"
PATH = dsl.param("file_path", str, "The path of the file", required=True)
SIMPLE = ("file_path", "branch_name", "commit_message", "author_email", "author_name")
ENCODING = dsl.param("encoding", str, "How the content is written", enum=("base64",))
shown = chosen(
    *("file_name", "file_path", "size", "encoding", "content", "ref", "blob_id", "commit_id", "last_commit_id")
)


def show_file(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Show a file, its content in base64."""
    found = repository_files.show_file(call, project, given["file_path"], given["ref"])
    return shown(found.result)


def delete_file(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Delete a file."""
    repository_files.delete_file(call, project, given)
    return given.only("file_path", "branch")


def changed(answer: dict[str, str]) -> dict[str, str]:
    """Return what was changed, and where."""
    return {"file_path": answer["file_path"], "branch_name": answer["branch"]}


v3.adopt(v4, "GET", repository_files.AT, at=AT, takes=(PATH, repository_files.REF), handler=show_file, json_suffix=True)
for _method, _more in {"POST": ("content", ENCODING), "PUT": ("content", ENCODING), "DELETE": ()}.items():
    v3.adopt(
        v4,
        _method,
        repository_files.AT,
        at=AT,
        takes=(*SIMPLE, *_more),
        renames={"branch_name": dsl.Renamed("branch")},
        handler=delete_file if _method == "DELETE" else None,
        retold=changed,
        json_suffix=True,
    )
