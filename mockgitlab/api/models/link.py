"""What links between two issues and between two epics have in common."""

from typing import Literal, TypeVar

from mockgitlab import dsl

LinkType = Literal["relates_to", "blocks", "is_blocked_by"]
L = TypeVar("L", bound="Link")
TOLD = {"relates_to": "related to", "blocks": "blocking", "is_blocked_by": "blocked by"}
"""What remarks say a record is that was linked with each type."""
REVERSE: dict[LinkType, LinkType] = {
    "relates_to": "relates_to",
    "blocks": "is_blocked_by",
    "is_blocked_by": "blocks",
}


class Link(dsl.Entity):
    """A relation between two records; ``is_blocked_by`` is kept the other way round, as ``blocks``."""

    id: int = dsl.serial()
    source_id: int = dsl.parent()
    target_id: int = dsl.parent()
    link_type: Literal["relates_to", "blocks"] = dsl.optional("The type of the relation", default="relates_to")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    def other(self, id: int) -> int:
        """Return the id of the record at the other end."""
        return self.target_id if self.source_id == id else self.source_id

    def seen_from(self, id: int) -> LinkType:
        """Return the type of the relation as one of the records has it."""
        return "is_blocked_by" if self.link_type == "blocks" and self.target_id == id else self.link_type

    def fields_at(self, id: int) -> dict[str, str]:
        """Return what is told of the link with the other record, as one of the records has it."""
        stamps = {"link_created_at": self.created_at, "link_updated_at": self.updated_at}
        return {"link_type": self.seen_from(id), **stamps}


def links_at(store: dsl.Store, kind: type[L], id: int) -> list[L]:
    """Return the links of a kind that a record has, oldest first."""
    links = store[kind]
    found = {link.id: link for link in (*links.having("source_id", id), *links.having("target_id", id))}
    return sorted(found.values(), key=lambda link: link.id)
