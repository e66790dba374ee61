"""What a scenario says of the instance itself, under its key ``gitlab``."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Limits:
    """Bounds which the server keeps; ``None`` is no bound."""

    requests_per_minute: int | None = None
    totals_above: int = 10_000
    body_bytes: int = 10_485_760
    uri_bytes: int = 8_192


@dataclass(frozen=True)
class Settings:
    """The instance: which GitLab it is, and in which words it answers."""

    version: str = "17.5.0"
    edition: Literal["ce", "ee"] = "ee"
    api: tuple[str, ...] = ("v4",)
    errors: Literal["documented", "observed"] = "documented"
    clock: str = "2024-05-01T09:00:00Z"
    url: str | None = None
    impersonation: bool = True
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def release(self) -> tuple[int, ...]:
        """The version as numbers which compare, ``(17, 5, 0)``."""
        return release(self.version)


def release(version: str) -> tuple[int, ...]:
    """Return a version's numbers, ``17.5.0-ee`` as ``(17, 5, 0)``."""
    return tuple(int(part) for part in version.split("-")[0].split("."))
