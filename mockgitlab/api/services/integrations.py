"""Setting up integrations, disabling them, and passing those of groups on to what is below.

Source: GitLab's lib/api/integrations/integratable_operations.rb, app/services/integrations/update_service.rb,
app/services/integrations/propagate_service.rb and app/models/concerns/integrations/reset_secret_fields.rb.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.integration import (
    SWITCHES,
    Integration,
    default_of,
    find_integration,
    groups_above,
    integrations_of,
    value_of,
)
from mockgitlab.api.models.integration_checks import BLANK
from mockgitlab.api.models.integration_kinds import Kind, Problems, Property
from mockgitlab.api.models.mirror import url_problem
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.ruby import inspect
from mockgitlab.errors import BadRequest, Unprocessable

Place = Project | Group
NOT_AVAILABLE = "400 Integration not available"
NO_DEFAULT = "Default integration not found."
SERVICE_SINCE = (17, 2)
"""Since when the refusal of what is not valid tells why, and inherited settings stay until somebody says otherwise."""
ANOTHER_TRACKER = "Another issue tracker is already in use. Only one issue tracker service can be active at a time"
NOT_A_URL = "must be a valid URL"


# Which there are


def is_available(call: dsl.Call, kind: Kind, at: Place) -> bool:
    """Tell whether a project or group may have an integration; some are there once administrators set something."""
    if ("projects" if isinstance(at, Project) else "groups") not in kind.of:
        return False
    slack_app = value(call.store, "slack_app_enabled")
    needed = {
        "gitlab-slack-application": slack_app,
        "slack-slash-commands": not slack_app,
        "jira-cloud-app": value(call.store, "jira_connect_application_key"),
    }
    return kind.exists_in(call.settings) and bool(needed.get(kind.slug, True))


def check_available(call: dsl.Call, kind: Kind, at: Place) -> None:
    """Refuse an integration that a project or group cannot have."""
    if not is_available(call, kind, at):
        raise BadRequest(
            NOT_AVAILABLE, reason=f"{kind.slug} is not for {at.full_path}, or not enabled for the instance"
        )


# Setting up


def set_up(call: dsl.Call, at: Place, kind: Kind, given: Mapping[str, Any]) -> Integration:
    """Set up an integration or change it: with settings of its own, or those of a group above."""
    check_available(call, kind, at)
    row = find_integration(call.store, at, kind.slug)
    if row is None and not kind.manual:
        raise Unprocessable(
            f"You cannot create the {kind.title} integration from the API",
            reason="it is made elsewhere",
        )
    inherits = row is not None and row.inherit_from_id is not None and call.settings.release >= SERVICE_SINCE
    draft = row or begin(kind, at)
    if given.get("use_inherited_settings", inherits):
        kept = _follow(call.store, at, draft)
    else:
        kept = _change(call, at, draft, given)
    if isinstance(at, Group):
        propagate(call.store, at, kept)
    return kept


def begin(kind: Kind, at: Place) -> Integration:
    """Return an integration as it is before anybody says anything."""
    return Integration(id=None, slug=kind.slug, active=False, properties=kind.defaults, **kind.columns, **tied_to(at))


def _follow(store: dsl.Store, at: Place, draft: Integration) -> Integration:
    """Let an integration follow that of a group above; a project's takes all over."""
    default = default_of(store, at, draft.slug)
    if default is None:
        raise BadRequest(NO_DEFAULT, reason=f"no group above {at.full_path} has {draft.slug}")
    copied = copied_from(default) if isinstance(at, Project) else {"inherit_from_id": default.id}
    return keep(store, draft, copied)


def copied_from(default: Integration) -> dict[str, Any]:
    """Return the columns of an integration that follows another."""
    names = ("active", "comment_on_event_enabled", "properties", *SWITCHES)
    return {"inherit_from_id": default.id, **{name: getattr(default, name) for name in names}}


def keep(store: dsl.Store, draft: Integration, changes: Mapping[str, Any]) -> Integration:
    """Change an integration, or make it if it is none yet."""
    if draft.id is not None:
        return store.update(draft, **changes)
    return store.insert(Integration(**{**draft.__dict__, **changes}))


def _change(call: dsl.Call, at: Place, draft: Integration, given: Mapping[str, Any]) -> Integration:
    changes = {"inherit_from_id": None, **columns(draft, given)}
    changed = draft.replaced(changes)
    problems = problems_of(changed) | _tracker_problems(call.store, at, changed)
    if problems:
        told = f"Failed to update integration. {inspect(problems)}"
        raise BadRequest(
            told if call.settings.release >= SERVICE_SINCE else "400 Bad Request", reason=inspect(problems)
        )
    return keep(call.store, draft, changes)


