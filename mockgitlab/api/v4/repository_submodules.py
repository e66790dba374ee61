"""Submodules of a repository.

Source: https://docs.gitlab.com/api/repository_submodules/, GitLab's lib/api/submodules.rb,
app/services/submodules/update_service.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import commits
from mockgitlab.api.services.pushes import push
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import detail_json
from mockgitlab.errors import BadRequest
from mockgitlab.git.names import is_sha
from mockgitlab.git.objects import SUBMODULE, Commit, Entry, write_commit
from mockgitlab.git.trees import at_path, with_changes

UPDATE = [
    dsl.param("commit_sha", str, "The commit that the submodule is to be at", required=True),
    dsl.param("branch", str, "The branch to commit to", required=True),
    dsl.param("commit_message", str, "The message"),
]


@v4.put("projects/:id/repository/submodules/:submodule", rule=code.PUSH, params=UPDATE, json_suffix=False)
def update_submodule(call: dsl.Call, project: Project, submodule: str, given: dsl.Given) -> dict[str, Any]:
    """Let a submodule be at another commit."""
    branch, sha = given["branch"], given["commit_sha"]
    if not code.may_push_to(call, project, branch):
        raise BadRequest("You are not allowed to push into this branch", reason=f"{branch} is protected")
    parent = _parent(call, project, submodule, given)
    tree = with_changes(call.store.objects, parent.tree, {submodule: Entry(SUBMODULE, sha)})
    message = given.get("commit_message") or f"Update submodule {submodule} with oid {sha}"
    author, committer = commits.author_of(call, {})
    made = write_commit(call.store.objects, tree, [parent.sha], author, committer, message)
    push(call, project, HEADS + branch, made.sha)
    return detail_json(call, call.at(Project), made, new=True)


def _parent(call: dsl.Call, project: Project, submodule: str, given: dsl.Given) -> Commit:
    """Return the last commit of the branch; raises ``BadRequest`` where the submodule cannot be changed there."""
    repository, sha = Repository(call.store, project), given["commit_sha"]
    if repository.empty:
        raise BadRequest("The repository is empty", reason=f"{project.full_path} has no commits")
    if not is_sha(sha):
        raise BadRequest("Invalid parameters", reason=f"commit_sha was {sha!r}, no hash of 40 hexadecimal digits")
    parent = repository.branch(given["branch"])
    if parent is None:
        text = "You can only create or edit files when you are on a branch"
        raise BadRequest(text, reason=f"{project.full_path} has no branch {given['branch']!r}")
    entry = at_path(repository.objects, parent.tree, submodule)
    if entry is None or entry.mode != SUBMODULE:
        raise BadRequest("Invalid submodule path", reason=f"there is no submodule at {submodule!r}")
    if entry.sha == sha:
        raise BadRequest(f"The submodule {submodule} is already at {sha}", reason="nothing would change")
    return parent
