"""Whether merge requests can be merged, and if not why not: the checks of GitLab in their order.

Other pages add checks of theirs: ``register(Check("not_approved", lacks_approvals, early=2))``. Whatever tells of a
merge request whether it can be merged asks ``mergeability``.

Source: https://docs.gitlab.com/api/merge_requests/#merge-status and GitLab's app/services/merge_requests/mergeability.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest, latest_version, versions_of
from mockgitlab.api.models.note import notes_of
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import progress
from mockgitlab.api.services.repositories import HEADS, find_ref
from mockgitlab.git.history import leads_to, walk
from mockgitlab.git.merge import merge_commits
from mockgitlab.git.objects import Commit, read_commit
from mockgitlab.store import release

CHECKING = "mergeability"
"""The kind of GitLab's background work that finds out whether branches can be merged."""
REBASES = "rebases"
"""The kind of GitLab's background work that rebases source branches."""
Fails = Callable[[dsl.Store, MergeRequest], bool]


@dataclass(frozen=True)
class Check:
    """A reason why a merge request cannot be merged, by its ``detailed_merge_status``.

    ``of_git`` checks are about branches alone: they fail with ``Branch cannot be merged``. What is ``late`` is told
    only where every other check passes. ``awaitable`` is what merging automatically waits for. Those of the Enterprise
    Edition come before all others, in the order of ``early``.
    """

    status: str
    fails: Fails
    of_git: bool = False
    late: bool = False
    awaitable: bool = True
    since: str = ""
    until: str = ""
    early: int = 0

    @property
    def place(self) -> tuple[bool, int, bool, bool]:
        """Where it stands among the checks."""
        return not self.early, self.early, self.of_git, self.late

    def exists(self, store: dsl.Store) -> bool:
        """Tell whether this version of GitLab has the check."""
        known = store.settings.release
        return (not self.since or known >= release(self.since)) and (not self.until or known < release(self.until))


CHECKS: list[Check] = []


def register(check: Check) -> Check:
    """Add a check after those of its kind."""
    rest = [one for one in CHECKS if one.place > check.place]
    CHECKS.insert(len(CHECKS) - len(rest), check)
    return check


# What is asked


@dataclass(frozen=True)
class Mergeability:
    """What GitLab says of a merge request: ``merge_status`` of its branches alone, ``detailed`` of everything."""

    merge_status: str
    detailed: str


def mergeability(store: dsl.Store, merge_request: MergeRequest, waiting: str = "checking") -> Mergeability:
    """Return whether a merge request can be merged; ``waiting`` where GitLab has not found out yet."""
    if is_being_checked(store, merge_request):
        return Mergeability(waiting, waiting)
    status = "can_be_merged" if can_be_merged(store, merge_request) else "cannot_be_merged"
    found = sorted(failures(store, merge_request), key=lambda one: one.late)
    return Mergeability(status, found[0].status if found else "mergeable")


