import copy
from typing import Any

import pytest

from tests.issue_world import remarks, world
from tests.support import Api, names, seen

EPICS = "groups/acme/epics"
ISSUE = "projects/1/issues/1"


def gathering(**gitlab: Any) -> Api:
    """The world with issues; acme has the epics Moon (1: Alpha and beta), Dark side (2, confidential), Sun (3, closed);
    acme/labs has Lab (1)."""
    made = copy.deepcopy(world(gitlab=gitlab))
    made["groups"][0]["labels"] = [{"name": "theme"}]
    made["groups"][0]["epics"] = [
        {"title": "Moon", "author": "rex", "description": "Land on it", "labels": ["theme"]},
        {"title": "Dark side", "author": "ada", "confidential": True, "parent_epic": "Moon"},
        {"title": "Sun", "state": "closed", "created_at": "2024-04-01T00:00:00Z"},
    ]
    made["groups"][1]["epics"] = [{"title": "Lab", "author": "ada"}]
    for issue in made["projects"][0]["issues"][:2]:
        issue["epic"] = "Moon"
    return Api(made)


@pytest.fixture
def api() -> Api:
    return gathering()


def told(api: Api, epic_id: int) -> list[str]:
    return names(api.get(f"{EPICS}/{epic_id}/notes", activity_filter="only_activity", sort="asc"), "body")


FORBIDDEN = (403, {"message": "403 Forbidden"})
NOT_FOUND = (404, {"message": "404 Not found"})


# Reading


def test_an_epic_is_shown_with_all_its_fields(api: Api) -> None:
    answer = api.get(f"{EPICS}/1", "gil")
    expected = {
        "id": 10001,
        "iid": 1,
        "color": "#1068bf",
        "text_color": "#FFFFFF",
        "group_id": 1,
        "parent_id": None,
        "parent_iid": None,
        "imported": False,
        "imported_from": "none",
        "title": "Moon",
        "description": "Land on it",
        "confidential": False,
        "author": api.get(ISSUE).json["author"] | api.get("projects/1/issues/2").json["author"],
        "start_date": None,
        "start_date_is_fixed": False,
        "start_date_fixed": None,
        "start_date_from_inherited_source": None,
        "start_date_from_milestones": None,
        "end_date": "2024-06-01",
        "due_date": "2024-06-01",
        "due_date_is_fixed": False,
        "due_date_fixed": None,
        "due_date_from_inherited_source": "2024-06-01",
        "due_date_from_milestones": "2024-06-01",
        "state": "opened",
        "web_edit_url": "/groups/acme/-/epics/1",
        "web_url": "http://localhost/groups/acme/-/epics/1",
        "references": {"short": "&1", "relative": "&1", "full": "acme&1"},
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
        "closed_at": None,
        "labels": ["theme"],
        "upvotes": 0,
        "downvotes": 0,
        "_links": {
            "self": "http://localhost/api/v4/groups/1/epics/1",
            "epic_issues": "http://localhost/api/v4/groups/1/epics/1/issues",
            "group": "http://localhost/api/v4/groups/1",
            "parent": None,
        },
        "subscribed": False,
    }
    assert seen(answer) == (200, expected)
    assert list(answer.json) == list(expected)
    expected.pop("subscribed")
    assert api.get(EPICS, "gil", search="land").json == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["Lab", "Dark side", "Moon", "Sun"]),
        ({"order_by": "title", "sort": "asc"}, ["Dark side", "Lab", "Moon", "Sun"]),
        ({"include_descendant_groups": "false"}, ["Dark side", "Moon", "Sun"]),
        ({"state": "closed"}, ["Sun"]),
        ({"state": "opened", "confidential": "false"}, ["Lab", "Moon"]),
        ({"author_username": "rex"}, ["Moon"]),
        ({"author_id": "2"}, ["Lab", "Dark side"]),
        ({"labels": "theme"}, ["Moon"]),
        ({"labels": "None"}, ["Lab", "Dark side", "Sun"]),
        ({"not[labels]": "theme"}, ["Lab", "Dark side", "Sun"]),
        ({"not[author_username]": "ada"}, ["Moon", "Sun"]),
        ({"created_before": "2024-04-15T00:00:00Z"}, ["Sun"]),
        ({"my_reaction_emoji": "tada"}, ["Sun"]),
    ],
)
def test_epics_are_narrowed_and_ordered(api: Api, given: dict[str, str], expected: list[str]) -> None:
    api.post(f"{EPICS}/3/award_emoji", "rex", name="tada")
    assert names(api.get(EPICS, "rex", **given), "title") == expected


