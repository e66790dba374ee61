"""Records closed, reopened or merged. Source: https://docs.gitlab.com/api/resource_state_events/."""

from mockgitlab.api.models.resource_event import RESOURCE_STATE_EVENT, ResourceStateEvent
from mockgitlab.api.resource_events import register

register("resource_state_events", ResourceStateEvent, RESOURCE_STATE_EVENT)
