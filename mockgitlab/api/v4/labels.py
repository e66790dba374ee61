"""Labels of projects. Source: https://docs.gitlab.com/api/labels/ and GitLab's lib/api/labels.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, issue_access, merge_request_access
from mockgitlab.api.models.label import (
    GROUP_LABEL,
    LABEL_BASIC,
    PROJECT_LABEL,
    Label,
    LabelPriority,
    in_project,
    labels_of,
    owner_of,
)
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.user import User
from mockgitlab.api.services import labels
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import BadRequest, Forbidden
from mockgitlab.store import Query

COLOR = "The color of the label: #RRGGBB, #RGB or the name of a CSS color"
DESCRIPTION = of_field(Label.fields["description"], required=False)
ARCHIVED = of_field(Label.fields["archived"], required=False)
PRIORITY = of_field(LabelPriority.fields["priority"], required=False)
WITH_ANCESTORS = dsl.param("include_ancestor_groups", bool, "Include labels of the groups above", default=True)
CREATE = [
    dsl.param("name", str, "The name of the label", required=True),
    dsl.param("color", str, COLOR, required=True),
    DESCRIPTION,
    ARCHIVED,
]
UPDATE = [dsl.param("new_name", str, "The new name of the label"), dsl.param("color", str, COLOR), DESCRIPTION]
BY_EITHER = [dsl.param("label_id", int, "The ID of the label"), dsl.param("name", str, "The name of the label")]
IN_PATH = "Name the label in the path"
FILTERS = [
    dsl.search("name", "description", description="Labels whose name or description contains this"),
    dsl.eq("archived", bool, "Only labels that are, or are not, archived", since="18.3"),
]


def _count_issues(state: str) -> Any:
    def count(label: Label, view: dsl.View) -> int:
        readable = issue_access.readable_by(view.store, view.store[User].get(view.user_id))
        return readable.where(label_ids=label.id, state=state).count()

    return count


def _count_merge_requests(label: Label, view: dsl.View) -> int:
    readable = merge_request_access.readable_by(view.store, view.store[User].get(view.user_id))
    return readable.where(label_ids=label.id, state="opened").count()


_WITH_COUNTS = LABEL_BASIC.plus(
    open_issues_count=_count_issues("opened"),
    closed_issues_count=_count_issues("closed"),
    open_merge_requests_count=_count_merge_requests,
).plus("subscribed", entity=Label)
GROUP_LABEL_WITH_COUNTS = _WITH_COUNTS.called("GroupLabelWithCounts")
PROJECT_LABEL_WITH_COUNTS = _WITH_COUNTS.plus("priority", "is_project_label", entity=Label).called(
    "ProjectLabelWithCounts"
)


@v4.locator("projects/:id/labels/:label_id")
def find_label_in_path(call: dsl.Call, value: str) -> Label:
    """Return the label that an id or a name means in a project.

    Reading and subscribing reach the labels of the groups above as well. Who may not change labels is told so before
    the label is looked up.
    """
    if call.operation.method == "PUT":
        call.operation.rule.check(call)
    above = call.operation.method in ("GET", "POST") and call.given.get("include_ancestor_groups") is not False
    return labels.locate(call, call.at(Project), value, above=above)


def in_title_order(found: Query[Label]) -> Query[Label]:
    """Return labels ordered by name, letters' case aside."""
    return found.order_by("title", value=lambda label: (label.name.lower(), label.name))


def _shown(call: dsl.Call, label: Any, shape: dsl.Shape | None = None) -> Any:
    return dsl.present(label, shape, options=[in_project(call.at(Project))])


def named(given: dsl.Given) -> str:
    """Return the id or name by which parameters name a label."""
    return str(given["label_id"] if given.get("label_id") is not None else given["name"])


@v4.get("projects/:id/labels", rule=access.USER, shape=PROJECT_LABEL, filters=FILTERS, params=[WITH_ANCESTORS])
def list_labels(
    call: dsl.Call, project: Project, with_counts: Annotated[bool, "Show how many issues have the label"] = False
) -> Query[Label]:
    """List the labels of a project."""
    found = labels_of(call.store, project)
    if call.given["include_ancestor_groups"] is False:
        found = found.where(owner=owner_of(project))
    shown: Query[Label] = _shown(call, in_title_order(found), PROJECT_LABEL_WITH_COUNTS if with_counts else None)
    return shown


