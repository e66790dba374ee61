"""Feature flags in scenarios, below projects, and the lists of users that they may name.

.. code-block:: yaml

    feature_flags_user_lists: [{name: Beta, user_xids: "u1,u2"}]
    feature_flags:
      - name: dark_mode
        strategies:
          - {name: gitlabUserList, user_list: Beta, scopes: [{environment_scope: production}]}
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.feature_flag import FeatureFlag, FeatureFlagUserList
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.services import feature_flags
from mockgitlab.errors import ApiError

SCOPES = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"environment_scope": {"type": "string"}},
    },
}
STRATEGIES: dict[str, Any] = {
    "type": "array",
    "description": "For whom it is on",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"enum": list(feature_flags.STRATEGIES)},
            "parameters": {"type": "object"},
            "user_list": {"type": "string"},
            "scopes": SCOPES,
        },
    },
}


def seed_feature_flag(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> FeatureFlag:
    """Make a feature flag of a project."""
    made = seeding.store.insert(FeatureFlag(**columns))
    given = [_strategy(seeding, made, entry) for entry in extras.get("strategies") or ()]
    try:
        feature_flags.update(seeding.store, made, {"strategies": given})
    except ApiError as error:
        seeding.problem("name", f"is of no valid feature flag: {error.message}")
    return made


def _strategy(seeding: dsl.Seeding, flag: FeatureFlag, entry: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in entry.items() if name != "user_list"}
    if entry.get("user_list") is not None:
        lists = seeding.store[FeatureFlagUserList]
        found = lists.find(project_id=flag.project_id, name=entry["user_list"])
        if found is None:
            seeding.problem("strategies", f"names no user list of the project: {entry['user_list']!r}")
        given["user_list_id"] = found.id if found else None
    return given


FEATURE_FLAGS = dsl.Collection(
    "feature_flags",
    FeatureFlag,
    {Project: tied_to},
    seed_feature_flag,
    None,
    {"strategies": STRATEGIES},
    "Switches that clients of Unleash ask for",
)
FEATURE_FLAG_USER_LISTS = dsl.Collection(
    "feature_flags_user_lists",
    FeatureFlagUserList,
    {Project: tied_to},
    description="Lists of users for whom feature flags are on",
)
