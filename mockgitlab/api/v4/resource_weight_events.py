"""Weights that issues got and lost. Source: https://docs.gitlab.com/api/resource_weight_events/."""

from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.resource_event import RESOURCE_WEIGHT_EVENT, ResourceWeightEvent
from mockgitlab.api.resource_events import register

register("resource_weight_events", ResourceWeightEvent, RESOURCE_WEIGHT_EVENT, of=Issue, edition="ee")
