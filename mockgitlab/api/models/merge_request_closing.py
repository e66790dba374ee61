"""Which issues a merge request closes once it is merged into the default branch; GitLab keeps them the same way."""

from mockgitlab import dsl


class MergeRequestClosing(dsl.Entity):
    """An issue that a merge request says it closes."""

    id: int = dsl.serial()
    merge_request_id: int = dsl.parent("MergeRequest")
    issue_id: int = dsl.parent("Issue")


def closed_issue_ids(store: dsl.Store, merge_request_id: int) -> list[int]:
    """Return the ids of the issues that a merge request closes."""
    return [one.issue_id for one in store[MergeRequestClosing].having("merge_request_id", merge_request_id)]


def closing_ids(store: dsl.Store, issue_id: int) -> list[int]:
    """Return the ids of the merge requests that close an issue."""
    return sorted(one.merge_request_id for one in store[MergeRequestClosing].having("issue_id", issue_id))
