"""The repository of a project: what its refs name, and moving them."""

import re
from collections.abc import Iterator
from functools import cached_property

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import Ref
from mockgitlab.git.history import ancestors, walk
from mockgitlab.git.names import HEADS as HEADS
from mockgitlab.git.names import TAGS as TAGS
from mockgitlab.git.names import clash, is_sha
from mockgitlab.git.objects import Commit, bytes_of, peeled, read_commit
from mockgitlab.git.trees import at_path, listed
from mockgitlab.store import Objects

_REVISION = re.compile(r"(.+?)((?:[~^]\d{0,4})*)", re.DOTALL)
_SHORT = re.compile(r"[0-9a-f]{4,39}")


class Repository:
    """Reads the repository of a project: names become commits, those alone that its refs lead to."""

    def __init__(self, store: dsl.Store, project: Project) -> None:
        self.store = store
        self.project = project
        self.objects: Objects = store.objects

    @cached_property
    def refs(self) -> dict[str, str]:
        """All refs by name, in git's order."""
        rows = self.store[Ref].having("project_id", self.project.id)
        return {row.name: row.sha for row in sorted(rows, key=lambda row: bytes_of(row.name))}

    def named(self, prefix: str) -> dict[str, str]:
        """Return the refs below a prefix by what follows it: branches of ``HEADS``, tags of ``TAGS``."""
        return {name.removeprefix(prefix): sha for name, sha in self.refs.items() if name.startswith(prefix)}

    def ref(self, name: str) -> str | None:
        """Return what a ref names, if there is one of this name."""
        row = find_ref(self.store, self.project, name)
        return row.sha if row else None

    def blocks(self, name: str) -> bool:
        """Tell whether a ref would stand where another has its folder, or the other way round."""
        return any(clash(name, other) for other in self.refs)

    def branch(self, name: str) -> Commit | None:
        """Return the commit that a branch names."""
        return self._read(self.ref(HEADS + name))

    @property
    def default_branch(self) -> str | None:
        """The default branch, if it is there."""
        name = self.project.default_branch or "main"
        return name if self.ref(HEADS + name) else None

    @property
    def head(self) -> Commit | None:
        """The last commit of the default branch."""
        return self.branch(self.default_branch) if self.default_branch else None

    @property
    def empty(self) -> bool:
        """Whether there is no branch."""
        return not any(name.startswith(HEADS) for name in self.refs)

    @property
    def tips(self) -> list[str]:
        """The commits that refs name, each once, the default branch's first."""
        found = [self.head.sha] if self.head else []
        commits = (peeled(self.objects, sha) for sha in self.refs.values())
        return list(dict.fromkeys([*found, *(sha for sha in commits if sha)]))

    def _read(self, sha: str | None) -> Commit | None:
        commit = peeled(self.objects, sha) if sha else None
        return read_commit(self.objects, commit) if commit else None

    def commit(self, revision: str | None) -> Commit | None:
        """Return the commit that a revision names.

        A branch, tag, hash or its beginning, ``HEAD``, ``@``, each with ``~2`` or ``^`` behind; without one, ``HEAD``.
        """
        found = _REVISION.fullmatch(revision or "HEAD")
        commit = self._named(found[1]) if found else None
        for step in re.findall(r"[~^]\d*", found[2]) if found else ():
            commit = self._step(commit, step) if commit else None
        return commit

    def _step(self, commit: Commit, step: str) -> Commit | None:
        number = int(step[1:] or 1)
        if step[0] == "^" and number:
            return self._read(commit.parents[number - 1]) if number <= len(commit.parents) else None
        found: Commit | None = commit
        for _ in range(number):
            found = self._read(found.parents[0]) if found and found.parents else None
        return found

    def _named(self, name: str) -> Commit | None:
        if name in ("HEAD", "@"):
            return self.head
        if is_sha(name.lower()):
            return self._reachable(name.lower())
        for prefix in ("", "refs/", TAGS, HEADS):
            sha = self.ref(prefix + name)
            if sha:
                return self._read(sha)
        return self._abbreviated(name.lower()) if _SHORT.fullmatch(name.lower()) else None

    def _reachable(self, sha: str) -> Commit | None:
        """Return the commit, or the commit of the annotated tag, of a hash, if a ref leads to it."""
        found = self.objects.get(sha)
        if found is None or found[0] not in ("commit", "tag"):
            return None
        if found[0] == "tag":
            return self._read(sha) if sha in self.refs.values() else None
        return next((commit for commit in walk(self.objects, self.tips) if commit.sha == sha), None)

    def _abbreviated(self, short: str) -> Commit | None:
        matching = [sha for sha in ancestors(self.objects, self.tips) if sha.startswith(short)]
        return read_commit(self.objects, matching[0]) if len(matching) == 1 else None

    def blob(self, sha: str) -> bytes | None:
        """Return the content of a file by its hash, if any commit has it."""
        found = self.objects.get(sha)
        if found is None or found[0] != "blob" or sha not in self._blobs():
            return None
        return found[1]

    def _blobs(self) -> Iterator[str]:
        seen: set[str] = set()
        for commit in walk(self.objects, self.tips):
            if commit.tree not in seen:
                seen.add(commit.tree)
                yield from (one.sha for _, one in listed(self.objects, commit.tree, "", recursive=True))


def find_ref(store: dsl.Store, project: Project, name: str) -> Ref | None:
    """Return the ref of a project with this whole name."""
    return store[Ref].find(place=f"{project.id}:{name}")


def set_ref(store: dsl.Store, project: Project, name: str, sha: str | None) -> None:
    """Let a ref name an object, or delete it."""
    row = find_ref(store, project, name)
    if row is None and sha is not None:
        store.insert(Ref(project_id=project.id, name=name, sha=sha))
    elif row is not None and sha is None:
        store.delete(row)
    elif row is not None:
        store.update(row, sha=sha)


def copy_refs(store: dsl.Store, source: Project, target: Project, *, branch: str | None = None) -> None:
    """Give a fork the branches and tags of its source, or one branch alone; the objects are the same."""
    for name, sha in Repository(store, source).refs.items():
        if name == HEADS + branch if branch else name.startswith((HEADS, TAGS)):
            set_ref(store, target, name, sha)


def text_at(store: dsl.Store, sha: str, path: str) -> str | None:
    """Return the text of a file of a commit; nothing where there is none."""
    entry = at_path(store.objects, read_commit(store.objects, sha).tree, path)
    found = store.objects.get(entry.sha) if entry is not None else None
    return found[1].decode("utf-8", "replace") if found is not None and found[0] == "blob" else None
