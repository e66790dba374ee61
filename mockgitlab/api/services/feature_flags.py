"""Feature flags and lists of users: what is no valid one, and how their strategies are changed.

Source: GitLab's app/services/feature_flags/*.rb, app/models/operations/feature_flag.rb,
app/models/operations/feature_flags/*.rb and app/validators/feature_flag_user_xids_validator.rb.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api.models.feature_flag import (
    FeatureFlag,
    FeatureFlagScope,
    FeatureFlagStrategy,
    FeatureFlagUserList,
    scopes_of,
    strategies_of,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound

BY_LIST = "gitlabUserList"
STRATEGIES = {
    "default": (),
    BY_LIST: (),
    "gradualRolloutUserId": ("groupId", "percentage"),
    "flexibleRollout": ("groupId", "rollout", "stickiness"),
    "userWithId": ("userIds",),
}
"""The kinds of strategies, and what each depends on."""
STICKINESS = ("default", "userId", "sessionId", "random")
XID_AT_MOST = 256
_NAME = re.compile(r"[a-z]([-_a-z0-9]*[a-z0-9])?")
NAME_TOLD = (
    "can contain only lowercase letters, digits, '_' and '-'. Must start with a letter, and cannot end with '-' or '_'"
)
Part = TypeVar("Part", FeatureFlagStrategy, FeatureFlagScope)


def create(store: dsl.Store, project: Project, given: Mapping[str, Any]) -> FeatureFlag:
    """Make a feature flag of a project; raises ``BadRequest`` for what is none."""
    columns = {name: given[name] for name in ("name", "description", "active") if given.get(name) is not None}
    made = store.insert(FeatureFlag(project_id=project.id, **columns))
    _check(made, [*_flag_problems(store, made), *_change_strategies(store, made, given.get("strategies") or ())])
    return made


def update(store: dsl.Store, flag: FeatureFlag, given: Mapping[str, Any]) -> FeatureFlag:
    """Change a feature flag; raises ``BadRequest`` for what it cannot be."""
    entries = given.get("strategies") or ()
    lists = [entry["user_list_id"] for entry in entries if entry.get("user_list_id") is not None]
    own = {one.id for one in store[FeatureFlagUserList].having("project_id", flag.project_id)}
    if not own.issuperset(lists):
        error = NotFound(reason=f"the project has no user list with one of the IDs {lists}")
        error.message = "Not Found"
        raise error
    columns = {name: given[name] for name in ("name", "description", "active") if name in given}
    changed = store.update(flag, **columns)
    _check(changed, [*_flag_problems(store, changed), *_change_strategies(store, changed, entries)])
    return store.fresh(changed)


def _check(flag: FeatureFlag, problems: list[str]) -> None:
    if problems:
        raise BadRequest(list(dict.fromkeys(problems)), reason=f"{flag.name!r} would be no valid feature flag")


def _flag_problems(store: dsl.Store, flag: FeatureFlag) -> list[str]:
    name = flag.name or ""
    taken = len([one for one in store[FeatureFlag].having("name", name) if one.project_id == flag.project_id]) > 1
    told = {
        "Name can't be blank": not name.strip(),
        "Name is too short (minimum is 2 characters)": len(name) < 2,
        "Name is too long (maximum is 63 characters)": len(name) > 63,
        f"Name {NAME_TOLD}": not _NAME.fullmatch(name),
        "Name has already been taken": taken,
        "Description is too long (maximum is 255 characters)": len(flag.description or "") > 255,
        "Active can't be blank": flag.active is None,
    }
    return [problem for problem, holds in told.items() if holds]


# Strategies


def _change_strategies(store: dsl.Store, flag: FeatureFlag, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Create, change and delete strategies, and return what is wrong with them."""
    problems: list[str] = []
    for entry in entries:
        known = _named(strategies_of(store, flag), entry)
        if known is not None and entry.get("_destroy"):
            remove(store, known)
        elif not entry.get("_destroy"):
            strategy = _written(store, flag, known, entry)
            problems += [f"Strategies {problem}" for problem in _strategy_problems(store, flag, strategy)]
            _change_scopes(store, strategy, entry.get("scopes") or ())
    return problems


def _named(known: Iterable[Part], entry: Mapping[str, Any]) -> Part | None:
    """Return what an entry changes, nothing where it is a new one."""
    if entry.get("id") is None:
        return None
    found = next((one for one in known if one.id == entry["id"]), None)
    if found is None:
        raise RecordNotFound(reason=f"the feature flag has nothing with the ID {entry['id']} there")
    return found


