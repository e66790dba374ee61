"""CI/CD variables of groups. Source: https://docs.gitlab.com/api/group_level_variables/."""

from mockgitlab.api import access
from mockgitlab.api.models.variable import VARIABLE
from mockgitlab.api.v4.ci_variables import HIDDEN, SCOPE, declare, description, scope_filter

declare(
    "groups/:id/variables",
    more=(SCOPE, description("16.2")),
    new=(HIDDEN,),
    which=(scope_filter("16.9"),),
    conditional=True,
    rule=access.AS_OWNER,
    shape=VARIABLE,
    page="group_level_variables",
)
