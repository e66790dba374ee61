"""What user teams cause: their members become members of the projects that are assigned to them.

Source: GitLab 5.4's lib/gitlab/user_team_manager.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_team import UserTeam, UserTeamProjectRelationship, UserTeamUserRelationship, teams_of
from mockgitlab.api.services.members import join


def spread(call: dsl.Call, team: UserTeam) -> None:
    """Make everybody in a team a member of its projects, whatever role he had there before."""
    store = call.store
    for assigned in list(store[UserTeamProjectRelationship].where(user_team_id=team.id)):
        project = store[Project][assigned.project_id]
        for member in list(store[UserTeamUserRelationship].where(user_team_id=team.id)):
            user = store[User][member.user_id]
            join(call, project, user, _level(store, user, project), None)


def _level(store: dsl.Store, user: User, project: Project) -> int:
    """Return the highest role that a user has in a project by his teams: in each no more than the project allows."""
    teams = teams_of(store, user)
    roles = {one.user_team_id: one.permission for one in store[UserTeamUserRelationship].where(user_id=user.id)}
    assigned = store[UserTeamProjectRelationship].where(project_id=project.id).among("user_team_id", teams)
    return max(min(roles[one.user_team_id], one.greatest_access) for one in assigned)
