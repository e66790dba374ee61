"""From the raw path of a request to the operation it names: a trie over segments that are still percent-encoded.

A template is a path such as ``projects/:id/repository/files/*file_path``: ``:name`` stands for one segment or a part of
one (``binary-:architecture``), ``*name`` for as few segments as fit, at least one. Where several templates fit, the
first segment that differs decides: literal text, then text with a parameter in it, a parameter, a star. Each route
keeps its own names where another calls the same place something else (``projects/:project_id/issues``).

Segments are decoded last, so an encoded slash or dot (``%2F``, ``%2E``) never splits one. A final ``.json`` is the
format, as in Grape, and is dropped: except where a route that ends in literal text, partly or wholly, or in a star fits
with it (``packages/cargo/config.json``), or one that was added with ``json_suffix=False``.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from mockgitlab.web.paths import SLASHES, normalise

T = TypeVar("T")

_WORD = re.compile(r"[.;#?&]|%3[FfBb]|%23")  # what may stand behind a word: a suffix such as .xml, a query
_PARAMETER = re.compile(r"[:*]([A-Za-z_]\w*)")
_ALIKE = 0.7  # how alike a segment and a literal, a path and a template must be to be taken for one another


@dataclass(slots=True)
class Match(Generic[T]):
    """The route that a request takes, with the decoded values of the parameters in its template."""

    value: T
    template: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class WrongMethod:
    """Routes have this path, none of them this method; ``allowed`` are the methods they have."""

    allowed: tuple[str, ...]


@dataclass(slots=True)
class _Leaf(Generic[T]):
    """One route, at the node where its template ends."""

    value: T
    template: str
    names: tuple[str, ...]
    json_suffix: bool

    def strips(self) -> bool:
        """Tell whether a final ``.json`` is the format rather than part of the last parameter."""
        last = self.template.rpartition("/")[2]
        return self.json_suffix and last.startswith(":") and last[1:].isidentifier()


# What a search captures: the text of a parameter, or the first segment of a star and the one after its last.
_Capture = str | tuple[int, int]
_Found = tuple[_Leaf[T], list[str]]
_Result = _Found[T] | WrongMethod | None


class _Node(Generic[T]):
    """What may follow one beginning of a path, and the routes that end here, by method."""

    __slots__ = ("leaves", "literals", "parameter", "patterns", "star")

    def __init__(self) -> None:
        self.leaves: dict[str, _Leaf[T]] = {}
        self.literals: dict[str, _Node[T]] = {}
        self.patterns: dict[tuple[str, ...], _Node[T]] = {}
        self.parameter: _Node[T] | None = None
        self.star: _Node[T] | None = None

    def leaf(self, method: str) -> _Leaf[T] | None:
        """Return the route that ends here and answers a method."""
        return self.leaves.get(method) or (self.leaves.get("GET") if method == "HEAD" else None)

    def grow(self, segment: str) -> "tuple[_Node[T], tuple[str, ...]]":
        """Return the child for a segment of a template, made if there is none, and the names in the segment."""
        if not _PARAMETER.search(segment):
            return self.literals.setdefault(segment, _Node()), ()
        texts = tuple(_PARAMETER.split(segment))
        pieces, names = texts[::2], texts[1::2]
        if "" in pieces[1:-1]:
            raise ValueError(f"two parameters of the segment {segment!r} have no text between them")
        if pieces != ("", ""):
            return self.patterns.setdefault(pieces, _Node()), names
        if segment.startswith("*"):
            self.star = self.star or _Node()
            return self.star, names
        self.parameter = self.parameter or _Node()
        return self.parameter, names

    def children(self, segment: str) -> "Iterator[tuple[_Node[T], tuple[str, ...]]]":
        """Yield the children that take a segment of a path, best first, with the text each parameter gets."""
        if segment in self.literals:
            yield self.literals[segment], ()
        for pieces, child in self.patterns.items():
            texts = _fill(pieces, segment)
            if texts:
                yield child, texts
        if self.parameter:
            yield self.parameter, (segment,)


def _fill(pieces: tuple[str, ...], segment: str) -> tuple[str, ...]:
    """Return what stands between the pieces in a segment; nothing, if it does not fit or a text would be empty."""
    texts: tuple[str, ...] = ()
    rest = segment[len(pieces[0]) : len(segment) - len(pieces[-1])]
    for piece in pieces[1:-1]:
        text, _, rest = rest.partition(piece)
        texts += (text,)
    texts += (rest,)
    filled = pieces[0] + "".join(text + piece for text, piece in zip(texts, pieces[1:], strict=True))
    return texts if all(texts) and filled == segment else ()


class _Search(Generic[T]):
    """A walk through the trie that turns back where a branch fails, for paths which the straight way misses."""

    def __init__(self, segments: list[str], method: str) -> None:
        self.segments = segments
        self.method = method
        self.allowed: set[str] = set()
        self._spanned: set[_Node[T]] = set()

    def find(self, node: _Node[T], index: int, captured: tuple[_Capture, ...] = ()) -> _Found[T] | None:
        """Return the best route for the segments from ``index`` on, and all that its parameters captured."""
        if index == len(self.segments):
            leaf = node.leaf(self.method)
            self.allowed.update(node.leaves)
            texts = ["/".join(self.segments[slice(*part)]) if isinstance(part, tuple) else part for part in captured]
            return (leaf, texts) if leaf else None
        for child, filled in node.children(self.segments[index]):
            if found := self.find(child, index + 1, captured + filled):
                return found
        return self._span(node.star, index, captured) if node.star else None

    def _span(self, star: _Node[T], start: int, captured: tuple[_Capture, ...]) -> _Found[T] | None:
        # The first visit tries every end there is; a later one starts further right and could only repeat it.
        ends = () if star in self._spanned else range(start + 1, len(self.segments) + 1)
        self._spanned.add(star)
        found = (self.find(star, end, (*captured, (start, end))) for end in ends)
        return next(filter(None, found), None)


class Router(Generic[T]):
    """Finds the value that was added for a method and a template which fits a path."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._places: dict[str, tuple[_Node[T], tuple[str, ...]]] = {"": (self._root, ())}
        self._templates: dict[str, None] = {}

    def add(self, method: str, template: str, value: T, *, json_suffix: bool = True) -> None:
        """Add a route.

        Args:
            method: The HTTP method; ``GET`` answers ``HEAD`` too, unless that has a route of its own.
            template: The path, with or without a slash in front.
            value: What ``match`` gives back.
            json_suffix: Whether a ``.json`` at the end of a last segment that is a parameter is the format.

        Raises:
            ValueError: The template cannot be read, or takes the same paths as one added before.
        """
        template = template.strip("/")
        node, names = self._place(template)
        if method in node.leaves:
            raise ValueError(f"{method} {template} takes the same paths as {method} {node.leaves[method].template}")
        node.leaves[method] = _Leaf(value, template, names, json_suffix)
        self._templates[template] = None

    def _place(self, template: str) -> tuple[_Node[T], tuple[str, ...]]:
        """Return the node at which a template ends, and its names; templates share their beginnings."""
        place = self._places.get(template)
        if place is None:
            head, _, segment = template.rpartition("/")
            if not segment:
                raise ValueError(f"the template {template!r} has an empty segment")
            parent, names = self._place(head)
            node, more = parent.grow(segment)
            if more and len({*names, *more}) < len(names) + len(more):
                raise ValueError(f"the template {template!r} has two parameters of one name")
            place = self._places[template] = node, names + more
        return place

    def match(self, method: str, raw_path: str) -> Match[T] | WrongMethod | None:
        """Return the route for a method and a raw path; what is allowed, if only the method is wrong; or nothing.

        A path with bytes that are no UTF-8 fits no route.
        """
        path = (SLASHES.sub("/", raw_path) if "//" in raw_path else raw_path).strip("/")
        found = self._find(method, path)
        if path.endswith(".json"):
            found = self._without_suffix(method, path, found)
        if isinstance(found, WrongMethod) or found is None:
            return found
        leaf, texts = found
        if not path.isascii() or "%" in path:
            try:
                texts = [_decoded(text) for text in texts]
            except UnicodeError:
                return None
        return Match(leaf.value, leaf.template, dict(zip(leaf.names, texts, strict=True)))

    def _find(self, method: str, path: str) -> _Result[T]:
        segments = path.split("/") if path else []
        node, texts = self._root, list[str]()
        for segment in segments:
            child = node.literals.get(segment)
            if child is None:
                child = node.parameter
                if child is None or node.patterns:
                    break
                texts.append(segment)
            node = child
        else:
            if leaf := node.leaves.get(method):
                return leaf, texts
        return self._search(method, segments)

    def _search(self, method: str, segments: list[str]) -> _Result[T]:
        search: _Search[T] = _Search(segments, method)
        found, allowed = search.find(self._root, 0), search.allowed
        if found or not allowed:
            return found
        return WrongMethod(tuple(sorted(allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set()))))

    def _without_suffix(self, method: str, path: str, found: _Result[T]) -> _Result[T]:
        """Return the route for a path without its ``.json``, where that suits better than what was found with it."""
        shorter = path[: -len(".json")]
        fits = isinstance(found, tuple) and not found[0].strips()
        if fits or not shorter or shorter.endswith("/"):
            return found
        other = self._find(method, shorter)
        return other if isinstance(other, tuple) else found or other

    def nearest(self, raw_path: str) -> list[str]:
        """Return up to three templates that resemble a path most, the most alike first."""
        literals = {segment for template in self._templates for segment in template.split("/")}
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2([likely_literal(one[:50], literals) for one in normalise(raw_path)[1:].split("/")[:20]])
        ranked = []
        for rank, template in enumerate(self._templates):
            matcher.set_seq1([":" if segment[:1] in ":*" else segment for segment in template.split("/")])
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE <= matcher.ratio():
                ranked.append((-matcher.ratio(), rank, template))
        return [template for _, _, template in sorted(ranked)[:3]]


def likely_literal(segment: str, literals: set[str]) -> str:
    """Return the literal that a segment is or was meant to be; else ``:``, for it may be a parameter."""
    for word in (segment, _WORD.split(segment, maxsplit=1)[0]):
        if word in literals:
            return word
    return next(iter(difflib.get_close_matches(segment, literals, 1, _ALIKE)), ":")


def _decoded(text: str) -> str:
    text = text.replace("%2F", "/")
    return unquote_to_bytes(text).decode() if "%" in text or not text.isascii() else text
