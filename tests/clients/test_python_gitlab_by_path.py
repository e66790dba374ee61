"""What python-gitlab has no method for, and what its other tests leave out: reached by path, or by rarer methods."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused
from tests.keys import ed25519, gpg_key


def paths(groups: Any) -> list[str]:
    return [group["full_path"] for group in groups]


def test_where_groups_and_projects_can_go_is_listed(ada: Any) -> None:
    below = ["acme/engines", "acme/engines/fuel", "acme/ground"]
    assert ada.http_list("/groups/1/transfer_locations") == []
    assert paths(ada.http_list("/projects/1/transfer_locations")) == below
    assert paths(ada.http_list("/projects/1/share_locations"))[:3] == below
    assert paths(ada.http_list("/projects/1/share_locations", search="fuel")) == ["acme/engines/fuel"]


def test_who_was_invited_where_is_listed(ada: Any) -> None:
    assert paths(ada.http_list("/projects/1/invited_groups")) == ["friends"]
    ada.groups.get("acme/ground").share(5, 30)
    assert paths(ada.http_list("/groups/acme%2Fground/invited_groups")) == ["friends"]
    assert [group["path"] for group in ada.http_list("/groups/friends/groups/shared")] == ["ground"]


def test_members_are_copied_from_another_project(ada: Any) -> None:
    ada.projects.get("acme/rocket").members.create({"user_id": 7, "access_level": 30})
    assert ada.http_post("/projects/4/import_project_members/1")["status"] == "success"
    assert ada.projects.get("ada/notes").members.get(7).access_level == 30
    assert ada.projects.get("acme/rocket").members_all.get(7).access_level == 30


@pytest.mark.parametrize("path", ["groups/1", "projects/1"])
def test_a_picture_is_downloaded_as_it_was_uploaded(ada: Any, path: str) -> None:
    assert refused(gitlab.GitlabHttpError, ada.http_get, f"/{path}/avatar") == (404, "404 Avatar Not Found")
    ada.http_put(f"/{path}", files={"avatar": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")})
    answer = ada.http_get(f"/{path}/avatar")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\x89PNG\r\n\x1a\n", "image/png")


def test_labels_are_named_in_the_parameters_too(ada: Any) -> None:
    ada.http_put("/projects/1/labels/promote", post_data={"name": "docs"})
    assert ada.http_put("/groups/1/labels/docs", post_data={"new_name": "manual"})["name"] == "manual"
    ada.http_delete("/groups/1/labels", name="manual")
    ada.http_delete("/projects/1/labels", query_data={"name": "urgent"})
    assert [label.name for label in ada.projects.get(1).labels.list()] == ["bug", "feature", "priority::high"]


def test_labels_of_groups_are_unsubscribed_from(ada: Any) -> None:
    label = ada.groups.get("acme").labels.get("bug")
    label.subscribe()
    label.unsubscribe()
    assert label.subscribed is False


@pytest.mark.parametrize(("path", "title"), [("groups/1", "Spring"), ("projects/1", "1.0")])
def test_the_course_of_a_milestone_is_told(ada: Any, path: str, title: str) -> None:
    [milestone] = ada.http_list(f"/{path}/milestones", title=title)
    events = ada.http_list(f"/{path}/milestones/{milestone['id']}/burndown_events")
    assert {event["action"] for event in events} == {"created"}
    found = ada.http_list(f"/{path}/milestones/{milestone['id']}/merge_requests")
    assert {one["milestone"]["title"] for one in found} <= {title}


def test_a_discussion_is_read_note_by_note(ada: Any) -> None:
    issue = ada.projects.get(1).issues.get(1)
    thread = issue.discussions.list()[2]
    notes = thread.notes.list()
    assert [note.body for note in notes] == ["Which engine?", "The left one"]
    assert thread.notes.get(notes[1].id).body == "The left one"


def test_a_link_is_shown_with_both_its_ends(ada: Any) -> None:
    [link] = ada.projects.get(1).issues.get(2).links.list()
    shown = ada.http_get(f"/projects/1/issues/2/links/{link.issue_link_id}")
    assert (shown["source_issue"]["iid"], shown["target_issue"]["iid"], shown["link_type"]) == (1, 2, "blocks")
    assert ada.http_get("/projects/1/issues/2/time_stats")["human_time_estimate"] is None


@pytest.mark.parametrize(("kind", "owner"), [("projects", 1), ("groups", 1)])
def test_a_bot_rotates_its_own_token(ada: Any, connect: Connect, kind: str, owner: int) -> None:
    wanted = {"name": "self-made", "scopes": ["api", "self_rotate"], "expires_at": "2024-12-31"}
    made = getattr(ada, kind).get(owner).access_tokens.create(wanted)
    rotated = connect(private_token=made.token).http_post(f"/{kind}/{owner}/access_tokens/self/rotate")
    assert connect(private_token=rotated["token"]).http_get("/user")["id"] == made.user_id


def test_a_user_makes_a_token_that_can_do_little(ada: Any, connect: Connect) -> None:
    made = ada.http_post("/user/personal_access_tokens", post_data={"name": "runner", "scopes": ["k8s_proxy"]})
    assert (made["scopes"], made["expires_at"]) == (["k8s_proxy"], "2024-05-02")
    found = ada.http_get("/personal_access_tokens/self/associations")
    assert {group["name"] for group in found["groups"]} >= {"Acme", "Engines"}


def test_a_status_is_cleared_later(ada: Any, mockgitlab: Any) -> None:
    status = ada.http_patch("/user/status", post_data={"message": "Lunch", "clear_status_after": "30_minutes"})
    assert (status["message"], status["clear_status_at"]) == ("Lunch", "2024-05-01T09:30:00.000Z")
    mockgitlab.advance("1h")
    assert ada.http_get("/user/status")["message"] is None
    assert ada.http_get("/user/preferences")["show_whitespace_in_diffs"] is True


def test_keys_of_others_are_shown_and_revoked(root: Any, ada: Any) -> None:
    ssh = root.users.get(4).keys.create({"title": "desk", "key": f"{ed25519(3)} eve"})
    assert root.users.get(4).keys.get(ssh.id).title == "desk"
    gpg = root.users.get(4).gpgkeys.create({"key": gpg_key(3)})
    assert root.users.get(4).gpgkeys.get(gpg.id).key == gpg_key(3)
    root.http_post(f"/users/4/gpg_keys/{gpg.id}/revoke")
    ada.http_post("/user/gpg_keys/1/revoke")
    assert ada.http_list("/user/gpg_keys") == []


def test_two_factor_authentication_is_switched_off_by_administrators(root: Any) -> None:
    assert refused(gitlab.GitlabHttpError, root.http_patch, "/users/3/disable_two_factor") == (
        400,
        "400 Bad request - Two-factor authentication is not enabled for this user",
    )


def test_custom_attributes_of_projects(root: Any) -> None:
    attributes = root.projects.get(1).customattributes
    attributes.set("team", "red")
    assert (attributes.get("team").value, len(attributes.list())) == ("red", 1)
    attributes.delete("team")
    assert refused(gitlab.GitlabGetError, attributes.get, "team")[0] == 404


def test_what_came_later_is_no_route_before(ada: Any, make_mockgitlab: Any, mockgitlab_scenario: str) -> None:
    refusal = refused(gitlab.GitlabHttpError, ada.http_post, "/groups/1/archive")
    assert refusal == (404, "404 Not Found")
    later = make_mockgitlab(mockgitlab_scenario, {"mockgitlab": 1, "gitlab": {"version": "18.5.0"}})
    with gitlab.Gitlab(later.url, private_token="ada-token") as client:
        client.http_post("/groups/1/archive")
        assert client.groups.get(1).archived is True
        client.http_post("/groups/1/unarchive")
        assert client.groups.get(1).archived is False
