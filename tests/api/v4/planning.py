"""What tests of labels and milestones share: both as the API shows them, new and of the tests' world."""

from typing import Any

from tests.support import Api


def group_label(id: int, name: str, **more: Any) -> dict[str, Any]:
    """Return a label as a group shows it."""
    return {
        "id": id,
        "name": name,
        "description": None,
        "description_html": None,
        "text_color": "#FFFFFF",
        "color": "#6699cc",
        "subscribed": False,
        **more,
    }


def project_label(id: int, name: str, **more: Any) -> dict[str, Any]:
    """Return a label as a project shows it."""
    return group_label(id, name, priority=None, is_project_label=True) | more


def milestone(id: int, iid: int, title: str, **more: Any) -> dict[str, Any]:
    """Return a milestone of acme/rocket (1)."""
    return _milestone(id, iid, title, {"project_id": 1}, "acme/rocket") | more


def group_milestone(id: int, iid: int, title: str, **more: Any) -> dict[str, Any]:
    """Return a milestone of the group acme (1)."""
    return _milestone(id, iid, title, {"group_id": 1}, "groups/acme") | more


def _milestone(id: int, iid: int, title: str, owner: dict[str, int], at: str) -> dict[str, Any]:
    return {
        "id": id,
        "iid": iid,
        **owner,
        "title": title,
        "description": None,
        "state": "active",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "due_date": None,
        "start_date": None,
        "expired": False,
        "web_url": f"http://localhost/{at}/-/milestones/{iid}",
    }


def id_of(api: Api, title: str, path: str = "projects/1") -> int:
    """Return the ID of the milestone with a title that a project or group has, or the groups above it."""
    return int(api.get(f"{path}/milestones", title=title, include_parent_milestones="true").json[0]["id"])
