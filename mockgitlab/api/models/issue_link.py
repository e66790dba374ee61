"""Links between issues. Source: https://docs.gitlab.com/api/issue_links/."""

from typing import Literal

from mockgitlab import dsl

LinkType = Literal["relates_to", "blocks", "is_blocked_by"]


class IssueLink(dsl.Entity):
    """A relation between two issues; ``is_blocked_by`` is kept the other way round, as ``blocks``."""

    singular = "Issue Link"

    id: int = dsl.serial()
    source_id: int = dsl.parent("Issue")
    target_id: int = dsl.parent("Issue")
    link_type: Literal["relates_to", "blocks"] = dsl.optional("The type of the relation", default="relates_to")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    def other(self, issue_id: int) -> int:
        """Return the id of the issue at the other end."""
        return self.target_id if self.source_id == issue_id else self.source_id

    def seen_from(self, issue_id: int) -> LinkType:
        """Return the type of the relation as one of the issues has it."""
        return "is_blocked_by" if self.link_type == "blocks" and self.target_id == issue_id else self.link_type


def links_of(store: dsl.Store, issue_id: int) -> list[IssueLink]:
    """Return the links of an issue, oldest first."""
    links = store[IssueLink]
    return sorted(
        {
            link.id: link for link in (*links.having("source_id", issue_id), *links.having("target_id", issue_id))
        }.values(),
        key=lambda link: link.id,
    )
