"""User teams, which GitLab 5.3 and 5.4 had. Source: GitLab 5.4's doc/api/user_teams.md and lib/api/user_teams.rb."""

from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_team import (
    TEAM,
    UserTeam,
    UserTeamProjectRelationship,
    UserTeamUserRelationship,
    teams_of,
)
from mockgitlab.api.services.user_teams import spread
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.members import LEVELS
from mockgitlab.api.v3.projects import SHOWN as PROJECT
from mockgitlab.api.v3.users import USER_FULL
from mockgitlab.errors import Conflict, NotFound, RecordNotFound, Unprocessable
from mockgitlab.store import Query

AT = "user_teams/:id"
Assigned = UserTeamUserRelationship | UserTeamProjectRelationship


@v3.locator(AT, integer=True)
def find_team(call: dsl.Call, value: str) -> UserTeam:
    """Return the team with this id, one of the current user's unless that is an administrator."""
    team, user = call.store[UserTeam].get(int(value)), access.me(call)
    if team is None:
        raise RecordNotFound(reason=f"there is no user team {value}")
    if not user.admin and team.id not in teams_of(call.store, user):
        raise NotFound(reason=f"{user.username} is not in the user team {team.path}")
    return team


@v3.get("user_teams", shape=TEAM)
def list_teams(call: dsl.Call) -> Query[UserTeam]:
    """List the teams that the user is in; all for administrators."""
    teams, user = call.store[UserTeam].all(), access.me(call)
    return teams if user.admin else teams.among("id", teams_of(call.store, user))


@v3.post("user_teams", rule=access.ADMIN, shape=TEAM)
def create_team(call: dsl.Call, name: str, path: str) -> UserTeam:
    """Make a team; one that is not valid is not found, as GitLab had it."""
    for column, text in (("name", name), ("path", path)):
        if call.store[UserTeam].where(**{column: text}).exists():
            raise NotFound(reason=f"there is a user team with the {column} {text}")
    return call.store.insert(UserTeam(name=name, path=path, owner_id=access.me(call).id))


@v3.get(AT, shape=TEAM)
def show_team(team: UserTeam) -> UserTeam:
    """Show a team."""
    return team


# Who is in it, and where


@dataclass(frozen=True)
class Part:
    """Members or projects of teams: what they are, how they are tied to a team, and how that is shown.

    ``level`` is the parameter that says the role, ``column`` where it is kept, ``wrong`` what is told of one that there
    is not.
    """

    name: str
    kind: type[dsl.Entity]
    tie: type[Assigned]
    level: str
    column: str
    wrong: str
    shown: dsl.Shape

    @property
    def key(self) -> str:
        """The name of the id of what is tied: ``user_id``."""
        return f"{self.kind.__name__.lower()}_id"

    def tied(self, store: dsl.Store, team: UserTeam) -> Query[Any]:
        """Return the ties of a team."""
        return store[self.tie].where(user_team_id=team.id)

    def shape(self) -> dsl.Shape:
        """Return a shape for ties, with the properties of what is tied and the role."""
        of_record = self.shown.of(lambda tie, view: view.store[self.kind][getattr(tie, self.key)])
        role: Any = {self.level: lambda tie, view: getattr(tie, self.column)}
        return of_record.plus(**role)


MEMBER = USER_FULL.only("id", "username", "email", "name", "state", "created_at").called("TeamMember")
TEAM_PROJECT = (
    PROJECT.plus(wall_enabled=lambda project, view: False)
    .only(
        *("id", "description", "default_branch", "public", "ssh_url_to_repo", "http_url_to_repo", "web_url", "owner"),
        *("name", "name_with_namespace", "path", "path_with_namespace", "issues_enabled", "merge_requests_enabled"),
        *("wall_enabled", "wiki_enabled", "snippets_enabled", "created_at", "last_activity_at", "namespace"),
        "forked_from_project",
    )
    .called("TeamProject")
)
PARTS = (
    Part("members", User, UserTeamUserRelationship, "access_level", "permission", "Wrong access level", MEMBER),
    Part(
        *("projects", Project, UserTeamProjectRelationship, "greatest_access_level", "greatest_access"),
        *("Wrong greatest_access_level", TEAM_PROJECT),
    ),
)


def _add(call: dsl.Call, team: UserTeam, part: Part) -> Any:
    """Tie a record to a team, and let the members have their roles."""
    record_id, level = call.given[part.key], call.given[part.level]
    if level not in LEVELS:
        raise Unprocessable(part.wrong, reason=f"the levels are {', '.join(map(str, LEVELS))}")
    if part.tied(call.store, team).where(**{part.key: record_id}).exists():
        raise Conflict("Already exists", reason=f"{part.key} {record_id} is in the user team {team.path}")
    if call.store[part.kind].get(record_id) is None:
        raise RecordNotFound(reason=f"there is no {part.kind.__name__} {record_id}")
    columns: Any = {"user_team_id": team.id, part.key: record_id, part.column: level}
    made = call.store.insert(part.tie(**columns))
    spread(call, team)
    return made


def _declare(part: Part) -> None:
    path, shape = f"{AT}/{part.name}", part.shape()
    ids = dsl.param(part.key, int, f"The ID of one of the {part.name}", required=True)
    level = dsl.param(part.level, int, "A valid access level", required=True)

    @v3.locator(f"{path}/:{part.key}", integer=True)
    def find(call: dsl.Call, value: str) -> Assigned:
        found: Assigned | None = part.tied(call.store, call.at(UserTeam)).where(**{part.key: int(value)}).first()
        if found is None:
            raise NotFound(reason=f"{part.key} {value} is not in the user team {call.at(UserTeam).path}")
        return found

    @v3.get(path, shape=shape)
    def list_part(call: dsl.Call, team: UserTeam) -> Query[Any]:
        """List what is tied to a team."""
        return part.tied(call.store, team)

    @v3.post(path, rule=access.ADMIN, shape=shape, params=[ids, level])
    def add(call: dsl.Call, team: UserTeam) -> Any:
        """Tie something to a team."""
        return _add(call, team, part)

    @v3.get(f"{path}/:{part.key}", shape=shape)
    def show(tie: Assigned) -> Any:
        """Show what is tied to a team."""
        return tie

    @v3.delete(f"{path}/:{part.key}", rule=access.ADMIN, gives_back=part.tie.shape())
    def remove(call: dsl.Call, tie: Assigned) -> None:
        """Untie something from a team; the members of projects stay members."""
        call.store.delete(tie)


for _part in PARTS:
    _declare(_part)
