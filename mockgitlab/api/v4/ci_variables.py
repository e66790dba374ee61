"""What the pages of variables of projects, of groups and of the instance have in common: all but the paths.

Source: GitLab's lib/api/ci/variables.rb, lib/api/group_variables.rb, lib/api/admin/ci/variables.rb and
lib/api/helpers/variables_helpers.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.variable import Variable, variables_of
from mockgitlab.api.services.ci_variables import change_variable, create_variable
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import Conflict, NotFound
from mockgitlab.store import Query

SEVERAL = "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'"
MISSING = {Project: "Variable", Group: "GroupVariable", type(None): "InstanceVariable"}
GROUPS_FILTER_SINCE = (16, 9)
OPTIONAL = tuple(
    of_field(Variable.fields[name], required=False) for name in ("protected", "masked", "raw", "variable_type")
)
SCOPE = of_field(Variable.fields["environment_scope"], required=False)
HIDDEN = dsl.param("masked_and_hidden", bool, "Whether the value is hidden in logs and never shown", since="17.4")


def description(since: str) -> dsl.Param:
    """Return the parameter that says what a variable is for."""
    return dsl.param("description", str, "What the variable is for", since=since)


def scope_filter(since: str = "") -> dsl.Param:
    """Return the parameter that chooses among variables of one name by their scope."""
    scope = dsl.param("environment_scope", str, "The scope of the variable that is meant")
    return dsl.param("filter", dict[str, Any], "Which of several of that name", nested=[scope], since=since)


def declare(
    path: str,
    *,
    more: tuple[dsl.Param, ...],
    new: tuple[dsl.Param, ...] = (),
    which: tuple[dsl.Param, ...] = (),
    conditional: bool = False,
    **common: Any,
) -> None:
    """Declare a page: ``more`` are the parameters of its variables, ``new`` those of new ones."""
    one = f"{path}/:key"
    params = (*OPTIONAL, *more)
    required = tuple(of_field(Variable.fields[name], required=True) for name in ("key", "value"))
    value = dsl.param("value", str, "The value of the variable")
    v4.locator(one)(find_variable)
    v4.get(path, **common)(list_variables)
    v4.post(path, params=(*required, *params, *new), **common)(add_variable)
    v4.get(one, params=which, **common)(show_variable)
    v4.put(one, params=(value, *params, *which), **common)(update_variable)
    v4.delete(one, params=which, conditional=conditional, **common)(delete_variable)


def _at(call: dsl.Call) -> Project | Group | None:
    return call.maybe_at(Project) or call.maybe_at(Group)


def find_variable(call: dsl.Call, key: str) -> Variable:
    """Return the variable of this name, and of the scope that is asked for; raises ``Conflict`` for several."""
    at, scope = _at(call), (call.given.get("filter") or {}).get("environment_scope")
    found = list(variables_of(call.store, at).where(key=key, **({"environment_scope": scope} if scope else {})))
    where = at.full_path if at else "the instance"
    if not found:
        raise NotFound(MISSING[type(at)], reason=f"{where} has no variable {key}{f' for {scope}' if scope else ''}")
    if len(found) > 1 and not _takes_first(call, at):
        scopes = ", ".join(one.environment_scope for one in found)
        raise Conflict(SEVERAL, reason=f"{where} has {key} for the scopes {scopes}")
    return found[0]


def _takes_first(call: dsl.Call, at: Project | Group | None) -> bool:
    """Tell whether the first of several is meant: of a group where it is changed and no filter is given."""
    if not isinstance(at, Group):
        return False
    return call.settings.release < GROUPS_FILTER_SINCE or (call.method == "PUT" and "filter" not in call.given)


def list_variables(call: dsl.Call) -> Query[Variable]:
    """List the variables."""
    return variables_of(call.store, _at(call))


def show_variable(variable: Variable) -> Variable:
    """Show a variable."""
    return variable


def add_variable(call: dsl.Call, given: dsl.Given) -> Variable:
    """Add a variable."""
    hidden = {"masked": True, "hidden": True} if given.get("masked_and_hidden") else {}
    return create_variable(call.store, _at(call), {**_columns(call, given), **hidden})


def update_variable(call: dsl.Call, variable: Variable, given: dsl.Given) -> Variable:
    """Change a variable; whether its value is hidden stays."""
    return change_variable(call.store, _at(call), variable, _columns(call, given))


def _columns(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    """Return the columns that are given; scopes in groups are of the Enterprise Edition alone."""
    unscoped = isinstance(_at(call), Group) and call.settings.edition != "ee"
    return given.without("filter", "masked_and_hidden", *(("environment_scope",) if unscoped else ()))


def delete_variable(call: dsl.Call, variable: Variable) -> None:
    """Delete a variable."""
    remove(call.store, variable)
