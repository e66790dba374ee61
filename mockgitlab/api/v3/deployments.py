"""Deployments. Source: GitLab 8's doc/api/deployments.md and lib/api/deployments.rb."""

from mockgitlab.api.models.deployment import DEPLOYMENT, DEPLOYMENT_EXTENDED
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import deployments
from mockgitlab.api.v4.base import v4

EACH = f"{deployments.AT}/:deployment_id"
SHOWN = DEPLOYMENT.only("id", "iid", "ref", "sha", "created_at", "user", "environment", "deployable")
v3.dialect.show({DEPLOYMENT: SHOWN, DEPLOYMENT_EXTENDED: SHOWN})
v3.locator(EACH, integer=True)(deployments.find_deployment)

v3.adopt(v4, "GET", deployments.AT, filters=())
v3.adopt(v4, "GET", EACH)