def test_epics_of_the_groups_above_are_listed_when_asked(api: Api) -> None:
    labs = "groups/acme%2Flabs/epics"
    assert names(api.get(labs, "ada"), "title") == ["Lab"]
    listed = api.get(labs, "ada", include_ancestor_groups="true", search="moon").json
    assert listed[0]["references"] == {"short": "&1", "relative": "acme&1", "full": "acme&1"}


def test_confidential_epics_are_for_planners(api: Api) -> None:
    assert names(api.get(EPICS, "gil"), "title") == ["Lab", "Moon", "Sun"]
    assert seen(api.get(f"{EPICS}/2", "gil")) == FORBIDDEN
    assert seen(api.get(f"{EPICS}/10002/notes", "gil")) == NOT_FOUND
    assert api.get(f"{EPICS}/2", "rex").json["parent_iid"] == 1
    assert seen(api.get(f"{EPICS}/9", "rex")) == NOT_FOUND
    assert api.get(EPICS, "nora").status == 404


def test_the_community_edition_has_no_epics() -> None:
    api = gathering(edition="ce")
    assert api.get(EPICS).status == 404
    assert "epic" not in api.get(ISSUE).json


# Writing


def test_an_epic_is_created(api: Api) -> None:
    made = api.post(
        EPICS,
        "rex",
        title="Mars",
        labels="theme,red",
        color="red",
        start_date_fixed="2024-05-01",
        start_date_is_fixed=True,
        end_date="2024-07-01",
        parent_id=10001,
        created_at="2020-01-01T00:00:00Z",
    ).json
    assert (made["iid"], made["labels"], made["color"]) == (4, ["red", "theme"], "#FF0000")
    assert (made["start_date"], made["due_date"], made["due_date_fixed"]) == ("2024-05-01", None, "2024-07-01")
    assert (made["parent_id"], made["_links"]["parent"]) == (10001, "http://localhost/api/v4/groups/1/epics/1")
    assert made["created_at"] == "2024-05-01T09:00:00.000Z"
    assert api.get(f"{EPICS}/1").json["start_date"] == "2024-05-01"
    assert names(api.get("groups/acme/labels"), "name") == ["red", "theme"]
    assert api.post(EPICS, "ada", title="Old", created_at="2020-01-01T00:00:00Z").json["created_at"] == (
        "2020-01-01T00:00:00.000Z"
    )


def test_an_epic_that_cannot_be_is_refused(api: Api) -> None:
    assert seen(api.post(EPICS, "rex", title=" ")) == (400, {"message": {"title": ["can't be blank"]}})
    assert seen(api.post(EPICS, "rex", title="x", color="no")) == (
        400,
        {"message": {"color": ["must be a valid color code"]}},
    )
    assert seen(api.post(EPICS, "gil", title="x")) == FORBIDDEN
    assert api.post(EPICS, None, title="x").status == 401
    assert seen(api.put(f"{EPICS}/1", "gil", title="x")) == FORBIDDEN
    assert api.put(f"{EPICS}/1", "rex").status == 400


