"""Lists of users for whom feature flags of projects are on.

Source: https://docs.gitlab.com/api/feature_flag_user_lists/ and GitLab's lib/api/feature_flags_user_lists.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import feature_flag_access as rights
from mockgitlab.api.models.feature_flag import USER_LIST, FeatureFlagStrategy, FeatureFlagUserList
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.feature_flags import check_user_list
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/feature_flags_user_lists"
IDS = "The ids of the users, separated by commas"


@v4.locator(f"{AT}/:iid")
def find_user_list(call: dsl.Call, value: str) -> FeatureFlagUserList:
    """Return the list of users with an internal id, for those who may see it."""
    rights.check(call)
    iid = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    found = call.store[FeatureFlagUserList].find(project_id=call.at(Project).id, iid=iid)
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no feature flag user list {value!r}")
    return found


@v4.get(AT, rule=rights.RULE, shape=USER_LIST, filters=[dsl.search("name")])
def list_user_lists(call: dsl.Call, project: Project) -> Query[FeatureFlagUserList]:
    """List the lists of users of a project."""
    return call.store[FeatureFlagUserList].where(project_id=project.id)


@v4.get(f"{AT}/:iid", rule=rights.RULE, shape=USER_LIST)
def show_user_list(users: FeatureFlagUserList) -> FeatureFlagUserList:
    """Show a list of users."""
    return users


@v4.post(AT, rule=rights.RULE, shape=USER_LIST)
def create_user_list(
    call: dsl.Call,
    project: Project,
    name: Annotated[str, "The name of the list"],
    user_xids: Annotated[str, IDS],
) -> FeatureFlagUserList:
    """Create a list of users."""
    made = call.store.insert(FeatureFlagUserList(project_id=project.id, name=name, user_xids=user_xids))
    return check_user_list(call.store, made)


@v4.put(
    f"{AT}/:iid",
    rule=rights.RULE,
    shape=USER_LIST,
    params=[dsl.param("name", str, "The new name of the list"), dsl.param("user_xids", str, IDS)],
)
def update_user_list(call: dsl.Call, users: FeatureFlagUserList, given: dsl.Given) -> FeatureFlagUserList:
    """Change a list of users."""
    return check_user_list(call.store, call.store.update(users, **given.only("name", "user_xids")))


@v4.delete(f"{AT}/:iid", rule=rights.RULE, conditional=False)
def delete_user_list(call: dsl.Call, users: FeatureFlagUserList) -> None:
    """Delete a list of users that no strategy is about."""
    if call.store[FeatureFlagStrategy].having("user_list_id", users.id):
        raise Conflict(["User list is associated with a strategy"], reason="a strategy is about it")
    call.store.delete(users)
