"""Changing the application settings: what must come together, what is no valid value, and what they cause.

Source: GitLab's lib/api/settings.rb, app/models/application_setting.rb and ee/app/models/ee/application_setting.rb.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models import application_setting as settings
from mockgitlab.api.models.application_setting import ApplicationSetting, Setting, table
from mockgitlab.api.models.group import VISIBILITIES, find_group
from mockgitlab.api.models.user import User
from mockgitlab.api.ruby import inspect
from mockgitlab.errors import InvalidParameters, MissingParameters, ValidationFailed
from mockgitlab.store import Settings

NOT_RESTRICTED_SINCE = (16, 4)
HOUSEKEEPING = ("housekeeping_full_repack_period", "housekeeping_gc_period", "housekeeping_incremental_repack_period")
"""Three that were replaced by one, ``housekeeping_optimize_repository_period``."""
PATTERNS = {
    "personal_access_token_prefix": (
        r"[a-zA-Z0-9_+=/@:.-]*",
        "can contain only letters of the Base64 alphabet (RFC4648) with the addition of '@', ':' and '.'",
    ),
    "commit_email_hostname": (r"[^@]+", "is invalid"),
    "default_ci_config_path": (r"(?!/)(?!.*\.\.).*", "cannot include leading slash or directory traversal."),
    "eks_account_id": (r"\d{12}|", "must be a 12-digit number"),
}
INTEGERS_UP_TO = "2147483647"
"""What a column of whole numbers holds at the most."""
TERMS = "You need to set terms to be enforced"
DENYLIST = "Domain denylist cannot be empty if denylist is enabled."
BLOCKED = "is blocked: Only allowed schemes are http, https"
LEVELS = ("default_project_visibility", "default_group_visibility")
RESTRICTED = "cannot be set to a restricted visibility level"
Problems = dict[str, list[str]]


def update(store: dsl.Store, given: Mapping[str, Any]) -> None:
    """Change settings; raises what GitLab does where the companions of one are missing or a value is wrong."""
    _check_companions(given)
    there = {name: value for name, value in given.items() if table()[name].exists(store.settings)}
    news = _read(store, settings.kept(there))
    now = {**settings.values(store), **news}
    problems = dict(_problems(news, now, store.settings))
    if problems:
        raise ValidationFailed(problems, reason=f"the settings would not be valid: {', '.join(problems)}")
    keep(store, news)


def keep(store: dsl.Store, news: Mapping[str, Any]) -> None:
    """Keep settings that are valid, under the names under which they are kept."""
    row = store[ApplicationSetting].get(1)
    changed = {**settings.changed(store), **news}
    if row is None:
        store.insert(ApplicationSetting(changed=changed))
    else:
        store.update(row, changed=changed)


def _check_companions(given: Mapping[str, Any]) -> None:
    needs = [one for name in given if given[name] is True for one in table()[name].names("needs")]
    missing = [name for name in dict.fromkeys(needs) if name not in given]
    if missing:
        raise MissingParameters(missing, reason=f"what is enabled needs {', '.join(missing)} in the same request")
    if given.get("housekeeping_enabled"):
        _check_housekeeping(given)


def _check_housekeeping(given: Mapping[str, Any]) -> None:
    one, three = "housekeeping_optimize_repository_period", HOUSEKEEPING
    for rule in (dsl.all_or_none_of(*three), dsl.exactly_one_of(three[-1], one)):
        problem = rule.problem(given)
        if problem:
            raise InvalidParameters([problem], reason="housekeeping_enabled needs to know how often it is done")


def _read(store: dsl.Store, news: dict[str, Any]) -> dict[str, Any]:
    """Return what was given as it is kept: visibilities that are none count as private, as GitLab reads them."""
    if news.get("restricted_visibility_levels") is not None:
        levels = [one if one in VISIBILITIES else "private" for one in news["restricted_visibility_levels"]]
        news["restricted_visibility_levels"] = list(dict.fromkeys(levels))
    lists: dict[str, Any] = {
        name: [] for name, value in news.items() if value is None and table()[name].kind in ("list", "ints")
    }
    path = news.get("performance_bar_allowed_group_path")
    group = {} if not path or find_group(store, path) else {"performance_bar_allowed_group_path": None}
    return {**news, **lists, **group}


# What is wrong


def problems_of(given: Mapping[str, Any], instance: Settings) -> Problems:
    """Return what is wrong with the settings with which a scenario begins."""
    news = settings.kept(given)
    return dict(_problems(news, {name: one.default for name, one in table().items()} | news, instance))


def _problems(news: Mapping[str, Any], now: Mapping[str, Any], instance: Settings) -> Iterator[tuple[str, list[str]]]:
    for name in dict.fromkeys((*news, *_together(news))):
        found = [*(_wrong(table()[name], now[name]) if name in news else ()), *_of_all(name, now, instance)]
        if found:
            yield name, list(dict.fromkeys(found))


def _together(news: Mapping[str, Any]) -> list[str]:
    """Return the settings whose validity hangs on those that are set."""
    companions = [one for name in news for one in table()[name].names("present")]
    pairs = {"enforce_terms": "terms", "domain_denylist_enabled": "domain_denylist"}
    return [
        *companions,
        *(pairs[name] for name in news if name in pairs),
        *(LEVELS if "restricted_visibility_levels" in news else ()),
    ]


def _of_all(name: str, now: Mapping[str, Any], instance: Settings) -> Iterator[str]:
    if name in _blank_companions(now):
        yield "can't be blank"
    for tested, told in _TESTS.get(name, ()):
        if tested(now):
            yield told.format(**now)
    if name in LEVELS and now[name] in (now["restricted_visibility_levels"] or ()):
        yield from [RESTRICTED] if instance.release >= NOT_RESTRICTED_SINCE else []


_TESTS: dict[str, tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...]] = {
    "terms": ((lambda now: now["enforce_terms"] and not now["terms"], TERMS),),
    "domain_denylist": ((lambda now: now["domain_denylist_enabled"] and not now["domain_denylist"], DENYLIST),),
    "gitaly_timeout_medium": (
        (
            lambda now: (now["gitaly_timeout_medium"] or 0) > (now["gitaly_timeout_default"] or 0),
            "must be less than or equal to {gitaly_timeout_default}",
        ),
        (
            lambda now: (now["gitaly_timeout_medium"] or 0) < (now["gitaly_timeout_fast"] or 0),
            "must be greater than or equal to {gitaly_timeout_fast}",
        ),
    ),
    "gitaly_timeout_fast": (
        (
            lambda now: (now["gitaly_timeout_fast"] or 0) > (now["gitaly_timeout_default"] or 0),
            "must be less than or equal to {gitaly_timeout_default}",
        ),
    ),
}
"""Which settings are wrong beside others, and what is told then."""


def _blank_companions(now: Mapping[str, Any]) -> set[str]:
    enabled = (one for name, one in table().items() if now.get(name))
    return {name for one in enabled for name in one.names("present") if not str(now.get(name) or "").strip()}


def _wrong(setting: Setting, value: Any) -> Iterator[str]:
    if setting.kind == "bool" and value is None:
        yield "must be a boolean value"
    if setting.kind in ("int", "float"):
        yield from _wrong_number(setting, value)
    if setting.kind == "str":
        yield from _wrong_text(setting, value or "")
    registrars = setting.name == "valid_runner_registrars"
    if registrars and not (set(value) <= {"project", "group"} and len(set(value)) == len(value)):
        yield f"{inspect(value)} is not included in the list"
    if setting.name == "deactivate_dormant_users_period" and (value or 0) < 90:
        yield f"'{value}' days of inactivity must be greater than or equal to 90"


def _wrong_number(setting: Setting, value: Any) -> Iterator[str]:
    words = setting.words
    if value is None:
        bounded = not words.keys().isdisjoint(("above", "min", "max"))
        yield from ["is not a number"] if bounded and setting.default is not None else []
        return
    if "above" in words and value <= float(words["above"]):
        yield f"must be greater than {words['above']}"
    if "min" in words and value < float(words["min"]):
        yield f"must be greater than or equal to {words['min']}"
    most = words.get("max", INTEGERS_UP_TO)
    if value > float(most):
        yield f"must be less than or equal to {most}"


def _wrong_text(setting: Setting, text: str) -> Iterator[str]:
    words = setting.words
    if "present" in words and not text.strip() and not words["present"]:
        yield "can't be blank"
    if "length" in words and len(text) > int(words["length"]):
        yield f"is too long (maximum is {words['length']} characters)"
    if "url" in words and text and not re.match(r"https?://[^/\s]", text):
        yield BLOCKED
    if "email" in words and text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        yield "is invalid"
    pattern, told = PATTERNS.get(setting.name, ("", ""))
    if pattern and not re.fullmatch(pattern, text, re.DOTALL):
        yield told


# What they cause


def throttle(store: dsl.Store, known: bool) -> dsl.Throttle | None:
    """Return how many requests the settings allow a user, or an address of which no user is known."""
    if not (store.settings.settings or settings.changed(store)):
        return None
    stem = f"throttle_{'' if known else 'un'}authenticated_api"
    if not settings.value(store, f"{stem}_enabled"):
        return None
    names = (f"{stem}_requests_per_period", f"{stem}_period_in_seconds", "rate_limiting_response_text")
    requests, period, text = (settings.value(store, name) for name in names)
    return dsl.Throttle(requests, period, text or "Retry later", stem)


def restricted_problems(store: dsl.Store, user: User, visibility: str) -> Problems:
    """Return what is wrong with a visibility for a user, where administrators keep it to themselves."""
    if user.admin or visibility not in (settings.value(store, "restricted_visibility_levels") or ()):
        return {}
    return {"visibility_level": [f"{visibility} has been restricted by your GitLab administrator"]}


def defaults_of_users(store: dsl.Store) -> dict[str, Any]:
    """Return the columns that the settings give new users."""
    columns = {
        "projects_limit": "default_projects_limit",
        "can_create_group": "can_create_group",
        "external": "user_default_external",
        "private_profile": "user_defaults_to_private_profile",
    }
    return {column: settings.value(store, name) for column, name in columns.items() if settings.is_set(store, name)}


def problems_in_scenario(given: Mapping[str, Any], instance: Settings) -> Iterator[tuple[str, str]]:
    """Tell of each setting of a scenario what is wrong with it: unknown to this GitLab, of another type, or invalid."""
    taken = {name: one for name, one in table().items() if one.taken and one.exists(instance)}
    known = {name: value for name, value in given.items() if name in taken}
    for name in given.keys() - known.keys():
        yield name, ""
    wrong = {name for name, value in known.items() if not _fits(taken[name], value)}
    yield from ((name, f"must be {_TOLD[taken[name].kind]}") for name in known if name in wrong)
    right = {name: value for name, value in known.items() if name not in wrong}
    for name, told in problems_of(right, instance).items():
        yield name, told[0]


_TOLD = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "list": "a list of texts",
    "ints": "a list of whole numbers",
    "hash": "a mapping",
}


def _fits(setting: Setting, value: Any) -> bool:
    if value is None:
        return setting.default is None
    kinds: dict[str, Any] = {"bool": bool, "int": int, "float": (int, float), "str": str, "hash": dict}
    if setting.kind in ("list", "ints"):
        kind = str if setting.kind == "list" else int
        return isinstance(value, list) and all(type(one) is kind for one in value)
    fits = isinstance(value, kinds[setting.kind]) and (setting.kind == "bool" or not isinstance(value, bool))
    return fits and (not setting.enum or value in setting.enum)


def _names(instance: Settings) -> list[str]:
    return [name for name, one in table().items() if one.taken and one.exists(instance)]


INSTANCE = dsl.InstanceSettings(_names, problems_in_scenario, settings.kept, throttle)
"""What the server and scenarios need to know of them."""
