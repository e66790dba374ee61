"""Integrations that somebody set up, in a project or for all projects of a group.

Source: https://docs.gitlab.com/api/project_integrations/ and GitLab's lib/api/entities/integration.rb,
app/models/concerns/integrations/base/integration.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.integration_kinds import Kind, Property
from mockgitlab.api.models.integration_old import OLD_KINDS
from mockgitlab.api.models.integration_table import KINDS
from mockgitlab.api.models.project import Project, namespace_of, tied_to

LATER = "16.0"
"""Since when answers tell of incidents, alerts and deployments."""
OTHER_CHANNEL = {"confidential_issue_channel": "issue_channel", "confidential_note_channel": "note_channel"}
"""Where is written of these when they have no channel of their own."""


def _event(what: str, *, default: bool = True, since: str = "", edition: str = "") -> Any:
    return dsl.optional(f"Whether it is told of {what} events", default=default, since=since, edition=edition)


class Integration(dsl.Entity):
    """Another service with which a project, or each project of a group, works together.

    One with ``inherit_from_id`` is that of a group above and follows it.
    """

    natural = "slug"

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    inherit_from_id: int | None = dsl.parent("Integration")
    slug: str = dsl.required("Which service it is", enum=tuple(KINDS))
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    active: bool = dsl.optional("Whether it does anything", default=True)
    commit_events: bool = _event("commit")
    push_events: bool = _event("push")
    issues_events: bool = _event("issue")
    incident_events: bool = _event("incident", default=False, since=LATER)
    alert_events: bool = _event("alert", since=LATER)
    confidential_issues_events: bool = _event("confidential issue")
    merge_requests_events: bool = _event("merge request")
    tag_push_events: bool = _event("tag push")
    deployment_events: bool = _event("deployment", default=False, since=LATER)
    note_events: bool = _event("note")
    confidential_note_events: bool = _event("confidential note")
    pipeline_events: bool = _event("pipeline")
    wiki_page_events: bool = _event("wiki page")
    job_events: bool = _event("job")
    comment_on_event_enabled: bool = dsl.optional("Whether events become comments there", default=True)
    vulnerability_events: bool = _event("vulnerability", default=False, since="16.4", edition="ee")
    properties: dict[str, Any] = dsl.hidden("What was set", default={})

    @property
    def kind(self) -> Kind:
        """What is known of such an integration."""
        return KINDS.get(self.slug) or OLD_KINDS[self.slug]

    @dsl.computed
    def title(self, view: dsl.View) -> str:
        """How GitLab calls it."""
        return self.kind.title

    @dsl.computed_in(since="17.3")
    def inherited(self, view: dsl.View) -> bool:
        """Whether it is that of a group above."""
        return self.inherit_from_id is not None


SWITCHES = tuple(name for name in Integration.fields if name.endswith("_events"))
"""The columns that say of what it is told."""
_FIRST = ("id", "title", "slug", "created_at", "updated_at", "active")
_SWITCHES = tuple(name for name in SWITCHES if name != "vulnerability_events")
INTEGRATION_BASIC = Integration.shape(
    *(*_FIRST, *_SWITCHES, "comment_on_event_enabled", "inherited", "vulnerability_events"), name="IntegrationBasic"
)


def _properties(integration: Integration, view: dsl.View) -> dict[str, Any]:
    settings = view.store.settings
    return {one.name: value_of(integration, one) for one in integration.kind.shown if one.exists_in(settings)}


INTEGRATION = INTEGRATION_BASIC.plus(properties=_properties).called("Integration")


def value_of(integration: Integration, wanted: Property) -> Any:
    """Return the value of a property, its default where one that is cleared falls back on it."""
    values = integration.properties
    value = values.get(wanted.name)
    if not value and wanted.name in OTHER_CHANNEL:
        value = values.get(OTHER_CHANNEL[wanted.name])
    if wanted.stripped and value:
        return value.removesuffix(wanted.stripped)
    return wanted.default if value is None and wanted.lasting else value


def integrations_of(store: dsl.Store, at: Project | Group) -> list[Integration]:
    """Return the integrations of a project or group, oldest first."""
    [(column, id)] = tied_to(at).items()
    return sorted(store[Integration].having(column, id), key=lambda one: one.id)


def find_integration(store: dsl.Store, at: Project | Group, slug: str) -> Integration | None:
    """Return the integration of a kind that a project or group has, active or not."""
    return next((one for one in integrations_of(store, at) if one.slug == slug), None)


def groups_above(store: dsl.Store, at: Project | Group) -> list[Group]:
    """Return the groups whose integrations a project or group may take over, nearest first."""
    if isinstance(at, Group):
        return ancestors(store, at)[1:]
    return ancestors(store, namespace_of(store, at))


def default_of(store: dsl.Store, at: Project | Group, slug: str) -> Integration | None:
    """Return the integration that a project or group may take over: that of the nearest group with its own."""
    found = (find_integration(store, group, slug) for group in groups_above(store, at))
    return next((one for one in found if one is not None and one.inherit_from_id is None), None)
