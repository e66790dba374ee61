"""One call of every operation on webhooks and badges that answers with a record."""

from typing import Any

HOOK = {"url": "http://localhost:9/"}
BADGE = {"link_url": "http://example.com/%{project_path}", "image_url": "http://example.com/%{project_id}"}
PLACES = (("projects/:id/", "projects/1/"), ("groups/:id/", "groups/1/"))
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    *((f"POST /{at}hooks", f"{path}hooks", "root", HOOK) for at, path in (*PLACES, ("", ""))),
    ("PUT /projects/:id/hooks/:hook_id", "projects/1/hooks/1", "root", {"name": "x"}),
    ("PUT /groups/:id/hooks/:hook_id", "groups/1/hooks/2", "root", {"name": "x"}),
    ("PUT /hooks/:hook_id", "hooks/3", "root", {"name": "x"}),
    *((f"POST /{at}badges", f"{path}badges", "root", BADGE) for at, path in PLACES),
    ("PUT /projects/:id/badges/:badge_id", "projects/1/badges/1", "root", {"name": "x"}),
    ("PUT /groups/:id/badges/:badge_id", "groups/1/badges/2", "root", {"name": "x"}),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
READS = {
    "projects/:id/hooks/:hook_id": "projects/1/hooks/1",
    "groups/:id/hooks/:hook_id": "groups/1/hooks/2",
    "hooks/:hook_id": "hooks/3",
    "projects/:id/badges/:badge_id": "projects/1/badges/1",
    "groups/:id/badges/:badge_id": "groups/1/badges/2",
}
GIVEN = {f"GET /{at}badges/render": BADGE for at, _ in PLACES}
