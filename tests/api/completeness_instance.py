"""One call of every operation on deploy tokens, boards and the instance itself that answers with a record."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]


def _of_parent(parents: str) -> list[Step]:
    at, path = f"{parents}/:id", f"{parents}/1"
    return [
        (f"POST /{at}/deploy_tokens", f"{path}/deploy_tokens", "root", {"name": "t", "scopes": ["read_registry"]}),
    ]


STEPS: list[Step] = [*_of_parent("projects"), *_of_parent("groups")]
READS = {
    "projects/:id/deploy_tokens/:token_id": "projects/1/deploy_tokens/{projects_deploy_tokens}",
    "groups/:id/deploy_tokens/:token_id": "groups/1/deploy_tokens/{groups_deploy_tokens}",
}
KINDS = ("deploy_tokens",)


def noted(key: str, answer: Any) -> dict[str, Any]:
    """Return the id of a new record under the name that later calls have for it: ``{groups_boards}``."""
    method, *parts = key.replace("/", " ").split()
    return {f"{parts[0]}_{parts[-1]}": answer["id"]} if method == "POST" and parts[-1] in KINDS else {}
