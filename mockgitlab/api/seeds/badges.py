"""Badges of projects and groups, in scenarios: ``badges: [{name: CI, link_url: https://…, image_url: https://…}]``."""

from mockgitlab import dsl
from mockgitlab.api.models.badge import Badge
from mockgitlab.api.seeds.owned import OWNERS

BADGES = dsl.Collection("badges", Badge, OWNERS, description="Pictures with links")
