"""Members of groups and projects. Source: https://docs.gitlab.com/api/members/."""

from typing import Literal

from mockgitlab import dsl

LEVELS = {
    "no access": 0,
    "minimal": 5,
    "guest": 10,
    "planner": 15,
    "reporter": 20,
    "developer": 30,
    "maintainer": 40,
    "owner": 50,
}


class Member(dsl.Entity):
    """A user's role in one group or project; ``source_id`` is its id."""

    id: int = dsl.serial()
    source_type: Literal["Project", "Namespace"] = dsl.hidden()
    source_id: int = dsl.parent()
    user_id: int = dsl.parent("User")
    access_level: int = dsl.required("A valid access level")
    expires_at: str | None = dsl.optional("The last day of the membership")
    created_at: str = dsl.now()
    created_by_id: int | None = dsl.hidden()

    def expired(self, today: str) -> bool:
        """Tell whether the membership is over."""
        return self.expires_at is not None and self.expires_at <= today
