"""The commits that a recording shows as branches of a scenario: each from one before it, with merges and files."""

from collections.abc import Iterator, Mapping
from typing import Any

UNKNOWN = "unknown"
"""The parent of a commit that has one which was not told."""
Place = tuple[str, str]
"""A branch and a path."""


class History:
    """Branches by the commits at their heads, the default one first.

    ``files`` are the contents at the heads with the commits that changed them last, ``authors`` usernames by names.
    """

    def __init__(
        self,
        commits: Mapping[str, dict[str, Any]],
        heads: Mapping[str, str],
        files: Mapping[Place, tuple[str, Any]],
        authors: Mapping[str, str],
    ) -> None:
        self._commits, self._heads, self._authors = {**_before(commits), **commits}, heads, authors
        self._default = next(iter(heads))
        self._chains = {name: self._chain(head) for name, head in heads.items()}
        self._files = files
        self._changes: dict[str, dict[str, Any]] = {}
        self._place_files()

    def branches(self) -> dict[str, Any]:
        """Return the branches as a scenario declares them, those that others begin at or merge before these."""
        found: dict[str, Any] = {}
        for name in dict.fromkeys(self._ordered()):
            found[name] = self._branch(name, found)
        return found

    def _chain(self, head: str) -> list[str]:
        """Return the commits of a branch by their first parents, the oldest first."""
        chain: list[str] = []
        while head in self._commits and head not in chain:
            chain.insert(0, head)
            head = next(iter(self._commits[head].get("parent_ids") or ()), "")
        return chain

    def _place_files(self) -> None:
        """Give each file to the commit that changed it last, or else to the first of its branch."""
        for (name, path), (sha, content) in self._files.items():
            chain = self._chains.get(name) or [name]
            place = sha if sha in self._commits else chain[0]
            known = any(path in self._changes.get(one, ()) for one in chain)
            if not known or content != "":
                self._changes.setdefault(place, {})[path] = content

    def _ordered(self) -> Iterator[str]:
        """Yield the branches that are merged into others first, then the default one, then the rest."""
        for name in (self._default, *self._heads):
            for sha in self._chains[name]:
                yield from self._merged(sha, name)
            yield name

    def _merged(self, sha: str, into: str) -> list[str]:
        others = self._commits[sha].get("parent_ids", [])[1:]
        return [name for name, head in self._heads.items() if head in others and name != into]

    def _branch(self, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        chain = self._chains[name]
        if not chain:
            return self._unknown(name, before)
        declared = {self._heads[one]: one for one in before if self._heads[one]}
        begun = next((index for index in range(len(chain) - 1, -1, -1) if chain[index] in declared), -1)
        own = [self._commit(sha, name, before) for sha in chain[begun + 1 :]]
        return {"from": self._start(chain[: begun + 1], chain[0], before), **({"commits": own} if own else {})}

    def _start(self, shared: list[str], first: str, before: Mapping[str, Any]) -> str | None:
        """Return at which branch one begins: whose head it shares, or the default one where it was not told."""
        if shared:
            return next(one for one in before if self._heads[one] == shared[-1])
        told = all(one in self._commits for one in self._commits[first].get("parent_ids") or ())
        return None if told or self._default not in before else self._default

    def _unknown(self, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return a branch of which no commit was seen: one commit, on top of the default branch."""
        files = {"files": self._changes[name]} if name in self._changes else {}
        start = self._default if self._default in before else None
        return {"from": start, "commits": [{"message": f"Begin {name}", **files}]}

    def _commit(self, sha: str, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        row = self._commits[sha]
        merged = next((one for one in self._merged(sha, name) if one in before), None)
        author = self._authors.get(str(row.get("author_name")))
        texts = {"message": row.get("message") or row.get("title"), "date": row.get("authored_date")}
        found: dict[str, Any] = {key: value for key, value in texts.items() if isinstance(value, str)}
        found |= {"author": author, "merge": merged, "files": self._changes.get(sha)}
        return {key: value for key, value in found.items() if value is not None}


def _before(commits: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return a commit in place of each first parent that was not told itself."""
    found: dict[str, dict[str, Any]] = {}
    for row in commits.values():
        for sha in row["parent_ids"][:1]:
            if sha not in commits and sha != UNKNOWN:
                date = {"authored_date": row["authored_date"]} if row.get("authored_date") else {}
                found.setdefault(sha, {"message": "What was not recorded", "parent_ids": [], **date})
    return found
