"""Users whom a group made or knows through SAML.

Source: https://docs.gitlab.com/api/groups/#list-provisioned-users and GitLab's ee/lib/ee/api/groups.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.billable import inside
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.api.models.user_profile import USER_PUBLIC
from mockgitlab.api.user_filters import FILTERS as FILTERS_OF_USERS
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

_NAMES = ("username", "search", "active", "blocked")
FILTERS = [
    *(one for one in FILTERS_OF_USERS if one.params[0].name in _NAMES),
    *dsl.dates("created"),
]


@v4.get("groups/:id/provisioned_users", rule=access.AS_MAINTAINER, shape=USER_PUBLIC, filters=FILTERS, edition="ee")
def list_provisioned_users(call: dsl.Call, group: Group) -> Query[User]:
    """List the users whom a group provisioned, the newest first."""
    return call.store[User].where(provisioned_by_group_id=group.id).order_by("id", descending=True)


@v4.get(
    "groups/:id/saml_users",
    rule=access.AS_OWNER_OF_ROOT,
    shape=USER_PUBLIC,
    filters=FILTERS,
    edition="ee",
    since="17.4",
)
def list_saml_users(call: dsl.Call, group: Group) -> Query[User]:
    """List the members of a top-level group, or of what is below it, whom a SAML provider of a group knows."""
    known = {one.user_id for one in call.store[Identity].where(provider="group_saml")}
    users = known & {member.user_id for member in inside(call.store, group)}
    return call.store[User].all().among("id", users).order_by("id", descending=True)
