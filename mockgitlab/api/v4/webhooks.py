"""Webhooks of projects and groups.

Source: https://docs.gitlab.com/api/project_webhooks/, https://docs.gitlab.com/api/group_webhooks/ and GitLab's
lib/api/project_hooks.rb, ee/lib/api/group_hooks.rb, lib/api/hooks/.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.web_hook import (
    GROUP_HOOK,
    OF_BOTH,
    OF_LATER,
    OF_REPOSITORY,
    PROJECT_HOOK,
    PROJECT_HOOK_LISTED,
    WebHook,
    hooks_of,
)
from mockgitlab.api.services import web_hooks
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import GrapeError, NotFound, RecordNotFound

Place = Project | Group
TEXTS = ("name", "description")
OF_EVENTS = (*(name for name in OF_REPOSITORY if name != "repository_update_events"), *OF_BOTH, *OF_LATER)
HOW = ("enable_ssl_verification", "push_events_branch_filter", "branch_filter_strategy")
PAIRS = {"url_variables": "variables", "custom_headers": "headers"}
"""Parameters that are lists of keys and values, and the columns in which these are kept."""
PAIR = (dsl.param("key", str, "Its name", required=True), dsl.param("value", str, "Its value", required=True))
SECRETS = [
    dsl.param("token", str, "The secret that is sent along; never shown"),
    *(
        dsl.param(
            name,
            list[dict[str, Any]],
            f"The {column} by their keys",
            nested=[
                dsl.param("key", str, "Its name", required=True),
                dsl.param("value", str, "Its value", required=True),
            ],
            since=since,
        )
        for (name, column), since in zip(PAIRS.items(), ("15.2", "17.1"), strict=True)
    ),
]


class NothingGiven(GrapeError):
    """An update that says nothing."""

    message = "No parameters provided"


def settable(*names: str) -> list[dsl.Param]:
    """Return the parameters that set a hook's attributes, the secrets among them."""
    return [*(of_field(WebHook.fields[name], required=False) for name in names), *SECRETS]


PARAMS = {
    "projects": settable(*TEXTS, *OF_EVENTS, "milestone_events", *HOW, "custom_webhook_template"),
    "groups": settable(*TEXTS, *OF_EVENTS, "subgroup_events", "member_events", *HOW, "custom_webhook_template"),
}
URL = dsl.param("url", str, "The URL to send the request to", required=True)
NEW_URL = dsl.param("url", str, "The URL to send the request to")
OF: dict[str, dict[str, Any]] = {
    "projects": {"rule": access.AS_MAINTAINER},
    "groups": {"rule": access.AS_OWNER, "edition": "ee"},
}
SHAPES = {"projects": PROJECT_HOOK, "groups": GROUP_HOOK}
LISTED = {"projects": PROJECT_HOOK_LISTED, "groups": GROUP_HOOK}


# What system hooks have too


def columns(given: Mapping[str, Any], hook: WebHook | None = None) -> dict[str, Any]:
    """Return the columns of what was given; further variables and headers join those that there are."""
    plain = {name: value for name, value in given.items() if name in (*WebHook.fields, "token") and name not in PAIRS}
    kept = {name: value for name, value in plain.items() if value is not None or _may_be_null(name)}
    for name, column in PAIRS.items():
        if pairs := given.get(name):
            kept[column] = {**(getattr(hook, column) if hook else {}), **{one["key"]: one["value"] for one in pairs}}
    if kept.get("branch_filter_strategy", hook.branch_filter_strategy if hook else "") == "all_branches":
        kept["push_events_branch_filter"] = None
    return kept


def _may_be_null(name: str) -> bool:
    return WebHook.fields[name].default is None


def create(call: dsl.Call, at: Place | None, given: dsl.Given, **tie: Any) -> WebHook:
    """Add a hook to a project, to a group or to the instance."""
    return web_hooks.create(call, WebHook(**{**tie, **columns(given)}), at)


