"""What tests of merge requests share: acme/rocket with branches to merge, ada's fork of it, and labels, a milestone."""

from typing import Any

from tests.support import WORLD, Api

MR = "projects/1/merge_requests"
HERE = f"{MR}/1"
OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob"}
"""A merge request for the world: the first, at ``HERE``."""
FILES = {"README.md": "# Rocket\n", "src/launch.py": "def go():\n    pass\n"}


def commit(message: str, day: int, author: str = "bob", **files: str) -> dict[str, Any]:
    """Return a commit of a scenario, on a day of April 2024; ``a__b`` is the file ``a/b``."""
    named = {name.replace("__", "/") + ".txt": text for name, text in files.items()}
    return {"message": message, "author": author, "date": f"2024-04-{day:02}T10:00:00Z", "files": named}


BRANCHES: dict[str, Any] = {
    "main": {"commits": [{"message": "Begin", "author": "ada", "date": "2024-04-01T10:00:00Z", "files": FILES}]},
    "feature": {"commits": [commit("Count", 2, count="3\n2\n"), commit("Land\n\nCloses #2", 3, land="down\n")]},
    "fix": {"commits": [commit("Mend it", 4, author="ada", src__mend="x\n")]},
    "clash": {"commits": [{**commit("Clash", 5), "files": {"README.md": "# Clash\n"}}]},
    "other": {"commits": [{**commit("Other", 5), "files": {"README.md": "# Other\n"}}]},
    "same": {"from": "main"},
}
ROCKET: dict[str, Any] = {
    "path": "acme/rocket",
    "repository": {"branches": BRANCHES, "protected": False},
    "labels": [{"name": "bug", "color": "#d9534f"}, {"name": "ui", "color": "#00ff00"}],
    "milestones": [{"title": "1.0"}, {"title": "1.1"}],
    "issues": [{"title": "One"}, {"title": "Two", "author": "rex"}, {"title": "Three"}],
}
FORK: dict[str, Any] = {
    "path": "nora/rocket",
    "forked_from": "open/source",
    "repository": {"branches": {"patch": {"commits": [commit("Patch", 6, author="nora", patch="p\n")]}}},
}
SOURCE: dict[str, Any] = {
    "path": "open/source",
    "visibility": "public",
    "repository": {"branches": {"main": BRANCHES["main"]}, "protected": False},
}


def world(*merge_requests: Any, **rocket: Any) -> dict[str, Any]:
    """Return the world: acme/rocket (1), open/source (2), ada/notes (3) and nora's fork of open/source (4)."""
    first = {**ROCKET, "merge_requests": list(merge_requests), **rocket}
    return {**WORLD, "projects": [first, SOURCE, {"path": "ada/notes"}, {**FORK}]}


def mr_api(*merge_requests: Any, **rocket: Any) -> Api:
    """Return a client of that world."""
    return Api(world(*merge_requests, **rocket))


def open_mr(api: Api, as_: str = "bob", project: Any = 1, **given: Any) -> Any:
    """Open a merge request, from ``feature`` into ``main`` unless told otherwise, and return it."""
    wanted = {"title": "Launch", "source_branch": "feature", "target_branch": "main", **given}
    answer = api.post(f"projects/{project}/merge_requests", as_, **wanted)
    assert answer.status == 201, answer
    return answer.json


def remarks(api: Api, iid: int = 1, project: Any = 1) -> list[str]:
    """Return the system notes on a merge request, the oldest first."""
    notes = api.get(f"projects/{project}/merge_requests/{iid}/notes", sort="asc", per_page=100).json
    return [note["body"] for note in notes if note["system"]]


def usernames(people: Any) -> list[str]:
    """Return the usernames of people."""
    return [one["username"] for one in people]


def place(api: Api, **given: Any) -> dict[str, Any]:
    """Return a position in ``count.txt``, which ``OPENED`` adds: ``3`` and ``2``."""
    refs = api.get(HERE, "bob").json["diff_refs"]
    here = {"position_type": "text", "old_path": "count.txt", "new_path": "count.txt", "new_line": 1}
    return {**refs, **here, **given}


def discuss(api: Api, body: str = "Why?", as_: str = "ada", **given: Any) -> Any:
    """Begin a thread at a place of ``OPENED``, and return it."""
    answer = api.post(f"{HERE}/discussions", as_, body=body, position=place(api, **given))
    assert answer.status == 201, answer
    return answer.json
