"""Regular expressions as configurations write them: ``/^release-/i``, in the syntax of RE2.

Source: GitLab's lib/gitlab/untrusted_regexp/ruby_syntax.rb; RE2's syntax, which Python shares but for some words.
"""

import re
from functools import lru_cache

_WHOLE = re.compile(r"/(.+)/([ismU]*)", re.DOTALL)
_TOKEN = re.compile(r"\\.|\(\?(?:<?[=!]|[<>])|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|.", re.DOTALL)
_INNER = re.compile(r"\\.|\[:(\^?)(\w+):\]|[\[&~|]|--", re.DOTALL)
_NOT_RE2 = re.compile(r"\(\?(?:<?[=!]|>)|\\[1-9]")
_WORDS = {r"\z": r"\Z", "(?<": "(?P<"}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r"\t ",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}


def is_written(text: str) -> bool:
    """Tell whether a text is meant as a regular expression, right or wrong."""
    return _WHOLE.fullmatch(text) is not None


@lru_cache(maxsize=1_024)
def regular_expression(text: str) -> re.Pattern[str] | None:
    """Return the regular expression that ``/…/i`` writes; nothing where it writes none."""
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        return None
    flags = (re.IGNORECASE if "i" in whole[2] else 0) | (re.DOTALL if "s" in whole[2] else 0)
    flags |= re.MULTILINE if "m" in whole[2] else 0
    try:
        return re.compile(_TOKEN.sub(_in_python, whole[1]), flags)
    except (re.error, OverflowError, RecursionError):
        return None


def _in_python(token: re.Match[str]) -> str:
    if _NOT_RE2.fullmatch(token[0]):
        raise re.error(f"{token[0]} looks around or back, which RE2 does not")
    if token[0] in _WORDS:
        return _WORDS[token[0]]
    if len(token[0]) > 1 and token[0][0] == "[":
        start = re.match(r"\[\^?\]?", token[0])
        end = start.end() if start else 1
        return token[0][:end] + _INNER.sub(_inner, token[0][end:-1]) + "]"
    return token[0]


def _inner(found: re.Match[str]) -> str:
    """Return a part of a class of characters so that Python takes it for what RE2 does."""
    if found[2] is not None:
        return _POSIX.get(found[2], "") if not found[1] else found[0].replace("[", r"\[")
    if found[0] == "--":
        return r"\-\-"
    return found[0] if found[0][0] == "\\" else f"\\{found[0]}"
