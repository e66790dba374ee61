"""Webhooks as records: what is a good one, and what a changed URL makes of its secrets.

Source: GitLab's app/models/concerns/web_hooks/hook.rb, app/services/web_hooks/create_service.rb,
lib/api/helpers/web_hooks_helpers.rb and app/validators/json_schemas/web_hooks_*.json.
"""

import re
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.mirror import url_problem
from mockgitlab.api.models.web_hook import VARIABLE, WebHook, WebHookLog, hooks_of, interpolated
from mockgitlab.api.services.push_rules import regex_problems
from mockgitlab.errors import GrapeError, ValidationFailed
from mockgitlab.git.names import is_ref_name

KEY = re.compile(r"[A-Za-z]+[0-9]*(?:[._-][A-Za-z0-9]+)*")
UNSENDABLE = re.compile(r"[\s\x00-\x20\x7f]")
VALUE = re.compile(r"[^\r\n]{1,2048}")
KEYS_AT_MOST = 20
LONGEST = {"name": 255, "description": 2048, "custom_webhook_template": 4096}
HOOKS_AT_MOST = {"project": 100, "group": 50}
NOT_VALID = "must be a valid json schema"
TOLD = {"url": "Invalid url given", "push_events_branch_filter": "Invalid branch filter given"}
"""How GitLab words what is wrong with these, whatever it is."""
OF_SYSTEM = {"push_events": False, "repository_update_events": True}
"""What a system hook is told of unless told otherwise."""
Problems = dict[str, list[str]]


class InvalidHook(GrapeError):
    """A hook cannot be kept as it would be."""

    status = 422


def create(call: dsl.Call, hook: WebHook, at: Any) -> WebHook:
    """Keep a new hook of a project, of a group or of the instance; raises ``InvalidHook``."""
    kind = type(at).__name__.lower()
    if at is not None and len(hooks_of(call.store, at)) >= HOOKS_AT_MOST[kind]:
        raise InvalidHook(f"Maximum number of {kind} hooks ({HOOKS_AT_MOST[kind]}) exceeded")
    problems = problems_of(hook)
    for told in _told(problems, f"Custom headers {NOT_VALID}"):
        raise InvalidHook(told, reason=_reason(problems))
    if problems:
        sentences = [
            f"{name.replace('_', ' ').capitalize()} {text}" for name, texts in problems.items() for text in texts
        ]
        raise InvalidHook(_sentence(sentences), reason=_reason(problems))
    return call.store.insert(hook)


def update(call: dsl.Call, hook: WebHook, changes: Mapping[str, Any]) -> WebHook:
    """Keep changes to a hook; raises ``InvalidHook``, or ``Invalid`` where GitLab has no words of its own."""
    kept = {**changes, **_forgotten(hook, changes)}
    problems = problems_of(hook.replaced(kept))
    for told in _told(problems, "Custom headers validation failed"):
        raise InvalidHook(told, reason=_reason(problems))
    if problems:
        raise Invalid(problems, reason=_reason(problems))
    return call.store.update(hook, **kept)


class Invalid(ValidationFailed):
    """The record did not pass its validations, told as something that cannot be carried out."""

    status = 422


def change_pair(call: dsl.Call, hook: WebHook, column: str, pairs: dict[str, str], refusal: str) -> None:
    """Keep other variables or headers of a hook; raises ``InvalidHook`` with a refusal."""
    changes: dict[str, Any] = {column: pairs}
    changes.update(_forgotten(hook, changes))
    problems = problems_of(hook.replaced(changes))
    if problems:
        raise InvalidHook(refusal, reason=_reason(problems))
    call.store.update(hook, **changes)


def delete(store: dsl.Store, hook: WebHook) -> None:
    """Delete a hook with what it was sent."""
    for row in (*store[WebHookLog].having("web_hook_id", hook.id), hook):
        store.delete(row)


def _forgotten(hook: WebHook, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is forgotten as the URL changes, so that no secret is sent elsewhere."""
    url, variables = changes.get("url", hook.url), changes.get("variables", hook.variables)
    forgotten: dict[str, Any] = {}
    if url != hook.url and changes.get("token", hook.token) == hook.token:
        forgotten["token"] = None
    if url != hook.url and any(pair in variables.items() for pair in hook.variables.items()):
        forgotten["variables"] = variables = {}
    if interpolated(url or "", variables) != interpolated(hook.url, hook.variables):
        forgotten["headers"] = {}
    return forgotten


# What is wrong


def problems_of(hook: WebHook) -> Problems:
    """Return what is wrong with a hook, by its attributes."""
    found = {
        "url": _url_problems(hook),
        "token": ["is invalid"] if "\n" in (hook.token or "") else [],
        "push_events_branch_filter": _filter_problems(hook),
        "url_variables": _pair_problems(hook.variables),
        "custom_headers": _pair_problems(hook.headers),
        **{name: _too_long(getattr(hook, name), most) for name, most in LONGEST.items()},
    }
    return {name: texts for name, texts in found.items() if texts}


def _url_problems(hook: WebHook) -> list[str]:
    if not (hook.url or "").strip():
        return ["can't be blank"]
    if _pair_problems(hook.variables):
        return []
    missing = [name for name in VARIABLE.findall(hook.url) if name not in hook.variables]
    if missing:
        return [f"Invalid URL template. Missing keys: {missing}"]
    url = interpolated(hook.url, hook.variables)
    problem = "is blocked: URI is invalid" if UNSENDABLE.search(url) else url_problem(url, ("http", "https"))
    return [problem] if problem else []


def _filter_problems(hook: WebHook) -> list[str]:
    wanted = hook.push_events_branch_filter
    if not wanted:
        return []
    if hook.branch_filter_strategy == "regex":
        return regex_problems({"filter": wanted}).get("filter", [])
    return [] if is_ref_name(wanted.replace("*", "x")) else ["is not a valid branch name"]


def _pair_problems(pairs: Any) -> list[str]:
    good = isinstance(pairs, Mapping) and len(pairs) <= KEYS_AT_MOST and all(map(_is_pair, pairs.items()))
    return [] if good else [NOT_VALID]


def _is_pair(pair: tuple[Any, Any]) -> bool:
    return all(isinstance(one, str) for one in pair) and bool(KEY.fullmatch(pair[0]) and VALUE.fullmatch(pair[1]))


def _too_long(text: str | None, most: int) -> list[str]:
    return [f"is too long (maximum is {most} characters)"] if len(text or "") > most else []


def _told(problems: Problems, of_headers: str) -> list[str]:
    words = {**TOLD, "custom_headers": of_headers}
    return [told for name, told in words.items() if name in problems]


def _reason(problems: Problems) -> str:
    return "; ".join(f"{name} {text}" for name, texts in problems.items() for text in texts)


def _sentence(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])}{',' if len(texts) > 2 else ''} and {texts[-1]}"
