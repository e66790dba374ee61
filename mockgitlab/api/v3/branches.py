"""Branches.

Source: GitLab 8's doc/api/branches.md, lib/api/branches.rb and app/services/delete_branch_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import protected_refs
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import branches
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v3.base import Refusal, v3
from mockgitlab.api.v3.commits import READ, chosen, commit_of_ref
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.branches import NoBranchName
from mockgitlab.errors import BadRequest, NotFound

ALL = "projects/:id/repository/branches"
AT = f"{ALL}/:branch"
shown = chosen(
    *("name", "commit", "merged", "protected", "developers_can_push", "developers_can_merge"), commit=commit_of_ref
)
v3.dialect.say(
    {
        NoBranchName: lambda error: NotFound("Branch"),
        branches.NoReference: lambda error: BadRequest("Invalid reference name"),
    }
)

v3.adopt(v4, "GET", ALL, rule=READ, takes=(), retold=shown, paginated=False)
v3.adopt(v4, "GET", AT, rule=READ, retold=shown)
v3.adopt(
    v4,
    "POST",
    ALL,
    rule=code.PUSH,
    takes=("branch_name", "ref"),
    renames={"branch_name": dsl.Renamed("branch")},
    retold=shown,
)
for _name in ("protect", "unprotect"):
    v3.adopt(v4, "PUT", f"{AT}/{_name}", retold=shown)


@v3.delete(AT, rule=code.PUSH, json_suffix=False)
def delete_branch(call: dsl.Call, project: Project, branch: str) -> dict[str, str]:
    """Delete a branch, neither the default one nor a protected one."""
    repository = Repository(call.store, project)
    if repository.branch(branch) is None:
        raise Refusal(404, "No such branch", reason=f"{project.full_path} has no branch {branch!r}")
    if branch == repository.default_branch:
        raise Refusal(405, "Cannot remove HEAD branch", reason=f"{branch} is the default branch")
    if protected_refs.is_protected(call.store, project, branch):
        raise Refusal(405, "Protected branch cant be removed", reason=f"{branch} is protected")
    branches.delete(call, project, branch)
    return {"branch_name": branch}


@v3.delete("projects/:id/repository/merged_branches", rule=code.PUSH)
def delete_merged_branches(call: dsl.Call, project: Project) -> int:
    """Delete the branches that were merged into the default branch and are not protected; answers 200 alone."""
    branches.delete_merged(call, project)
    return 200
