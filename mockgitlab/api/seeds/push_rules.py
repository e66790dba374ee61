"""The push rule of a project or group in scenarios: ``push_rule: {commit_message_regex: "^Fix"}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.push_rule import SETTINGS, PushRule
from mockgitlab.api.services.push_rules import problems_of
from mockgitlab.dsl.params import of_field

_PARAMS = {name: of_field(PushRule.fields[name], required=False) for name in SETTINGS}
PUSH_RULE: dict[str, Any] = {
    "type": "object",
    "description": "What commits, branches and files must be like to be taken",
    "additionalProperties": False,
    "properties": {name: {**param.schema(), "description": param.description} for name, param in _PARAMS.items()},
}


def seed_push_rule(seeding: dsl.Seeding, given: Any, **tie: int) -> None:
    """Make the push rule of a project or group, in place of one that it got from its group."""
    inherited = seeding.store[PushRule].find(**tie)
    if inherited is not None:
        seeding.store.delete(inherited)
    known = isinstance(given, dict) and not given.keys() - _PARAMS.keys()
    columns = {name: _PARAMS[name].coerce(value) for name, value in given.items()} if known else {}
    if not known:
        seeding.problem("push_rule", f"must be a mapping of {', '.join(SETTINGS)}")
    for name, texts in problems_of(columns).items():
        seeding.problem("push_rule", f"has a wrong {name}: {texts[0]}")
    seeding.store.insert(PushRule(**tie, **columns))
