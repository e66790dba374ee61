r"""Repositories in scenarios, below projects: branches with their files, successive commits, tags.

.. code-block:: yaml

    repository:
      branches:
        main: {README.md: "# Rocket\n", src/launch.py: {file: ../fixtures/launch.py}}
        feature:
          from: main                   # the first branch unless given; null begins from nothing
          commits:
            - {message: Count down, author: ada, date: 2024-04-30T12:00:00Z, files: {src/count.py: "3, 2, 1\n"}}
            - {message: Clean up, delete: [src/launch.py]}
            - {merge: main}
      tags: {v1.0: main, v1.1: {ref: feature, message: The first that flies}}

It may begin with the files of a ``folder`` beside the scenario, with a ``bare`` repository, or with a ``bundle``, and
go on from there: ``repository: {bundle: ../fixtures/rocket.bundle, tags: {v2: main}}``.

A file is a text, ``null`` for one to delete, or a mapping with ``content``, ``base64``, ``file``, ``link`` or (the hash
of a commit) ``submodule``, and with ``executable: true``. The branches of a mapping without ``commits`` are one commit
each.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import ProtectedBranch
from mockgitlab.api.models.user import User
from mockgitlab.api.seeds.repository_sources import Found, Wrong, read_bare, read_bundle, read_folder
from mockgitlab.api.services.pushes import move_ref, person_of
from mockgitlab.api.services.removal import remove
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository, set_ref
from mockgitlab.git.merge import merge_commits
from mockgitlab.git.names import is_ref_name, is_sha, path_problem
from mockgitlab.git.objects import (
    EXECUTABLE,
    FILE,
    LINK,
    SUBMODULE,
    Commit,
    Entry,
    bytes_of,
    write_commit,
    write_tag,
)
from mockgitlab.git.trees import at_path, with_changes
from mockgitlab.store import parse_instant

CONTENTS = ("content", "base64", "file", "link", "submodule")
FILES = {
    "type": "object",
    "description": "Files by path: a text, null to delete it, or content, base64, file, link, submodule, executable",
    "additionalProperties": {
        "anyOf": [
            {"type": ["string", "null"]},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {**{name: {"type": "string"} for name in CONTENTS}, "executable": {"type": "boolean"}},
            },
        ]
    },
}
COMMIT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string"},
        "author": {"type": ["string", "integer"], "description": "Who wrote it, the project's creator unless named"},
        "date": {"type": "string", "description": "When, the clock's instant unless given"},
        "files": FILES,
        "delete": {"type": "array", "items": {"type": "string"}, "description": "The paths of files to delete"},
        "merge": {"type": "string", "description": "A branch, tag or hash to merge"},
    },
}
BRANCH = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"from": {"type": ["string", "null"]}, "commits": {"type": "array", "items": COMMIT}},
}
REPOSITORY = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "description": "The git repository; an empty one without branches",
    "properties": {
        "branches": {"type": "object", "additionalProperties": {"anyOf": [BRANCH, FILES, {"type": "null"}]}},
        "tags": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    {"type": "string"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"ref": {"type": "string"}, "message": {"type": "string"}},
                    },
                ]
            },
        },
        "folder": {"type": "string", "description": "A folder whose files are the first commit"},
        "bare": {"type": "string", "description": "A bare repository on disk to begin with"},
        "bundle": {"type": "string", "description": "A file of git bundle to begin with"},
        "protected": {"type": "boolean", "description": "Whether the default branch is protected, as GitLab does"},
    },
}


def seed_repository(seeding: dsl.Seeding, project: Project, given: Any) -> None:
    """Make the commits, branches and tags of a project; the first branch is the default one unless it names another."""
    try:
        _Seeder(seeding, project).seed(_mapping(given, "repository", REPOSITORY["properties"]))
    except Wrong as wrong:
        seeding.problem("repository", str(wrong))


def _mapping(given: Any, what: str, known: Any = None) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise Wrong(
            f"must have a mapping as {what}, not {given!r}"
            if what != "repository"
            else f"must be a mapping, not {given!r}"
        )
    unknown = [key for key in given if known is not None and key not in known]
    if unknown:
        raise Wrong(f"has the key {unknown[0]!r} in {what}; known are {', '.join(known)}")
    return given


class _Seeder:
    def __init__(self, seeding: dsl.Seeding, project: Project) -> None:
        self.seeding, self.project = seeding, project
        self.store, self.objects = seeding.store, seeding.store.objects
        self.view = dsl.View(self.store, self.store.settings.url or "http://localhost")
        self.first = Repository(self.store, project).default_branch or ""
        self.named = ""

    def seed(self, given: Mapping[str, Any]) -> None:
        self._begin(given)
        self.named = self._named_default(given)
        for name, branch in _mapping(given.get("branches") or {}, "branches").items():
            self._check_name(str(name), branch=True)
            self._branch(str(name), branch or {})
        for name, tag in _mapping(given.get("tags") or {}, "tags").items():
            self._check_name(str(name), branch=False)
            self._tag(str(name), tag)
        if given.get("protected") is False:
            for one in list(self.store[ProtectedBranch].where(project_id=self.project.id)):
                remove(self.store, one)

    def _named_default(self, given: Mapping[str, Any]) -> str:
        """Return the default branch that the project names, where it is one of those to come."""
        name = self.project.default_branch or ""
        return name if not self.first and name in _mapping(given.get("branches") or {}, "branches") else ""

    @staticmethod
    def _check_name(name: str, *, branch: bool) -> None:
        if not is_ref_name(name):
            raise Wrong(f"has a {'branch' if branch else 'tag'} {name!r}, which is no name for one")

    def _begin(self, given: Mapping[str, Any]) -> None:
        """Take the repository from where it is to come from, if it says so."""
        sources = [key for key in ("folder", "bare", "bundle") if key in given]
        if len(sources) > 1 or not all(isinstance(given[key], str) for key in sources):
            raise Wrong("must name one folder, one bare repository or one bundle to begin with")
        if "bundle" in sources:
            data = self.seeding.read_file(given["bundle"], "repository")
            self._take(read_bundle(self.objects, data))
        for key in ("folder", "bare"):
            folder = self.seeding.find_folder(given[key], "repository") if key in sources else None
            if folder is not None and key == "bare":
                self._take(read_bare(self.objects, folder))
            elif folder is not None:
                self._take_files(read_folder(self.objects, folder))

    def _take(self, found: Found) -> None:
        heads = [name for name in found.refs if name.startswith(HEADS)]
        self.first = next(iter(sorted(heads, key=lambda name: (name != found.head, name))), "").removeprefix(HEADS)
        for name in sorted(found.refs, key=lambda name: (name != HEADS + self.first, name)):
            if name.startswith((HEADS, TAGS)):
                self._check_name(name.split("/", 2)[2], branch=name.startswith(HEADS))
                self._move(name, found.refs[name])

    def _take_files(self, files: Mapping[str, Entry]) -> None:
        who = self._author({})
        tree = with_changes(self.objects, "", files)
        self.first = self.project.default_branch or "main"
        self._move(HEADS + self.first, write_commit(self.objects, tree, [], who, who, "Initial commit").sha)

    def _branch(self, name: str, given: Any) -> None:
        files = _mapping(given, f"the branch {name}")
        spec = files if files.keys() & {"from", "commits"} else {"commits": [{"files": files}]}
        _mapping(spec, f"the branch {name}", BRANCH["properties"])
        tip = self._commit(spec.get("from", self.first)) if spec.get("from", self.first) else None
        if not isinstance(spec.get("commits") or [], list):
            raise Wrong(f"must list the commits of {name}")
        for commit in spec.get("commits") or []:
            tip = self._commit_of(_mapping(commit, f"a commit of {name}", COMMIT["properties"]), tip)
        if tip is None:
            raise Wrong(f"has a branch {name} without commits")
        self.first = self.first or name
        self._move(HEADS + name, tip.sha)

    def _move(self, name: str, sha: str) -> None:
        if self.named and name == HEADS + self.named:
            self.named = ""
        if self.named:
            set_ref(self.store, self.project, name, sha)
        else:
            self.project = move_ref(self.store, self.store.fresh(self.project), name, sha)

    def _commit(self, revision: Any) -> Commit:
        found = Repository(self.store, self.project).commit(str(revision))
        if found is None:
            raise Wrong(f"names {revision!r}, which is no branch, tag or commit declared so far")
        return found

    def _commit_of(self, given: Mapping[str, Any], parent: Commit | None) -> Commit:
        merged = self._commit(given["merge"]) if given.get("merge") else None
        tree, parents = parent.tree if parent else "", [parent.sha] if parent else []
        if merged is not None and parent is not None:
            tree, parents = self._merged(parent, merged), [parent.sha, merged.sha]
        changes = {path: self._file(path, one) for path, one in _mapping(given.get("files") or {}, "files").items()}
        for path in given.get("delete") or ():
            if at_path(self.objects, tree, path) is None:
                raise Wrong(f"deletes {path!r}, which is not there")
            changes[path] = None
        usual = f"Merge {given.get('merge')!r}" if merged else "Initial commit" if parent is None else "Change files"
        who = self._author(given)
        message = str(given.get("message") or usual)
        return write_commit(self.objects, with_changes(self.objects, tree, changes), parents, who, who, message)

    def _merged(self, ours: Commit, theirs: Commit) -> str:
        found = merge_commits(self.objects, ours.sha, theirs.sha)
        if found.conflicts:
            raise Wrong(f"merges what conflicts in {', '.join(found.conflicts)}")
        return found.tree

    def _author(self, given: Mapping[str, Any]) -> Any:
        named = given.get("author", self.project.creator_id or 1)
        user = self.seeding.resolve("User", named, (), "repository")
        try:
            date = parse_instant(str(given["date"])) if given.get("date") else None
        except ValueError as error:
            raise Wrong(f"has a commit whose date is none: {error}") from None
        who = user if isinstance(user, User) else self.store[User][1]
        return person_of(who, self.view, date.isoformat() if date else "")

    def _file(self, path: Any, given: Any) -> Entry | None:
        problem = path_problem(str(path)) if str(path).strip("/") == path else "it begins or ends with a slash"
        if problem:
            raise Wrong(f"has the file {path!r}: {problem}")
        if given is None:
            return None
        spec = given if isinstance(given, dict) else {"content": given}
        _mapping(spec, f"the file {path}", (*CONTENTS, "executable"))
        data = self._content(path, spec)
        if "submodule" in spec:
            return self._submodule(path, spec["submodule"])
        mode = LINK if "link" in spec else EXECUTABLE if spec.get("executable") else FILE
        return Entry(mode, self.objects.add("blob", data))

    def _submodule(self, path: Any, sha: str) -> Entry:
        if not is_sha(sha):
            raise Wrong(f"has the submodule {path!r}, whose commit {sha!r} is no hash of 40 hexadecimal digits")
        return Entry(SUBMODULE, sha)

    def _content(self, path: str, spec: Mapping[str, Any]) -> bytes:
        given = [key for key in CONTENTS if key in spec]
        if len(given) != 1 or not isinstance(spec[given[0]], str):
            raise Wrong(f"needs a text for one of {', '.join(CONTENTS)} in the file {path}")
        text = spec[given[0]]
        if given[0] == "file":
            return self.seeding.read_file(text, "repository")
        try:
            return base64.b64decode(text, validate=True) if given[0] == "base64" else bytes_of(text)
        except binascii.Error as error:
            raise Wrong(f"has no base64 in the file {path}: {error}") from None

    def _tag(self, name: str, given: Any) -> None:
        spec = given if isinstance(given, dict) else {"ref": given}
        _mapping(spec, f"the tag {name}", ("ref", "message"))
        sha = self._commit(spec.get("ref") or "HEAD").sha
        if spec.get("message"):
            sha = write_tag(self.objects, name, sha, self._author({}), str(spec["message"]))
        self._move(TAGS + name, sha)
