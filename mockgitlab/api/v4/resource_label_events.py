"""Labels put on records and taken off. Source: https://docs.gitlab.com/api/resource_label_events/."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import RESOURCE_LABEL_EVENT, ResourceEvent, ResourceLabelEvent
from mockgitlab.api.resource_events import register


def _sees_label(call: dsl.Call, event: ResourceEvent) -> bool:
    """Tell whether the caller may know of the project or group of the label; a label that is gone hides nothing."""
    label = call.store[Label].get(getattr(event, "label_id", None))
    if label is None:
        return True
    at: Project | Group | None = call.store[Project].get(label.project_id) or call.store[Group].get(label.group_id)
    return at is not None and access.can_read(call.store, call.user, at)


register("resource_label_events", ResourceLabelEvent, RESOURCE_LABEL_EVENT, _sees_label)