def test_an_epic_is_changed_closed_and_reopened(api: Api) -> None:
    changed = api.put(
        f"{EPICS}/1",
        "rex",
        title="Mars",
        description="x",
        confidential=True,
        due_date_fixed="2024-08-09",
        due_date_is_fixed=True,
    ).json
    assert (changed["title"], changed["confidential"]) == ("Mars", True)
    assert told(api, 10001) == [
        "changed title from **M{-oon-}** to **M{+ars+}**",
        "changed the description",
        "made the epic confidential",
        "changed finish date to Aug 9, 2024",
    ]
    api.put(f"{EPICS}/1", "rex", add_labels="new", remove_labels="theme")
    events = api.get(f"{EPICS}/10001/resource_label_events", "rex").json
    assert [(one["action"], one["label"]["name"], one["resource_type"]) for one in events] == [
        ("add", "new", "Epic"),
        ("remove", "theme", "Epic"),
    ]
    assert api.put(f"{EPICS}/1", "rex", state_event="close").json["closed_at"] == "2024-05-01T09:00:00.000Z"
    assert api.put(f"{EPICS}/1", "rex", state_event="reopen").json["closed_at"] is None


def test_planners_and_owners_delete_epics_and_what_they_gather_stays(api: Api) -> None:
    assert seen(api.delete(f"{EPICS}/1", "bob")) == FORBIDDEN
    assert api.delete(f"{EPICS}/1", "ada").status == 204
    assert api.get(f"{EPICS}/2").json["parent_id"] is None
    assert api.get(ISSUE).json["epic"] is None


# Issues


def test_an_issue_shows_its_epic_and_is_found_by_it(api: Api) -> None:
    issue = api.get(ISSUE, "gil").json
    assert (issue["epic_iid"], issue["epic"]) == (
        1,
        {"id": 10001, "iid": 1, "title": "Moon", "url": "/groups/acme/-/epics/1", "group_id": 1},
    )
    assert names(api.get("projects/1/issues", epic_id=10001, sort="asc"), "iid") == [1, 2]
    assert names(api.get("projects/1/issues", epic_id="None", sort="asc"), "iid") == [3, 4, 5]
    assert names(api.get("projects/1/issues", epic_id="Any", sort="asc"), "iid") == [1, 2]


def test_an_issue_is_put_into_an_epic_by_its_own_parameters(api: Api) -> None:
    made = api.post("projects/1/issues", "rex", title="Dust", epic_id=10003).json
    assert made["epic"]["title"] == "Sun"
    assert api.put("projects/1/issues/6", "rex", epic_iid=1).json["epic_iid"] == 1
    assert remarks(api, 6) == ["added to epic &3", "changed epic to &1"]
    assert api.put("projects/1/issues/6", "rex", epic_id=0).json["epic"] is None
    assert seen(api.put("projects/1/issues/6", "rex", epic_id=99)) == NOT_FOUND
    assert seen(api.put("projects/1/issues/6", "rex", epic_iid=99)) == (404, {"message": "404 Epic Not Found"})
    assert api.put(ISSUE, "rex", epic_iid=1, epic_id=2).json == {"error": "epic_id, epic_iid are mutually exclusive"}


def test_issues_of_an_epic_are_added_listed_moved_and_removed(api: Api) -> None:
    added = api.post(f"{EPICS}/1/issues/10003", "gil")
    assert (added.status, added.json["epic"]["iid"], added.json["issue"]["iid"]) == (201, 1, 3)
    assert list(added.json) == ["id", "relative_position", "epic", "issue"]
    listed = api.get(f"{EPICS}/1/issues", "gil").json
    assert [(one["iid"], one["epic_issue_id"]) for one in listed] == [(3, 3), (1, 1), (2, 2)]
    moved = api.put(f"{EPICS}/1/issues/3", "gil", move_after_id=2)
    assert [one["iid"] for one in moved.json] == [1, 2, 3]
    assert [one["relative_position"] for one in moved.json] == [0, 500, 1000]
    moved = api.put(f"{EPICS}/1/issues/3", "gil", move_before_id=1)
    assert [one["iid"] for one in moved.json] == [3, 1, 2]
    removed = api.delete(f"{EPICS}/1/issues/3", "gil")
    assert (removed.status, removed.json["issue"]["iid"]) == (200, 3)
    assert names(api.get(f"{EPICS}/1/issues"), "iid") == [1, 2]
    assert remarks(api, 3) == ["added to epic &1", "removed from epic &1"]
    assert told(api, 10001) == ["added issue rocket#3", "removed issue rocket#3"]


