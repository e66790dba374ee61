"""What GitLab refuses of a merge request, in its words. Source: GitLab's app/models/merge_request.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, fork_origin
from mockgitlab.errors import Conflict, Unprocessable, ValidationFailed
from mockgitlab.git.names import is_ref_name

SAME = "You can't use same project/branch for source and target"
NO_FORK = "Source project is not a fork of the target project"


class BranchesRefused(Unprocessable):
    """Source and target are the same, or of projects that have nothing in common."""


class AlreadyOpen(Conflict):
    """Another merge request between the branches is open."""

    def __init__(self, other: MergeRequest) -> None:
        text = f"Another open merge request already exists for this source branch: !{other.iid}"
        super().__init__([text], reason=f"it goes from {other.source_branch} into {other.target_branch}, too")
        self.other = other


def check(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Raise ``Unprocessable``, ``Conflict`` or ``ValidationFailed`` for a merge request that cannot be."""
    check_branches(store, merge_request)
    problems: dict[str, list[str]] = {}
    for name in ("source_branch", "target_branch"):
        branch = getattr(merge_request, name)
        if not is_ref_name(branch):
            problems[name] = ["is invalid"] if branch.strip() else ["can't be blank", "is invalid"]
    if problems:
        raise ValidationFailed(problems, reason="a branch needs a name that git takes")


def check_branches(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Raise for branches that are the same, of projects that have nothing in common, or that another one has open."""
    target = store[Project][merge_request.project_id]
    source = store[Project].get(merge_request.source_project_id)
    if not merge_request.from_fork and merge_request.source_branch == merge_request.target_branch:
        raise BranchesRefused(
            [SAME], reason=f"source and target are {merge_request.source_branch} of {target.full_path}"
        )
    if source is not None and fork_origin(store, source) != fork_origin(store, target):
        raise BranchesRefused([NO_FORK], reason=f"{source.full_path} is no fork of {target.full_path}")
    other = _open_one(store, merge_request) if merge_request.state == "opened" else None
    if other is not None:
        raise AlreadyOpen(other)


def is_free(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether a merge request may have its branches: two, which no other one has open."""
    try:
        check_branches(store, merge_request)
    except (Conflict, Unprocessable):
        return False
    return True


def _open_one(store: dsl.Store, merge_request: MergeRequest) -> MergeRequest | None:
    alike = store[MergeRequest].where(
        state="opened",
        project_id=merge_request.project_id,
        source_branch=merge_request.source_branch,
        source_project_id=merge_request.source_project_id,
        target_branch=merge_request.target_branch,
    )
    return next((one for one in alike if one.id != merge_request.id), None)