def update(call: dsl.Call, hook: WebHook, given: dsl.Given) -> WebHook:
    """Change a hook."""
    changes = columns(given, hook)
    if not given:
        raise NothingGiven(reason="an update changes something")
    return web_hooks.update(call, hook, changes)


def find(call: dsl.Call, value: str, at: Place | None) -> WebHook:
    """Return a hook of a project, of a group or of the instance by its id."""
    found = call.store[WebHook].get(int(value)) if value.isdigit() else None
    owner = (at.id, None) if isinstance(at, Project) else (None, at.id if at else None)
    if found is None or (found.project_id, found.group_id) != owner:
        raise RecordNotFound(reason=f"{at.full_path if at else 'the instance'} has no hook {value}")
    return found


def declare_pairs(at: str, name: str, **options: Any) -> None:
    """Declare how a variable or a header of hooks is set and unset, one at a time."""
    column, (what, unset, since) = PAIRS[name], PAIR_WORDS[name]

    @v4.put(f"{at}/:hook_id/{name}/:key", success=204, since=since, **options)
    def set_pair(call: dsl.Call, hook: WebHook, key: str, value: str) -> None:
        """Set what stands for a name in a hook's URL, or one of its headers."""
        web_hooks.change_pair(call, hook, column, {**getattr(hook, column), key: value}, "Illegal key or value")

    @v4.delete(f"{at}/:hook_id/{name}/:key", conditional=False, since=since, **options)
    def unset_pair(call: dsl.Call, hook: WebHook, key: str) -> None:
        """Unset what stands for a name in a hook's URL, or one of its headers."""
        pairs = getattr(hook, column)
        if key not in pairs:
            raise NotFound(what, reason=f"the hook has: {', '.join(pairs) or 'none'}")
        left = {one: value for one, value in pairs.items() if one != key}
        web_hooks.change_pair(call, hook, column, left, f"Could not unset {unset}")


PAIR_WORDS = {
    "url_variables": ("URL variable", "variable", "15.2"),
    "custom_headers": ("Custom header", "custom header", "17.1"),
}
"""What one is called where it is missing and where it stays, and since when there are any."""


# Of projects and groups


@v4.locator("projects/:id/hooks/:hook_id", "groups/:id/hooks/:hook_id", integer=True)
def find_hook(call: dsl.Call, value: str) -> WebHook:
    """Return the hook of the project or group with an id."""
    return find(call, value, call.maybe_at(Project) or call.at(Group))


def _declare(kind: str) -> None:
    at, of, shape = f"{kind}/:id/hooks", OF[kind], SHAPES[kind]

    @v4.get(at, shape=LISTED[kind], **of)
    def list_hooks(call: dsl.Call, place: Place) -> list[WebHook]:
        """List the webhooks of a project or group."""
        return hooks_of(call.store, place)

    @v4.get(f"{at}/:hook_id", shape=shape, **of)
    def show_hook(hook: WebHook) -> WebHook:
        """Show a webhook of a project or group."""
        return hook

    @v4.post(at, shape=shape, params=[URL, *PARAMS[kind]], **of)
    def create_hook(call: dsl.Call, place: Place, given: dsl.Given) -> WebHook:
        """Add a webhook to a project or group."""
        return create(call, place, given, **{f"{kind[:-1]}_id": place.id})

    @v4.put(f"{at}/:hook_id", shape=shape, params=[NEW_URL, *PARAMS[kind]], **of)
    def update_hook(call: dsl.Call, hook: WebHook, given: dsl.Given) -> WebHook:
        """Change a webhook of a project or group."""
        return update(call, hook, given)

    @v4.delete(f"{at}/:hook_id", **of)
    def delete_hook(call: dsl.Call, hook: WebHook) -> None:
        """Delete a webhook of a project or group."""
        web_hooks.delete(call.store, hook)

    for name in PAIRS:
        declare_pairs(at, name, **of)


for _kind in OF:
    _declare(_kind)