@v4.get("projects/:id/labels/:label_id", rule=access.USER, shape=PROJECT_LABEL, params=[WITH_ANCESTORS])
def show_label(call: dsl.Call, label: Label) -> Any:
    """Show a label of a project."""
    return _shown(call, label)


@v4.post("projects/:id/labels", rule=access.AS_PLANNER_UNLESS_ARCHIVED, shape=PROJECT_LABEL, params=[*CREATE, PRIORITY])
def create_label(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Create a label in a project."""
    label = labels.create(call, project, given)
    labels.prioritize(call, label, project, given.get("priority"))
    return _shown(call, label)


@v4.put(
    "projects/:id/labels/:label_id",
    rule=access.AS_PLANNER_UNLESS_ARCHIVED,
    shape=PROJECT_LABEL,
    params=[*UPDATE, PRIORITY, ARCHIVED],
    constraints=[dsl.at_least_one_of("new_name", "color", "description", "priority", "archived")],
)
def update_label(call: dsl.Call, project: Project, label: Label, given: dsl.Given) -> Any:
    """Change a label of a project."""
    changed = labels.change(call, project, label, given)
    if "priority" in given:
        labels.prioritize(call, changed, project, given["priority"])
    return _shown(call, changed)


@v4.put(
    "projects/:id/labels",
    rule=access.AS_PLANNER_UNLESS_ARCHIVED,
    shape=PROJECT_LABEL,
    params=[*BY_EITHER, *UPDATE, PRIORITY, ARCHIVED],
    constraints=[
        dsl.at_least_one_of("new_name", "color", "description", "priority", "archived"),
        dsl.exactly_one_of("label_id", "name"),
    ],
    deprecated=IN_PATH,
)
def update_named_label(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Change a label of a project that a parameter names."""
    return update_label(call, project, labels.locate(call, project, named(given)), given)


@v4.delete("projects/:id/labels/:label_id", rule=access.AS_PLANNER_UNLESS_ARCHIVED)
def delete_label(call: dsl.Call, label: Label) -> None:
    """Delete a label of a project, and take it off everything that has it."""
    labels.delete(call.store, label)


@v4.delete(
    "projects/:id/labels",
    rule=access.AS_PLANNER_UNLESS_ARCHIVED,
    conditional=False,
    params=BY_EITHER,
    constraints=[dsl.exactly_one_of("label_id", "name")],
    deprecated=IN_PATH,
)
def delete_named_label(call: dsl.Call, project: Project, given: dsl.Given) -> None:
    """Delete a label of a project that a parameter names."""
    labels.delete(call.store, labels.locate(call, project, named(given)))


def _check_promotes(call: dsl.Call) -> None:
    project = call.at(Project)
    group = namespace_of(call.store, project)
    if group.kind == "user":
        raise BadRequest("Failed to promote project label to group label", reason=f"{project.full_path} is in no group")
    if access.level(call, group) < access.PLANNER:
        raise Forbidden(reason=f"{access.me(call).username} is no planner of the group {group.full_path}")


PROMOTES = dsl.Rule("planner of the project's group", _check_promotes)


@v4.put("projects/:id/labels/:label_id/promote", rule=PROMOTES, shape=GROUP_LABEL)
def promote_label(call: dsl.Call, project: Project, label: Label) -> Label:
    """Make a label of the group in place of all labels of this name in the group's projects."""
    return labels.promote(call.store, label, namespace_of(call.store, project))


@v4.put("projects/:id/labels/promote", rule=PROMOTES, shape=GROUP_LABEL, deprecated=IN_PATH)
def promote_named_label(call: dsl.Call, project: Project, name: Annotated[str, "The name of the label"]) -> Label:
    """Promote a label that a parameter names."""
    return promote_label(call, project, labels.locate(call, project, name))


@v4.post("projects/:id/labels/:label_id/subscribe", rule=access.USER, shape=PROJECT_LABEL)
def subscribe_to_label(call: dsl.Call, project: Project, label: Label) -> Any:
    """Subscribe to a label of a project."""
    changed = labels.subscribe(call, label, project, True)
    return _shown(call, label) if changed else dsl.present(None, status=304)


@v4.post("projects/:id/labels/:label_id/unsubscribe", rule=access.USER, shape=PROJECT_LABEL)
def unsubscribe_from_label(call: dsl.Call, project: Project, label: Label) -> Any:
    """Unsubscribe from a label of a project."""
    changed = labels.subscribe(call, label, project, False)
    return _shown(call, label) if changed else dsl.present(None, status=304)
