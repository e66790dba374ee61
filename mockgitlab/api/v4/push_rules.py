"""The push rules of projects and groups.

Source: https://docs.gitlab.com/api/project_push_rules/, https://docs.gitlab.com/api/group_push_rules/ and GitLab's
ee/lib/api/project_push_rule.rb, ee/lib/api/group_push_rule.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.push_rule import GROUP_PUSH_RULE, NULL_WHEN_OFF, PROJECT_PUSH_RULE, SETTINGS, PushRule
from mockgitlab.api.services.push_rules import problems_of
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import NotFound, Unprocessable, ValidationFailed

OF_PROJECT, OF_GROUP = "projects/:id/push_rule", "groups/:id/push_rule"
WRITE: dict[str, Any] = {
    "params": [of_field(PushRule.fields[name], required=False) for name in SETTINGS],
    "constraints": [dsl.at_least_one_of(*SETTINGS)],
}


def _check_owner(call: dsl.Call) -> None:
    group = call.at(Group)
    if access.level(call, group) < access.OWNER:
        raise NotFound(reason=f"{access.me(call).username} does not own {group.full_path}")


AS_OWNER = dsl.Rule("owner", _check_owner)
IN_PROJECT: dict[str, Any] = {"rule": access.AS_MAINTAINER, "edition": "ee", "shape": PROJECT_PUSH_RULE}
IN_GROUP: dict[str, Any] = {"rule": AS_OWNER, "edition": "ee", "shape": GROUP_PUSH_RULE}


def _rule_of(call: dsl.Call, at: Project | Group) -> PushRule | None:
    return call.store[PushRule].find(**_tie(at))


def _tie(at: Project | Group) -> dict[str, int]:
    return {"project_id" if isinstance(at, Project) else "group_id": at.id}


def _found(call: dsl.Call, at: Project | Group, what: str = "Push rule") -> PushRule:
    rule = _rule_of(call, at)
    if rule is None:
        raise NotFound(what, reason=f"{at.full_path} has no push rule; POST makes one")
    return rule


def _columns(given: dsl.Given) -> dict[str, Any]:
    """Return the columns of what was given; raises ``ValidationFailed`` for what is no pattern."""
    columns = {name: given[name] for name in SETTINGS if name in given}
    problems = problems_of(columns)
    if problems:
        raise ValidationFailed(problems, reason="the push rule would be no valid record")
    switched = {name: columns[name] or None for name in NULL_WHEN_OFF if name in columns}
    others = {
        name: value for name, value in columns.items() if value is not None or PushRule.fields[name].default is None
    }
    return {**others, **switched}


def _create(call: dsl.Call, at: Project | Group, given: dsl.Given, refusal: str) -> PushRule:
    if _rule_of(call, at) is not None:
        raise Unprocessable(refusal, reason=f"{at.full_path} has a push rule; PUT changes it")
    return call.store.insert(PushRule(**_tie(at), **_columns(given)))


@v4.get(OF_PROJECT, **IN_PROJECT)
def show_project_push_rule(call: dsl.Call, project: Project) -> PushRule | None:
    """Show the push rule of a project; null where there is none."""
    return _rule_of(call, project)


@v4.post(OF_PROJECT, **IN_PROJECT, **WRITE)
def create_project_push_rule(call: dsl.Call, project: Project, given: dsl.Given) -> PushRule:
    """Add a push rule to a project."""
    return _create(call, project, given, "Project push rule exists")


@v4.put(OF_PROJECT, **IN_PROJECT, **WRITE)
def update_project_push_rule(call: dsl.Call, project: Project, given: dsl.Given) -> PushRule:
    """Change the push rule of a project."""
    return call.store.update(_found(call, project), **_columns(given))


@v4.delete(OF_PROJECT, conditional=False, **IN_PROJECT)
def delete_project_push_rule(call: dsl.Call, project: Project) -> None:
    """Delete the push rule of a project."""
    call.store.delete(_found(call, project))


@v4.get(OF_GROUP, **IN_GROUP)
def show_group_push_rule(call: dsl.Call, group: Group) -> PushRule:
    """Show the push rule of a group."""
    return _found(call, group, "")


@v4.post(OF_GROUP, **IN_GROUP, **WRITE)
def create_group_push_rule(call: dsl.Call, group: Group, given: dsl.Given) -> PushRule:
    """Add a push rule to a group; projects made there later get a copy of it."""
    return _create(call, group, given, "Group push rule exists, try updating")


@v4.put(OF_GROUP, **IN_GROUP, **WRITE)
def update_group_push_rule(call: dsl.Call, group: Group, given: dsl.Given) -> PushRule:
    """Change the push rule of a group."""
    return call.store.update(_found(call, group), **_columns(given))


@v4.delete(OF_GROUP, conditional=False, **IN_GROUP)
def delete_group_push_rule(call: dsl.Call, group: Group) -> None:
    """Delete the push rule of a group."""
    call.store.delete(_found(call, group, ""))
