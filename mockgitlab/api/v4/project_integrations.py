"""Integrations of projects and groups.

``/services`` is an older spelling for projects. Each kind of the table is set up by an operation of its own.

Source: https://docs.gitlab.com/api/project_integrations/, https://docs.gitlab.com/api/group_integrations/ and GitLab's
lib/api/integrations.rb, lib/api/integrations/integratable_operations.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.integration import (
    INTEGRATION,
    INTEGRATION_BASIC,
    Integration,
    find_integration,
    integrations_of,
)
from mockgitlab.api.models.integration_kinds import Kind
from mockgitlab.api.models.integration_table import KINDS
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import integrations
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import InvalidParameters, NotFound, Unprocessable
from mockgitlab.store import release

Place = Project | Group
PAGES: dict[str, dict[str, Any]] = {
    "projects/:id/services": {"rule": access.AS_MAINTAINER},
    "projects/:id/integrations": {"rule": access.AS_MAINTAINER, "since": "14.4"},
    "groups/:id/integrations": {"rule": access.AS_OWNER, "since": "17.9"},
}


@v4.locator(*(f"{at}/:slug" for at in PAGES))
def find(call: dsl.Call, slug: str) -> Integration:
    """Return the integration of a kind that somebody set up in a project or group, active or not."""
    at, kind = call.maybe_at(Project) or call.at(Group), KINDS.get(slug)
    if kind is None or not kind.exists_in(call.settings):
        raise InvalidParameters(["slug does not have a valid value"], reason=f"GitLab has no integration {slug}")
    if isinstance(at, Group) and "groups" not in kind.of:
        integrations.check_available(call, kind, at)
    found = find_integration(call.store, at, slug) if integrations.is_available(call, kind, at) else None
    if found is None:
        raise NotFound("Integration", reason=f"nobody set up {slug} for {at.full_path}")
    return found


def _declare(at: str, **options: Any) -> None:
    @v4.get(at, shape=INTEGRATION_BASIC, paginated=False, **options)
    def list_integrations(call: dsl.Call, place: Place) -> list[Integration]:
        """List the active integrations of a project or group."""
        return [one for one in integrations_of(call.store, place) if one.active]

    @v4.get(f"{at}/:slug", shape=INTEGRATION, **options)
    def show_integration(integration: Integration) -> Integration:
        """Show what is set of an integration; secrets are not told."""
        return integration

    @v4.delete(f"{at}/:slug", **options)
    def disable_integration(call: dsl.Call, integration: Integration) -> None:
        """Disable an integration and forget its settings."""
        if integration.slug == "jira-cloud-app":
            told = f"You cannot disable the {integration.kind.title} integration from the API"
            raise Unprocessable(told, reason="Jira does that")
        integrations.disable(call.store, integration)

    for kind in KINDS.values():
        _declare_kind(at, kind, options)


def _declare_kind(at: str, kind: Kind, options: dict[str, Any]) -> None:
    since = max((kind.since, options.get("since", "")), key=lambda one: release(one or "0"))
    more = {**options, "since": since, "edition": kind.edition, "summary": f"Set up {kind.title}"}

    @v4.put(f"{at}/{kind.slug}", shape=INTEGRATION, params=kind.params, **more)
    def set_up(call: dsl.Call, place: Place, given: dsl.Given) -> Integration:
        """Set up an integration of a project or group, or change it."""
        return integrations.set_up(call, place, kind, given)


for _at, _options in PAGES.items():
    _declare(_at, **_options)
