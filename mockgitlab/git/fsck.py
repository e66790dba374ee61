"""Whether an object from outside is what git makes, in the words of ``git fsck``.

What GitLab lets pass, does here too: bad time zones, dates without a blank before them, modes with a leading zero.

Source: git-fsck(1), git's fsck.c, and Gitaly's ``receive.fsck`` settings. dulwich's checks are not used: they know few
of these problems, have other words, and refuse what git takes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockgitlab.git.fsck_trees import tree_problems

LAST_SECOND = (1 << 63) - 1
_SHA = re.compile(rb"[0-9a-f]{40}\n")
_IDENT = re.compile(rb"[^<>\n]*")
_DATE = re.compile(rb"\d*")
HARMLESS = {
    *("badFilemode", "badTagName", "missingTaggerEntry", "gitmodulesParse"),
    *("gitattributesSymlink", "gitignoreSymlink", "mailmapSymlink"),
}
KINDS = (b"blob", b"commit", b"tag", b"tree")
Problem = tuple[str, str]
"""The name that git gives to a problem, and what it says of it."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with an object; what is ``harmless`` is told, and the object taken."""

    sha: str
    name: str
    text: str

    @property
    def harmless(self) -> bool:
        """Whether git merely tells it."""
        return self.name in HARMLESS

    def __str__(self) -> str:
        """Return what the user is told."""
        return f"{'warning' if self.harmless else 'error'}: object {self.sha}: {self.name}: {self.text}"


def fsck(sha: str, kind: str, data: bytes) -> list[Finding]:
    """Return what is wrong with an object; files are checked where a tree says what they are for."""
    found = {"tree": tree_problems, "commit": _commit_problems, "tag": _tag_problems}.get(kind)
    return [Finding(sha, *one) for one in found(data)] if found else []


def _commit_problems(data: bytes) -> Iterator[Problem]:
    """Yield the first thing that is wrong with the header, and whether there is a NUL behind it."""
    problem = _header_problem(data) or _commit_header_problem(data)
    if problem:
        yield problem
    elif b"\0" in data:
        yield "nulInCommit", "NUL byte in the commit object body"


def _header_problem(data: bytes) -> Problem | None:
    """Return whether the header does not end, or has a NUL."""
    header, blank, _ = data.partition(b"\n\n")
    at = header.find(b"\0")
    if at >= 0:
        return "nulInHeader", f"unterminated header: NUL at offset {at}"
    return None if blank or data.endswith(b"\n") else ("unterminatedHeader", "unterminated header")


def _commit_header_problem(data: bytes) -> Problem | None:
    at, problem = _after_sha(data, 0, b"tree", ("missingTree", "badTreeSha1"))
    while problem is None and data.startswith(b"parent ", at):
        at, problem = _after_sha(data, at, b"parent", ("", "badParentSha1"))
    authors = 0
    while problem is None and data.startswith(b"author ", at):
        at, problem = _after_ident(data, at + len(b"author "))
        authors += 1
    if problem is None and authors != 1:
        name, text = (
            ("multipleAuthors", "multiple 'author' lines") if authors else ("missingAuthor", _expected("author"))
        )
        return name, f"invalid format - {text}"
    if problem is None and not data.startswith(b"committer ", at):
        return "missingCommitter", f"invalid format - {_expected('committer')}"
    return problem or _after_ident(data, at + len(b"committer "))[1]


def _expected(key: str) -> str:
    return f"expected '{key}' line"


def _after_sha(data: bytes, at: int, key: bytes, names: tuple[str, str]) -> tuple[int, Problem | None]:
    """Return where the line ends that names an object, and what is wrong with it."""
    word = key.decode()
    if not data.startswith(key + b" ", at):
        return at, (names[0], f"invalid format - {_expected(word)}")
    found = _SHA.match(data, at + len(key) + 1)
    return (found.end(), None) if found else (at, (names[1], f"invalid '{word}' line format - bad sha1"))


def _after_ident(data: bytes, at: int) -> tuple[int, Problem | None]:
    """Return where the line ends that says who and when, and what is wrong with it."""
    end = data.find(b"\n", at)
    problem = _ident_problem(data[at : end + 1])
    return end + 1, (problem[0], f"invalid author/committer line - {problem[1]}") if problem else None


def _ident_problem(line: bytes) -> Problem | None:
    opened = _IDENT.match(line).end()  # type: ignore[union-attr]
    closed = _IDENT.match(line, opened + 1).end()  # type: ignore[union-attr]
    if line.startswith(b"<"):
        return "missingNameBeforeEmail", "missing space before email"
    if line.startswith(b">", opened):
        return "badName", "bad name"
    if not line.startswith(b"<", opened):
        return "missingEmail", "missing email"
    if not line.startswith(b" ", opened - 1):
        return "missingSpaceBeforeEmail", "missing space before email"
    if not line.startswith(b">", closed):
        return "badEmail", "bad email"
    return _date_problem(line[closed + 2 :]) if line.startswith(b" ", closed + 1) else None


def _date_problem(rest: bytes) -> Problem | None:
    if rest.startswith(b"0") and not rest.startswith(b"0 "):
        return "zeroPaddedDate", "zero-padded date"
    digits = _DATE.match(rest.removeprefix(b"-"))[0]  # type: ignore[index]
    if len(digits) > 20 or int(digits or b"0") > LAST_SECOND or (digits and rest.startswith(b"-")):
        return "badDateOverflow", "date causes integer overflow"
    return None if digits and rest.startswith(b" ", len(digits)) else ("badDate", "bad date")


def _tag_problems(data: bytes) -> Iterator[Problem]:
    problem = _header_problem(data)
    at = 0
    if problem is None:
        at, problem = _after_sha(data, 0, b"object", ("missingObject", "badObjectSha1"))
    if problem:
        yield problem
        return
    for key, missing, check in (
        (b"type", "missingTypeEntry", _type_problem),
        (b"tag", "missingTagEntry", _name_problem),
    ):
        if not data.startswith(key + b" ", at):
            yield missing, f"invalid format - {_expected(key.decode())}"
            return
        end = data.find(b"\n", at)
        problem = check(data[at + len(key) + 1 : end])
        if problem:
            yield problem
            if not Finding("", *problem).harmless:
                return
        at = end + 1
    if not data.startswith(b"tagger ", at):
        yield "missingTaggerEntry", f"invalid format - {_expected('tagger')}"
    elif problem := _after_ident(data, at + len(b"tagger "))[1]:
        yield problem


def _type_problem(name: bytes) -> Problem | None:
    return None if name in KINDS else ("badType", "invalid 'type' value")


def _name_problem(name: bytes) -> Problem | None:
    from dulwich.refs import Ref, check_ref_format

    fine = check_ref_format(Ref(b"refs/tags/" + name))
    return None if fine else ("badTagName", f"invalid 'tag' name: {name.decode(errors='replace')}")
