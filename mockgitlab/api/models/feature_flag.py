"""Feature flags of projects, for whom they are on, and lists of users for that.

Source: https://docs.gitlab.com/api/feature_flags/, https://docs.gitlab.com/api/feature_flag_user_lists/, GitLab's
app/models/operations/feature_flag.rb and lib/api/entities/feature_flag/*.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project

VERSION = "new_version_flag"
"""The version that all feature flags have; there was another until 14.0."""


class FeatureFlag(dsl.Entity):
    """A switch that clients of Unleash ask for."""

    natural = "name"

    id: int = dsl.serial()
    iid: int = dsl.serial(within="project_id")
    project_id: int = dsl.parent("Project")
    name: str = dsl.required("The name of the feature flag")
    description: str | None = dsl.optional("What it is for")
    active: bool = dsl.optional("Whether it is on at all", default=True)
    version: str = dsl.readonly(default=VERSION)
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


class FeatureFlagUserList(dsl.Entity):
    """A list of users by the ids that the application knows them by."""

    natural = "name"

    id: int = dsl.serial()
    iid: int = dsl.serial(within="project_id")
    project_id: int = dsl.parent("Project")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    name: str = dsl.required("The name of the list")
    user_xids: str = dsl.required("The ids of the users, separated by commas")

    @dsl.computed
    def path(self, view: dsl.View) -> str:
        """The path of its page."""
        return f"/{view.store[Project][self.project_id].full_path}/-/feature_flags_user_lists/{self.iid}"

    @dsl.computed
    def edit_path(self, view: dsl.View) -> str:
        """The path of the page on which it is changed."""
        return f"{self.path(view)}/edit"


class FeatureFlagStrategy(dsl.Entity):
    """For whom a feature flag is on, in some environments."""

    id: int = dsl.serial()
    feature_flag_id: int = dsl.parent("FeatureFlag")
    name: str = dsl.required("What kind it is")
    parameters: Any = dsl.optional("What it depends on")
    user_list_id: int | None = dsl.reference("FeatureFlagUserList", "The list of the users for whom it is on")


class FeatureFlagScope(dsl.Entity):
    """In which environments a strategy counts, by name or wildcard."""

    id: int = dsl.serial()
    strategy_id: int = dsl.parent("FeatureFlagStrategy")
    environment_scope: str = dsl.optional("The environments", default="*")


def strategies_of(store: dsl.Store, flag: FeatureFlag) -> list[FeatureFlagStrategy]:
    """Return for whom a feature flag is on."""
    return store[FeatureFlagStrategy].having("feature_flag_id", flag.id)


def scopes_of(store: dsl.Store, strategy: FeatureFlagStrategy) -> list[FeatureFlagScope]:
    """Return in which environments a strategy counts."""
    return store[FeatureFlagScope].having("strategy_id", strategy.id)


def _user_list(strategy: FeatureFlagStrategy, view: dsl.View) -> Any:
    return view.one(BASIC_USER_LIST, view.store[FeatureFlagUserList].get(strategy.user_list_id))


USER_LIST = FeatureFlagUserList.shape(
    *("id", "iid", "project_id", "created_at", "updated_at", "name", "user_xids", "path", "edit_path")
)
BASIC_USER_LIST = FeatureFlagUserList.shape("id", "iid", "name", "user_xids", name="BasicUserList")
SCOPE = FeatureFlagScope.shape("id", "environment_scope")
STRATEGY = FeatureFlagStrategy.shape("id", "name", "parameters").plus(
    scopes=lambda one, view: view.many(SCOPE, scopes_of(view.store, one)),
    user_list=dsl.computed_in(since="17.0")(_user_list),
)
FEATURE_FLAG = FeatureFlag.shape(
    *("name", "description", "active", "version", "created_at", "updated_at"),
).plus(
    scopes=lambda flag, view: [],
    strategies=lambda flag, view: view.many(STRATEGY, strategies_of(view.store, flag)),
)
