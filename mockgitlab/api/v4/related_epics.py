"""Links between epics.

Source: https://docs.gitlab.com/api/linked_epics/ and GitLab's ee/lib/api/related_epic_links.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.epic_access import READS, may_read, readable
from mockgitlab.api.models.epic import EPIC_LISTED, Epic, epics_of, reference
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.link import REVERSE, TOLD, LinkType, links_at
from mockgitlab.api.models.related_epic_link import RelatedEpicLink
from mockgitlab.api.v4.base import find_group, v4
from mockgitlab.errors import Conflict, Forbidden, RecordNotFound, Unprocessable
from mockgitlab.store import Query

PATH = "groups/:id/epics/:epic_iid/related_epics"
EE: dict[str, Any] = {"edition": "ee"}


def _end(column: str) -> Any:
    return lambda link, view: view.one(EPIC_LISTED, view.store[Epic].get(getattr(link, column)))


RELATED_EPIC_LINK = (
    RelatedEpicLink.shape("id", name="RelatedEpicLink")
    .plus(source_epic=_end("source_id"), target_epic=_end("target_id"))
    .plus("link_type", "created_at", "updated_at", entity=RelatedEpicLink)
)


def _check_relates(call: dsl.Call) -> None:
    READS.check(call)
    access.AS_GUEST.check(call)


RELATES = dsl.Rule("guest who sees the epic", _check_relates)


@v4.locator(f"{PATH}/:related_epic_link_id", integer=True)
def find_link(call: dsl.Call, value: str) -> RelatedEpicLink:
    """Return the link of the epic with an id."""
    link, epic = call.store[RelatedEpicLink].get(int(value)), call.at(Epic)
    if link is None or epic.id not in (link.source_id, link.target_id):
        raise RecordNotFound(reason=f"epic {epic.iid} has no link {value}")
    return link


@v4.get(
    "groups/:id/related_epic_links",
    shape=RELATED_EPIC_LINK,
    filters=[*dsl.dates("created"), *dsl.dates("updated")],
    **EE,
)
def list_links(call: dsl.Call, group: Group) -> Query[RelatedEpicLink]:
    """List the links between epics of a group and of those below, as far as the caller sees both ends."""
    groups = [group.id, *(one.id for one in descendants(call.store, group))]
    seen = frozenset(epic.id for epic in readable(call, epics_of(call.store, groups)))
    user = access.viewer(call)

    def shown(link: RelatedEpicLink) -> bool:
        ends = (call.store[Epic][id] for id in (link.source_id, link.target_id))
        return bool(seen & {link.source_id, link.target_id}) and all(may_read(call.store, user, end) for end in ends)

    ids = [link.id for link in call.store[RelatedEpicLink].all() if shown(link)]
    return call.store[RelatedEpicLink].all().among("id", ids)


@v4.get(PATH, rule=READS, paginated=False, **EE)
def list_related_epics(call: dsl.Call, epic: Epic) -> list[dict[str, Any]]:
    """List the epics linked to an epic that the caller may see, those linked first at the top."""
    user = access.viewer(call)
    links = links_at(call.store, RelatedEpicLink, epic.id)
    found = [(link, call.store[Epic][link.other(epic.id)]) for link in links]
    return [_related(call, epic, link, other) for link, other in found if may_read(call.store, user, other)]


def _related(call: dsl.Call, epic: Epic, link: RelatedEpicLink, other: Epic) -> dict[str, Any]:
    return {
        **EPIC_LISTED.render(other, call.view()),
        "related_epic_link_id": link.id,
        **link.fields_at(epic.id),
    }


@v4.post(PATH, rule=RELATES, shape=RELATED_EPIC_LINK, **EE)
def relate_epics(
    call: dsl.Call,
    epic: Epic,
    target_group_id: Annotated[str, "The ID or path of the other epic's group"],
    target_epic_iid: Annotated[int, "The internal ID of the other epic"],
    link_type: Annotated[LinkType, "The type of the relation"] = "relates_to",
) -> RelatedEpicLink:
    """Link an epic to another."""
    target = _target(call, find_group(call, target_group_id), target_epic_iid)
    if any(link.other(epic.id) == target.id for link in links_at(call.store, RelatedEpicLink, epic.id)):
        raise Conflict("Epic(s) already assigned", reason=f"epics {epic.iid} and {target.iid} are linked already")
    if epic.id == target.id:
        raise Unprocessable(f"&{epic.iid} cannot be added: cannot be related to itself")
    _remark(call, epic, target, link_type)
    source, other = (target, epic) if link_type == "is_blocked_by" else (epic, target)
    kept: Any = "relates_to" if link_type == "relates_to" else "blocks"
    return call.store.insert(RelatedEpicLink(source_id=source.id, target_id=other.id, link_type=kept))


def _target(call: dsl.Call, group: Group, iid: int) -> Epic:
    target = call.store[Epic].find(group_id=group.id, iid=iid)
    if target is None:
        raise RecordNotFound(reason=f"{group.full_path} has no epic {iid}")
    if not may_read(call.store, access.me(call), target):
        raise Forbidden(reason=f"epic {iid} of {group.full_path} is confidential")
    return target


def _remark(call: dsl.Call, epic: Epic, target: Epic, kind: LinkType) -> None:
    for one, other, told in ((epic, target, kind), (target, epic, REVERSE[kind])):
        there = reference(call.store, other, one.group_id)
        effects.system_note(call, one, f"marked this epic as {TOLD[told]} {there}", "relate")


@v4.delete(f"{PATH}/:related_epic_link_id", rule=RELATES, shape=RELATED_EPIC_LINK, success=200, conditional=False, **EE)
def unrelate_epics(call: dsl.Call, link: RelatedEpicLink) -> dict[str, Any]:
    """Delete a link between epics, and show it for the last time."""
    shown = RELATED_EPIC_LINK.render(link, call.view())
    ends = [call.store[Epic][id] for id in (link.source_id, link.target_id)]
    for one, other in (ends, reversed(ends)):
        there = reference(call.store, other, one.group_id)
        effects.system_note(call, one, f"removed the relation with {there}", "unrelate")
    call.store.delete(link)
    return shown