def test_an_issue_that_cannot_be_added_is_refused(api: Api) -> None:
    assert seen(api.post(f"{EPICS}/1/issues/10001", "rex")) == (409, {"message": "Issue(s) already assigned"})
    assert seen(api.post(f"{EPICS}/1/issues/99", "rex")) == NOT_FOUND
    assert seen(api.post(f"{EPICS}/1/issues/10004", "gil")) == FORBIDDEN
    assert seen(api.delete(f"{EPICS}/1/issues/99", "rex")) == NOT_FOUND
    assert seen(api.put(f"{EPICS}/1/issues/1", "rex")) == (400, {"message": {"error": "Issue could not be moved!"}})
    assert api.get(f"{EPICS}/1/issues", None).status == 401


def test_an_issue_leaves_one_epic_for_another(api: Api) -> None:
    api.post(f"{EPICS}/3/issues/10001", "rex")
    assert names(api.get(f"{EPICS}/1/issues"), "iid") == [2]
    assert (told(api, 10001), told(api, 10003)) == (
        ["moved issue rocket#1 to epic &3"],
        ["added issue rocket#1 from epic &1"],
    )


def test_quick_actions_put_issues_into_epics(api: Api) -> None:
    def write(body: str, who: str = "rex") -> Any:
        return api.post("projects/1/issues/3/notes", who, body=body).json["summary"]

    assert write("/epic acme&1") == ["Added an issue to an epic."]
    assert write("/epic &1") == ["Issue #3 has already been added to epic &1."]
    assert write("/epic http://localhost/groups/acme/-/epics/3") == ["Added an issue to an epic."]
    assert api.get("projects/1/issues/3").json["epic_iid"] == 3
    assert write("/remove_epic") == ["Removed an issue from an epic."]
    assert write("/remove_epic") == ["Could not apply remove_epic command."]
    assert write("/epic &9") == ["This epic does not exist or you don't have sufficient permission."]


# Epics of epics


def test_epics_are_part_of_epics(api: Api) -> None:
    path = f"{EPICS}/1/epics"
    assert names(api.get(path, "rex"), "title") == ["Dark side"]
    assert api.get(path, "gil").json == []
    made = api.post(path, "rex", title="Crater")
    assert seen(made) == (
        201,
        {
            "id": 10005,
            "iid": 4,
            "title": "Crater",
            "group_id": 1,
            "parent_id": 10001,
            "has_children": False,
            "has_issues": False,
            "reference": "acme&4",
            "url": "http://localhost/groups/acme/-/epics/4",
            "relation_url": "http://localhost/groups/acme/-/epics/1/links/10005",
        },
    )
    assert api.post(f"{path}/10003", "rex").json["parent_iid"] == 1
    assert names(api.put(f"{path}/10003", "rex", move_before_id=10005), "title") == ["Dark side", "Sun", "Crater"]
    removed = api.delete(f"{path}/10003", "rex")
    assert (removed.status, removed.json["title"], removed.json["parent_id"]) == (200, "Sun", None)
    assert told(api, 10003) == ["added epic &1 as parent epic", "removed parent epic &1"]
    assert told(api, 10001) == ["added epic &3 as child epic", "removed child epic &3"]
    assert names(api.get(path, "rex"), "title") == ["Dark side", "Crater"]