def is_being_checked(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether GitLab still finds out whether the branches can be merged, as the settings let it take a while."""
    if merge_request.state != "opened" or store.settings.transitions.mergeability.immediate:
        return False
    return store[Progress].find(kind=CHECKING, subject_id=merge_request.id) is not None


def is_being_rebased(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether GitLab still rebases the source branch, as the settings let it take a while."""
    return store[Progress].find(kind=REBASES, subject_id=merge_request.id) is not None


def check_again(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Let GitLab find out anew whether the branches can be merged."""
    if not is_being_checked(store, merge_request):
        progress.begin(store, CHECKING, merge_request)


@progress.finishes(CHECKING)
def _checked(store: dsl.Store, waiting: Progress) -> None:
    """Nothing is kept of it: once it is not waited for, whether it can be merged is told."""


def failures(store: dsl.Store, merge_request: MergeRequest) -> list[Check]:
    """Return the checks that a merge request does not pass, in GitLab's order."""
    return [one for one in CHECKS if one.exists(store) and one.fails(store, merge_request)]


def conflicts(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the branches of a merge request are there and conflict."""
    source, target = source_head(store, merge_request), target_head(store, merge_request)
    return source is not None and target is not None and bool(conflicts_between(store, target, source))


def can_be_merged(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the branches are there and can be merged, or were."""
    if merge_request.state == "merged":
        return True
    return not _has_no_commits(store, merge_request) and not conflicts(store, merge_request)


# Branches and commits


def source_head(store: dsl.Store, merge_request: MergeRequest) -> str | None:
    """Return the commit of the source branch; nothing where it is gone."""
    project = store[Project].get(merge_request.source_project_id)
    ref = find_ref(store, project, HEADS + merge_request.source_branch) if project else None
    return ref.sha if ref else None


def target_head(store: dsl.Store, merge_request: MergeRequest) -> str | None:
    """Return the commit of the target branch; nothing where it is gone."""
    ref = find_ref(store, store[Project][merge_request.project_id], HEADS + merge_request.target_branch)
    return ref.sha if ref else None


def commits_of(store: dsl.Store, merge_request: MergeRequest) -> list[Commit]:
    """Return the commits of a merge request as of its last push, the newest first."""
    version = latest_version(store, merge_request)
    return commits_between(store, version.start_commit_sha, version.head_commit_sha)


def commits_between(store: dsl.Store, start: str | None, head: str | None) -> list[Commit]:
    """Return the commits that lead to a head and not to a start, the newest first."""
    if head is None or start is None:
        return []

    def compute() -> tuple[str, ...]:
        return tuple(one.sha for one in walk(store.objects, [head], [start]))

    return [read_commit(store.objects, sha) for sha in store.remember(("commits between", start, head), compute)]


def conflicts_between(store: dsl.Store, ours: str, theirs: str) -> tuple[str, ...]:
    """Return the paths of the files in which two commits conflict."""

    def compute() -> tuple[str, ...]:
        return merge_commits(store.objects, ours, theirs).conflicts

    return store.remember(("conflicts", ours, theirs), compute)


def can_fast_forward(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the source branch has every commit of the target branch."""
    source, target = source_head(store, merge_request), target_head(store, merge_request)
    if source is None or target is None:
        return False
    return store.remember(("leads to", target, source), lambda: leads_to(store.objects, target, source))


# Pipelines


def pipelines_of(store: dsl.Store, merge_request: MergeRequest) -> list[Pipeline]:
    """Return the pipelines of a merge request: those made for it, then those of its branch, the newest first."""
    heads = [one.head_commit_sha for one in versions_of(store, merge_request)]
    shas = dict.fromkeys([*heads, *(one.sha for one in commits_of(store, merge_request))])
    return _own_pipelines(store, merge_request) + _branch_pipelines(store, merge_request, shas)


def head_pipeline(store: dsl.Store, merge_request: MergeRequest) -> Pipeline | None:
    """Return the newest pipeline of the head commit, one made for the merge request if there is any."""
    head = latest_version(store, merge_request).head_commit_sha
    own = [one for one in _own_pipelines(store, merge_request) if head in (one.sha, one.source_sha)]
    return next(iter(own or _branch_pipelines(store, merge_request, [head])), None)


def _own_pipelines(store: dsl.Store, merge_request: MergeRequest) -> list[Pipeline]:
    found = store[Pipeline].having("merge_request_id", merge_request.id)
    return [one for one in found if not one.is_child][::-1]


def _branch_pipelines(store: dsl.Store, merge_request: MergeRequest, shas: Iterable[str | None]) -> list[Pipeline]:
    place = (merge_request.source_project_id, merge_request.source_branch, False, None)
    found = [one for sha in shas for one in store[Pipeline].having("sha", sha)]
    own = [one for one in found if not one.is_child]
    fitting = [one for one in own if (one.project_id, one.ref, one.tag, one.merge_request_id) == place]
    return sorted(fitting, key=lambda one: one.id, reverse=True)


# The checks


def _has_no_commits(store: dsl.Store, merge_request: MergeRequest) -> bool:
    gone = source_head(store, merge_request) is None or target_head(store, merge_request) is None
    return gone or not commits_of(store, merge_request)


def has_open_discussions(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether threads are unresolved where the project wants all resolved before merging."""
    project = store[Project][merge_request.project_id]
    if not project.only_allow_merge_if_all_discussions_are_resolved:
        return False
    return any(note.resolvable and not note.resolved for note in notes_of(store, merge_request))


def _lacks_pipeline(store: dsl.Store, merge_request: MergeRequest) -> bool:
    project = store[Project][merge_request.project_id]
    if not project.only_allow_merge_if_pipeline_succeeds:
        return False
    pipeline = head_pipeline(store, merge_request)
    return pipeline is None or not passes(project, pipeline)


def passes(project: Project, pipeline: Pipeline) -> bool:
    """Tell whether a pipeline ended well enough to merge what it ran on into a project."""
    fine = ("success", "skipped") if project.allow_merge_on_skipped_pipeline else ("success",)
    return pipeline.status in fine


def runs_pipeline(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the pipeline of the head commit is still at work."""
    pipeline = head_pipeline(store, merge_request)
    active = ("created", "waiting_for_resource", "preparing", "pending", "running")
    return pipeline is not None and pipeline.status in active


def _awaits_pipeline(store: dsl.Store, merge_request: MergeRequest) -> bool:
    return _lacks_pipeline(store, merge_request) and runs_pipeline(store, merge_request)


def needs_rebase(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether a merge request must be rebased before it is merged, as its project keeps history linear."""
    project = store[Project][merge_request.project_id]
    return project.merge_method != "merge" and not can_fast_forward(store, merge_request)


register(Check("not_open", lambda store, one: one.state not in ("opened", "locked"), awaitable=False))
register(Check("merge_time", lambda store, one: store.now < (one.merge_after or ""), since="17.8"))
register(Check("draft_status", lambda store, one: one.draft))
register(Check("broken_status", _has_no_commits, awaitable=False, until="17.1"))
register(Check("broken_status", conflicts, awaitable=False, until="16.9"))
register(Check("commits_status", _has_no_commits, awaitable=False, since="17.1"))
register(Check("discussions_not_resolved", has_open_discussions))
register(Check("ci_still_running", _awaits_pipeline, late=True))
register(Check("ci_must_pass", _lacks_pipeline, late=True))
register(Check("conflict", conflicts, of_git=True, awaitable=False, since="16.9"))
register(Check("need_rebase", needs_rebase, of_git=True, awaitable=False))
