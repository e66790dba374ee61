"""CI/CD variables in scenarios, of projects, of groups, and at the top of the instance.

.. code-block:: yaml

    variables:
      - {key: DEPLOY_TOKEN, value: s3cr3t-enough, protected: true, masked: true, environment_scope: production}
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.variable import Variable, tie_of
from mockgitlab.api.services.ci_variables import problems_of

HIDDEN = {"masked_and_hidden": {"type": "boolean", "description": "Whether the value is never shown"}}


def seed_variable(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Variable:
    """Make a variable of a project, of a group or of the instance."""
    at = parents[-1] if parents else None
    hidden = {"masked": True, "hidden": True} if extras.get("masked_and_hidden") is True else {}
    draft = Variable(**{"key": "", **columns, **hidden})
    for name, texts in problems_of(seeding.store, at, draft).items():
        seeding.problem("key" if name == "base" else name, texts[0])
    return seeding.store.insert(draft)


VARIABLES = dsl.Collection(
    "variables",
    Variable,
    {None: lambda _: tie_of(None), Project: tie_of, Group: tie_of},
    seed_variable,
    extras=HIDDEN,
    description="CI/CD variables, which pipelines get",
)
