"""What a recording shows: each answered call with its operation, and the records in its body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mockgitlab.dsl import Collection, Definitions, Operation, Shape
from mockgitlab.errors import ApiError
from mockgitlab.playback.exchange import Exchange, header
from mockgitlab.playback.recording import Recording
from mockgitlab.store import Settings
from mockgitlab.web.routes import Routes

Chain = tuple[tuple[str, str], ...]
"""Where a record is: kinds and what names them in a path, outermost first: ``(("Project", "1"), ("Issue", "3"))``."""
READS = ("GET", "HEAD")
SIGNS = {
    "Project": ("id", "name", "path_with_namespace"),
    "User": ("id", "username", "name", "web_url"),
    "MergeRequest": ("id", "iid", "source_branch", "target_branch", "title"),
    "Issue": ("id", "iid", "issue_type", "title"),
    "Epic": ("id", "iid", "group_id", "title", "url"),
    "Milestone": ("id", "iid", "title", "due_date", "start_date"),
    "Group": ("id", "full_path", "name"),
    "Note": ("id", "body", "noteable_type", "system"),
}
"""The keys by which a record is known where nothing else says what it is; the first kind that has all of them."""


@dataclass(frozen=True)
class Seen:
    """An exchange of a recording; ``operation`` is nothing where the API has no such path."""

    number: int
    exchange: Exchange
    operation: Operation | None
    parameters: Mapping[str, str]
    token: str

    @property
    def path(self) -> str:
        """The path of the operation: ``projects/:id/issues``."""
        return self.operation.path if self.operation else ""

    @property
    def well(self) -> bool:
        """Whether it was answered well."""
        return self.exchange.response.status < 300

    @property
    def value(self) -> Any:
        """The JSON that came."""
        body = self.exchange.response.body
        return body.value if body.kind == "json" else None

    @property
    def chain(self) -> Chain:
        """The records that the path goes through, the one at its end included."""
        pairs = zip(["", *self.path.split("/")], self.path.split("/"), strict=False)
        named = [(before, one[1:]) for before, one in pairs if one[:1] in (":", "*")]
        return tuple((PLACES[place], self._named(place, name)) for place, name in named if place in PLACES)

    def _named(self, place: str, parameter: str) -> str:
        """Return what a path names a record by; v3 takes the ids of issues and merge requests, not their numbers."""
        old = self.operation is not None and self.operation.api == "v3" and place in ("issues", "merge_requests")
        return f"id {self.parameters.get(parameter, '')}" if old else self.parameters.get(parameter, "")

    @property
    def ends_in_one(self) -> bool:
        """Whether the path names a single record at its end."""
        return self.path.rpartition("/")[2][:1] in (":", "*")

    @property
    def last_word(self) -> str:
        """The last literal segment of the path: ``issues``."""
        return next((one for one in reversed(self.path.split("/")) if one[:1] not in (":", "*")), "")


PLACES = {
    "projects": "Project",
    "groups": "Group",
    "users": "User",
    "issues": "Issue",
    "merge_requests": "MergeRequest",
    "snippets": "Snippet",
    "notes": "Note",
    "milestones": "Milestone",
    "epics": "Epic",
    "releases": "Release",
}
"""What kind of record a parameter names that follows this segment of a path."""


def read(recording: Recording, definitions: Definitions, settings: Settings) -> list[Seen]:
    """Return the exchanges of a recording with their operations."""
    routes = Routes(definitions, settings)
    return [_seen(number, exchange, routes) for number, exchange in enumerate(recording, 1)]


def _seen(number: int, exchange: Exchange, routes: Routes) -> Seen:
    try:
        found = routes.match(exchange.request.method, exchange.request.path)
    except ApiError:
        found = None
    operation, parameters = found if isinstance(found, tuple) else (None, {})
    return Seen(number, exchange, operation, parameters, token_of(exchange))


def token_of(exchange: Exchange) -> str:
    """Return the token that a request came with; empty when it had none."""
    sent = exchange.request
    kind, _, bearer = header(sent.headers, "authorization").partition(" ")
    query = dict(sent.query)
    found = (header(sent.headers, name) for name in ("private-token", "job-token", "deploy-token"))
    of_bearer = bearer.strip() if kind.lower() == "bearer" else ""
    return next(filter(None, (*found, of_bearer, query.get("private_token"), query.get("access_token"))), "")


TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("id", "iid", "project_id", "group_id", "access_level", "group_access_level"), int),
    **dict.fromkeys(("group_full_path", "group_name"), str),
    **dict.fromkeys(("username", "full_path", "path_with_namespace", "slug", "tag_name", "title", "name"), str),
    **dict.fromkeys(("visibility", "default_branch", "source_branch", "target_branch", "file_name"), str),
    **dict.fromkeys(("labels", "notes", "files", "shared_with_groups", "identities"), list),
    **dict.fromkeys(("time_stats", "assets", "namespace"), dict),
}
"""Of what type the fields are by which records are told apart and put together."""


def cleaned(row: dict[str, Any]) -> dict[str, Any]:
    """Return an object without the fields that are of another type than GitLab's: they say nothing.

    The levels that v3 shows stand under their names too.
    """
    found = {key: value for key, value in row.items() if key not in TYPES or _is(value, TYPES[key])}
    level = found.get("visibility_level")
    if "visibility" not in found and level in (0, 10, 20):
        found["visibility"] = VISIBILITIES[level // 10]
    return found


VISIBILITIES = ("private", "internal", "public")


def _is(value: Any, types: type | tuple[type, ...]) -> bool:
    return isinstance(value, types) and not (types is int and isinstance(value, bool)) and value != ""


def rows_of(value: Any, *keys: str) -> list[dict[str, Any]]:
    """Return the objects of a list, or one object as a list, that have all of some keys, their odd fields left out."""
    listed = value if isinstance(value, list) else [value]
    rows = [cleaned(row) for row in listed if isinstance(row, dict)]
    return [row for row in rows if all(row.get(key) is not None for key in keys)]


class Kinds:
    """Which kind of record an operation answers with, by the fields that its shape shows."""

    def __init__(self, definitions: Definitions) -> None:
        self.collections: dict[str, list[Collection]] = {}
        for one in definitions.collections:
            self.collections.setdefault(one.entity.__name__, []).append(one)
        self._members = {
            name: {id(member) for _, member in every[0].entity.shape().members}
            for name, every in self.collections.items()
        }
        self._names = {one.name: one.entity.__name__ for one in reversed(list(definitions.collections))}
        self.of_shape = cache(self._of_shape)

    def of(self, seen: Seen) -> str:
        """Return the kind of the records in an answer, empty when it is none that scenarios hold."""
        if seen.operation is None:
            return ""
        found = self.of_shape(seen.operation.shape) if seen.operation.shape else ""
        return found or self._names.get(seen.last_word, "")

    def _of_shape(self, shape: Shape) -> str:
        members = {id(member) for _, member in shape.members}
        counts = {name: len(members & own) for name, own in self._members.items()}
        best = max(counts, key=lambda name: (counts[name], -len(self._members[name])))
        return best if counts[best] * 3 >= len(members) else ""


def sign_of(value: Mapping[str, Any]) -> str:
    """Return what kind of record an object is by its keys; empty when it is none known."""
    return next((kind for kind, keys in SIGNS.items() if all(key in value for key in keys)), "")


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object within a JSON value, the outer ones first."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from objects_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from objects_in(one)
