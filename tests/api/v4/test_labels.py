from copy import deepcopy
from typing import Any

import pytest

from tests.api.v4.planning import project_label
from tests.support import WORLD, Api, names

# Reading


def test_labels_of_a_project_are_its_own_and_those_of_its_groups_by_name(labelled: Api) -> None:
    answer = labelled.get("projects/1/labels", "gil")
    assert names(answer) == ["bug", "feature", "Zed"]
    assert answer.headers["X-Total"] == "3"
    bug, feature, zed = answer.json
    text = "Something is broken"
    assert bug == project_label(
        bug["id"], "bug", color="#d9534f", description=text, description_html=text, is_project_label=False
    )
    assert feature == project_label(feature["id"], "feature", color="#abc", text_color="#1F1E24", priority=3)
    assert zed == project_label(zed["id"], "Zed")


def test_labels_of_the_project_alone(labelled: Api) -> None:
    assert names(labelled.get("projects/1/labels", include_ancestor_groups="false")) == ["feature", "Zed"]


def test_labels_are_found_by_words_in_name_and_description(labelled: Api) -> None:
    assert names(labelled.get("projects/1/labels", search="BROKEN")) == ["bug"]
    assert names(labelled.get("projects/1/labels", search="e")) == ["bug", "feature", "Zed"]
    assert names(labelled.get("projects/1/labels", search="nothing")) == []


def test_counts_are_of_the_issues_that_the_user_may_see(labelled: Api) -> None:
    def counts(as_: str) -> list[tuple[int, int, int]]:
        found = labelled.get("projects/1/labels", as_, with_counts="true").json
        keys = ("open_issues_count", "closed_issues_count", "open_merge_requests_count")
        return [tuple(label[key] for key in keys) for label in found]

    assert counts("rex") == [(2, 1, 0), (1, 0, 0), (0, 0, 0)]
    assert counts("gil") == [(1, 1, 0), (1, 0, 0), (0, 0, 0)]


def test_counts_stand_before_subscribed(labelled: Api) -> None:
    label = labelled.get("projects/1/labels", with_counts="true").json[0]
    assert list(label)[5:] == [
        "color",
        "open_issues_count",
        "closed_issues_count",
        "open_merge_requests_count",
        "subscribed",
        "priority",
        "is_project_label",
    ]


def test_labels_need_a_user_even_in_public_projects(api: Api) -> None:
    answer = api.get("projects/2/labels", None)
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})


def test_labels_of_a_hidden_project_are_not_found(api: Api) -> None:
    assert api.get("projects/1/labels", "nora").json == {"message": "404 Project Not Found"}


def test_a_label_is_found_by_id_before_its_name(labelled: Api) -> None:
    feature = labelled.get("projects/1/labels/feature").json
    assert feature["name"] == "feature"
    assert labelled.get(f"projects/1/labels/{feature['id']}").json == feature
    labelled.post("projects/1/labels", name=str(feature["id"]), color="red")
    assert labelled.get(f"projects/1/labels/{feature['id']}").json == feature


def test_a_name_with_a_slash_is_one_segment(labelled: Api) -> None:
    labelled.post("projects/1/labels", name="a/b", color="red")
    assert labelled.get("projects/1/labels/a%2Fb").json["name"] == "a/b"


def test_a_label_of_the_group_can_be_left_out(labelled: Api) -> None:
    assert labelled.get("projects/1/labels/bug").status == 200
    answer = labelled.get("projects/1/labels/bug", include_ancestor_groups="false")
    assert (answer.status, answer.json) == (404, {"message": "404 Label Not Found"})


def test_labels_of_other_groups_are_not_found(labelled: Api) -> None:
    assert labelled.get("projects/1/labels/lab").json == {"message": "404 Label Not Found"}