def test_an_epic_that_cannot_be_part_of_another_is_refused(api: Api) -> None:
    def refused(child: int, of: int = 1, who: str = "rex") -> tuple[int, Any]:
        answer = api.post(f"{EPICS}/{of}/epics/{child}", who)
        return answer.status, answer.json["message"]

    def conflict(why: str) -> tuple[int, str]:
        return 409, f"This epic cannot be added. {why}"

    assert refused(10001) == conflict("An epic cannot be added to itself.")
    assert refused(10001, of=2) == conflict("It is already an ancestor of the parent epic.")
    assert refused(10002) == conflict("It is already assigned to the parent epic.")
    for iid in range(4, 9):
        api.post(f"{EPICS}/{iid - 2 if iid == 4 else iid - 1}/epics", "rex", title="Deeper")
    assert refused(10003, of=8) == conflict(
        "One or more epics would exceed the maximum depth (7) from its most distant ancestor."
    )
    assert refused(99) == (404, "No matching epic found. Make sure that you are adding a valid epic URL.")
    assert refused(10003, who="gil") == (403, "403 Forbidden")
    assert seen(api.delete(f"{EPICS}/1/epics/10003", "rex")) == NOT_FOUND


# Links


def test_epics_are_related_to_others(api: Api) -> None:
    path = f"{EPICS}/1/related_epics"
    made = api.post(path, "gil", target_group_id="acme", target_epic_iid=3)
    assert (made.status, list(made.json)) == (
        201,
        ["id", "source_epic", "target_epic", "link_type", "created_at", "updated_at"],
    )
    assert [made.json[key]["iid"] for key in ("source_epic", "target_epic")] == [1, 3]
    api.post(path, "ada", target_group_id="acme/labs", target_epic_iid=1, link_type="is_blocked_by")
    listed = api.get(path, "gil").json
    assert [(one["title"], one["link_type"], one["related_epic_link_id"]) for one in listed] == [
        ("Sun", "relates_to", 1),
        ("Lab", "is_blocked_by", 2),
    ]
    other = api.get("groups/acme%2Flabs/epics/1/related_epics", "gil").json
    assert [(one["title"], one["link_type"]) for one in other] == [("Moon", "blocks")]
    assert names(api.get("groups/acme/related_epic_links", "gil"), "link_type") == ["relates_to", "blocks"]
    removed = api.delete(f"{path}/1", "gil")
    assert (removed.status, removed.json["target_epic"]["iid"]) == (200, 3)
    assert told(api, 10001) == [
        "marked this epic as related to &3",
        "marked this epic as blocked by acme/labs&1",
        "removed the relation with &3",
    ]


def test_epics_that_cannot_be_related_are_refused(api: Api) -> None:
    def refused(iid: int, who: str = "gil", group: str = "acme") -> tuple[int, Any]:
        return seen(api.post(f"{EPICS}/1/related_epics", who, target_group_id=group, target_epic_iid=iid))

    api.post(f"{EPICS}/1/related_epics", "gil", target_group_id="acme", target_epic_iid=3)
    assert refused(3) == (409, {"message": "Epic(s) already assigned"})
    assert refused(1) == (422, {"message": "&1 cannot be added: cannot be related to itself"})
    assert refused(2) == FORBIDDEN
    assert refused(9) == NOT_FOUND
    assert refused(1, group="nowhere") == (404, {"message": "404 Group Not Found"})
    assert seen(api.delete(f"{EPICS}/1/related_epics/9", "gil")) == NOT_FOUND


def test_links_to_confidential_epics_are_hidden(api: Api) -> None:
    api.post(f"{EPICS}/1/related_epics", "rex", target_group_id="acme", target_epic_iid=2)
    assert api.get(f"{EPICS}/1/related_epics", "gil").json == []
    assert api.get("groups/acme/related_epic_links", "gil").json == []
    assert len(api.get("groups/acme/related_epic_links", "rex").json) == 1


# Around them


