"""The trailers at the end of a message: ``Signed-off-by: Ada``.

Source: git-interpret-trailers(1) and git's trailer.c.
"""

import re

_TRAILER = re.compile(r"[A-Za-z0-9-]+[ \t]*:.*", re.DOTALL)
_GIT_MAKES = ("Signed-off-by: ", "(cherry picked from commit ")
"""How lines begin beside which other lines may stand that are no trailers, three for each one that is."""


def trailers_of(message: str) -> list[tuple[str, str]]:
    """Return the trailers of a message, those that go on in the next line in one.

    Of other lines that may stand among them those with a colon are taken for trailers too, as by Gitaly.
    """
    paragraphs = re.split(r"\n(?:[ \t\r]*\n)+", message.replace("\r\n", "\n").strip("\n \t"))
    lines = [line for line in paragraphs[-1].split("\n") if not line.startswith("#")] if len(paragraphs) > 1 else []
    whole = _unfolded(lines)
    found = [_TRAILER.fullmatch(line) for line in whole]
    others = sum(not one and not line.startswith(_GIT_MAKES) for one, line in zip(found, whole, strict=True))
    by_git = any(line.startswith(_GIT_MAKES) for line in whole)
    if others and not (by_git and (len(whole) - others) * 3 >= others):
        return []
    pairs = [line.partition(":") for line in whole if ":" in line]
    return [(key.strip(), value.strip()) for key, _, value in pairs]


def _unfolded(lines: list[str]) -> list[str]:
    whole: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and whole:
            whole[-1] += f" {line.strip()}"
        else:
            whole.append(line)
    return whole
