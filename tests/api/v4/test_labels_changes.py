from typing import Any

import pytest

from tests.api.v4.planning import project_label
from tests.support import Api, names

# Changing


def test_a_label_is_changed_by_name_and_by_id(labelled: Api) -> None:
    zed = labelled.get("projects/1/labels/Zed").json
    answer = labelled.put("projects/1/labels/Zed", "rex", new_name="z", color="blue", description="Last", priority=1)
    expected = project_label(zed["id"], "z", color="#0000FF", description="Last", description_html="Last", priority=1)
    assert (answer.status, answer.json) == (200, expected)
    again = labelled.put(f"projects/1/labels/{zed['id']}", color="#fff")
    assert again.json == {**expected, "color": "#fff", "text_color": "#1F1E24"}


def test_a_renamed_label_shows_in_issues_at_once(labelled: Api) -> None:
    labelled.put("projects/1/labels/feature", new_name="wish")
    assert labelled.get("projects/1/issues/1").json["labels"] == ["bug", "wish"]


@pytest.mark.parametrize("priority", [None, ""])
def test_an_empty_priority_takes_the_rank_away(labelled: Api, priority: Any) -> None:
    answer = labelled.put("projects/1/labels/feature", priority=priority)
    assert (answer.status, answer.json["priority"]) == (200, None)
    assert labelled.put("projects/1/labels/feature", priority=5).json["priority"] == 5
    assert labelled.put("projects/1/labels/feature", priority=6).json["priority"] == 6


def test_something_must_be_changed(observing: Api) -> None:
    observing.post("projects/1/labels", name="bug", color="red")
    message = "new_name, color, description, priority are missing, at least one parameter must be provided"
    assert observing.put("projects/1/labels/bug").json == {"error": message}
    assert observing.put("projects/1/labels/bug", priority="x").json == {"error": "priority is invalid"}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"new_name": "Zed"}, {"title": ["has already been taken"]}),
        (
            {"new_name": "bug"},
            {"title": ["already exists at group level for acme. Please choose another one."]},
        ),
        ({"new_name": " "}, {"title": ["can't be blank", "is invalid"]}),
        ({"color": "nope"}, {"color": ["must be a valid color code"]}),
    ],
)
def test_changes_are_validated(labelled: Api, given: dict[str, Any], errors: Any) -> None:
    answer = labelled.put("projects/1/labels/feature", **given)
    assert (answer.status, answer.json) == (400, {"message": errors})
    assert labelled.get("projects/1/labels/feature").json["color"] == "#abc"


def test_a_label_of_the_group_is_not_changed_through_the_project(labelled: Api) -> None:
    for answer in (labelled.put("projects/1/labels/bug", color="red"), labelled.delete("projects/1/labels/bug")):
        assert (answer.status, answer.json) == (404, {"message": "404 Label Not Found"})


def test_who_may_not_change_labels_is_told_so_before_the_label_is_looked_up(labelled: Api) -> None:
    assert labelled.put("projects/1/labels/none", "gil", color="red").status == 403
    assert labelled.delete("projects/1/labels/none", "gil").status == 404
    assert labelled.delete("projects/1/labels/feature", "gil").status == 403


def test_the_older_way_names_the_label_in_a_parameter(labelled: Api) -> None:
    zed = labelled.get("projects/1/labels/Zed").json
    assert labelled.put("projects/1/labels", name="Zed", new_name="z").json == {**zed, "name": "z"}
    assert labelled.put("projects/1/labels", label_id=zed["id"], new_name="Zed").json == zed
    assert labelled.delete("projects/1/labels", name="Zed").status == 204
    assert labelled.delete("projects/1/labels", "gil", name="feature").status == 403
    assert names(labelled.get("projects/1/labels")) == ["bug", "feature"]


def test_the_older_way_takes_either_the_id_or_the_name(observing: Api) -> None:
    neither = {"error": "label_id, name are missing, exactly one parameter must be provided"}
    assert observing.put("projects/1/labels", color="red").json == neither
    assert observing.delete("projects/1/labels").json == neither
    answer = observing.put("projects/1/labels", label_id=1, name="x", color="red")
    assert (answer.status, answer.json) == (400, {"error": "label_id, name are mutually exclusive"})


# Deleting