def test_epics_are_discussed_and_reacted_to(api: Api) -> None:
    note = api.post(f"{EPICS}/10001/notes", "gil", body="Far, @ada").json
    assert (note["noteable_type"], note["noteable_id"], note["noteable_iid"], note["project_id"]) == (
        "Epic",
        10001,
        1,
        None,
    )
    thread = api.post(f"{EPICS}/10001/discussions", "gil", body="Why?").json
    api.post(f"{EPICS}/10001/discussions/{thread['id']}/notes", "rex", body="Cheese")
    assert [len(one["notes"]) for one in api.get(f"{EPICS}/10001/discussions", "gil").json] == [1, 2]
    award = api.post(f"{EPICS}/1/award_emoji", "gil", name="thumbsup").json
    assert (award["awardable_type"], api.get(f"{EPICS}/1").json["upvotes"]) == ("Epic", 1)
    assert api.post(f"{EPICS}/1/notes/{note['id']}/award_emoji", "rex", name="tada").status == 201
    [todo] = api.get("todos", "ada").json
    assert (todo["action_name"], todo["target_type"], todo["target"]["title"]) == ("mentioned", "Epic", "Moon")
    assert (todo["group"]["id"], todo["target_url"]) == (
        1,
        f"http://localhost/groups/acme/-/epics/1#note_{note['id']}",
    )


def test_an_epic_asks_for_attention_once(api: Api) -> None:
    assert api.post(f"{EPICS}/1/todo", "gil").json["action_name"] == "marked"
    assert api.post(f"{EPICS}/1/todo", "gil").status == 304


@pytest.mark.parametrize(
    ("body", "changes", "summary"),
    [
        ("/close", {"state_event": "close"}, "Closed this epic."),
        ("/title Mars", {"title": "Mars"}, 'Changed the title to "Mars".'),
        ("/unlabel ~theme", {"remove_label_ids": [1]}, 'Removed ~"theme" label.'),
        ("/label ~theme", {"add_label_ids": [1]}, 'Added ~"theme" label.'),
        ("/confidential", {"confidential": True}, "Made this epic confidential."),
        ("/todo", {"todo_event": "add"}, "Added a to-do item."),
        ("/subscribe", {}, "Could not apply subscribe command."),
        ("/unsubscribe", {"subscription_event": "unsubscribe"}, "Unsubscribed from notifications."),
        ("/react :tada:", {"emoji_award": "tada"}, "Toggled :tada: emoji reaction."),
        ("/assign me", {}, "Could not apply assign command."),
        ("/weight 3", {}, "Could not apply weight command."),
        ("/merge", {}, "Could not apply merge command."),
    ],
)
def test_quick_actions_change_epics(api: Api, body: str, changes: dict[str, Any], summary: str) -> None:
    answer = api.post(f"{EPICS}/10001/notes", "rex", body=body)
    assert seen(answer) == (202, {"commands_changes": changes, "summary": [summary]})


def test_quick_actions_in_descriptions_of_epics_are_carried_out(api: Api) -> None:
    made = api.post(EPICS, "rex", title="Mars", description="Red\n/label ~theme").json
    assert (made["description"], made["labels"]) == ("Red", ["theme"])
    changed = api.put(f"{EPICS}/4", "rex", description="/unlabel\n/close").json
    assert (changed["description"], changed["labels"], changed["state"]) == ("", [], "closed")