def test_archived_labels_exist_since_18_3(labelled: Api) -> None:
    assert "archived" not in labelled.get("projects/1/labels/bug").json
    new = Api({**deepcopy(WORLD), "gitlab": {"version": "18.3.0"}})
    created = new.post("projects/1/labels", name="old", color="red", archived=True).json
    assert created["archived"] is True
    new.post("projects/1/labels", name="new", color="red")
    assert names(new.get("projects/1/labels", archived="true")) == ["old"]
    assert names(new.get("projects/1/labels", archived="false")) == ["new"]
    assert names(new.get("projects/1/labels")) == ["new", "old"]
    assert new.put("projects/1/labels/old", archived=False).json["archived"] is False


# Creating


def test_a_label_is_created_with_a_color_by_name(api: Api) -> None:
    answer = api.post("projects/1/labels", "rex", name=" feature ", color="Red", description="New <things>", priority=0)
    assert answer.status == 201
    assert answer.json == project_label(
        1,
        "feature",
        color="#FF0000",
        description="New <things>",
        description_html="New &lt;things&gt;",
        priority=0,
    )


def test_labels_are_created_from_reporter_on(api: Api) -> None:
    answer = api.post("projects/1/labels", "gil", name="x", color="red")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert api.post("projects/1/labels", None, name="x", color="red").status == 401


def test_name_and_color_are_required(observing: Api) -> None:
    answer = observing.post("projects/1/labels")
    assert (answer.status, answer.json) == (400, {"error": "name is missing, color is missing"})
    assert observing.post("projects/1/labels", name="x").json == {"error": "color is missing"}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": "", "color": "red"}, {"title": ["can't be blank", "is invalid"]}),
        ({"name": "a,b", "color": "red"}, {"title": ["is invalid"]}),
        ({"name": "x" * 256, "color": "red"}, {"title": ["is too long (maximum is 255 characters)"]}),
        ({"name": "x", "color": "cyan"}, {"color": ["must be a valid color code"]}),
        ({"name": "x", "color": ""}, {"color": ["must be a valid color code"]}),
        ({"name": "x", "color": "red", "priority": -1}, {"priority": ["must be greater than or equal to 0"]}),
    ],
)
def test_labels_are_validated(api: Api, given: dict[str, Any], errors: dict[str, list[str]]) -> None:
    answer = api.post("projects/1/labels", **given)
    assert (answer.status, answer.json) == (400, {"message": errors})


@pytest.mark.parametrize("name", ["feature", "bug"])
def test_a_label_of_this_name_in_the_project_or_above_is_a_conflict(labelled: Api, name: str) -> None:
    answer = labelled.post("projects/1/labels", name=name, color="red")
    assert (answer.status, answer.json) == (409, {"message": "Label already exists"})
    assert labelled.post("projects/1/labels", name=name.upper(), color="red").status == 201


# Scenarios


def test_a_scenario_says_what_is_wrong_with_labels() -> None:
    world: Any = deepcopy(WORLD)
    world["groups"][0]["labels"] = [{"name": "bug", "priority": 1}]
    world["projects"][0]["labels"] = [{"name": "a"}, {"name": "a"}, {"color": "red"}, {"name": "b", "color": "cyan"}]
    with pytest.raises(Exception, match=r"labels") as refused:
        Api(world)
    text = str(refused.value)
    assert "is taken: acme/rocket has a label a" in text
    assert "is missing: a label needs one" in text
    assert "must be #RRGGBB, #RGB or the name of a CSS color" in text
    assert "a group's label has a priority in each project" in text


def test_the_labels_of_an_archived_project_stay_as_they_are() -> None:
    api = Api()
    assert api.post("projects/1/labels", "ada", name="old", color="red").status == 201
    assert api.post("projects/1/archive").status == 201
    refused = api.post("projects/1/labels", "ada", name="new", color="red")
    assert (refused.status, refused.headers["X-Mockgitlab-Reason"]) == (403, "acme/rocket is archived")
    assert api.put("projects/1/labels/old", "ada", color="blue").status == 403
    assert api.delete("projects/1/labels/old", "ada").status == 403
    assert api.get("projects/1/labels/old", "ada").json["color"].upper() == "#FF0000"
