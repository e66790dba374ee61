"""Feature flags of the instance, which administrators set; none has a definition here.

Source: https://docs.gitlab.com/api/features/, GitLab's lib/api/features.rb, lib/feature.rb and the library flipper.
"""

import re
from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.feature import FEATURE, Feature
from mockgitlab.api.models.group import Group, find_group
from mockgitlab.api.models.project import find_project
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest

GATES = ("feature_group", "user", "group", "namespace", "project", "repository")
SHARES = ("percentage_of_actors", "percentage_of_time")
CLEARED: dict[str, Any] = {"boolean": False, "groups": (), "actors": (), **dict.fromkeys(SHARES, 0)}
PARAMS = [
    dsl.param("value", str, "true, false, or a percentage", required=True),
    dsl.param("key", str, "What the percentage is of, percentage_of_time unless given"),
    dsl.param("feature_group", str, "A group of users"),
    dsl.param("user", str, "The usernames, separated by commas"),
    dsl.param("group", str, "The paths of groups, separated by commas"),
    dsl.param("namespace", str, "The paths of groups or usernames, separated by commas", since="15.0"),
    dsl.param("project", str, "The paths of projects, separated by commas"),
    dsl.param("repository", str, "The paths of repositories, separated by commas", since="15.4"),
    dsl.param("force", bool, "Take names that are not GitLab's own"),
]
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


@v4.get("features", rule=access.ADMIN, shape=FEATURE, paginated=False)
def list_features(call: dsl.Call) -> list[Feature]:
    """List all feature flags that were set."""
    return list(call.store[Feature].all())


@v4.post(
    "features/:name",
    rule=access.ADMIN,
    shape=FEATURE,
    params=PARAMS,
    constraints=[dsl.mutually_exclusive("key", name) for name in GATES],
)
def set_feature(call: dsl.Call, name: str, given: dsl.Given) -> Feature:
    """Set a feature flag for everybody, for some, or for a share of them."""
    value, targets = given["value"], _targets(call, given)
    share = _NUMBER.fullmatch(value) if value not in ("true", "false", "0") else None
    if share is None and value not in ("true", "false", "0"):
        text = f"400 Bad request - Value must be boolean or numeric, got {value}"
        raise BadRequest(text, reason="value is true, false or a percentage")
    found = call.store[Feature].find(name=name) or call.store.insert(Feature(name=name))
    if share is not None:
        key = given.get("key") if given.get("key") in SHARES else "percentage_of_time"
        return call.store.update(found, **{str(key): _percentage(value)})
    on = value == "true"
    if not any(targets.values()):
        return call.store.update(found, **{**CLEARED, "boolean": on})
    return call.store.update(found, **{gate: _with(getattr(found, gate), more, on) for gate, more in targets.items()})


def _percentage(value: str) -> float:
    number = float(value) if "." in value else int(value)
    if number > 100:
        text = f"400 Bad request - value must be a positive number less than or equal to 100, but was {value}"
        raise BadRequest(text, reason="a percentage is 100 at most")
    return number


def _with(known: tuple[str, ...], more: list[str], on: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more))) if on else tuple(one for one in known if one not in more)


# Whom it is for


def _targets(call: dsl.Call, given: dsl.Given) -> dict[str, list[str]]:
    """Return the groups of users and the actors that are named; raises ``BadRequest`` for those that are not there."""
    found = [actor for name, find in FINDERS.items() for actor in _actors(call, given.get(name), find)]
    group = given.get("feature_group")
    return {"groups": [group] if group else [], "actors": found}


def _actors(call: dsl.Call, names: str | None, find: Callable[[dsl.Store, str], str | None]) -> list[str]:
    actors = []
    for name in [one.strip() for one in (names or "").split(",") if one.strip()]:
        actor = find(call.store, name)
        if actor is None:
            raise BadRequest(f"400 Bad request - {name} is not found!", reason=f"there is no {name}")
        actors.append(actor)
    return actors


def _user(store: dsl.Store, name: str) -> str | None:
    found = find_user(store, name)
    return f"User:{found.id}" if isinstance(found, User) else None


def _group(store: dsl.Store, path: str) -> str | None:
    found = find_group(store, path)
    return f"Group:{found.id}" if found else None


def _namespace(store: dsl.Store, path: str) -> str | None:
    found = store[Group].find(folded=path.lower())
    kind = "Group" if found and found.kind == "group" else "Namespaces::UserNamespace"
    return f"{kind}:{found.id}" if found else None


def _project(store: dsl.Store, path: str) -> str | None:
    found = find_project(store, path)
    return f"Project:{found.id}" if found else None


def _repository(store: dsl.Store, path: str) -> str | None:
    found = find_project(store, path.removesuffix(".git").removesuffix(".wiki"))
    return f"Repository:{path}" if found else None


FINDERS = {"user": _user, "group": _group, "namespace": _namespace, "project": _project, "repository": _repository}


@v4.delete("features/:name", rule=access.ADMIN, conditional=False)
def delete_feature(call: dsl.Call, name: str) -> None:
    """Forget a feature flag, whether or not it was set."""
    found = call.store[Feature].find(name=name)
    if found is not None:
        call.store.delete(found)
