"""The calls of operations on repositories: a project with some history, and what is asked and made there."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
AT, CODE = "projects/:id", "projects/root%2Fcode"
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
]
"""Steps as those of ``completeness_world``."""
READS = {
    f"{AT}/protected_branches": f"{CODE}/protected_branches",
    f"{AT}/protected_branches/:name": f"{CODE}/protected_branches/stable",
    f"{AT}/protected_tags": f"{CODE}/protected_tags",
    f"{AT}/protected_tags/:name": f"{CODE}/protected_tags/v1",
    f"{AT}/push_rule": f"{CODE}/push_rule",
}
"""Where there is something to read."""
