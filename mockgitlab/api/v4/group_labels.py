"""Labels of groups. Source: https://docs.gitlab.com/api/group_labels/ and GitLab's lib/api/group_labels.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.label import GROUP_LABEL, Label, owner_of, owners_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import labels
from mockgitlab.api.v4 import labels as of_projects
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

AT_LEAST_ONE = dsl.at_least_one_of("new_name", "color", "description", "archived")
REACH = [
    of_projects.WITH_ANCESTORS,
    dsl.param("include_descendant_groups", bool, "Include labels of the groups below", default=False),
    dsl.param("only_group_labels", bool, "Leave out the labels of projects", default=True),
]


@v4.locator("groups/:id/labels/:label_id")
def find_group_label_in_path(call: dsl.Call, value: str) -> Label:
    """Return the label that an id or a name means in a group.

    Subscribing reaches the groups above as well, reading what the parameters say. Who may not change labels is told so
    before the label is looked up.
    """
    if call.operation.method == "PUT":
        call.operation.rule.check(call)
    if call.operation.method == "GET":
        return labels.choose(call, call.at(Group), _owners(call), value)
    return labels.locate(call, call.at(Group), value, above=call.operation.method == "POST")


def _owners(call: dsl.Call) -> list[str]:
    """Return to what the labels belong that the parameters of a call reach, the group itself first."""
    group, given, visible = call.at(Group), call.given, access.visible_group_ids(call.store, call.user)
    above = owners_of(call.store, group) if given["include_ancestor_groups"] is not False else []
    below = descendants(call.store, group) if given["include_descendant_groups"] else []
    groups = [group, *(one for one in below if one.id in visible)]
    projects = _projects(call, groups) if given["only_group_labels"] is False else []
    own = [*(owner_of(one) for one in groups), *(owner_of(one) for one in projects)]
    return list(dict.fromkeys([owner_of(group), *above, *own]))


def _projects(call: dsl.Call, groups: list[Group]) -> list[Project]:
    visible = access.visible_project_ids(call.store, call.user)
    found = (one for group in groups for one in call.store[Project].having("namespace_id", group.id))
    return [project for project in found if project.id in visible]


@v4.get("groups/:id/labels", rule=access.USER, shape=GROUP_LABEL, params=REACH, filters=of_projects.FILTERS)
def list_group_labels(
    call: dsl.Call, with_counts: Annotated[bool, "Show how many issues have the label"] = False
) -> Query[Label]:
    """List the labels of a group."""
    found = of_projects.in_title_order(call.store[Label].all().among("owner", _owners(call)))
    shown: Query[Label] = dsl.present(found, of_projects.GROUP_LABEL_WITH_COUNTS if with_counts else None)
    return shown


@v4.get("groups/:id/labels/:label_id", rule=access.USER, shape=GROUP_LABEL, params=REACH)
def show_group_label(label: Label) -> Label:
    """Show a label of a group."""
    return label


@v4.post("groups/:id/labels", rule=access.AS_PLANNER, shape=GROUP_LABEL, params=of_projects.CREATE)
def create_group_label(call: dsl.Call, group: Group, given: dsl.Given) -> Label:
    """Create a label in a group."""
    return labels.create(call, group, given)


@v4.put(
    "groups/:id/labels/:label_id",
    rule=access.AS_PLANNER,
    shape=GROUP_LABEL,
    params=[*of_projects.UPDATE, of_projects.ARCHIVED],
    constraints=[AT_LEAST_ONE],
)
def update_group_label(call: dsl.Call, group: Group, label: Label, given: dsl.Given) -> Label:
    """Change a label of a group."""
    return labels.change(call, group, label, given)


@v4.put(
    "groups/:id/labels",
    rule=access.AS_PLANNER,
    shape=GROUP_LABEL,
    params=[*of_projects.BY_EITHER, *of_projects.UPDATE, of_projects.ARCHIVED],
    constraints=[AT_LEAST_ONE, dsl.exactly_one_of("label_id", "name")],
    deprecated=of_projects.IN_PATH,
)
def update_named_group_label(call: dsl.Call, group: Group, given: dsl.Given) -> Label:
    """Change a label of a group that a parameter names."""
    return labels.change(call, group, labels.locate(call, group, of_projects.named(given)), given)


@v4.delete("groups/:id/labels/:label_id", rule=access.AS_PLANNER)
def delete_group_label(call: dsl.Call, label: Label) -> None:
    """Delete a label of a group, and take it off everything that has it."""
    labels.delete(call.store, label)


@v4.delete("groups/:id/labels", rule=access.AS_PLANNER, conditional=False, deprecated=of_projects.IN_PATH)
def delete_named_group_label(call: dsl.Call, group: Group, name: Annotated[str, "The name of the label"]) -> None:
    """Delete a label of a group that a parameter names."""
    labels.delete(call.store, labels.locate(call, group, name))


@v4.post("groups/:id/labels/:label_id/subscribe", rule=access.USER, shape=GROUP_LABEL)
def subscribe_to_group_label(call: dsl.Call, label: Label) -> Any:
    """Subscribe to a label of a group."""
    return label if labels.subscribe(call, label, None, True) else dsl.present(None, status=304)


@v4.post("groups/:id/labels/:label_id/unsubscribe", rule=access.USER, shape=GROUP_LABEL)
def unsubscribe_from_group_label(call: dsl.Call, label: Label) -> Any:
    """Unsubscribe from a label of a group."""
    return label if labels.subscribe(call, label, None, False) else dsl.present(None, status=304)
