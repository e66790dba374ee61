"""Secret variables of projects, each of one name alone.

Source: GitLab 8's doc/api/build_variables.md and lib/api/variables.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.variable import VARIABLE, Variable, variables_of
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.ci_variables import add_variable
from mockgitlab.errors import NotFound, ValidationFailed

AT = "projects/:id/variables"
EACH = f"{AT}/:key"
SHOWN = VARIABLE.only("key", "value")
v3.dialect.show({VARIABLE: SHOWN})


def _find(call: dsl.Call, key: str) -> Variable | None:
    return variables_of(call.store, call.at(Project)).where(key=key).first()


@v3.locator(EACH)
def find_variable(call: dsl.Call, key: str) -> Variable:
    """Return the variable of this name, of any scope; who may not see them is told so before."""
    call.operation.rule.check(call)
    found = _find(call, key)
    if found is None:
        raise NotFound("Variable", reason=f"{call.at(Project).full_path} has no variable {key}")
    return found


def create_variable(call: dsl.Call, given: dsl.Given) -> Variable:
    """Add a variable of a name that is not taken, whatever its scope."""
    if _find(call, (given["key"] or "").strip()) is not None:
        told = {"key": ["has already been taken"]}
        raise ValidationFailed(told, reason=f"{call.at(Project).full_path} has a variable {given['key']}")
    return add_variable(call, given)


v3.adopt(v4, "GET", AT)
v3.adopt(v4, "GET", EACH, takes=())
v3.adopt(v4, "POST", AT, takes=("key", "value"), handler=create_variable)
v3.adopt(v4, "PUT", EACH, takes=("value",))
v3.adopt(v4, "DELETE", EACH, takes=(), gives_back=SHOWN)
