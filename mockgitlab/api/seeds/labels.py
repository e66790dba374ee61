"""Labels in scenarios, below projects and groups: ``{name: bug, color: red}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.colors import read_color
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.label import DEFAULT_COLOR, Label, LabelPriority, find_label, owner_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.seeds.owned import OWNERS, by_name

PRIORITY = {"type": "integer", "minimum": 0, "description": "The rank among the labels of the project"}


def seed_label(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Label:
    """Make a label of a project or group; its color may be a name."""
    store, at = seeding.store, parents[-1]
    name, color = str(columns.get("name") or "").strip(), read_color(str(columns.get("color") or DEFAULT_COLOR))
    if not name or "," in name:
        seeding.problem("name", "is missing: a label needs one" if not name else "must have no comma")
    elif (taken := find_label(store, at, name)) is not None and taken.owner == owner_of(at):
        seeding.problem("name", f"is taken: {at.full_path} has a label {name}")
    if color is None:
        seeding.problem("color", "must be #RRGGBB, #RGB or the name of a CSS color")
    label = store.insert(Label(**{**columns, "name": name, "color": color or DEFAULT_COLOR, "owner": owner_of(at)}))
    if extras.get("priority") is not None:
        _prioritize(seeding, label, at, extras["priority"])
    return label


def _prioritize(seeding: dsl.Seeding, label: Label, at: Project | Group, priority: Any) -> None:
    if isinstance(at, Group):
        seeding.problem("priority", "is of labels of projects; a group's label has a priority in each project")
    elif not isinstance(priority, int) or priority < 0:
        seeding.problem("priority", "must be a whole number, 0 or more")
    else:
        seeding.store.insert(LabelPriority(label_id=label.id, project_id=at.id, priority=priority))


LABELS = dsl.Collection(
    "labels",
    Label,
    OWNERS,
    seed_label,
    by_name(Label, "name", find_label),
    {"priority": PRIORITY},
)
