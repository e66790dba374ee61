"""Patterns of paths as Ruby's ``File.fnmatch`` reads them, with ``**/``, ``{a,b}`` and hidden files.

Source: Ruby's documentation of File.fnmatch, which GitLab calls with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB.
"""

import re
from functools import lru_cache
from itertools import pairwise

ALTERNATIVES_AT_MOST = 1_000
ANY = "**"


def matches(glob: str, path: str) -> bool:
    """Tell whether a pattern names a path as a whole; ``*`` and ``?`` stay within one folder."""
    parts = path.split("/")
    return any(_matches(pattern, parts) for pattern in _patterns(glob))


@lru_cache(maxsize=1_024)
def _patterns(glob: str) -> tuple[tuple[re.Pattern[str] | None, ...], ...]:
    """Return the alternatives of a pattern, folder by folder; nothing stands for any number of folders."""
    return tuple(tuple(_folder(part, last) for part, last in _folders(one)) for one in _alternatives(glob))


def _folders(pattern: str) -> list[tuple[str, bool]]:
    parts = pattern.split("/")
    return [(part, place == len(parts) - 1) for place, part in enumerate(parts)]


def _folder(part: str, last: bool) -> re.Pattern[str] | None:
    return None if part == ANY and not last else re.compile(_regex(part), re.DOTALL)


def _matches(pattern: tuple[re.Pattern[str] | None, ...], parts: list[str]) -> bool:
    """Match folder by folder; back to the last ``**`` where it does not, which is enough for any pattern."""
    here = there = 0
    back: tuple[int, int] | None = None
    while there < len(parts):
        if here < len(pattern) and pattern[here] is None:
            here, back = here + 1, (here + 1, there)
        elif here < len(pattern) and (one := pattern[here]) is not None and one.fullmatch(parts[there]):
            here, there = here + 1, there + 1
        elif back is not None:
            here, there = back[0], back[1] + 1
            back = (here, there)
        else:
            return False
    return here == len(pattern)


def _alternatives(glob: str) -> list[str]:
    """Return a pattern with every ``{a,b}`` written out."""
    done: list[str] = []
    left = [glob]
    while left and len(done) + len(left) <= ALTERNATIVES_AT_MOST:
        one = left.pop()
        choice = _choice(one)
        if choice is None:
            done.append(one)
        else:
            start, end, options = choice
            left += [one[:start] + option + one[end:] for option in options]
    return done


def _choice(glob: str) -> tuple[int, int, list[str]] | None:
    """Return where the first braces begin and end, and what they offer."""
    depth, start = 0, -1
    cuts: list[int] = []
    for place, sign in enumerate(glob):
        if place and glob[place - 1] == "\\":
            continue
        if sign == "{":
            depth += 1
            start, cuts = (place, []) if depth == 1 else (start, cuts)
        elif sign == "," and depth == 1:
            cuts.append(place)
        elif sign == "}" and depth:
            depth -= 1
            if not depth:
                ends = [start, *cuts, place]
                return start, place + 1, [glob[one + 1 : two] for one, two in pairwise(ends)]
    return None


_TOKEN = re.compile(r"\*+|\?|\[(?P<not>[!^]?)(?P<set>\]?(?:\\.|[^\]\\])*)\]|\\(?P<quoted>.)|.", re.DOTALL)


def _regex(part: str) -> str:
    """Return the regular expression of one folder's pattern, which never tries a ``*`` twice."""
    fixed = [""]
    for token in _TOKEN.finditer(part):
        if token[0][0] == "*":
            fixed.append("")
        else:
            fixed[-1] += _sign(token)
    if len(fixed) == 1:
        return fixed[0]
    between = [f"(?=(?P<g{place}>.*?{one}))(?P=g{place})" for place, one in enumerate(fixed[1:-1])]
    return fixed[0] + "".join(between) + ".*" + fixed[-1]


def _sign(token: re.Match[str]) -> str:
    if token[0] == "?":
        return "."
    if token["set"] is not None:
        return _set(token["set"], bool(token["not"]))
    return re.escape(token["quoted"] or token[0])


def _set(signs: str, negated: bool) -> str:
    quoted = re.sub(r"\\(.)", r"\1", signs, flags=re.DOTALL)
    escaped = re.sub(r"--|[\\\[\]^&~|]", lambda found: "".join(f"\\{sign}" for sign in found[0]), quoted)
    try:
        re.compile(f"[{escaped}]")
    except re.error:
        return "(?!)"
    return f"[{'^' if negated else ''}{escaped}]"
