"""The settings of approvals through python-gitlab, whose client has no object for them."""

from typing import Any


def test_a_group_forbids_what_a_project_then_cannot_allow(root: Any, rocket: Any) -> None:
    path = f"/projects/{rocket.id}/merge_request_approval_setting"
    allowed: Any = root.http_put(path, post_data={"allow_author_approval": True})
    assert allowed["allow_author_approval"] == {"value": True, "locked": False, "inherited_from": None}
    root.http_put("/groups/acme/merge_request_approval_setting", post_data={"allow_author_approval": False})
    forbidden: Any = root.http_get(path)
    assert forbidden["allow_author_approval"] == {"value": False, "locked": True, "inherited_from": "group"}
    assert rocket.approvals.get().merge_requests_author_approval is False
