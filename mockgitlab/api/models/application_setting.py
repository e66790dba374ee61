"""The application settings: what administrators set for the instance, each a row of ``application_settings.txt``.

Source: https://docs.gitlab.com/api/settings/ and GitLab's app/models/application_setting.rb,
app/models/application_setting_implementation.rb, app/helpers/application_settings_helper.rb.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import find_group
from mockgitlab.store import Settings, parse_instant, release, timestamp

TYPES: dict[str, Any] = {
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "list": dsl.CommaList,
    "ints": list[int],
    "hash": dict[str, Any],
}
NO_EFFECT = "-"


class ApplicationSetting(dsl.Entity):
    """What administrators changed of the settings; there is one such record at most."""

    id: int = dsl.serial()
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    changed: dict[str, Any] = dsl.hidden("The settings that differ from those the world began with")


@dataclass(frozen=True)
class Setting:
    """One setting: its type, its default, and the words behind them in its row."""

    name: str
    kind: str
    default: Any
    words: Mapping[str, str]

    def names(self, word: str) -> tuple[str, ...]:
        """Return the names that follow a word, ``needs=a,b``."""
        return tuple(self.words[word].split(",")) if word in self.words else ()

    @cached_property
    def enum(self) -> tuple[Any, ...]:
        """The values that it takes; none where any will do."""
        return tuple(int(value) if self.kind == "int" else value for value in self.names("in"))

    @property
    def alias(self) -> str:
        """The setting of which this is another name."""
        return self.words.get("as", "")

    @property
    def taken(self) -> bool:
        """Whether clients may send it."""
        return "fixed" not in self.words

    @property
    def shown(self) -> bool:
        """Whether answers have it."""
        return "secret" not in self.words

    def exists(self, settings: Settings) -> bool:
        """Tell whether a version and edition of GitLab has it."""
        since, until = self.words.get("since", "0"), self.words.get("until")
        in_time = settings.release >= release(since) and (until is None or settings.release < release(until))
        return in_time and ("ee" not in self.words or settings.edition == "ee")

    def param(self) -> dsl.Param:
        """Return the parameter that sets it."""
        since, until = self.words.get("since", ""), self.words.get("until", "")
        return dsl.param(self.name, TYPES[self.kind], since=since, until=until, enum=self.enum)


def _setting(line: str) -> Setting:
    name, kind, rest = line.split(" ", 2)
    default, end = json.JSONDecoder().raw_decode(rest)
    words = (word.partition("=") for word in rest[end:].split())
    return Setting(name, kind, default, {word: value for word, _, value in words})


@cache
def table() -> dict[str, Setting]:
    """Return every setting by its name."""
    lines = Path(__file__).with_name("application_settings.txt").read_text("utf-8").splitlines()
    settings = (_setting(line) for line in lines if not line.startswith("#"))
    return {setting.name: setting for setting in settings}


@cache
def _defaults() -> dict[str, Any]:
    return {name: setting.default for name, setting in table().items() if not setting.alias}


def values(store: dsl.Store) -> dict[str, Any]:
    """Return what each setting is now, by the name under which it is kept."""
    return {**_defaults(), **store.settings.settings, **changed(store)}


def changed(store: dsl.Store) -> Mapping[str, Any]:
    """Return the settings that administrators changed since the world began."""
    row = store[ApplicationSetting].get(1)
    return row.changed if row is not None else {}


def value(store: dsl.Store, name: str) -> Any:
    """Return what a setting is now."""
    for given in (changed(store), store.settings.settings):
        if name in given:
            return given[name]
    return table()[name].default


def is_set(store: dsl.Store, name: str) -> bool:
    """Tell whether the scenario or an administrator set something, if to what it was by itself."""
    return name in changed(store) or name in store.settings.settings


def kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return given settings under the names under which they are kept; what has no effect is dropped."""
    names = {name: table()[name].alias or name for name in given}
    return {names[name]: value for name, value in given.items() if names[name] != NO_EFFECT}


def shown(store: dsl.Store) -> dict[str, Any]:
    """Return the settings as GitLab shows them: those of its version and edition, secrets left out."""
    now = values(store)
    settings = [one for one in table().values() if one.shown and one.exists(store.settings)]
    shown = {one.name: now.get(one.alias or one.name, one.default) for one in settings}
    return {"id": 1, **shown, **_others(store, now)}


def _others(store: dsl.Store, now: Mapping[str, Any]) -> dict[str, Any]:
    row = store[ApplicationSetting].get(1)
    began = timestamp(parse_instant(store.settings.clock))
    group = find_group(store, now["performance_bar_allowed_group_path"] or "")
    return {
        "performance_bar_allowed_group_id": group.id if group else None,
        "domain_allowlist_raw": "\n".join(now["domain_allowlist"] or ()),
        "domain_denylist_raw": "\n".join(now["domain_denylist"] or ()),
        "outbound_local_requests_allowlist_raw": "\n".join(now["outbound_local_requests_whitelist"] or ()),
        "created_at": row.created_at if row else began,
        "updated_at": row.updated_at if row else began,
    }
