"""Webhooks, in scenarios ``hooks: [{url: http://localhost:8000/, note_events: true}]``; at the top, system hooks."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.web_hook import WebHook
from mockgitlab.api.seeds.owned import OWNERS
from mockgitlab.api.services import web_hooks

PAIRS = {"url_variables": "variables", "custom_headers": "headers"}


def seed_hook(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> WebHook:
    """Make a webhook of a project, of a group or of the instance."""
    pairs = {column: extras[key] for key, column in PAIRS.items() if key in extras}
    hook = WebHook(**{**({} if parents else web_hooks.OF_SYSTEM), **columns, **pairs})
    for name, texts in web_hooks.problems_of(hook).items():
        seeding.problem(name, texts[0])
    return seeding.store.insert(hook)


_PAIRS = {"type": "object", "additionalProperties": {"type": "string"}}
HOOKS = dsl.Collection(
    "hooks",
    WebHook,
    {None: lambda _: {}, **OWNERS},
    seed_hook,
    None,
    {
        "url_variables": {**_PAIRS, "description": "What stands for names in braces in the URL"},
        "custom_headers": {**_PAIRS, "description": "Further headers"},
    },
    "Where GitLab posts what happens; at the top level, system hooks",
)
