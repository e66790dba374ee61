"""Who in an archive is who here, and who becomes a member by an import.

When administrators import, members of the exported project are those who have their public e-mail address here; all
others are the importing user. Source: https://docs.gitlab.com/user/project/settings/import_export/ and GitLab's
lib/gitlab/import_export/members_mapper.rb, lib/gitlab/import_export/base/relation_factory.rb.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.archive_reading import fitting, part
from mockgitlab.api.services.members import ROLES, source_type
from mockgitlab.store import release

LABELLED_UNTIL = release("17.1")


@dataclass
class People:
    """Finds users by the ids that they had where the archive comes from; ``own`` is who imports it."""

    store: dsl.Store
    own: User
    known: dict[int, int] = field(default_factory=dict)

    def named(self, id: Any) -> int:
        """Return who somebody of the archive is here."""
        return self.known.get(id, self.own.id) if isinstance(id, int) else self.own.id

    def listed(self, rows: Iterable[dict[str, Any]]) -> tuple[int, ...]:
        """Return who those are that rows name, each once."""
        return tuple(dict.fromkeys(self.named(row.get("user_id")) for row in rows))

    def signed(self, row: dict[str, Any], text: str) -> str:
        """Return the text of a note, with the name of who wrote it where that is nobody here."""
        if row.get("author_id") in self.known:
            return text
        name, at = part(row, "author").get("name"), str(row.get("updated_at")).split(".")[0]
        origin = " (imported from GitLab)" if self.store.settings.release < LABELLED_UNTIL else ""
        return f"{text.strip() or '*Blank note*'}\n\n *By {name} on {at}{origin}*"


def import_members(store: dsl.Store, at: Project | Group, own: User, rows: Iterable[dict[str, Any]]) -> People:
    """Make members of a project or group, first who imports it, and return who is who."""
    people = People(store, own)
    if isinstance(at, Project) and access.project_level(store, own, at) < access.OWNER:
        _add(store, at, own.id, {"access_level": access.MAINTAINER})
    for row in rows if own.admin else ():
        user = _by_email(store, part(row, "user").get("public_email"))
        columns = fitting(Member, row, ("access_level", "expires_at"))
        if user is not None and columns.get("access_level") in ROLES:
            people.known[part(row, "user").get("id", 0)] = user.id
            _add(store, at, user.id, columns)
    return people


def _by_email(store: dsl.Store, email: Any) -> User | None:
    return store[User].find(folded_email=email.lower()) if isinstance(email, str) and email else None


def _add(store: dsl.Store, at: Project | Group, user_id: int, columns: dict[str, Any]) -> None:
    tied = {"source_type": source_type(at), "source_id": at.id, "user_id": user_id}
    if not store[Member].where(**tied).exists():
        store.insert(Member(**tied, **columns))
