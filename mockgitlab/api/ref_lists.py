"""Searching lists of branches and tags. Source: GitLab's app/finders/git_refs_finder.rb."""

import re
from collections.abc import Callable


def by_search(term: str) -> Callable[[str], bool]:
    """Return the test of names for a term, whose case does not matter: ``^begin``, ``end$``, ``be*d``, or any part."""
    text = term.lower()
    if text.startswith("^"):
        return lambda name: name.lower().startswith(text[1:])
    if text.endswith("$"):
        return lambda name: name.lower().endswith(text[:-1])
    if "*" in text:
        pattern = re.compile(".*?".join(re.escape(part) for part in text.split("*")), re.DOTALL)
        return lambda name: pattern.fullmatch(name.lower()) is not None
    return lambda name: text in name.lower()
