"""What a scenario says of the instance itself, under its key ``gitlab``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, Literal

from mockgitlab.store.clock import parse_duration


@dataclass(frozen=True)
class Limits:
    """Bounds which the server keeps; ``None`` is no bound.

    Of git's pushes, ``push_bytes`` bounds the packs, ``file_bytes`` each file, ``snippet_bytes`` a snippet as a whole.
    """

    requests_per_minute: int | None = None
    totals_above: int = 10_000
    body_bytes: int = 10_485_760
    uri_bytes: int = 8_192
    push_bytes: int = 104_857_600
    file_bytes: int | None = None
    snippet_bytes: int = 52_428_800
    per_page: int = 100
    offset: int = 50_000
    webhook_tests_per_minute: int | None = None


@dataclass(frozen=True)
class Transition:
    """When something that GitLab does in the background is done: at once, after a while, after some reads, or by hand.

    ``reads`` are the times that a client asked and was told that it is not done yet.
    """

    after: timedelta | None = None
    reads: int | None = None
    manual: bool = False

    @property
    def immediate(self) -> bool:
        """Whether it is done at once."""
        return self.after is None and self.reads is None and not self.manual


def transition(given: Any) -> Transition:
    """Read ``immediate``, ``manual``, ``{after: 5m}`` or ``{reads: 3}``; raises ``ValueError`` for anything else."""
    if given in ("immediate", "manual"):
        return Transition(manual=given == "manual")
    if isinstance(given, Mapping) and len(given) == 1:
        [(name, value)] = given.items()
        if name == "after":
            return Transition(after=parse_duration(str(value)))
        if name == "reads" and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return Transition(reads=value)
    raise ValueError(f"{given!r} is no transition: write immediate, manual, {{after: 5m}} or {{reads: 3}}")


@dataclass(frozen=True)
class Transitions:
    """How long GitLab's background work takes, by its kind."""

    imports: Transition = Transition()
    deletions: Transition = Transition()
    mergeability: Transition = Transition()
    rebases: Transition = Transition()
    pipelines: Transition = Transition()


@dataclass(frozen=True)
class Webhooks:
    """Where hooks may post besides this machine, ``*`` for any part of a name, and how many seconds they wait."""

    hosts: tuple[str, ...] = ()
    timeout: float = 10.0


@dataclass(frozen=True)
class Settings:
    """The instance: which GitLab it is, and in which words it answers.

    ``settings`` are the application settings with which it begins, where they differ from GitLab's defaults.
    """

    version: str = "17.5.0"
    edition: Literal["ce", "ee"] = "ee"
    api: tuple[str, ...] = ("v4",)
    errors: Literal["documented", "observed"] = "documented"
    clock: str = "2024-05-01T09:00:00Z"
    url: str | None = None
    impersonation: bool = True
    delayed_deletion: bool | None = None
    limits: Limits = field(default_factory=Limits)
    transitions: Transitions = field(default_factory=Transitions)
    webhooks: Webhooks = field(default_factory=Webhooks)
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @cached_property
    def release(self) -> tuple[int, ...]:
        """The version as numbers which compare, ``(17, 5, 0)``."""
        return release(self.version)


@cache
def release(version: str) -> tuple[int, ...]:
    """Return a version's numbers, ``17.5.0-ee`` as ``(17, 5, 0)``."""
    return tuple(int(part) for part in version.split("-")[0].split("."))


def with_transitions(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Return settings with other transitions, ``{"imports": {"reads": 3}}``; raises ``ValueError`` for a wrong one."""
    known = [field.name for field in fields(Transitions)]
    for kind in given:
        if kind not in known:
            raise ValueError(f"nothing that GitLab does in the background is called {kind!r}: take {', '.join(known)}")
    changes = {kind: transition(how) for kind, how in given.items()}
    return replace(settings, transitions=replace(settings.transitions, **changes))
