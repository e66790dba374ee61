"""What a client does that GitLab silently ignores, or will not take for ever; read from the journal when asked for."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockgitlab.dsl.entity import FIRST_ID_BESIDE_IID
from mockgitlab.report.deprecations import OPERATIONS, deprecation_of, removals_of
from mockgitlab.report.values import check_value, did_you_mean

if TYPE_CHECKING:
    from mockgitlab.report.entry import Entry

SECRETS = ("private_token", "access_token", "bearer_token", "job_token")
PAGING = ("page", "per_page", "pagination", "cursor", "id_after", "id_before", "page_token")
"""Parameters of every list that is paged."""
EVERYWHERE = (*SECRETS, "sudo", "token", "format", "_method", *PAGING)
"""Parameters that no operation declares: who asks, and which page."""


def findings_of(entry: "Entry") -> list[str]:
    """Return what is questionable about a request, each with the operation, the parameter and what GitLab does."""
    operation = entry.record.operation
    if operation is None or not operation.built:
        return list(_tokens(entry))
    found = [*_unknown(entry, operation), *_misplaced(entry, operation), *_values(entry, operation)]
    return [*found, *_deprecated(entry, operation), *_ids(entry), *_tokens(entry)]


def _params(entry: "Entry", operation: Any) -> Any:
    settings = entry.record.settings
    return (operation.params.of_release(settings.release) if settings else operation.params).params


# What is not known


def _unknown(entry: "Entry", operation: Any) -> Iterator[str]:
    known = _params(entry, operation)
    for name in entry.parameters:
        if name in known or name in EVERYWHERE or name in entry.record.path or _is_padding(entry, name):
            continue
        told = _of_another_release(operation, name) or did_you_mean(name, known)
        yield f"{operation.key} has no parameter {name}, GitLab ignores it{told}"


def _is_padding(entry: "Entry", name: str) -> bool:
    """Tell whether it is the empty file that a client's library puts into every multipart body."""
    return name == "file" and not entry.parameters[name] and _content_type(entry).startswith("multipart/")


def _of_another_release(operation: Any, name: str) -> str:
    for removal in removals_of(operation.key, name):
        return f" since {removal.gone}; send {removal.instead}"
    other = operation.params.params.get(name)
    return "" if other is None else f": it came with {other.since}" if other.since else f" since {other.until}"


# What stands in the wrong place


def _misplaced(entry: "Entry", operation: Any) -> Iterator[str]:
    sent = entry.parameters
    for name, value in entry.record.path.items():
        if name in sent and str(sent[name]) != value and name not in operation.params.params:
            yield f"{operation.key} takes {name} from its path, GitLab ignores the {sent[name]!r} sent beside it"
    yield from _paging(entry, operation)
    yield from _bodies(entry, operation)
    yield from _repeated(entry, operation)


def _paging(entry: "Entry", operation: Any) -> Iterator[str]:
    if operation.listed and operation.paginated:
        return
    what = "does not page its list" if operation.listed else "answers no list"
    for name in PAGING:
        if name in entry.parameters and name not in operation.params.params:
            yield f"{operation.key} {what}, GitLab ignores {name}"


def _bodies(entry: "Entry", operation: Any) -> Iterator[str]:
    if entry.method not in ("GET", "HEAD"):
        return
    if entry.record.unread:
        told = "a JSON body, which GitLab ignores"
        yield f"{operation.key} was sent with {told} ({entry.record.unread} bytes): write the parameters in the query"
    for name in entry.json:
        yield f"{operation.key} has {name} in its body, which proxies drop from a {entry.method}: write it in the query"


def _repeated(entry: "Entry", operation: Any) -> Iterator[str]:
    pairs = parse_qsl(entry.record.target.partition("?")[2], keep_blank_values=True, errors="replace")
    for name, number in Counter(name for name, _ in pairs).items():
        if number > 1 and not name.endswith("]"):
            told = f"GitLab takes the last alone: write {name}[]= or separate by commas"
            yield f"{operation.key} has {name} {number} times in its query, {told}"


# What is read as something else


def _content_type(entry: "Entry") -> str:
    return next((value for name, value in entry.record.headers if name == "Content-Type"), "")


def _values(entry: "Entry", operation: Any) -> Iterator[str]:
    known, in_body = _params(entry, operation), entry.json
    for name, value in entry.parameters.items():
        if name in known:
            typed = name in in_body and "json" in (_content_type(entry) or "json")
            for told in check_value(known[name], value, name, typed=typed):
                yield f"{operation.key} {told}"


# What goes


def _deprecated(entry: "Entry", operation: Any) -> Iterator[str]:
    if told := operation.deprecated or OPERATIONS.get(operation.key):
        yield f"{operation.key} is deprecated: {told}"
    known = _params(entry, operation)
    for name in entry.parameters:
        told = deprecation_of(operation.key, name) or (name in known and known[name].deprecated)
        if name in known and told:
            yield f"the parameter {name} of {operation.key} is deprecated: {told.removeprefix('deprecated ')}"


# Who is meant, and who asks


def _ids(entry: "Entry") -> Iterator[str]:
    for name, value in entry.record.path.items():
        if name.endswith("iid") and entry.status == 404 and _looks_like_id(value):
            yield f"{name} is {value}, which looks like an id: the path takes the iid, the number within the project"


def _looks_like_id(value: str) -> bool:
    return len(value) <= 18 and value.isascii() and value.isdigit() and int(value) >= FIRST_ID_BESIDE_IID


def _tokens(entry: "Entry") -> Iterator[str]:
    for name in SECRETS:
        if name in entry.query:
            yield f"the token is in the query as {name}, where logs keep it: send it in the header PRIVATE-TOKEN"
