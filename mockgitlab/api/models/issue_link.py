"""Links between issues. Source: https://docs.gitlab.com/api/issue_links/."""

from mockgitlab import dsl
from mockgitlab.api.models.link import Link, links_at
from mockgitlab.api.models.link import LinkType as LinkType


class IssueLink(Link):
    """A relation between two issues."""

    singular = "Issue Link"

    source_id: int = dsl.parent("Issue")
    target_id: int = dsl.parent("Issue")


def links_of(store: dsl.Store, issue_id: int) -> list[IssueLink]:
    """Return the links of an issue, oldest first."""
    return links_at(store, IssueLink, issue_id)
