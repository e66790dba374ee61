"""The calls of operations on repositories: a project with some history, and what is asked and made there."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
AT, CODE = "projects/:id", "projects/root%2Fcode"
COMMITS = f"{AT}/repository/commits"
THREAD = f"{COMMITS}/:sha/discussions/:discussion_id"
README = {"branch": "main", "commit_message": "m", "content": "x\n"}


def _of_code() -> list[Step]:
    at, path = f"{AT}/repository", f"{CODE}/repository"
    action = {"action": "create", "file_path": "a", "content": "1\n"}
    commit, branch = f"{path}/commits/main", {"branch": "work"}
    more = {"branch": "work", "commit_message": "m", "actions": [action]}
    return [
        (f"POST /{at}/branches", f"{path}/branches", "root", {"branch": "work", "ref": "main"}),
        (f"PUT /{at}/branches/:branch/protect", f"{path}/branches/work/protect", "root", {}),
        (f"PUT /{at}/branches/:branch/unprotect", f"{path}/branches/work/unprotect", "root", {}),
        (f"POST /{at}/commits", f"{path}/commits", "root", more),
        (f"POST /{at}/commits/:sha/cherry_pick", f"{path}/commits/work/cherry_pick", "root", {"branch": "main"}),
        (f"POST /{at}/commits/:sha/revert", f"{path}/commits/work/revert", "root", branch),
        (f"POST /{at}/files/:file_path", f"{path}/files/b", "root", README),
        (f"PUT /{at}/files/:file_path", f"{path}/files/b", "root", {**README, "content": "y\n"}),
        (f"POST /{at}/tags", f"{path}/tags", "root", {"tag_name": "one", "ref": "main", "message": "One"}),
        (f"POST /{at}/changelog", f"{path}/changelog", "root", {"version": "1.0.0", "from": "work"}),
        (f"POST /{COMMITS}/:sha/comments", f"{commit}/comments", "root", {"note": "n"}),
        (f"POST /{COMMITS}/:sha/discussions", f"{commit}/discussions", "root", {"body": "b"}),
        (f"POST /{THREAD}/notes", f"{commit}/discussions/{{thread}}/notes", "root", {"body": "b"}),
        (f"PUT /{THREAD}/notes/:note_id", f"{commit}/discussions/{{thread}}/notes/{{note}}", "root", {"body": "c"}),
        (f"POST /{AT}/statuses/:sha", f"{CODE}/statuses/main", "root", {"state": "success"}),
    ]


STEPS: list[Step] = [
    ("POST /projects", "projects", "root", {"name": "code", "initialize_with_readme": True}),
    (
        f"POST /{AT}/protected_branches",
        f"{CODE}/protected_branches",
        "root",
        {"name": "stable"},
    ),
    (
        f"PATCH /{AT}/protected_branches/:name",
        f"{CODE}/protected_branches/stable",
        "root",
        {"allow_force_push": True},
    ),
    (f"POST /{AT}/protected_tags", f"{CODE}/protected_tags", "root", {"name": "v1"}),
    (f"POST /{AT}/push_rule", f"{CODE}/push_rule", "root", {"deny_delete_tag": True}),
    (f"PUT /{AT}/push_rule", f"{CODE}/push_rule", "root", {"commit_committer_check": True}),
    ("POST /groups/:id/push_rule", "groups/1/push_rule", "root", {"deny_delete_tag": True}),
    ("PUT /groups/:id/push_rule", "groups/1/push_rule", "root", {"commit_committer_check": True}),
    *_of_code(),
    (
        f"PUT /{AT}/repository/submodules/:submodule",
        "projects/root%2Fmodules/repository/submodules/sub",
        "root",
        {"branch": "main", "commit_sha": "b" * 40},
    ),
    (f"POST /{AT}/remote_mirrors", f"{CODE}/remote_mirrors", "root", {"url": "https://example.com/a.git"}),
    (f"PUT /{AT}/remote_mirrors/:mirror_id", f"{CODE}/remote_mirrors/1", "root", {"enabled": True}),
    (f"PUT /{AT}/mirror/pull", f"{CODE}/mirror/pull", "root", {"enabled": True, "url": "https://example.com/a.git"}),
]
"""Steps as those of ``completeness_world``."""
READS = {
    f"{AT}/protected_branches": f"{CODE}/protected_branches",
    f"{AT}/protected_branches/:name": f"{CODE}/protected_branches/stable",
    f"{AT}/protected_tags": f"{CODE}/protected_tags",
    f"{AT}/protected_tags/:name": f"{CODE}/protected_tags/v1",
    f"{AT}/push_rule": f"{CODE}/push_rule",
    f"{AT}/remote_mirrors": f"{CODE}/remote_mirrors",
    f"{AT}/mirror/pull": f"{CODE}/mirror/pull",
    f"{AT}/languages": f"{CODE}/languages",
    f"{AT}/repository": f"{CODE}/repository",
    f"{AT}/repository/blobs/:sha": f"{CODE}/repository/blobs/d00491fd7e5bb6fa28c517a0bb32b8b506539d4d",
    f"{COMMITS}/:sha/statuses": f"{CODE}/repository/commits/{{sha}}/statuses",
    THREAD: f"{CODE}/repository/commits/main/discussions/{{thread}}",
    f"{THREAD}/notes/:note_id": f"{CODE}/repository/commits/main/discussions/{{thread}}/notes/{{note}}",
}
"""Where there is something to read."""
NAMED = {"sha": "main", "branch": "main", "file_path": "README.md", "tag_name": "one"}
"""What the parameters of paths are."""
GIVEN: dict[str, dict[str, Any]] = {
    f"GET /{AT}/repository/compare": {"from": "work", "to": "main"},
    f"GET /{AT}/repository/merge_base": {"refs[]": ["work", "main"]},
    f"GET /{AT}/repository/changelog": {"version": "1.0.0", "from": "work"},
    f"GET /{AT}/repository/health": {"generate": "true"},
    f"GET /{AT}/repository/files/:file_path": {"ref": "main"},
    f"GET /{AT}/repository/files/:file_path/blame": {"ref": "main"},
}
"""What must be given to read."""


def noted(key: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Return what later paths need of the answer to a step."""
    if key == f"POST /{COMMITS}/:sha/discussions":
        return {"thread": answer["id"], "note": answer["notes"][0]["id"]}
    return {"sha": answer["sha"]} if key == f"POST /{AT}/statuses/:sha" else {}
