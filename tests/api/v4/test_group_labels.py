import pytest

from tests.api.v4.planning import group_label
from tests.support import Api, names

# Reading


def test_labels_of_a_group_are_its_own_and_those_above(labelled: Api) -> None:
    answer = labelled.get("groups/2/labels", "gil")
    assert names(answer) == ["bug", "lab"]
    assert answer.json[1] == group_label(answer.json[1]["id"], "lab")
    assert names(labelled.get("groups/1/labels")) == ["bug"]


def test_labels_of_a_group_reach_as_far_as_asked(labelled: Api) -> None:
    assert names(labelled.get("groups/2/labels", include_ancestor_groups="false")) == ["lab"]
    assert names(labelled.get("groups/1/labels", include_descendant_groups="true")) == ["bug", "lab"]
    assert names(labelled.get("groups/1/labels", only_group_labels="false")) == ["bug", "feature", "Zed"]
    everything = labelled.get("groups/1/labels", only_group_labels="false", include_descendant_groups="true")
    assert names(everything) == ["bug", "feature", "lab", "Zed"]


def test_labels_of_a_group_are_searched_and_counted(labelled: Api) -> None:
    assert names(labelled.get("groups/1/labels", search="zzz")) == []
    label = labelled.get("groups/1/labels", "gil", with_counts="true", search="bug").json[0]
    counts = {"open_issues_count": 1, "closed_issues_count": 1, "open_merge_requests_count": 0}
    text = "Something is broken"
    assert label == group_label(label["id"], "bug", color="#d9534f", description=text, description_html=text, **counts)


def test_labels_of_groups_need_a_user_who_sees_the_group(labelled: Api) -> None:
    assert labelled.get("groups/3/labels", None).json == {"message": "401 Unauthorized"}
    assert labelled.get("groups/1/labels", "nora").json == {"message": "404 Group Not Found"}


def test_a_label_of_a_group_is_found_by_id_and_by_name(labelled: Api) -> None:
    bug = labelled.get("groups/1/labels/bug").json
    assert labelled.get(f"groups/1/labels/{bug['id']}").json == bug
    assert labelled.get("groups/2/labels/bug").json == bug
    assert labelled.get("groups/2/labels/bug", include_ancestor_groups="false").status == 404
    assert labelled.get("groups/1/labels/lab").json == {"message": "404 Label Not Found"}
    assert labelled.get("groups/1/labels/lab", include_descendant_groups="true").json["name"] == "lab"
    assert labelled.get("groups/1/labels/Zed", only_group_labels="false").json["name"] == "Zed"


# Writing


def test_a_label_of_a_group_is_created(api: Api) -> None:
    answer = api.post("groups/1/labels", "rex", name="bug", color="orange", description="Broken")
    orange = {"color": "#FFA500", "text_color": "#1F1E24"}
    expected = group_label(1, "bug", **orange, description="Broken", description_html="Broken")
    assert (answer.status, answer.json) == (201, expected)
    assert names(api.get("projects/1/labels")) == ["bug"]


def test_labels_of_groups_are_changed_from_reporter_on(labelled: Api) -> None:
    for answer in (
        labelled.post("groups/1/labels", "gil", name="x", color="red"),
        labelled.put("groups/1/labels/bug", "gil", color="red"),
        labelled.put("groups/1/labels", "gil", name="bug", color="red"),
        labelled.delete("groups/1/labels/bug", "gil"),
        labelled.delete("groups/1/labels", "gil", name="bug"),
    ):
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize("name", ["lab", "bug"])
def test_a_name_of_the_group_or_above_is_a_conflict(labelled: Api, name: str) -> None:
    answer = labelled.post("groups/2/labels", name=name, color="red")
    assert (answer.status, answer.json) == (409, {"message": "Label already exists"})


def test_a_label_of_a_group_is_changed(labelled: Api) -> None:
    bug = labelled.get("groups/1/labels/bug").json
    changed = {**bug, "name": "defect", "color": "#000", "description": "", "description_html": None}
    answer = labelled.put("groups/1/labels/bug", "rex", new_name="defect", color="#000", description="")
    assert (answer.status, answer.json) == (200, changed)
    again = labelled.put("groups/1/labels", label_id=bug["id"], new_name="bug")
    assert again.json == {**changed, "name": "bug"}
    assert labelled.put("groups/1/labels", name="bug", color="red").json["color"] == "#FF0000"


def test_changes_of_group_labels_are_validated(labelled: Api) -> None:
    labelled.post("groups/1/labels", name="other", color="red")
    taken = labelled.put("groups/1/labels/bug", new_name="other")
    assert (taken.status, taken.json) == (400, {"message": {"title": ["has already been taken"]}})
    assert labelled.put("groups/2/labels/bug", color="red").json == {"message": "404 Label Not Found"}


def test_something_of_a_group_label_must_be_changed(observing: Api) -> None:
    message = "new_name, color, description are missing, at least one parameter must be provided"
    assert observing.put("groups/1/labels/1", priority=1).json == {"error": message}
    either = "label_id, name are missing, exactly one parameter must be provided"
    assert observing.put("groups/1/labels", color="red").json == {"error": either}
    assert observing.delete("groups/1/labels").json == {"error": "name is missing"}


def test_a_label_of_a_group_is_deleted_by_either_way(labelled: Api) -> None:
    assert labelled.delete("groups/1/labels/bug", "rex").status == 204
    assert labelled.get("projects/1/issues/1").json["labels"] == ["feature"]
    answer = labelled.delete("groups/2/labels", name="lab")
    assert (answer.status, answer.text) == (204, "")
    assert names(labelled.get("groups/2/labels")) == []


# Subscribing


def test_a_subscription_to_a_group_label_holds_in_its_projects(labelled: Api) -> None:
    answer = labelled.post("groups/1/labels/bug/subscribe", "gil")
    assert (answer.status, answer.json["subscribed"]) == (201, True)
    assert labelled.post("groups/1/labels/bug/subscribe", "gil").status == 304
    assert labelled.get("projects/1/labels/bug", "gil").json["subscribed"] is True
    assert labelled.post("groups/1/labels/bug/unsubscribe", "gil").json["subscribed"] is False
    assert labelled.post("groups/1/labels/bug/unsubscribe", "gil").status == 304


def test_labels_above_are_subscribed_to_as_well(labelled: Api) -> None:
    assert labelled.post("groups/2/labels/bug/subscribe", "gil").json["subscribed"] is True
    assert labelled.post("groups/1/labels/lab/subscribe", "gil").status == 404
