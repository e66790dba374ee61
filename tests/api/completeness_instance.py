"""One call of every operation on deploy tokens, boards and the instance itself that answers with a record."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]


def _of_parent(parents: str, label_id: int) -> list[Step]:
    at, path = f"{parents}/:id", f"{parents}/1"
    board, lists = f"{path}/boards/{{{parents}_boards}}", f"{at}/boards/:board_id/lists"
    return [
        (f"POST /{at}/deploy_tokens", f"{path}/deploy_tokens", "root", {"name": "t", "scopes": ["read_registry"]}),
        (f"POST /{at}/boards", f"{path}/boards", "root", {"name": "b"}),
        (f"PUT /{at}/boards/:board_id", board, "root", {"milestone_id": -1, "assignee_id": 2, "labels": "bug"}),
        (f"POST /{lists}", f"{board}/lists", "root", {"label_id": label_id}),
        (f"POST /{lists}", f"{board}/lists", "root", {"assignee_id": 2}),
        (f"PUT /{lists}/:list_id", f"{board}/lists/{{{parents}_lists}}", "root", {"position": 0}),
    ]


SETTINGS = {"level": "custom"}
APPLICATION = {"name": "a", "redirect_uri": "https://a.example", "scopes": "api"}
STEPS: list[Step] = [
    *_of_parent("projects", 1),
    *_of_parent("groups", 1),
    ("POST /projects/:id/export", "projects/1/export", "root", {}),
    ("PUT /application/settings", "application/settings", "root", {"signup_enabled": True}),
    ("PUT /notification_settings", "notification_settings", "root", SETTINGS),
    ("PUT /projects/:id/notification_settings", "projects/1/notification_settings", "root", SETTINGS),
    ("PUT /groups/:id/notification_settings", "groups/1/notification_settings", "root", SETTINGS),
    ("POST /applications", "applications", "root", APPLICATION),
    ("POST /applications/:id/renew-secret", "applications/1/renew-secret", "root", {}),
    ("PUT /application/plan_limits", "application/plan_limits", "root", {"plan_name": "default"}),
    ("PUT /application/appearance", "application/appearance", "root", {"title": "t"}),
    ("POST /features/:name", "features/x", "root", {"value": "true"}),
    ("POST /broadcast_messages", "broadcast_messages", "root", {"message": "m"}),
    ("PUT /broadcast_messages/:id", "broadcast_messages/1", "root", {"message": "n"}),
]
READS = {
    "projects/:id/deploy_tokens/:token_id": "projects/1/deploy_tokens/{projects_deploy_tokens}",
    "groups/:id/deploy_tokens/:token_id": "groups/1/deploy_tokens/{groups_deploy_tokens}",
    "projects/:id/boards/:board_id": "projects/1/boards/{projects_boards}",
    "projects/:id/boards/:board_id/lists/:list_id": "projects/1/boards/{projects_boards}/lists/{projects_lists}",
    "groups/:id/boards/:board_id": "groups/1/boards/{groups_boards}",
    "groups/:id/boards/:board_id/lists/:list_id": "groups/1/boards/{groups_boards}/lists/{groups_lists}",
}
KINDS = ("deploy_tokens", "boards", "lists")


def noted(key: str, answer: Any) -> dict[str, Any]:
    """Return the id of a new record under the name that later calls have for it: ``{groups_boards}``."""
    method, *parts = key.replace("/", " ").split()
    return {f"{parts[0]}_{parts[-1]}": answer["id"]} if method == "POST" and parts[-1] in KINDS else {}
