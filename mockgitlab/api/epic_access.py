"""Who may do what with epics.

Source: https://docs.gitlab.com/user/permissions/ and GitLab's ee/app/policies/epic_policy.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.user import User
from mockgitlab.errors import Forbidden
from mockgitlab.store import Query


def may_read(store: dsl.Store, user: User | None, epic: Epic) -> bool:
    """Tell whether a user, or anybody when there is none, may see an epic."""
    group = store[Group][epic.group_id]
    if not access.can_read(store, user, group):
        return False
    return not epic.confidential or access.group_level(store, user, group) >= access.PLANNER


def may_update(call: dsl.Call, epic: Epic) -> bool:
    """Tell whether the caller may change an epic."""
    return access.level(call, call.store[Group][epic.group_id]) >= access.PLANNER


def readable(call: dsl.Call, epics: Query[Epic]) -> Query[Epic]:
    """Return a query without the confidential epics that are hidden from the caller."""
    user = access.viewer(call)
    hidden = frozenset(one.id for one in epics.where(confidential=True) if not may_read(call.store, user, one))
    return epics.filter(lambda epic: epic.id not in hidden, ("not among", hidden)) if hidden else epics


def _check_reads(call: dsl.Call) -> None:
    if not may_read(call.store, access.viewer(call), call.at(Epic)):
        raise Forbidden(reason=f"epic {call.at(Epic).iid} is confidential")


def _check_admins(call: dsl.Call) -> None:
    access.AS_PLANNER.check(call)


def _check_deletes(call: dsl.Call) -> None:
    if access.level(call, call.at(Group)) not in (access.PLANNER, access.OWNER):
        raise Forbidden(reason=f"{access.me(call).username} is neither planner nor owner of {call.at(Group).full_path}")


READS = dsl.Rule("whoever sees the epic", _check_reads, login=False)
READS_AS_USER = dsl.Rule("user who sees the epic", _check_reads)
ADMINS = dsl.Rule("planner", _check_admins)
DELETES = dsl.Rule("planner or owner", _check_deletes)
