"""Paths of namespaces: which are allowed and free, and what else moves when one changes.

Source: https://docs.gitlab.com/user/reserved_names/ and GitLab's lib/gitlab/path_regex.rb.
"""

import difflib
import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import VISIBILITIES, Group, descendants
from mockgitlab.api.models.project import Project

_AT_TOP = """- .well-known 404.html 422.html 500.html 502.html 503.html admin api apple-touch-icon.png
apple-touch-icon-precomposed.png assets dashboard deploy.html explore favicon.ico favicon.png files groups health_check
help import invites jwt login oauth profile projects public robots.txt s search sent_notifications sitemap sitemap.xml
sitemap.xml.gz slash-command-logo.png snippets unsubscribes uploads users v2"""
_BELOW = """- badges blame blob builds commits create create_dir edit files find_file new preview raw refs tree update
wikis"""
RESERVED_AT_TOP, RESERVED_BELOW = frozenset(_AT_TOP.split()), frozenset(_BELOW.split())
SPECIAL = (
    "can only include non-accented letters, digits, '_', '-' and '.'. "
    "It must not start with '-', '_', or '.', nor end with '-', '_', '.', '.git', or '.atom'."
)
FORMAT = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-' or end in '.', '.git' or '.atom'."
COMPARED_AT_MOST = 500
"""Of so many namespaces the nearest to one that nothing has is looked for."""
TAKEN = "has already been taken"
_WRITTEN = re.compile(r"[a-zA-Z0-9_.\-]+")
_FORMAT = re.compile(r"[a-zA-Z0-9_.][a-zA-Z0-9_\-.]*(?<!\.git)(?<!\.atom)(?<!\.)\Z")
_PLAIN = re.compile(r"[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*\Z")
_SAME: Any = object()


def group_path_problems(store: dsl.Store, path: str, parent_id: int | None, itself: int | None = None) -> list[str]:
    """Return what is wrong with a group's path in GitLab's words; ``itself`` is the group that may have it already."""
    if not path.strip():
        return ["can't be blank"]
    problems = [] if len(path) <= 255 else ["is too long (maximum is 255 characters)"]
    if not _PLAIN.match(path):
        problems.append(SPECIAL)
    if not _FORMAT.match(path):
        problems.append(FORMAT)
    if path.lower() in (RESERVED_AT_TOP if parent_id is None else RESERVED_BELOW):
        problems.append(f"{path} is a reserved name")
    if is_taken(store, path, parent_id, itself):
        problems.append(TAKEN)
    return problems


def seed_path_problem(path: str) -> str:
    """Return what keeps a name from standing in a URL as a path; older instances have paths that are refused today."""
    return "" if _WRITTEN.fullmatch(path) else f"can have letters, digits, '_', '-' and '.' alone, not {path!r}"


def near_namespace(store: dsl.Store, path: str) -> str | None:
    """Return the full path of the group or user whose path resembles one that nothing has."""
    known = [one.full_path or "" for one in store[Group].all().page(0, COMPARED_AT_MOST)]
    return next(iter(difflib.get_close_matches(path[:200], known, 1)), None)


def is_taken(store: dsl.Store, path: str, parent_id: int | None, itself: int | None = None) -> bool:
    """Tell whether a group, a user or a project has a path in a namespace (``None``: at the top), case aside."""
    parent = store[Group].get(parent_id)
    folded = f"{parent.full_path}/{path}".lower() if parent else path.lower()
    found = store[Group].find(folded=folded)
    return (found is not None and found.id != itself) or store[Project].find(folded=folded) is not None


def move_namespace(store: dsl.Store, group: Group, *, path: str | None = None, parent: Group | None = _SAME) -> Group:
    """Give a group or personal namespace another path, or another parent (``None``: the top), and return it.

    The full paths of all groups and projects below follow; projects are found at their old paths still.
    """
    above = store[Group].get(group.parent_id) if parent is _SAME else parent
    own = path if path is not None else group.path
    full_path = f"{above.full_path}/{own}" if above else own
    moved = store.update(group, path=own, parent_id=above.id if above else None, full_path=full_path)
    if moved.full_path != group.full_path:
        _follow(store, moved)
    return moved


def _follow(store: dsl.Store, namespace: Group) -> None:
    for project in list(store[Project].where(namespace_id=namespace.id)):
        move_project(store, project, namespace)
    for child in list(store[Group].where(parent_id=namespace.id)):
        _follow(store, store.update(child, full_path=f"{namespace.full_path}/{child.path}"))


def move_project(store: dsl.Store, project: Project, namespace: Group, path: str | None = None) -> Project:
    """Put a project into a namespace, perhaps under another path, and return it; its old path leads to it still."""
    own = path if path is not None else project.path
    full_path = f"{namespace.full_path}/{own}"
    before = tuple(old for old in project.moved_from if old != full_path.lower())
    known = before if full_path == project.full_path else (*before, project.full_path.lower())
    return store.update(project, path=own, namespace_id=namespace.id, full_path=full_path, moved_from=known)


def lower_visibility(store: dsl.Store, group: Group, limit: str) -> Group:
    """Make a group and everything in it at most as visible as ``limit``, and return the group."""
    for one in descendants(store, group):
        _lower(store, one, limit)
    return _lower(store, group, limit)


def _lower(store: dsl.Store, group: Group, limit: str) -> Group:
    for project in list(store[Project].where(namespace_id=group.id)):
        store.update(project, visibility=lowest(project.visibility, limit))
    return store.update(group, visibility=lowest(group.visibility, limit))


def lowest(*visibilities: str) -> str:
    """Return the least visible of ``private``, ``internal``, ``public``."""
    return min(visibilities, key=VISIBILITIES.index)
