"""Epics. Source: https://docs.gitlab.com/api/epics/ and GitLab's ee/lib/api/epics.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.epic_access import ADMINS, DELETES, READS, READS_AS_USER, may_read, readable
from mockgitlab.api.issuable_filters import by_labels, by_reaction, named, not_labels, not_named, not_of
from mockgitlab.api.models.epic import EPIC, EPIC_LISTED, Epic, epics_of
from mockgitlab.api.models.group import Group, ancestors, descendants
from mockgitlab.api.models.issuable import asked_in
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.todo_shape import TODO
from mockgitlab.api.services import epics
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import InvalidParameters, RecordNotFound
from mockgitlab.store import Query

Epics = Query[Epic]
EE: dict[str, Any] = {"edition": "ee"}
_NOT: dict[str, dsl.filters.Narrow] = {
    "labels": not_labels,
    "author_id": not_of("author_id"),
    "author_username": not_named("author_id"),
}


def _exclude(query: Epics, unwanted: dict[str, Any], call: dsl.Call) -> Epics:
    if "author_id" in unwanted and "author_username" in unwanted:
        raise InvalidParameters(["not[author_id], not[author_username] are mutually exclusive"])
    for name, value in unwanted.items():
        query = _NOT[name](query, value, call) if name in _NOT and value is not None else query
    return query


FILTERS = [
    dsl.eq(
        "state",
        str,
        "Epics that are opened, closed, or all",
        default="all",
        ignore=("all",),
        enum=("opened", "closed", "all"),
    ),
    dsl.eq("author_id", int, "By the user with this ID"),
    dsl.by("author_username", str, "By the user with this username", named("author_id")),
    dsl.by("labels", dsl.CommaList, "With all of these labels, None or Any", by_labels),
    dsl.by("my_reaction_emoji", str, "With this reaction of the user, None or Any", by_reaction),
    dsl.eq("confidential", bool, "Confidential or public epics"),
    dsl.search("title", "description"),
    *dsl.dates("created"),
    *dsl.dates("updated"),
    dsl.by(
        "not",
        dict,
        "What epics must not have",
        _exclude,
        nested=(
            dsl.param("labels", dsl.CommaList, "With none of these labels"),
            dsl.param("author_id", int, "Not by this user"),
            dsl.param("author_username", str, "Not by the user with this username"),
        ),
    ),
    dsl.order("created_at", "updated_at", "title"),
]
REACH = [
    dsl.param("include_ancestor_groups", bool, "Include epics of the groups above", default=False),
    dsl.param("include_descendant_groups", bool, "Include epics of the groups below", default=True),
    dsl.param("with_labels_details", bool, "Show the labels, not their names alone", default=False),
]
FIELDS = [
    dsl.param("description", str, "The description of an epic", max_length=1_048_576),
    dsl.param("color", str, "The color of an epic"),
    dsl.param("confidential", bool, "Whether the epic is confidential"),
    dsl.param("start_date", str, "The first day", deprecated="use start_date_fixed"),
    dsl.param("start_date_fixed", str, "The first day"),
    dsl.param("start_date_is_fixed", bool, "Whether that first day counts, not those of milestones"),
    dsl.param("end_date", str, "The last day", deprecated="use due_date_fixed"),
    dsl.param("due_date_fixed", str, "The last day"),
    dsl.param("due_date_is_fixed", bool, "Whether that last day counts, not those of milestones"),
    dsl.param("labels", dsl.CommaList, "The names of the labels; unknown ones are created"),
    dsl.param("parent_id", int, "The ID of the epic that it is part of"),
]
CHANGES = dsl.at_least_one_of(
    *("add_labels", "color", "confidential", "description", "due_date_fixed", "due_date_is_fixed", "labels"),
    *("parent_id", "remove_labels", "start_date_fixed", "start_date_is_fixed", "state_event", "title"),
    *("start_date", "end_date"),
)


PAGES = ("epics", "epic_issues", "epic_links")
"""The pages whose operations tell whether the caller sees the epic; on others a hidden one is not found."""


@v4.locator("groups/:id/epics/:epic_iid", integer=True)
def find_epic(call: dsl.Call, value: str) -> Epic:
    """Return the epic of a group with an internal id, or with an id where the path names it by that."""
    group, column = call.at(Group), "id" if ":epic_id" in call.operation.path else "iid"
    epic = call.store[Epic].find(group_id=group.id, **{column: int(value)})
    if epic is None:
        raise RecordNotFound(reason=f"{group.full_path} has no epic with the {column} {value}")
    if call.operation.page not in PAGES and not may_read(call.store, call.user, epic):
        raise RecordNotFound(reason=f"epic {epic.iid} of {group.full_path} is confidential")
    return epic


@v4.get(
    "groups/:id/epics",
    shape=EPIC_LISTED,
    params=REACH,
    filters=FILTERS,
    constraints=[dsl.mutually_exclusive("author_id", "author_username")],
    **EE,
)
def list_epics(call: dsl.Call, group: Group) -> Epics:
    """List the epics of a group and of the groups below it."""
    above = ancestors(call.store, group)[1:] if call.option("include_ancestor_groups") else []
    below = descendants(call.store, group) if call.option("include_descendant_groups") else []
    visible = access.visible_group_ids(call.store, call.user)
    found = epics_of(call.store, [one.id for one in (group, *above, *below) if one.id in visible])
    details = ("with_labels_details",) if call.option("with_labels_details") else ()
    shown: Epics = dsl.present(readable(call, found), options=(asked_in(group.id), *details))
    return shown


@v4.get("groups/:id/epics/:epic_iid", rule=READS, shape=EPIC, **EE)
def show_epic(epic: Epic) -> Epic:
    """Show an epic."""
    return epic


@v4.post(
    "groups/:id/epics",
    rule=ADMINS,
    shape=EPIC_LISTED,
    params=[
        dsl.param("title", str, "The title of an epic", required=True, max_length=255),
        *FIELDS,
        dsl.param("created_at", dsl.Timestamp, "When it was created; for administrators and owners"),
    ],
    **EE,
)
def create_epic(call: dsl.Call, group: Group, given: dsl.Given) -> Epic:
    """Create an epic."""
    return epics.create(call, group, given)


@v4.put(
    "groups/:id/epics/:epic_iid",
    rule=ADMINS,
    shape=EPIC_LISTED,
    params=[
        dsl.param("title", str, "The title of an epic", max_length=255),
        *FIELDS,
        dsl.param("add_labels", dsl.CommaList, "The names of labels to add"),
        dsl.param("remove_labels", dsl.CommaList, "The names of labels to remove"),
        dsl.param("state_event", str, "Close or reopen the epic", enum=("reopen", "close")),
        dsl.param("updated_at", dsl.Timestamp, "When it was changed; for administrators and owners"),
    ],
    constraints=[CHANGES],
    **EE,
)
def update_epic(call: dsl.Call, epic: Epic, given: dsl.Given) -> Epic:
    """Change an epic, close it or open it again."""
    return epics.update(call, epic, given)


@v4.delete("groups/:id/epics/:epic_iid", rule=DELETES, conditional=False, **EE)
def delete_epic(call: dsl.Call, epic: Epic) -> None:
    """Delete an epic; what was part of it stays."""
    epics.delete(call, epic)


@v4.post("groups/:id/epics/:epic_iid/todo", rule=READS_AS_USER, shape=TODO, **EE)
def ask_oneself(call: dsl.Call, epic: Epic) -> Todo:
    """Make a to-do item on an epic for the current user; 304 where one is pending."""
    return effects.add_todo(call, access.me(call).id, "marked", epic) or dsl.present(None, status=304)
