"""Creating and deleting branches. Source: GitLab's app/services/branches/*.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.services.commits import commit_files
from mockgitlab.api.services.pushes import push
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.errors import BadRequest
from mockgitlab.git.actions import Action
from mockgitlab.git.history import ancestors
from mockgitlab.git.names import is_ref_name
from mockgitlab.git.objects import Commit


class NoReference(BadRequest):
    """A branch cannot begin where it is to, or lies in the way of another."""


def merged_into(repository: Repository, head: Commit) -> frozenset[str]:
    """Return the commits that lead to a commit; what they are does never change, so it is remembered."""
    key = ("ancestors", head.sha)
    return repository.store.remember(key, lambda: frozenset(ancestors(repository.objects, [head.sha])))


def is_merged(repository: Repository, sha: str) -> bool:
    """Tell whether a commit leads to the default branch's last one, and is another."""
    head = repository.head
    return head is not None and sha != head.sha and sha in merged_into(repository, head)


def delete_merged(call: dsl.Call, project: Project) -> None:
    """Delete the merged branches that nothing protects and no open merge request goes from or into."""
    repository, opened = Repository(call.store, project), call.store[MergeRequest].where(state="opened")
    used = {one.source_branch for one in opened.where(source_project_id=project.id)}
    used |= {one.target_branch for one in opened.where(project_id=project.id)}
    for name, sha in repository.named(HEADS).items():
        if is_merged(repository, sha) and name not in used and not protections(call.store, project, name):
            delete(call, call.at(Project), name)


def name_problem(repository: Repository, name: str) -> str:
    """Return why there can be no new branch of a name; nothing where there can."""
    if not is_ref_name(name):
        return "Branch name is invalid"
    return "Branch already exists" if repository.branch(name) else ""


def create(call: dsl.Call, project: Project, name: str, ref: str) -> str:
    """Create a branch at a revision and return its commit; an empty repository gets a README first."""
    if Repository(call.store, project).empty:
        first = project.default_branch or "main"
        commit_files(call, project, first, "Add README.md", [Action("create", "README.md", content=b"")])
    repository = Repository(call.store, call.at(Project))
    problem = name_problem(repository, name)
    if problem:
        raise BadRequest(problem, reason=f"{name!r} cannot become a branch of {project.full_path}")
    commit = repository.commit(ref)
    if commit is None:
        text = f"Failed to create branch '{name}': invalid reference name '{ref}'"
        raise NoReference(text, reason=f"{project.full_path} has no branch, tag or commit {ref!r}")
    if repository.blocks(HEADS + name):
        text = f"Failed to create branch '{name}': Branch name conflicts with existing branch hierarchy."
        raise NoReference(text, reason="git keeps refs like files: a and a/b cannot both be")
    push(call, project, HEADS + name, commit.sha)
    return commit.sha


def delete(call: dsl.Call, project: Project, name: str) -> None:
    """Delete a branch; raises ``BadRequest`` for the default branch, and for a protected one below Maintainer."""
    push(call, project, HEADS + name, None)