def columns(draft: Integration, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an integration becomes by what was given."""
    kind = draft.kind
    own = {name: value for name, value in given.items() if name in kind.named}
    switches = {name: bool(value) for name, value in given.items() if name in (*SWITCHES, "comment_on_event_enabled")}
    properties = {**draft.properties, **_forgotten(draft, own), **own}
    told = properties.get("datadog_ci_visibility")
    follow = {} if told is None else {"job_events": told, "pipeline_events": told}
    active = {"active": True} if kind.manual else {}
    return {**active, **switches, **(follow if kind.slug == "datadog" else {}), "properties": properties}


def _forgotten(draft: Integration, given: Mapping[str, Any]) -> dict[str, None]:
    """Return the secrets that are forgotten, as what would be sent to them goes elsewhere now."""
    properties, named = draft.properties, draft.kind.named
    moved = any(named[name].exposes and value != properties.get(name) for name, value in given.items())
    return {one.name: None for one in draft.kind.own if one.secret} if moved else {}


def disable(store: dsl.Store, integration: Integration) -> None:
    """Disable an integration and forget all that was set; trackers have columns, which get their defaults back."""
    kind = integration.kind
    cleared = {one.name: one.default if kind.category == "issue_tracker" else None for one in kind.own}
    store.update(integration, active=False, properties=cleared)


# What is wrong


def problems_of(integration: Integration) -> Problems:
    """Return what is wrong with the properties of an integration, nothing while it is not active."""
    if not integration.active:
        return {}
    values = {one.name: value_of(integration, one) for one in integration.kind.own}
    found = {one.name: list(_property_problems(one, values)) for one in integration.kind.own}
    further = integration.kind.check(values) if integration.kind.check else {}
    for name, texts in further.items():
        found[name] = [*found.get(name, ()), *texts]
    return {name: texts for name, texts in found.items() if texts}


def _property_problems(wanted: Property, values: Mapping[str, Any]) -> Iterator[str]:
    text = str(values.get(wanted.name) if values.get(wanted.name) is not None else "")
    beside = not wanted.beside or bool(values.get(wanted.beside))
    blank = not text.strip()
    if blank and beside and (wanted.required or wanted.beside) and not wanted.may_be_blank:
        yield BLANK
    if wanted.url and (problem := _url_problem(text, wanted)):
        yield problem
    if wanted.pattern and (text or wanted.required) and not re.fullmatch(wanted.pattern, text):
        yield wanted.told
    if wanted.values and text and text not in wanted.values:
        yield "is not included in the list"
    if wanted.longest and len(text) > wanted.longest:
        yield f"is too long (maximum is {wanted.longest} characters)"


def _url_problem(text: str, wanted: Property) -> str:
    if not text.strip():
        return NOT_A_URL if wanted.required else ""
    return url_problem(text, ("http", "https"))


def _tracker_problems(store: dsl.Store, at: Place, integration: Integration) -> Problems:
    """Return what is wrong with a second issue tracker."""
    if integration.kind.category != "issue_tracker" or isinstance(at, Group):
        return {}
    others = (one for one in integrations_of(store, at) if one.active and one.slug != integration.slug)
    taken = any(one.kind.category == "issue_tracker" for one in others)
    return {"base": [ANOTHER_TRACKER]} if taken else {}


# Passing on


def propagate(store: dsl.Store, group: Group, integration: Integration) -> None:
    """Let what is below a group have its integration: those that follow it change, those that have none get it."""
    for place in _below(store, group):
        row = find_integration(store, place, integration.slug)
        if row is None and integration.active and "projects" in integration.kind.of:
            _inherit(store, place, integration.slug)
        elif row is not None and row.inherit_from_id is not None:
            default = default_of(store, place, integration.slug)
            store.update(row, **copied_from(default or integration))


def _below(store: dsl.Store, group: Group) -> list[Place]:
    groups = descendants(store, group)
    projects = store[Project].all().among("namespace_id", [group.id, *(one.id for one in groups)])
    return [*groups, *(one for one in projects if not one.archived)]


def _inherit(store: dsl.Store, place: Place, slug: str) -> None:
    default = default_of(store, place, slug)
    if default is not None and default.active:
        store.insert(Integration(slug=slug, **tied_to(place), **copied_from(default)))


def inherit_all(store: dsl.Store, place: Place) -> None:
    """Let a new project or group have the active integrations of the groups above it."""
    if store[Integration].untouched:
        return
    slugs = {one.slug for group in groups_above(store, place) for one in integrations_of(store, group)}
    for slug in sorted(slugs):
        if find_integration(store, place, slug) is None:
            _inherit(store, place, slug)


def inherit_anew(store: dsl.Store, project: Project) -> None:
    """Let a project that has moved follow the groups where it is now."""
    for one in integrations_of(store, project):
        if one.inherit_from_id is not None:
            store.delete(one)
    inherit_all(store, project)
