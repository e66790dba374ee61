"""What a client does that GitLab silently ignores, or will not take for ever; read from the journal when asked for."""

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mockgitlab.dsl.entity import FIRST_ID_BESIDE_IID

if TYPE_CHECKING:
    from mockgitlab.report.entry import Entry

SECRETS = ("private_token", "access_token", "bearer_token", "job_token")
EVERYWHERE = (
    *SECRETS,
    "sudo",
    "token",
    "page",
    "per_page",
    "pagination",
    "order_by",
    "sort",
    "cursor",
    "id_after",
    "id_before",
)
"""Parameters that no operation declares: who asks, and which page."""


def findings_of(entry: "Entry") -> list[str]:
    """Return what is questionable about a request: unknown and deprecated parameters, ids for iids, tokens in URLs."""
    operation = entry.record.operation
    if operation is None or not operation.built:
        return list(_tokens(entry))
    return [*_unknown(entry, operation), *_deprecated(entry, operation), *_ids(entry), *_tokens(entry)]


def _unknown(entry: "Entry", operation: Any) -> Iterator[str]:
    known = operation.params.params
    for name in entry.parameters:
        if name not in known and name not in EVERYWHERE:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{operation.key} has no parameter {name}, GitLab ignores it{hint}"


def _deprecated(entry: "Entry", operation: Any) -> Iterator[str]:
    if operation.deprecated:
        yield f"{operation.key} is deprecated: {operation.deprecated}"
    for name in entry.parameters:
        param = operation.params.params.get(name)
        if param is not None and param.deprecated:
            yield f"the parameter {name} of {operation.key} is deprecated: {param.deprecated}"


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
