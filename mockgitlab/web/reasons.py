"""Why a request is refused, in words for the developer of the client: what came, what was meant, what to do.

The body and the status stay GitLab's; a reason goes into the header ``X-Mockgitlab-Reason`` and into the journal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from mockgitlab.dsl import Call
from mockgitlab.errors import ApiError
from mockgitlab.web.paths import normalise
from mockgitlab.web.router import Router, WrongMethod, likely_literal

JOINED_AT_MOST = 12
"""A path of more segments is not searched for slashes that should have been encoded."""
_SLASH = re.compile("%2f", re.IGNORECASE)
_ASCII = str.maketrans({"✓": "[ok]", "✗": "[no]", "→": "->", "…": "..."})


def header_text(reason: str) -> str:
    """Return a reason as it may stand in a header: one line of ASCII, with escapes for the rest, of at most 500."""
    text = reason.translate(_ASCII)
    if text.isascii() and text.isprintable():
        return text[:500]
    return "".join(one if " " <= one <= "~" else ascii(one)[1:-1] for one in text)[:500]


def of_refusal(error: ApiError, call: Call | None) -> str:
    """Return why a request was refused: the error's own reason, or else what it says and of which operation."""
    if error.reason:
        return error.reason
    told = ", ".join(_sentences(error.message)) or f"{error.status}"
    return f"{call.operation.key}: {told}" if call else told


def _sentences(message: Any, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield GitLab's messages, nested by field, as sentences: ``path has already been taken``."""
    if isinstance(message, Mapping):
        for name, value in message.items():
            yield from _sentences(value, (*names, str(name)))
    elif isinstance(message, (list, tuple)):
        for value in message:
            yield from _sentences(value, names)
    else:
        yield " ".join((".".join(names), str(message))).strip()


def of_method(allowed: Sequence[str], method: str) -> str:
    """Say which methods a path takes."""
    return f"this path takes {', '.join(allowed)}, not {method}"


def of_unknown_route(router: Router[Any], methods: Mapping[str, Sequence[str]], method: str, path: str) -> str:
    """Say which route was meant by a path that none has: with its slashes encoded, or the nearest by criteria.

    ``methods`` are those of each template.
    """
    split = _split(router, method, path)
    if split:
        return f"no route {path}; only the slashes inside an id or path are written %2F: {split}"
    encoded = _encoded(router, method, path)
    if encoded:
        return f"no route {path}; a slash inside an id or path must be written %2F: {encoded}"
    if path.startswith("/@"):
        return (
            f"no route {path}; the name of a sandbox has up to 100 letters, digits, '.', '_' and '-': /@my-test/api/v4"
        )
    near = router.nearest(path)
    if not near:
        return f"no route {path}; the API is below {', '.join(_bases(methods))}"
    first, *others = near
    more = f"; other near ones: {', '.join('/' + one for one in others)}" if others else ""
    return f"no route {path}; the nearest is {compare(first, methods.get(first, ()), method, path)}{more}"


def _bases(methods: Mapping[str, Sequence[str]]) -> list[str]:
    return sorted({"/" + "/".join(template.split("/")[:2]) for template in methods if template.startswith("api/")})


def _split(router: Router[Any], method: str, path: str) -> str:
    """Return the path with one encoded slash written plainly so that a route has it; empty where none has."""
    for found in list(_SLASH.finditer(path))[:JOINED_AT_MOST]:
        plain = f"{path[: found.start()]}/{path[found.end() :]}"
        route = router.match(method, plain)
        if route is not None and not isinstance(route, WrongMethod):
            return plain
    return ""


def _encoded(router: Router[Any], method: str, path: str) -> str:
    """Return the path with some slashes encoded so that a route has it, as few as do; empty where none has."""
    segments = normalise(path)[1:].split("/")
    if len(segments) > JOINED_AT_MOST:
        return ""
    for length in range(2, len(segments)):
        for start in range(1, len(segments) - length + 1):
            if segments[start].isdigit():
                continue  # an id, to which nothing belongs
            joined = [*segments[:start], "%2F".join(segments[start : start + length]), *segments[start + length :]]
            found = router.match(method, "/".join(joined))
            if found is not None and not isinstance(found, WrongMethod):
                return f"/{'/'.join(joined)}"
    return ""


def compare(template: str, methods: Sequence[str], method: str, path: str) -> str:
    """Compare a request with a route, segment by segment: ``GET /a/:id/issues (method ✓, :id ✓, isues ✗ issues)``."""
    method = "GET" if method == "HEAD" and method not in methods else method
    fits = "✓" if method in methods else "✗ " + "/".join(methods)
    parts = [f"method {fits}", *_compared(template.split("/"), normalise(path)[1:].split("/"))]
    shown = method if method in methods else next(iter(methods), method)
    return f"{shown} /{template} ({', '.join(parts)})"


def _compared(template: list[str], sent: list[str]) -> Iterator[str]:
    known = [":" if one[:1] in (":", "*") else one for one in template]
    came = [likely_literal(one, set(known) - {":"}) for one in sent]
    for kind, a, b, c, d in SequenceMatcher(None, known, came, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from map(_marked, template[a:b], sent[c:d])
            continue
        for index in range(max(b - a, d - c)):
            wanted, given = template[a:b][index : index + 1], sent[c:d][index : index + 1]
            yield f"{given[0] if given else 'missing'} ✗ {wanted[0] if wanted else 'not in it'}"


def _marked(name: str, given: str) -> str:
    return f"{name} ✓" if name[:1] in ":*" or name == given else f"{given} ✗ {name}"