def test_a_deleted_label_is_gone_from_issues(labelled: Api) -> None:
    before = labelled.get("projects/1/issues/1").json["updated_at"]
    answer = labelled.delete("projects/1/labels/feature", "rex")
    assert (answer.status, answer.text) == (204, "")
    issue = labelled.get("projects/1/issues/1").json
    assert (issue["labels"], issue["updated_at"]) == (["bug"], before)
    assert labelled.delete("projects/1/labels/feature", "rex").status == 404


def test_a_label_changed_since_is_not_deleted(labelled: Api) -> None:
    headers = {"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    answer = labelled.request("DELETE", "projects/1/labels/feature", headers=headers)
    assert (answer.status, answer.json) == (412, {"message": "412 Precondition Failed"})


# Promoting


def test_a_promoted_label_takes_the_place_of_its_namesakes_in_the_group(labelled: Api) -> None:
    labelled.post("projects", name="second", namespace_id=2)
    second = labelled.get("projects/acme%2Flabs%2Fsecond").json["id"]
    labelled.post(f"projects/{second}/labels", name="feature", color="red")
    labelled.post(f"projects/{second}/issues", title="Elsewhere", labels="feature")
    labelled.post("projects/1/labels/feature/subscribe", "rex")
    answer = labelled.put("projects/1/labels/feature/promote", "rex")
    assert answer.status == 200
    assert answer.json == {
        "id": answer.json["id"],
        "name": "feature",
        "description": None,
        "description_html": None,
        "text_color": "#1F1E24",
        "color": "#abc",
        "subscribed": False,
    }
    promoted = labelled.get("projects/1/labels/feature", "rex").json
    assert (promoted["id"], promoted["is_project_label"]) == (answer.json["id"], False)
    assert (promoted["priority"], promoted["subscribed"]) == (3, True)
    assert labelled.get("projects/1/issues/1").json["labels"] == ["bug", "feature"]
    assert labelled.get(f"projects/{second}/issues/1").json["labels"] == ["feature"]
    assert names(labelled.get(f"projects/{second}/labels")) == ["bug", "feature", "lab"]


def test_the_older_way_promotes_by_name(labelled: Api) -> None:
    assert labelled.put("projects/1/labels/promote", name="Zed").json["name"] == "Zed"
    assert "Zed" in names(labelled.get("groups/1/labels"))
    assert labelled.put("projects/1/labels/promote", name="Zed").json == {"message": "404 Label Not Found"}


def test_a_label_of_a_personal_project_has_no_group_to_go_to(api: Api) -> None:
    api.post("projects/3/labels", "ada", name="own", color="red")
    answer = api.put("projects/3/labels/own/promote", "ada")
    assert (answer.status, answer.json) == (400, {"message": "Failed to promote project label to group label"})


def test_labels_are_promoted_from_reporter_of_the_group_on(labelled: Api) -> None:
    answer = labelled.put("projects/1/labels/feature/promote", "gil")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


# Subscribing


def test_a_subscription_is_the_users_own_and_made_once(labelled: Api) -> None:
    answer = labelled.post("projects/1/labels/feature/subscribe", "gil")
    assert (answer.status, answer.json["subscribed"], answer.json["priority"]) == (201, True, 3)
    again = labelled.post("projects/1/labels/feature/subscribe", "gil")
    assert (again.status, again.text) == (304, "")
    assert labelled.get("projects/1/labels/feature", "rex").json["subscribed"] is False
    assert labelled.post("projects/1/labels/feature/unsubscribe", "gil").json["subscribed"] is False
    assert labelled.post("projects/1/labels/feature/unsubscribe", "gil").status == 304


def test_a_subscription_in_a_project_holds_there_alone(labelled: Api) -> None:
    labelled.post("projects/1/labels/bug/subscribe", "rex")
    assert labelled.get("projects/1/labels/bug", "rex").json["subscribed"] is True
    assert labelled.get("groups/1/labels/bug", "rex").json["subscribed"] is False


def test_who_ends_a_subscription_in_a_project_ends_that_of_the_group(labelled: Api) -> None:
    labelled.post("groups/1/labels/bug/subscribe", "rex")
    assert labelled.get("projects/1/labels/bug", "rex").json["subscribed"] is True
    assert labelled.post("projects/1/labels/bug/unsubscribe", "rex").json["subscribed"] is False
    assert labelled.get("groups/1/labels/bug", "rex").json["subscribed"] is False


def test_what_is_not_there_is_not_subscribed_to(labelled: Api) -> None:
    assert labelled.post("projects/1/labels/none/subscribe").json == {"message": "404 Label Not Found"}
    assert labelled.post("projects/1/labels/bug/subscribe", None).status == 401
