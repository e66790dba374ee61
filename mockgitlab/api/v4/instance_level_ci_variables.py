"""CI/CD variables of the instance. Source: https://docs.gitlab.com/api/instance_level_ci_variables/."""

from mockgitlab.api import access
from mockgitlab.api.models.variable import INSTANCE_VARIABLE
from mockgitlab.api.v4.ci_variables import declare, description

declare(
    "admin/ci/variables",
    more=(description("16.8"),),
    rule=access.ADMIN,
    shape=INSTANCE_VARIABLE,
    page="instance_level_ci_variables",
    since="13.0",
)
