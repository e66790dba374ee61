"""Tokens: everything with which a client identifies itself.

Source: https://docs.gitlab.com/security/tokens/ and https://docs.gitlab.com/api/personal_access_tokens/.
"""

from typing import Literal

from mockgitlab import dsl

Kind = Literal[
    "personal",
    "project",
    "group",
    "impersonation",
    "oauth",
    "job",
    "deploy",
    "session",
    "runner",
    "registration",
    "trigger",
    "ci_project",
]
PREFIXES = {
    "personal": "glpat-",
    "project": "glpat-",
    "group": "glpat-",
    "impersonation": "glpat-",
    "oauth": "",
    "job": "glcbt-",
    "deploy": "gldt-",
    "session": "",
    "runner": "glrt-",
    "registration": "GR1348941",
    "trigger": "glptt-",
    "ci_project": "",
}
ACCESS_TOKENS = ("personal", "project", "group", "impersonation")


class Token(dsl.Entity):
    """A secret and what it stands for; ``user_id`` is whom it acts as, a bot user for project and group tokens."""

    natural = "value"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the token", present=True, max_length=255)
    revoked: bool = dsl.readonly(default=False)
    created_at: str = dsl.now()
    description: str | None = dsl.optional("The description of the token")
    scopes: tuple[str, ...] = dsl.readonly(default=())
    user_id: int | None = dsl.parent("User")
    last_used_at: str | None = dsl.readonly()
    expires_at: str | None = dsl.readonly()
    value: str = dsl.hidden()
    kind: Kind = dsl.hidden(default="personal")
    project_id: int | None = dsl.reference("Project")
    group_id: int | None = dsl.reference("Group")
    access_level: int | None = dsl.hidden()

    def expired(self, today: str) -> bool:
        """Tell whether the token is past its last day."""
        return self.expires_at is not None and self.expires_at[:10] <= today

    @dsl.computed
    def active(self, view: dsl.View) -> bool:
        """Whether the token can be used now."""
        return not self.revoked and not self.expired(view.store.today)
