"""Branches. Source: https://docs.gitlab.com/api/branches/ and GitLab's lib/api/branches.rb."""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import Action, ProtectedBranch, levels, open_to
from mockgitlab.api.models.repository import commit_json, date_of, shown
from mockgitlab.api.ref_lists import matching, searched
from mockgitlab.api.services import branches
from mockgitlab.api.services.removal import remove
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound
from mockgitlab.git.names import is_ref_name
from mockgitlab.git.objects import Commit, read_commit

Sort = Literal["name_asc", "updated_asc", "updated_desc"]
NAME = dsl.param("branch", str, "The name of the branch", required=True, present=True)


class NoBranchName(BadRequest):
    """What is to be a branch can be none."""


def find_branch(call: dsl.Call, project: Project, name: str) -> Commit:
    """Return the commit of a branch; raises ``NotFound``, or ``NoBranchName`` for what can be no branch."""
    if not is_ref_name(name):
        raise NoBranchName("The branch refname is invalid", reason=f"{name!r} is no name for a branch")
    found = Repository(call.store, project).branch(name)
    if found is None:
        known = ", ".join(list(Repository(call.store, project).named(HEADS))[:5]) or "none"
        raise NotFound("Branch", reason=f"{project.full_path} has no branch {name!r}; it has {known}")
    return found


class BranchView:
    """Shows the branches of one project to one caller."""

    def __init__(self, call: dsl.Call, project: Project) -> None:
        self.call, self.project = call, project
        self.repository = Repository(call.store, project)
        self.url = project.web_url(call.view())

    def json(self, name: str, sha: str) -> dict[str, Any]:
        """Return a branch as JSON."""
        store, project = self.call.store, self.project
        default = name == self.repository.default_branch
        return {
            "name": shown(name),
            "commit": commit_json(read_commit(self.repository.objects, sha), self.url),
            "merged": branches.is_merged(self.repository, sha),
            "protected": protected_refs.is_protected(store, project, name),
            "developers_can_push": protected_refs.developers_can(store, project, name, "push"),
            "developers_can_merge": protected_refs.developers_can(store, project, name, "merge"),
            "can_push": self.call.user is not None and code.may_push_to(self.call, project, name),
            "default": default,
            "web_url": f"{self.url}/-/tree/{shown(name)}",
        }


@v4.get("projects/:id/repository/branches", rule=code.READ_ENABLED, job_token=True)
def list_branches(
    call: dsl.Call,
    project: Project,
    search: Annotated[
        str | None, "Only branches with this in their names; ^begin, end$ and one * mean what they do"
    ] = None,
    regex: Annotated[str | None, "Only branches whose names match this"] = None,
    sort: Annotated[Sort | None, "The order"] = None,
    page_token: Annotated[str | None, "The branch after which to begin"] = None,
) -> list[Any]:
    """List the branches of a repository."""
    view = BranchView(call, project)
    found = list(view.repository.named(HEADS).items())
    if sort in ("updated_asc", "updated_desc"):
        dates = {sha: read_commit(view.repository.objects, sha).committer.time for _, sha in found}
        found.sort(key=lambda pair: dates[pair[1]], reverse=sort == "updated_desc")
    found = matching(searched(found, search), regex)
    return dsl.Mapped(  # type: ignore[return-value]
        found, lambda pair: view.json(*pair), token=lambda pair: pair[0], tokens_below=HEADS
    )


@v4.operation(
    "HEAD", "projects/:id/repository/branches/:branch", json_suffix=False, rule=code.READ_ENABLED, success=204
)
def branch_exists(call: dsl.Call, project: Project, branch: str) -> None:
    """Tell whether there is a branch."""
    if Repository(call.store, project).branch(branch) is None:
        raise NotFound(reason=f"{project.full_path} has no branch {branch!r}")


@v4.get("projects/:id/repository/branches/:branch", json_suffix=False, rule=code.READ_ENABLED)
def show_branch(call: dsl.Call, project: Project, branch: str) -> dict[str, Any]:
    """Show a branch."""
    return BranchView(call, project).json(branch, find_branch(call, project, branch).sha)


@v4.post(
    "projects/:id/repository/branches",
    rule=code.PUSH_ENABLED,
    params=[NAME, dsl.param("ref", str, "The branch, tag or commit to begin at", required=True, present=True)],
)
def create_branch(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Create a branch."""
    sha = branches.create(call, project, given["branch"], given["ref"])
    return BranchView(call, call.at(Project)).json(given["branch"], sha)


@v4.delete("projects/:id/repository/branches/:branch", json_suffix=False, rule=code.PUSH_ENABLED, conditional=False)
def delete_branch(call: dsl.Call, project: Project, branch: str) -> None:
    """Delete a branch."""
    call.check_unmodified(date_of(find_branch(call, project, branch).author))
    branches.delete(call, project, branch)


@v4.delete("projects/:id/repository/merged_branches", rule=code.PUSH_ENABLED, success=202)
def delete_merged_branches(call: dsl.Call, project: Project) -> dict[str, str]:
    """Delete the branches that were merged into the default branch and are not protected."""
    branches.delete_merged(call, project)
    return {"message": "202 Accepted"}


# The older way to protect branches


@v4.put(
    "projects/:id/repository/branches/:branch/protect",
    rule=access.AS_MAINTAINER,
    params=[
        dsl.param("developers_can_push", bool, "Whether developers may push"),
        dsl.param("developers_can_merge", bool, "Whether developers may merge"),
    ],
)
def protect_branch(call: dsl.Call, project: Project, branch: str, given: dsl.Given) -> dict[str, Any]:
    """Protect a branch, or change who may push to one that is."""
    commit = find_branch(call, project, branch)
    kept = _own_protection(call, project, branch)
    if kept is None:
        kept = call.store.insert(ProtectedBranch(project_id=project.id, name=branch))
        given = dsl.Given({"developers_can_push": False, "developers_can_merge": False, **given})
    for action in protected_refs.DEFAULT:
        if given.get(f"developers_can_{action}") is not None:
            _open_to_developers(call, kept, action, wanted=given[f"developers_can_{action}"])
    return BranchView(call, project).json(branch, commit.sha)


def _own_protection(call: dsl.Call, project: Project, branch: str) -> ProtectedBranch | None:
    return call.store[ProtectedBranch].find(project_id=project.id, name=branch)


def _open_to_developers(call: dsl.Call, kept: ProtectedBranch, action: Action, *, wanted: bool) -> None:
    for one in levels(call.store, kept, action):
        if one.is_role:
            call.store.delete(one)
    open_to(call.store, kept, action, [{"access_level": access.DEVELOPER if wanted else access.MAINTAINER}])


@v4.put("projects/:id/repository/branches/:branch/unprotect", rule=access.AS_MAINTAINER)
def unprotect_branch(call: dsl.Call, project: Project, branch: str) -> dict[str, Any]:
    """Take the protection of a branch away."""
    commit = find_branch(call, project, branch)
    kept = _own_protection(call, project, branch)
    if kept is not None:
        remove(call.store, kept)
    return BranchView(call, project).json(branch, commit.sha)
