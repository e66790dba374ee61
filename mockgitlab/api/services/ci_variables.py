"""CI/CD variables: what is no valid variable, in GitLab's words, and which a pipeline gets.

Source: GitLab's app/models/ci/{variable,group_variable,instance_variable}.rb, what of app/models/concerns/ they
include, and https://docs.gitlab.com/ci/variables/#cicd-variable-precedence.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.pipeline_schedule import PipelineScheduleVariable
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.protected_ref import tag_protections
from mockgitlab.api.models.variable import EVERYWHERE, Variable, tie_of, variables_of
from mockgitlab.api.protected_refs import is_protected
from mockgitlab.errors import ValidationFailed

Owner = Project | Group | None
LENGTH = 255
INSTANCE_VALUE = 10_000
TOO_LONG = f"is too long (maximum is {LENGTH} characters)"
LIMITS = {Project: ("project", 8_000), Group: ("group", 30_000), type(None): ("instance level", 25)}
"""How GitLab calls the variables of each, and how many it takes."""
_KEY = re.compile(r"[a-zA-Z0-9_]+")
_SCOPE = re.compile(r"[a-zA-Z0-9_/${}. *-]+")
_MASKABLE = re.compile(r"[a-zA-Z0-9_+=/@:.~-]{8,}")
_MASKABLE_RAW = re.compile(r"[^ \t\r\n\f\v]{8,}")


def create_variable(store: dsl.Store, at: Owner, columns: dict[str, Any]) -> Variable:
    """Add a variable to a project, a group or the instance; raises ``ValidationFailed``."""
    draft = Variable(**tie_of(at), **_stripped(columns))
    _refuse(problems_of(store, at, draft))
    return store.insert(draft)


def change_variable(store: dsl.Store, at: Owner, before: Variable, columns: dict[str, Any]) -> Variable:
    """Change a variable; raises ``ValidationFailed``."""
    changes = _stripped(columns)
    _refuse(problems_of(store, at, before.replaced(changes), before))
    return store.update(before, **changes)


def _stripped(columns: dict[str, Any]) -> dict[str, Any]:
    """Return columns as GitLab keeps them; what cannot be null stays as it is where null is given."""
    texts: dict[str, Any] = {
        name: (columns[name] or "").strip() for name in ("key", "environment_scope") if name in columns
    }
    fixed = [name for name in ("variable_type", "protected", "raw") if columns.get(name, "") is None]
    return {**{name: value for name, value in columns.items() if name not in fixed}, **texts}


def _refuse(problems: dict[str, list[str]]) -> None:
    if problems:
        raise ValidationFailed(problems, reason="the variable would be no valid record")


def problems_of(store: dsl.Store, at: Owner, draft: Variable, before: Variable | None = None) -> dict[str, list[str]]:
    """Return what is wrong with a variable as it would be kept, by the names of its columns."""
    found: dict[str, list[str]] = {}
    for name, text in (*_own(draft, before), *_among_others(store, at, draft, before)):
        found.setdefault(name, []).append(text)
    return found


def _own(draft: Variable, before: Variable | None) -> Iterator[tuple[str, str]]:
    yield from (("key", text) for text in key_problems(draft.key))
    if draft.masked is None:
        yield "masked", "is not included in the list"
    if draft.masked and not (_MASKABLE_RAW if draft.raw else _MASKABLE).fullmatch(draft.value or ""):
        yield "value", "is invalid"
    if before is not None and before.hidden and draft.masked != before.masked:
        yield "base", "The visibility setting cannot be changed for masked and hidden variables."
    yield from (("environment_scope", text) for text in _scope_problems(draft.environment_scope))
    if len(draft.description or "") > LENGTH:
        yield "description", TOO_LONG


def key_problems(key: str) -> Iterator[str]:
    """Yield what is wrong with the name of a variable."""
    if not key:
        yield "can't be blank"
    if len(key) > LENGTH:
        yield TOO_LONG
    if not _KEY.fullmatch(key):
        yield "can contain only letters, digits and '_'."


def _scope_problems(scope: str) -> Iterator[str]:
    if not scope:
        yield "can't be blank"
    if not _SCOPE.fullmatch(scope):
        yield "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces"


def _among_others(store: dsl.Store, at: Owner, draft: Variable, before: Variable | None) -> Iterator[tuple[str, str]]:
    known = variables_of(store, at)
    same = known.where(key=draft.key, environment_scope=draft.environment_scope).first()
    if same is not None and (before is None or same.id != before.id):
        yield "key", f"({draft.key}) has already been taken"
    if at is None and len(draft.value or "") > INSTANCE_VALUE:
        yield "value", f"The value of the provided variable exceeds the {INSTANCE_VALUE} character limit"
    name, most = LIMITS[type(at)]
    if before is None and known.count() >= most:
        called = f"ci {name} variables" if at is None else f"{name} ci variables"
        yield "base", f"Maximum number of {called} ({most}) exceeded"


# Pipelines


def secret_variables(store: dsl.Store, pipeline: Pipeline, environment: str | None = None) -> dict[str, str]:
    """Return what the instance, groups and project give the jobs of a pipeline, by name."""
    return {key: _value(one) for key, one in secrets_of(store, pipeline, environment).items()}


def secrets_of(store: dsl.Store, pipeline: Pipeline, environment: str | None = None) -> dict[str, Variable]:
    """Return the variables that a pipeline gets, for an environment if one is named.

    The project's win over those of its group, these over those of the groups above, and all over the instance's.
    """
    project = store[Project][pipeline.project_id]
    groups = reversed(ancestors(store, namespace_of(store, project)))
    owners = (None, *groups, project)
    allowed = runs_protected(store, project, pipeline)
    known = [one for at in owners for one in _for_environment(variables_of(store, at), environment)]
    return {one.key: one for one in known if allowed or not one.protected}


def _value(variable: Variable) -> str:
    from mockgitlab.ci_config import Raw  # loaded when the first configuration is read

    return Raw(variable.value or "") if variable.raw else variable.value or ""


def of_schedule(store: dsl.Store, pipeline: Pipeline) -> dict[str, str]:
    """Return what the schedule of a pipeline gives it, which wins over all else."""
    known = store[PipelineScheduleVariable].where(pipeline_schedule_id=pipeline.pipeline_schedule_id or 0)
    return {one.key: one.value or "" for one in known}


def runs_protected(store: dsl.Store, project: Project, pipeline: Pipeline) -> bool:
    """Tell whether a pipeline runs on a protected ref; one of a merge request within a project needs both branches."""
    if pipeline.tag:
        return bool(tag_protections(store, project, pipeline.ref))
    merge_request = store[MergeRequest].get(pipeline.merge_request_id)
    if merge_request is None:
        return is_protected(store, project, pipeline.ref)
    branches = (merge_request.source_branch, merge_request.target_branch)
    return not merge_request.from_fork and all(is_protected(store, project, branch) for branch in branches)


def _for_environment(variables: Iterable[Variable], environment: str | None) -> list[Variable]:
    """Return the variables for an environment, the most fitting of each name last."""
    fitting = [one for one in variables if _fits(one.environment_scope, environment)]
    ranks = {EVERYWHERE: 0, environment: 2}
    return sorted(fitting, key=lambda one: ranks.get(one.environment_scope, 1))


def _fits(scope: str, environment: str | None) -> bool:
    if scope == EVERYWHERE or environment is None:
        return scope == EVERYWHERE
    return re.fullmatch(".*".join(map(re.escape, scope.split("*"))), environment, re.DOTALL) is not None
