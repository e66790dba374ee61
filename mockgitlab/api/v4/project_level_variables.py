"""CI/CD variables of projects. Source: https://docs.gitlab.com/api/project_level_variables/."""

from mockgitlab.api import access
from mockgitlab.api.models.variable import VARIABLE
from mockgitlab.api.v4.ci_variables import HIDDEN, SCOPE, declare, description, scope_filter

declare(
    "projects/:id/variables",
    more=(SCOPE, description("16.2")),
    new=(HIDDEN,),
    which=(scope_filter(),),
    rule=access.AS_MAINTAINER,
    shape=VARIABLE,
    page="project_level_variables",
)