def _written(
    store: dsl.Store, flag: FeatureFlag, known: FeatureFlagStrategy | None, entry: Mapping[str, Any]
) -> FeatureFlagStrategy:
    columns = {name: entry[name] for name in ("name", "parameters", "user_list_id") if entry.get(name) is not None}
    if columns.get("user_list_id") is not None and store[FeatureFlagUserList].get(columns["user_list_id"]) is None:
        raise RecordNotFound(reason=f"there is no user list with the ID {columns['user_list_id']}")
    if known is None:
        columns = {"name": "", "parameters": {}, **columns}
        return store.insert(FeatureFlagStrategy(**columns, feature_flag_id=flag.id))
    if known.name == BY_LIST and columns.get("name", BY_LIST) != BY_LIST:
        columns["user_list_id"] = None
    return store.update(known, **columns)


def _change_scopes(store: dsl.Store, strategy: FeatureFlagStrategy, entries: Iterable[Mapping[str, Any]]) -> None:
    for entry in entries:
        known = _named(scopes_of(store, strategy), entry)
        columns = {} if entry.get("environment_scope") is None else {"environment_scope": entry["environment_scope"]}
        if known is not None and entry.get("_destroy"):
            store.delete(known)
        elif known is not None:
            store.update(known, **columns)
        elif not entry.get("_destroy"):
            store.insert(FeatureFlagScope(strategy_id=strategy.id, **columns))


def _strategy_problems(store: dsl.Store, flag: FeatureFlag, strategy: FeatureFlagStrategy) -> list[str]:
    if strategy.name not in STRATEGIES:
        problems = ["name strategy name is invalid"]
    else:
        problems = [f"parameters {problem}" for problem in _parameter_problems(strategy.name, strategy.parameters)]
    users = store[FeatureFlagUserList].get(strategy.user_list_id)
    if strategy.name == BY_LIST and users is None:
        problems.append("user list can't be blank")
    if strategy.name != BY_LIST and users is not None:
        problems.append("user list must be blank")
    if users is not None and users.project_id != flag.project_id:
        problems.append("user list must belong to the same project")
    return problems


def _parameter_problems(kind: str, given: Any) -> list[str]:
    if not isinstance(given, dict) or sorted(given) != sorted(STRATEGIES[kind]):
        return ["parameters are invalid"]
    if kind == "userWithId":
        return xid_problems(given["userIds"], "userIds")
    problems = []
    if "stickiness" in given and given["stickiness"] not in STICKINESS:
        problems.append(f"stickiness parameter must be {', '.join(STICKINESS[:-1])}, or {STICKINESS[-1]}")
    if "percentage" in given and not _is_percentage(given["percentage"]):
        problems.append("percentage must be a string between 0 and 100 inclusive")
    if "groupId" in given and not (isinstance(given["groupId"], str) and re.fullmatch("[a-z]{1,32}", given["groupId"])):
        problems.append("groupId parameter is invalid")
    if "rollout" in given and not _is_percentage(given["rollout"]):
        problems.append("rollout must be a string between 0 and 100 inclusive")
    return problems


def _is_percentage(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("0*[0-9]{1,3}", value, re.ASCII) is not None and int(value) <= 100


# Lists of users


def xid_problems(given: Any, called: str) -> list[str]:
    """Return what is wrong with the ids of users, separated by commas."""
    ids = given.split(",") if isinstance(given, str) and given else []
    fine = isinstance(given, str) and not re.search(r"[\n\r\t]|,,", given) and len(set(ids)) == len(ids)
    if fine and all(one and one.strip() == one and len(one) <= XID_AT_MOST for one in _without_last(ids)):
        return []
    return [f"{called} must be a string of unique comma separated values each {XID_AT_MOST} characters or less"]


def _without_last(ids: list[str]) -> list[str]:
    """Return ids as Ruby splits them: what is empty at the end is none."""
    while ids and not ids[-1]:
        ids = ids[:-1]
    return ids


def check_user_list(store: dsl.Store, users: FeatureFlagUserList) -> FeatureFlagUserList:
    """Return a list of users; raises ``BadRequest`` where it is no valid one."""
    name = users.name or ""
    same = [one for one in store[FeatureFlagUserList].having("name", name) if one.project_id == users.project_id]
    told = {
        "Name can't be blank": not name.strip(),
        "Name has already been taken": len(same) > 1,
        "Name is too short (minimum is 1 character)": not name,
        "Name is too long (maximum is 255 characters)": len(name) > 255,
    }
    problems = [problem for problem, holds in told.items() if holds]
    problems += [f"User xids {problem}" for problem in xid_problems(users.user_xids, "user_xids")]
    if problems:
        raise BadRequest(problems, reason=f"{name!r} would be no valid list of users")
    return users