def test_quick_actions_make_epics_parts_of_others(api: Api) -> None:
    def write(epic_id: int, body: str) -> list[str]:
        answer = api.post(f"{EPICS}/{epic_id}/notes", "rex", body=body)
        assert (answer.status, answer.json["commands_changes"]) == (202, {})
        said: list[str] = answer.json["summary"]
        return said

    assert write(10001, "/child_epic &3") == ["Added &3 as a child epic."]
    assert write(10001, "/child_epic &3") == ["Given epic is already related to this epic."]
    assert write(10001, "/child_epic &9") == ["Child epic doesn't exist."]
    assert write(10001, "/parent_epic &3") == ["Given epic is already related to this epic."]
    assert write(10001, "/parent_epic acme/labs&9") == ["Parent epic doesn't exist."]
    assert names(api.get(f"{EPICS}/1/epics"), "iid") == [2, 3]
    assert told(api, 10001) == ["added epic &3 as child epic"]
    assert write(10001, "/remove_child_epic &3") == ["Removed &3 from child epics."]
    assert write(10001, "/remove_child_epic &3") == ["Child epic does not exist."]
    assert write(10003, "/parent_epic http://localhost/groups/acme/-/epics/2") == ["Set &2 as the parent epic."]
    refused = "This epic cannot be added. It is already an ancestor of the parent epic."
    assert write(10003, "/child_epic &1") == [refused]
    assert write(10003, "/remove_parent_epic") == ["Removed parent epic &2."]
    assert write(10003, "/remove_parent_epic") == ["Parent epic is not present."]


def test_an_issue_is_promoted_to_an_epic(api: Api) -> None:
    api.put(ISSUE, "rex", description="As #2", add_labels="theme")
    api.post(f"{ISSUE}/award_emoji", "gil", name="tada")
    note = api.post(f"{ISSUE}/notes", "gil", body="See #2").json
    answer = api.post(f"{ISSUE}/notes", "rex", body="/promote")
    assert seen(answer) == (
        202,
        {"commands_changes": {"promote_to_epic": True}, "summary": ["Promoted issue to an epic."]},
    )
    old, new = api.get(ISSUE, "rex").json, api.get(f"{EPICS}/4", "rex").json
    assert (old["state"], old["closed_by"]["username"], remarks(api, 1)[-1]) == ("closed", "rex", "promoted to epic &4")
    assert (new["title"], new["description"], new["labels"]) == (old["title"], "As acme/rocket#2", ["theme"])
    assert (new["parent_iid"], new["author"]["username"], new["upvotes"]) == (1, "rex", 0)
    notes = api.get(f"{EPICS}/{new['id']}/notes", "rex", sort="asc").json
    (copied,) = [one for one in notes if one["body"] == "See acme/rocket#2"]
    assert (copied["author"]["username"], copied["noteable_type"]) == ("gil", "Epic")
    assert copied["id"] != note["id"]
    assert notes[-1]["body"] == "promoted from issue rocket#1"
    assert names(api.get(f"{EPICS}/4/award_emoji", "rex"), "name") == ["tada"]
    again = api.post(f"{ISSUE}/notes", "rex", body="/promote").json
    assert again["summary"] == ["Could not apply promote command."]


def test_who_makes_no_epics_promotes_no_issues(api: Api) -> None:
    answer = api.post(f"{ISSUE}/notes", "gil", body="/promote")
    assert answer.json["summary"] == ["Could not apply promote command."]


def test_quick_actions_of_the_tree_of_epics_are_of_epics_alone(api: Api) -> None:
    answer = api.post("projects/1/issues/1/notes", "rex", body="/parent_epic &3")
    assert answer.json["summary"] == ["Could not apply parent_epic command."]
    assert api.post(f"{EPICS}/10003/notes", "gil", body="/parent_epic &1").json["summary"] == [
        "Could not apply parent_epic command."
    ]


def test_a_new_epic_finds_its_parent_in_its_description(api: Api) -> None:
    made = api.post(EPICS, "rex", title="Crater", description="Deep\n/parent_epic &1").json
    assert (made["parent_iid"], made["description"]) == (1, "Deep")


def test_guests_do_not_change_epics_by_quick_actions(api: Api) -> None:
    answer = api.post(f"{EPICS}/10001/notes", "gil", body="/close")
    assert answer.json["summary"] == ["Could not apply close command."]


def test_a_scenario_with_an_epic_that_is_none_is_refused() -> None:
    made = world()
    made["projects"][0]["issues"][0]["epic"] = "Nowhere"
    with pytest.raises(Exception, match="there is no epic 'Nowhere'"):
        Api(made)
