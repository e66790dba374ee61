"""What is known of an integration before anybody sets it up: its properties, its events, where there is one.

The integrations themselves are the rows of ``integration_table``; this module has the words in which they are written.

Source: https://docs.gitlab.com/api/project_integrations/ and GitLab's app/models/integrations/field.rb,
app/models/concerns/integrations/base/integration.rb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mockgitlab import dsl
from mockgitlab.store import Settings, release

PLURALS = ("issue", "confidential_issue", "merge_request")
"""Events whose switch has their plural: ``issues_events``."""
QUIET = dict.fromkeys(
    (
        *("commit_events", "push_events", "issues_events", "alert_events", "confidential_issues_events"),
        *("merge_requests_events", "tag_push_events", "note_events", "confidential_note_events", "pipeline_events"),
        *("wiki_page_events", "job_events"),
    ),
    False,
)
"""The switches of what is told of nothing until somebody says so."""
Problems = dict[str, list[str]]
Values = Mapping[str, Any]


def switch_of(event: str) -> str:
    """Return the name of the switch of an event."""
    return f"{event}s_events" if event in PLURALS else f"{event}_events"


@dataclass(frozen=True)
class Property:
    """One setting of an integration, and what a value must be once it is active.

    A ``secret`` is never shown, and forgotten when a property changes that ``exposes`` it. ``default`` is what it is
    until somebody says otherwise; a ``lasting`` one is so again once it is cleared. ``beside`` names another property
    with which it must not be blank; ``stripped`` is what answers leave out at its end.
    """

    name: str
    what: str = ""
    type: Any = str
    required: bool = False
    secret: bool = False
    shown: bool = True
    exposes: bool = False
    url: bool = False
    default: Any = None
    lasting: bool = False
    pattern: str = ""
    told: str = "is invalid"
    values: tuple[str, ...] = ()
    longest: int = 0
    beside: str = ""
    may_be_blank: bool = False
    stripped: str = ""
    since: str = ""
    edition: str = ""

    @property
    def param(self) -> dsl.Param:
        """The parameter that sets it."""
        return dsl.param(self.name, self.type, self.what, required=self.required, since=self.since)

    def exists_in(self, settings: Settings) -> bool:
        """Tell whether a version and edition of GitLab has it."""
        in_time = not self.since or settings.release >= release(self.since)
        return in_time and self.edition in ("", settings.edition)


@dataclass(frozen=True)
class Kind:
    """An integration that there is: ``events`` are those that it may be told of, ``columns`` how it begins otherwise.

    ``manual`` ones are set up by the API; the others come about elsewhere and are but changed by it. With ``channels``
    there is a property for the channel of each event, named in answers unless they are ``masked``. A kind that is
    ``of`` projects has no place in groups. ``check`` returns what else is wrong with the values of an active one.
    """

    slug: str
    title: str
    events: tuple[str, ...]
    properties: tuple[Property, ...]
    category: str = "common"
    of: tuple[str, ...] = ("projects", "groups")
    columns: Mapping[str, bool] = field(default_factory=dict)
    switches: tuple[Property, ...] = ()
    channels: bool = False
    masked: bool = False
    manual: bool = True
    check: Callable[[Values], Problems] | None = None
    since: str = ""
    edition: str = ""

    @cached_property
    def own(self) -> tuple[Property, ...]:
        """All properties, the channels among them."""
        return (*self.properties, *(map(_channel, CHANNELS) if self.channels else ()))

    @cached_property
    def named(self) -> dict[str, Property]:
        """All properties by their names."""
        return {one.name: one for one in self.own}

    @property
    def defaults(self) -> dict[str, Any]:
        """The values with which it begins."""
        return {one.name: one.default for one in self.own if one.default is not None}

    @cached_property
    def shown(self) -> tuple[Property, ...]:
        """The properties that answers tell."""
        told = [f"{event}_channel" for event in self.events] if self.channels and not self.masked else []
        plain = (one for one in self.properties if one.shown and not one.secret)
        return (*plain, *(self.named[name] for name in told if name in self.named))

    @cached_property
    def params(self) -> tuple[dsl.Param, ...]:
        """The parameters with which it is set up."""
        events = [dsl.param(switch_of(event), bool, f"Tell it of {event} events") for event in self.events]
        return (*(one.param for one in (*self.own, *self.switches)), *events, INHERIT)

    def exists_in(self, settings: Settings) -> bool:
        """Tell whether a version and edition of GitLab has it."""
        in_time = not self.since or settings.release >= release(self.since)
        return in_time and self.edition in ("", settings.edition)


INHERIT = dsl.param("use_inherited_settings", bool, "Whether to take over what a group above has", since="17.3")
CHANNELS = (
    *("push", "issue", "incident", "alert", "confidential_issue", "merge_request", "note", "confidential_note"),
    *("tag_push", "deployment", "pipeline", "wiki_page", "vulnerability"),
)
"""The events for which GitLab takes a channel, whether or not the integration may be told of them."""


def _channel(event: str) -> Property:
    edition = "ee" if event == "vulnerability" else ""
    return Property(f"{event}_channel", f"Where to write of {event} events", edition=edition)


# Words


def text(name: str, what: str, **more: Any) -> Property:
    """Return a property that is a text."""
    return Property(name, what, **more)


def need(name: str, what: str, **more: Any) -> Property:
    """Return a property that must be given."""
    return Property(name, what, required=True, **more)


def link(name: str, what: str, **more: Any) -> Property:
    """Return a property that must be given and is a URL."""
    return Property(name, what, **{"required": True, "url": True, **more})


def secret(name: str, what: str, **more: Any) -> Property:
    """Return a property that must be given and is never shown."""
    return Property(name, what, **{"required": True, "secret": True, **more})


def flag(name: str, what: str, default: bool | None = None, **more: Any) -> Property:
    """Return a property that is true or false."""
    return Property(name, what, bool, default=default, **more)


def kind(slug: str, title: str, events: str, *properties: Property, **more: Any) -> Kind:
    """Return an integration that may be told of events, written with spaces between."""
    return Kind(slug, title, tuple(events.split()), properties, **more)
