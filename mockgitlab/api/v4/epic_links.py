"""Epics that are part of epics.

Source: https://docs.gitlab.com/api/epic_links/ and GitLab's ee/lib/api/epic_links.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.epic_access import ADMINS, READS_AS_USER, may_read
from mockgitlab.api.models.epic import EPIC_LISTED, Epic, EpicIssue, children_of, path_of, reference
from mockgitlab.api.models.group import Group
from mockgitlab.api.services import epic_members, epics
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import RecordNotFound

PATH = "groups/:id/epics/:epic_iid/epics"
EE: dict[str, Any] = {"edition": "ee"}
LINKED_EPIC = Epic.shape("id", "iid", "title", name="LinkedEpic").plus(
    group_id=lambda epic, view: epic.group_id,
    parent_id=lambda epic, view: epic.parent_epic_id,
    has_children=lambda epic, view: bool(children_of(view.store, epic)),
    has_issues=lambda epic, view: bool(view.store[EpicIssue].having("epic_id", epic.id)),
    reference=lambda epic, view: reference(view.store, epic),
    url=lambda epic, view: f"{view.base}{path_of(view.store, epic)}",
    relation_url=lambda epic, view: f"{_parent_path(epic, view)}/links/{epic.id}",
)


def _parent_path(epic: Epic, view: dsl.View) -> str:
    return f"{view.base}{path_of(view.store, view.store[Epic][epic.parent_epic_id or 0])}"


def _listed(call: dsl.Call, epic: Epic) -> list[Epic]:
    return [child for child in children_of(call.store, epic) if may_read(call.store, access.me(call), child)]


def _child(call: dsl.Call, epic: Epic, child_epic_id: int) -> Epic:
    child = next((one for one in _listed(call, epic) if one.id == child_epic_id), None)
    if child is None:
        raise RecordNotFound(reason=f"epic {child_epic_id} is no part of epic {epic.iid}")
    return child


@v4.get(PATH, rule=READS_AS_USER, shape=EPIC_LISTED, paginated=False, **EE)
def list_child_epics(call: dsl.Call, epic: Epic) -> list[Epic]:
    """List the epics that are part of an epic."""
    return _listed(call, epic)


@v4.post(PATH, rule=ADMINS, shape=LINKED_EPIC, **EE)
def create_child_epic(
    call: dsl.Call,
    group: Group,
    epic: Epic,
    title: Annotated[str, "The title of the new epic"],
    confidential: Annotated[bool | None, "Whether it is confidential, by default as the other"] = None,
) -> Epic:
    """Create an epic that is part of another."""
    hidden = epic.confidential if confidential is None else confidential
    return epics.create(call, group, {"title": title, "confidential": hidden, "parent_id": epic.id})


@v4.post(f"{PATH}/:child_epic_id", rule=ADMINS, shape=EPIC_LISTED, **EE)
def add_child_epic(call: dsl.Call, epic: Epic, child_epic_id: int) -> Epic:
    """Make an epic part of another."""
    return epic_members.add_child(call, epic, call.store[Epic].get(child_epic_id))


@v4.put(f"{PATH}/:child_epic_id", rule=ADMINS, shape=EPIC_LISTED, paginated=False, **EE)
def move_child_epic(
    call: dsl.Call,
    epic: Epic,
    child_epic_id: int,
    move_before_id: Annotated[int | None, "The ID of the epic that comes after this one"] = None,
    move_after_id: Annotated[int | None, "The ID of the epic that comes before this one"] = None,
) -> list[Epic]:
    """Put a part of an epic before or after another."""
    child = _child(call, epic, child_epic_id)
    if not epic_members.place(call.store, children_of(call.store, epic), child, move_after_id, move_before_id):
        raise RecordNotFound(reason=f"no other part of epic {epic.iid} was named to be moved to")
    return _listed(call, epic)


@v4.delete(f"{PATH}/:child_epic_id", rule=READS_AS_USER, shape=EPIC_LISTED, success=200, conditional=False, **EE)
def remove_child_epic(call: dsl.Call, epic: Epic, child_epic_id: int) -> Epic:
    """Take an epic out of the one that it is part of."""
    child = _child(call, epic, child_epic_id)
    access.AS_GUEST.check(call)
    return epic_members.remove_child(call, epic, child)
