"""Context commits of merge requests. Source: https://docs.gitlab.com/api/merge_request_context_commits/."""

from mockgitlab import dsl


class ContextCommit(dsl.Entity):
    """A commit that helps to review a merge request and is not merged by it."""

    id: int = dsl.serial()
    merge_request_id: int = dsl.parent("MergeRequest")
    sha: str = dsl.hidden("The name of the commit")
