"""The versions of merge requests: what they change, written down anew whenever their branches move.

Source: GitLab's app/models/merge_request_diff.rb and app/services/merge_requests/reload_diffs_service.rb.
"""

import hashlib

from mockgitlab import dsl
from mockgitlab.api import mergeability
from mockgitlab.api.diff_limits import Limited, limited
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff, head_ref
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.repositories import set_ref
from mockgitlab.git.changes import GITLAB_ALIKE, Change, changes, patch
from mockgitlab.git.history import merge_base
from mockgitlab.git.objects import bytes_of, read_commit


def add_version(store: dsl.Store, merge_request: MergeRequest, *, at: str | None = None) -> MergeRequestDiff:
    """Write down what a merge request changes now; ``at`` another time than now in scenarios."""
    heads = mergeability.target_head(store, merge_request), mergeability.source_head(store, merge_request)
    return add_version_of(store, merge_request, *heads, at=at)


def add_version_of(
    store: dsl.Store, merge_request: MergeRequest, start: str | None, head: str | None, *, at: str | None = None
) -> MergeRequestDiff:
    """Write down what a merge request changes from the head of its target branch to that of its source branch."""
    base = merge_base(store.objects, [start, head]) if start and head else None
    if head is not None:
        set_ref(store, store[Project][merge_request.project_id], head_ref(merge_request), head)
    version = MergeRequestDiff(
        merge_request_id=merge_request.id, head_commit_sha=head, start_commit_sha=start, base_commit_sha=base
    )
    if not mergeability.commits_between(store, start, head):
        return store.insert(version.replaced({"created_at": at, "state": "empty"}))
    found = changed_files(store, version)
    patches = [patch(store.objects, one) for one in found]
    fits = limited(patches, expanded=True)
    made = {"state": "overflow" if fits.overflow else "collected", "patch_id_sha": _patch_id(found, patches)}
    size = f"{len(fits.files)}{'+' if fits.overflow else ''}"
    return store.insert(version.replaced({"created_at": at, "real_size": size, **made}))


def changed_files(store: dsl.Store, version: MergeRequestDiff) -> list[Change]:
    """Return the files that a version changes since its branches parted; none once GitLab forgot them."""
    if version.state == "without_files" or version.head_commit_sha is None or version.start_commit_sha is None:
        return []
    base, head = version.base_commit_sha, version.head_commit_sha
    before = read_commit(store.objects, base).tree if base else ""
    return changes(store.objects, before, read_commit(store.objects, head).tree, alike=GITLAB_ALIKE)


def limits_of(store: dsl.Store, version: MergeRequestDiff, *, expanded: bool = False) -> Limited:
    """Return how the files that a version changes are shown: all that fit, collapsed unless ``expanded``."""

    def compute() -> Limited:
        return limited([patch(store.objects, one) for one in changed_files(store, version)], expanded=expanded)

    key = ("limits of a diff", version.base_commit_sha, version.head_commit_sha, version.state, expanded)
    return store.remember(key, compute)


def _patch_id(found: list[Change], patches: list[bytes]) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    for one, text in zip(found, patches, strict=True):
        digest.update(bytes_of(f"{one.old_path} {one.new_path}\n"))
        digest.update(b"".join(line for line in text.splitlines(True) if line[:2] != b"@@"))
    return digest.hexdigest()
