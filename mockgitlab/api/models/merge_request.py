"""Merge requests and the versions of their differences. How they are shown: ``merge_request_shapes``.

Source: https://docs.gitlab.com/api/merge_requests/ and GitLab's app/models/merge_request.rb.
"""

import re
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.issuable import Issuable, reference_to
from mockgitlab.api.models.project import Project

State = Literal["opened", "closed", "locked", "merged"]
_DRAFT = re.compile(r"\s*(\[draft\]|\(draft\)|draft:)\s*", re.IGNORECASE)


class MergeRequest(Issuable):
    """A proposal to merge a branch, of the same project or of a fork, into a branch of the project."""

    singular = "Merge Request"

    title: str = dsl.required("The title of the merge request", present=True, max_length=255)
    description: str | None = dsl.optional("The description of the merge request", max_length=1_048_576)
    state: State = dsl.readonly(default="opened")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    source_branch: str = dsl.required("The source branch")
    target_branch: str = dsl.required("The target branch")
    source_project_id: int | None = dsl.reference("Project", "The project of the source branch")
    assignee_ids: tuple[int, ...] = dsl.references("User", "The IDs of the users to assign the merge request to")
    reviewer_ids: tuple[int, ...] = dsl.references("User", "The IDs of the users to review the merge request")
    milestone_id: int | None = dsl.reference("Milestone", "The ID of a milestone to assign the merge request to")
    merged_at: str | None = dsl.readonly()
    merge_user_id: int | None = dsl.reference("User", "Who merged it, or set it to be merged")
    closed_at: str | None = dsl.readonly()
    prepared_at: str | None = dsl.readonly()
    merge_commit_sha: str | None = dsl.readonly()
    squash_commit_sha: str | None = dsl.readonly()
    rebase_commit_sha: str | None = dsl.hidden("To what GitLab rebased the source branch last")
    known_to_conflict: bool = dsl.hidden("Whether its people were told that its branches conflict", default=False)
    merge_error: str | None = dsl.readonly("What went wrong when it was rebased or merged")
    merge_when_pipeline_succeeds: bool = dsl.readonly(default=False)
    merge_after: str | None = dsl.optional("Until when it cannot be merged", since="17.8")
    merge_params: dict[str, Any] | None = dsl.hidden("With what it is to be merged once its checks pass")
    squash: bool = dsl.optional("Whether its commits become one", default=False)
    should_remove_source_branch: bool | None = dsl.readonly("What the merging user wants")
    force_remove_source_branch: bool | None = dsl.readonly("Whether the source branch goes when it is merged")
    allow_collaboration: bool = dsl.optional("Whether who may merge may push to the source branch", default=False)
    first_deployed_to_production_at: str | None = dsl.hidden("When it first came to production")
    approvals_before_merge: int | None = dsl.optional("How many approvals it needs", edition="ee")

    @property
    def draft(self) -> bool:
        """Whether the title says that it is not ready yet."""
        return is_draft(self.title)

    @property
    def from_fork(self) -> bool:
        """Whether the source branch is in another project."""
        return self.source_project_id != self.project_id

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the merge request's page."""
        path = view.store.steady(Project)[self.project_id].full_path
        return f"{view.base}/{path}/-/merge_requests/{self.iid}"


class MergeRequestDiff(dsl.Entity):
    """A version of what a merge request changes, made anew whenever its source branch moves.

    ``base`` is where both branches parted, ``start`` was the head of the target branch. Without commits its ``state``
    is ``empty``; without a source branch it names none.
    """

    id: int = dsl.serial()
    head_commit_sha: str | None = dsl.readonly()
    base_commit_sha: str | None = dsl.readonly()
    start_commit_sha: str | None = dsl.readonly()
    created_at: str = dsl.now()
    merge_request_id: int = dsl.parent("MergeRequest")
    state: str = dsl.readonly(default="collected")
    real_size: str | None = dsl.readonly("How many files are changed")
    patch_id_sha: str | None = dsl.readonly("Names the change itself, wherever it begins", since="15.10")


# Titles


def is_draft(title: str) -> bool:
    """Tell whether a title marks a draft: ``Draft: …``, ``[Draft] …`` or ``(Draft) …``."""
    return _DRAFT.match(title) is not None


def without_draft(title: str) -> str:
    """Return a title without its marks of a draft."""
    while (found := _DRAFT.match(title)) is not None:
        title = title[found.end() :]
    return title


# Finding


def find_merge_request(store: dsl.Store, project: Project, iid: int) -> MergeRequest | None:
    """Return the merge request of a project with an internal id."""
    return store[MergeRequest].find(project_id=project.id, iid=iid)


def versions_of(store: dsl.Store, merge_request: MergeRequest) -> list[MergeRequestDiff]:
    """Return the versions of a merge request, the oldest first."""
    return sorted(store[MergeRequestDiff].having("merge_request_id", merge_request.id), key=lambda one: one.id)


def latest_version(store: dsl.Store, merge_request: MergeRequest) -> MergeRequestDiff:
    """Return what a merge request changes as of its last push."""
    return versions_of(store, merge_request)[-1]


def reference(store: dsl.Store, merge_request: MergeRequest, seen_from: Project | None = None) -> str:
    """Return how a text refers to a merge request: in full, or as short as a text in another project may."""
    return reference_to(store, merge_request, "!", seen_from)


def merged_as(store: dsl.Store, project: Project, sha: str) -> MergeRequest | None:
    """Return the merge request of a project that a commit merged."""
    return store[MergeRequest].where(project_id=project.id, merge_commit_sha=sha).first()


def head_ref(merge_request: MergeRequest) -> str:
    """Return the ref of the project that keeps the head of a merge request."""
    return f"refs/merge-requests/{merge_request.iid}/head"


def merge_ref(merge_request: MergeRequest) -> str:
    """Return the ref of the project that names what merging would give."""
    return f"refs/merge-requests/{merge_request.iid}/merge"
