"""Audit events: who did what to an instance's projects, groups and users.

Source: https://docs.gitlab.com/api/audit_events/ and GitLab's ee/lib/ee/api/entities/audit_event.rb.
"""

from typing import Any

from mockgitlab import dsl


class AuditEvent(dsl.Entity):
    """Something that somebody did; it outlives him, and what it was done to, which ``about`` names: ``Project 1``."""

    id: int = dsl.serial()
    by_id: int = dsl.hidden("Who did it")
    about: str = dsl.hidden("To what")
    event_name: str = dsl.readonly("What happened, as GitLab's list of audit events calls it", since="17.2")
    details: dict[str, Any] = dsl.readonly("What happened in detail")
    created_at: str = dsl.now()

    @dsl.computed
    def author_id(self, view: dsl.View) -> int:
        """Who did it."""
        return self.by_id

    @dsl.computed
    def entity_id(self, view: dsl.View) -> int:
        """The ID of that to which it was done."""
        return int(self.about.split()[1])

    @dsl.computed
    def entity_type(self, view: dsl.View) -> str:
        """What that is."""
        return self.about.split()[0]


AUDIT_EVENT = AuditEvent.shape("id", "author_id", "entity_id", "entity_type", "event_name", "details", "created_at")
EMAIL_SINCE = (15, 9)
EVENT_TYPES = ("Project", "User", "Group", "Gitlab::Audit::InstanceScope")
