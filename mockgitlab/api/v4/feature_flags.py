"""Feature flags of projects.

Source: https://docs.gitlab.com/api/feature_flags/ and GitLab's lib/api/feature_flags.rb.
"""

import json
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import feature_flag_access as rights
from mockgitlab.api.models.feature_flag import FEATURE_FLAG, VERSION, FeatureFlag
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import feature_flags
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, InvalidParameters, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/feature_flags"
ONE = f"{AT}/:feature_flag_name"
CHANGES = [dsl.param("id", int, "What to change"), dsl.param("_destroy", bool, "Whether to delete it")]
PARAMETERS = dsl.param("parameters", Any, "What it depends on, as JSON")
USER_LIST = dsl.param("user_list_id", int, "The list of users for whom it is on", since="17.0")


def _strategies(name: dsl.Param, scope: dsl.Param, *more: dsl.Param) -> dsl.Param:
    scopes = dsl.param("scopes", list[dict[str, Any]], "In which environments", nested=[scope, *more])
    return dsl.param(
        "strategies",
        list[dict[str, Any]],
        "For whom the feature flag is on",
        nested=[name, PARAMETERS, USER_LIST, scopes, *more],
    )


DESCRIBED = [
    dsl.param("description", str, "What the feature flag is for"),
    dsl.param("active", bool, "Whether it is on at all"),
]
CREATE = [
    dsl.param("name", str, "The name of the feature flag", required=True),
    *DESCRIBED,
    dsl.param("version", str, "The version of the feature flag, new_version_flag"),
    _strategies(
        dsl.param("name", str, "What kind it is", required=True),
        dsl.param("environment_scope", str, "The environments, by name or wildcard", required=True),
    ),
]
UPDATE = [
    dsl.param("name", str, "The new name of the feature flag"),
    *DESCRIBED,
    _strategies(
        dsl.param("name", str, "What kind it is"),
        dsl.param("environment_scope", str, "The environments, by name or wildcard"),
        *CHANGES,
    ),
]


@v4.locator(ONE)
def find_feature_flag(call: dsl.Call, value: str) -> FeatureFlag:
    """Return the feature flag with a name, for those who may see it."""
    rights.check(call)
    found = call.store[FeatureFlag].find(project_id=call.at(Project).id, name=value)
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no feature flag {value!r}")
    return found


def _by_scope(query: Query[FeatureFlag], scope: str, call: dsl.Call) -> Query[FeatureFlag]:
    return query.where(active=scope == "enabled")


@v4.get(
    AT,
    rule=rights.RULE,
    shape=FEATURE_FLAG,
    filters=[dsl.by("scope", str, "Those that are on, or off", _by_scope, enum=("enabled", "disabled"))],
)
def list_feature_flags(call: dsl.Call, project: Project) -> Query[FeatureFlag]:
    """List the feature flags of a project."""
    return call.store[FeatureFlag].where(project_id=project.id).order_by("name")


@v4.get(ONE, rule=rights.RULE, shape=FEATURE_FLAG)
def show_feature_flag(flag: FeatureFlag) -> FeatureFlag:
    """Show a feature flag."""
    return flag


def _read(given: dsl.Given) -> dsl.Given:
    """Return parameters with those of the strategies read: they may be JSON within JSON."""
    entries = given.get("strategies") or []
    for place, entry in enumerate(entries):
        if isinstance(entry.get("parameters"), str):
            try:
                entry["parameters"] = json.loads(entry["parameters"] or "null")
            except ValueError:
                problem = f"strategies[{place}][parameters] is invalid"
                raise InvalidParameters([problem], reason="it is no JSON") from None
    return given


@v4.post(AT, rule=rights.RULE, shape=FEATURE_FLAG, params=CREATE)
def create_feature_flag(call: dsl.Call, project: Project, given: dsl.Given) -> FeatureFlag:
    """Create a feature flag."""
    if "version" in given and given["version"] != VERSION:
        raise BadRequest("Version is invalid", reason=f"there is {VERSION} alone, not {given['version']!r}")
    return feature_flags.create(call.store, project, _read(given))


@v4.put(ONE, rule=rights.RULE, shape=FEATURE_FLAG, params=UPDATE)
def update_feature_flag(call: dsl.Call, flag: FeatureFlag, given: dsl.Given) -> FeatureFlag:
    """Change a feature flag."""
    return feature_flags.update(call.store, flag, _read(given))


@v4.delete(ONE, rule=rights.RULE, success=200, gives_back=FEATURE_FLAG, conditional=False)
def delete_feature_flag(call: dsl.Call, flag: FeatureFlag) -> None:
    """Delete a feature flag, and show it for the last time."""
    remove(call.store, flag)
