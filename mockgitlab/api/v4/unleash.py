"""What clients of Unleash ask: the feature flags of a project, as they are in one environment.

A client knows the project's ``feature_flags_client_token`` as its instance ID, and the environment as its own name.

Source: https://docs.gitlab.com/operations/feature_flags/#integrate-feature-flags-with-your-application, GitLab's
lib/api/unleash.rb, lib/api/entities/unleash_feature.rb and app/models/operations/feature_flags_client.rb.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.feature_flag import (
    FeatureFlag,
    FeatureFlagStrategy,
    FeatureFlagUserList,
    scopes_of,
    strategies_of,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.feature_flags import BY_LIST
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Unauthorized

AT = "feature_flags/unleash/:project_id"
VERSION = 1
"""The version of Unleash's own API."""
PARAMS = [
    dsl.param("instance_id", str, "The project's token for clients; or the header UNLEASH-INSTANCEID"),
    dsl.param("app_name", str, "The environment; or the header UNLEASH-APPNAME"),
]


def _said(call: dsl.Call, header: str, name: str) -> str:
    return str(call.headers.get(header) or call.given.get(name) or "")


def _project(call: dsl.Call) -> Project | None:
    """Return the project that the path names by its ID, if the client knows its token."""
    id = call.path["project_id"]
    found = call.store[Project].get(int(id)) if re.fullmatch(r"\d{1,18}", id, re.ASCII) else None
    known = found.feature_flags_client_token if found else None
    return found if known and known == _said(call, "Unleash-Instanceid", "instance_id") else None


def _check(call: dsl.Call) -> None:
    if _project(call) is None:
        raise Unauthorized(reason="the instance ID is not the feature_flags_client_token of the project")


OPTIONS: dict[str, Any] = {
    "rule": dsl.Rule("clients of Unleash", _check, login=False),
    "params": PARAMS,
    "success": 200,
}


@v4.get(AT, **OPTIONS)
@v4.post(f"{AT}/client/register", **OPTIONS)
@v4.post(f"{AT}/client/metrics", **OPTIONS)
def take_note() -> int:
    """Take what a client tells of itself; GitLab does nothing with it and answers with the status."""
    return 200


@v4.get(f"{AT}/features", f"{AT}/client/features", **OPTIONS)
def list_features(call: dsl.Call) -> dict[str, Any]:
    """List the feature flags that have strategies in the environment of the client."""
    project, environment = _project(call), _said(call, "Unleash-Appname", "app_name")
    flags = call.store[FeatureFlag].where(project_id=project.id).order_by("id") if project and environment else ()
    shown = [(flag, _strategies(call.store, flag, environment)) for flag in flags]
    return {"version": VERSION, "features": [_feature(flag, found) for flag, found in shown if found]}


def _strategies(store: dsl.Store, flag: FeatureFlag, environment: str) -> list[dict[str, Any]]:
    found = []
    for one in strategies_of(store, flag):
        if any(_covers(scope.environment_scope, environment) for scope in scopes_of(store, one)):
            found.append(_strategy(store, one))
    return found


def _covers(scope: str, environment: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in scope.split("*"))
    return re.fullmatch(pattern, environment, re.DOTALL) is not None


def _strategy(store: dsl.Store, strategy: FeatureFlagStrategy) -> dict[str, Any]:
    """Return a strategy as Unleash knows it: a list of users is told as those users."""
    users = store[FeatureFlagUserList].get(strategy.user_list_id)
    if strategy.name == BY_LIST and users is not None:
        return {"name": "userWithId", "parameters": {"userIds": users.user_xids}}
    return {"name": strategy.name, "parameters": strategy.parameters}


def _feature(flag: FeatureFlag, strategies: list[dict[str, Any]]) -> dict[str, Any]:
    described = {} if flag.description is None else {"description": flag.description}
    return {"name": flag.name, **described, "enabled": flag.active, "strategies": strategies}
