"""Searching lists of branches and tags. Source: GitLab's app/finders/git_refs_finder.rb, branches_finder.rb."""

import re

from mockgitlab.errors import BadRequest

Refs = list[tuple[str, str]]
"""Names of refs, each with what it names."""
_NOT_RE2 = re.compile(r"\(\?(?:=|!|<=|<!|>)|\\[1-9]")
"""What Python finds in a pattern and RE2, with which GitLab searches, does not."""
_OTHERWISE = ((r"\z", r"\Z"), ("(?<", "(?P<"))


def searched(refs: Refs, term: str | None) -> Refs:
    """Return the refs that have a term in their names, whose case does not matter, the one with this very name first.

    ``^begin``, ``end$`` and ``be*d`` mean what they do; then the order stays as it is.
    """
    if not term:
        return refs
    if not re.search(r"[\^$*]", term):
        found = [one for one in refs if term.lower() in one[0].lower()]
        return sorted(found, key=lambda one: one[0].lower() != term.lower())
    text = re.escape(term.lower()).replace(r"\*", ".*?").replace(r"\^", "^", 1).replace(r"\$", "$", 1)
    pattern = re.compile(text, re.DOTALL)
    return [one for one in refs if pattern.search(one[0].lower())]


def matching(refs: Refs, regex: str | None) -> Refs:
    """Return the refs whose names match a regular expression; raises ``BadRequest`` for what is none."""
    if not regex:
        return refs
    for ruby, python in _OTHERWISE:
        regex = regex.replace(ruby, python)
    try:
        if _NOT_RE2.search(regex):
            raise re.error("it looks around or back, which RE2 does not")
        pattern = re.compile(regex)
    except (re.error, RecursionError, OverflowError) as error:
        raise BadRequest("Regex is invalid", reason=f"{regex!r}: {error}") from None
    return [one for one in refs if pattern.search(one[0])]
