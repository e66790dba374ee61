"""What a client asked and was answered, as a Pact file (version 4): the client's contract with GitLab.

Each distinct interaction stands once, in the order in which it came; what the answer holds has to keep its types, not
its values. Tokens are not in it: the provider's state says who asks.

Source: https://github.com/pact-foundation/pact-specification/tree/version-4.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from mockgitlab import __version__
from mockgitlab.report.exchange import Exchange
from mockgitlab.report.summary import Summary

CONSUMER, PROVIDER = "client", "GitLab"
_TYPES = {"matchers": [{"match": "type"}], "combine": "AND"}
_PAGING = ("x-page", "x-per-page", "x-total", "x-total-pages", "link")


def to_pact(summary: Summary) -> str:
    """Return the interactions of a summary as a Pact file."""
    found = {
        "consumer": {"name": _consumer(summary.exchanges)},
        "provider": {"name": PROVIDER},
        "interactions": list(_interactions(summary.exchanges)),
        "metadata": {"pactSpecification": {"version": "4.0"}, "mockgitlab": {"version": __version__}},
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _consumer(exchanges: tuple[Exchange, ...]) -> str:
    """Return the name that the client gave itself in ``User-Agent``, most often."""
    names = Counter(one.header("User-Agent").partition("/")[0].strip() for one in exchanges)
    named = [name for name, _ in names.most_common() if name]
    return named[0] if named else CONSUMER


def _interactions(exchanges: tuple[Exchange, ...]) -> Iterator[dict[str, Any]]:
    """Yield what GitLab answered itself: nothing that was lost, not built, or a server's failure."""
    described: Counter[str] = Counter()
    seen: set[str] = set()
    for one in exchanges:
        request = _request(one)
        shown = json.dumps([request, one.status, one.user], sort_keys=True)
        if shown in seen or not 0 < one.status < 500 or one.operation is None:
            continue
        seen.add(shown)
        title = f"{one.key} answers {one.status} to {one.user or 'nobody'}"
        described[title] += 1
        yield _interaction(one, title if described[title] == 1 else f"{title} ({described[title]})", request)


def _interaction(one: Exchange, description: str, request: dict[str, Any]) -> dict[str, Any]:
    scopes = f" with {', '.join(one.scopes)}" if one.scopes else ""
    state = f"{one.user} asks{scopes}" if one.user else "nobody is signed in"
    found = {
        "type": "Synchronous/HTTP",
        "key": f"{one.id}",
        "description": description,
        "pending": False,
        "providerStates": [{"name": state, "params": {"user": one.user or None, "scopes": list(one.scopes)}}],
        "request": request,
        "response": _response(one),
    }
    return {**found, "comments": {"text": [one.reason]}} if one.reason else found


def _request(one: Exchange) -> dict[str, Any]:
    query: dict[str, list[str]] = {}
    for name, value in (one.query or {}).items():
        query.setdefault(name, []).append(value)
    found: dict[str, Any] = {"method": one.method, "path": one.path}
    if query:
        found["query"] = query
    body = {name: value for name, value in (one.parameters or {}).items() if name not in query}
    return {**found, **_sent(body, one.header("Content-Type"))} if body else found


def _sent(body: dict[str, Any], content_type: str) -> dict[str, Any]:
    """Return headers and body of a request; files cannot stand in a Pact, so that of a multipart body nothing does."""
    kind = content_type.partition(";")[0].strip() or "application/json"
    if kind.startswith("multipart/"):
        return {}
    form = urlencode(body, doseq=True) if kind == "application/x-www-form-urlencoded" else None
    content = body if form is None else form
    return {"headers": {"Content-Type": [kind]}, "body": _content(content, kind)}


def _content(content: Any, kind: str) -> dict[str, Any]:
    return {"content": content, "contentType": kind, "encoded": False}


def _response(one: Exchange) -> dict[str, Any]:
    came = one.answer_headers or {}
    paging = {name: [value] for name, value in came.items() if name.lower() in _PAGING and value}
    found: dict[str, Any] = {"status": one.status}
    rules: dict[str, Any] = {"header": dict.fromkeys(paging, _TYPES)} if paging else {}
    kind = came.get("Content-Type", "")
    if kind and one.body:
        paging["Content-Type"] = [kind]
    body = _json(one.body) if kind.startswith("application/json") else None
    if body is not None:
        found["body"] = _content(body, "application/json")
        rules["body"] = {"$": _TYPES}
    return {**found, **({"headers": paging} if paging else {}), **({"matchingRules": rules} if rules else {})}


def _json(text: str) -> Any:
    """Return a body; nothing when the journal kept only its beginning."""
    try:
        return json.loads(text)
    except ValueError:
        return None
