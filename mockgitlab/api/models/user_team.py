"""User teams, which GitLab 5.3 and 5.4 had: users with a role each, and the projects where they have it.

Source: GitLab 5.4's doc/api/user_teams.md, app/models/user_team.rb and lib/api/entities.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.user import User


class UserTeam(dsl.Entity):
    """A team of users."""

    natural = "path"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the team")
    path: str = dsl.required("The path of the team")
    owner_id: int = dsl.parent("User")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


class UserTeamUserRelationship(dsl.Entity):
    """That a user is in a team, and the role."""

    id: int = dsl.serial()
    user_id: int = dsl.parent("User")
    user_team_id: int = dsl.parent("UserTeam")
    group_admin: bool = dsl.readonly("Whether the user manages the team", default=False)
    permission: int = dsl.required("The role of the user")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


class UserTeamProjectRelationship(dsl.Entity):
    """That a project is assigned to a team, and the highest role that its members have there."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    user_team_id: int = dsl.parent("UserTeam")
    greatest_access: int = dsl.required("The highest role in the project")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


TEAM = UserTeam.shape("id", "name", "path", "owner_id")


def teams_of(store: dsl.Store, user: User) -> list[int]:
    """Return the ids of the teams that a user is in."""
    return [one.user_team_id for one in store[UserTeamUserRelationship].where(user_id=user.id)]
