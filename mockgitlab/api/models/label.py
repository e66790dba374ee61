"""Labels of projects and groups. Source: https://docs.gitlab.com/api/labels/, https://docs.gitlab.com/api/group_labels/."""

import html
from collections.abc import Iterable
from typing import Protocol, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.colors import old_text_color_on, text_color_on
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.store import Query, release

DEFAULT_COLOR = "#6699cc"
NAME_AT_MOST = 255


class Label(dsl.Entity):
    """A label; it belongs to a project or to a group, never to both."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the label")
    description: str | None = dsl.optional("The description of the label", max_length=524_288)
    color: str = dsl.required("The color of the label: #RRGGBB, #RGB or the name of a CSS color")
    project_id: int | None = dsl.hidden()
    group_id: int | None = dsl.hidden()
    owner: str = dsl.hidden("What it belongs to: ``project 1`` or ``group 1``")
    archived: bool = dsl.optional("Whether the label is archived", default=False, since="18.3")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @dsl.computed
    def description_html(self, view: dsl.View) -> str | None:
        """The description as HTML."""
        return html.escape(self.description, quote=False) if self.description else None

    @dsl.computed
    def text_color(self, view: dsl.View) -> str:
        """The color in which the name is readable on the label."""
        choose = text_color_on if view.store.settings.release >= release("16.0") else old_text_color_on
        return choose(self.color)

    @dsl.computed
    def subscribed(self, view: dsl.View) -> bool:
        """Whether the user is notified of new issues with the label."""
        return is_subscribed(view.store, self, view.user_id, project_of(view))

    @dsl.computed
    def priority(self, view: dsl.View) -> int | None:
        """The rank among the labels of the project; the smallest comes first."""
        return priority_of(view.store, self.id, project_of(view))

    @dsl.computed
    def is_project_label(self, view: dsl.View) -> bool:
        """Whether the label is the project's own, not one of its groups'."""
        return self.project_id is not None


class LabelPriority(dsl.Entity):
    """The rank of a label in one project."""

    id: int = dsl.serial()
    label_id: int = dsl.parent("Label")
    project_id: int = dsl.parent("Project")
    priority: int = dsl.required("The priority of the label", minimum=0)


class LabelSubscription(dsl.Entity):
    """A user who is notified of a label; in one project, or with no project wherever the label is."""

    id: int = dsl.serial()
    label_id: int = dsl.parent("Label")
    user_id: int = dsl.parent("User")
    project_id: int | None = dsl.parent("Project")


LABEL_BASIC = Label.shape(
    "id", "name", "description", "description_html", "text_color", "color", "archived", name="LabelBasic"
)
LABEL_DETAILS = LABEL_BASIC
"""What ``with_labels_details`` shows in place of names."""
GROUP_LABEL = LABEL_BASIC.plus("subscribed", entity=Label).called("GroupLabel")
PROJECT_LABEL = GROUP_LABEL.plus("priority", "is_project_label", entity=Label).called("ProjectLabel")
"""Shown with the option ``in_project(project)``, which says whose priorities are meant."""


def in_project(project: Project) -> tuple[str, int]:
    """Return the option of a view that says in which project labels are shown."""
    return "project", project.id


def project_of(view: dsl.View) -> int | None:
    """Return the id of the project in which labels are shown, if it is one."""
    found = (option[1] for option in view.options if isinstance(option, tuple) and option[0] == "project")
    return next(found, None)


def owner_of(at: Project | Group) -> str:
    """Return how labels and milestones name what they belong to."""
    return f"{'project' if isinstance(at, Project) else 'group'} {at.id}"


def owners_of(store: dsl.Store, at: Project | Group) -> list[str]:
    """Return how labels and milestones name a project or group and the groups above it, nearest first."""
    own = [owner_of(at)] if isinstance(at, Project) else []
    group = store[Group][at.namespace_id] if isinstance(at, Project) else at
    return [*own, *(owner_of(one) for one in ancestors(store, group))]


class _OfOwner(Protocol):
    @property
    def owner(self) -> str: ...


Owned = TypeVar("Owned", bound=_OfOwner)


def nearest(store: dsl.Store, at: Project | Group, found: Iterable[Owned]) -> Owned | None:
    """Return the one of some labels or milestones that is of a project or group, or of the nearest group above it."""
    owners = owners_of(store, at)
    return min((one for one in found if one.owner in owners), key=lambda one: owners.index(one.owner), default=None)


def labels_of(store: dsl.Store, at: Project | Group) -> Query[Label]:
    """Return the labels that issues of a project or group may have: its own and those of the groups above."""
    return store[Label].all().among("owner", owners_of(store, at))


def find_label(store: dsl.Store, at: Project | Group, name: str) -> Label | None:
    """Return the label with exactly this name that issues of a project or group may have, the nearest one."""
    return nearest(store, at, store[Label].having("name", name))


def find_or_create_labels(call: dsl.Call, at: Project | Group, names: Iterable[str]) -> tuple[int, ...]:
    """Return the ids of the labels with these names.

    Unknown ones are created in the project or group, or left out where the current user may not create labels.
    """
    wanted = dict.fromkeys(name.strip() for name in names if name.strip())
    may_create = bool(wanted) and access.level(call, at) >= access.PLANNER
    found = [find_label(call.store, at, name) or _create(call, at, name, may_create) for name in wanted]
    return tuple(dict.fromkeys(label.id for label in found if label is not None))


def _create(call: dsl.Call, at: Project | Group, name: str, may_create: bool) -> Label | None:
    if not may_create or "," in name or len(name) > NAME_AT_MOST:
        return None
    return call.store.insert(Label(name=name, color=DEFAULT_COLOR, owner=owner_of(at), **tied_to(at)))


def priority_of(store: dsl.Store, label_id: int, project_id: int | None) -> int | None:
    """Return the rank of a label in a project, if it has one."""
    ranked = store[LabelPriority].having("label_id", label_id)
    return next((one.priority for one in ranked if one.project_id == project_id), None)


def is_subscribed(store: dsl.Store, label: Label, user_id: int | None, project_id: int | None) -> bool:
    """Tell whether a user is notified of a label, in a project or wherever it is."""
    subscriptions = store[LabelSubscription].having("label_id", label.id)
    return any(one.user_id == user_id and one.project_id in (None, project_id) for one in subscriptions)
