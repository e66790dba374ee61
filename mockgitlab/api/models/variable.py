"""CI/CD variables of projects, of groups and of the instance.

Source: https://docs.gitlab.com/api/project_level_variables/, https://docs.gitlab.com/api/group_level_variables/,
https://docs.gitlab.com/api/instance_level_ci_variables/ and GitLab's lib/api/entities/ci/variable.rb.
"""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.store import Query

EVERYWHERE = "*"
"""The scope of what is for every environment."""
VariableType = Literal["env_var", "file"]


class Variable(dsl.Entity):
    """A CI/CD variable of a project or group, or of the instance where it belongs to none."""

    natural = "key"

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    variable_type: VariableType = dsl.optional("Whether jobs get the value, or a file of it", default="env_var")
    key: str = dsl.required("The name of the variable")
    value: str | None = dsl.required("The value of the variable")
    hidden: bool = dsl.readonly("Whether the value is never shown", default=False, since="17.4")
    protected: bool = dsl.optional("Whether only pipelines of protected refs get it", default=False)
    masked: bool = dsl.optional("Whether job logs hide the value", default=False)
    raw: bool = dsl.optional("Whether no variables in the value are written out", default=False, since="15.7")
    environment_scope: str = dsl.optional("The environments that it is for", default=EVERYWHERE)
    description: str | None = dsl.optional("What it is for", since="16.2")


def _value(variable: Variable, view: dsl.View) -> str | None:
    return None if variable.hidden else variable.value


_SHOWN = ("variable_type", "key", "value", "hidden", "protected", "masked", "raw", "environment_scope", "description")
VARIABLE = Variable.shape(*_SHOWN).plus(value=_value)
INSTANCE_VARIABLE = VARIABLE.without("hidden", "environment_scope").plus(
    description=dsl.computed_in(since="16.8")(lambda variable, view: variable.description)
)


def tie_of(at: Project | Group | None) -> dict[str, int | None]:
    """Return the columns that tie a variable to a project, to a group, or to the instance."""
    return {"project_id": None, "group_id": None, **(tied_to(at) if at is not None else {})}


def variables_of(store: dsl.Store, at: Project | Group | None) -> Query[Variable]:
    """Return the variables of a project or group itself, or of the instance."""
    return store[Variable].where(**tie_of(at))
