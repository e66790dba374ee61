import copy
from typing import Any

import pytest
from werkzeug.test import Client

from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, a_file, names


@pytest.fixture
def api() -> Api:
    """The world with topics of projects: ruby twice, once of a public project, and go, once."""
    world = copy.deepcopy(WORLD)
    world["projects"][0]["topics"] = ["go", "ruby"]
    world["projects"][1]["topics"] = ["ruby"]
    return Api(world)


def test_anybody_sees_topics_the_most_used_first(api: Api) -> None:
    ruby = {
        "id": 2,
        "name": "ruby",
        "title": "ruby",
        "description": None,
        "total_projects_count": 2,
        "avatar_url": None,
    }
    assert names(api.get("topics", None)) == ["ruby", "go"]
    assert api.get("topics", None).json[0] == ruby
    assert api.get("topics/2", None).json == ruby
    missing = api.get("topics/9", None)
    assert (missing.status, missing.json) == (404, {"message": "404 Not found"})


def test_topics_have_an_organization_since_gitlab_17_7() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.7.0"}})
    assert api.post("topics", name="a", title="A").json["organization_id"] == 1
    assert api.post("topics", name="b", title="B", organization_id=2).json["organization_id"] == 2
    assert names(api.get("topics", organization_id=2)) == ["b"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"search": "UB"}, ["ruby"]), ({"search": "gems"}, ["x"]), ({"without_projects": True}, ["x"])],
)
def test_topics_are_narrowed(api: Api, given: dict[str, Any], expected: list[str]) -> None:
    api.post("topics", name="x", title="All gems")
    assert names(api.get("topics", None, **given)) == expected


def test_an_administrator_makes_a_topic(api: Api) -> None:
    made = api.post("topics", name="x", title="X", description="About x")
    assert made.status == 201
    assert [made.json[key] for key in ("id", "name", "title", "description")] == [3, "x", "X", "About x"]
    assert api.post("topics", "ada", name="y", title="Y").status == 403
    assert api.post("topics", name="y").status == 400


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": "RUBY"}, {"name": ["has already been taken"]}),
        ({"name": "", "title": " "}, {"name": ["can't be blank"], "title": ["can't be blank"]}),
        ({"description": "x" * 1025}, {"description": ["is too long (maximum is 1024 characters)"]}),
    ],
)
def test_a_topic_that_is_not_valid_is_refused(api: Api, given: dict[str, str], problems: dict[str, Any]) -> None:
    made = api.post("topics", **{"name": "x", "title": "X", **given})
    assert (made.status, made.json) == (400, {"message": problems})
    changed = api.put("topics/1", **given)
    assert (changed.status, changed.json) == (400, {"message": problems})


def test_projects_follow_their_topics(api: Api) -> None:
    assert api.put("topics/2", name="crystal").json["name"] == "crystal"
    assert api.get("projects/1", "ada").json["topics"] == ["crystal", "go"]
    assert names(api.get("projects", topic="crystal", order_by="id", sort="asc")) == ["rocket", "source"]
    assert api.delete("topics/1").status == 204
    assert api.get("projects/1", "ada").json["topics"] == ["crystal"]
    assert api.delete("topics/2", "ada").status == 403


def test_topics_are_merged(api: Api) -> None:
    same = api.post("topics/merge", source_topic_id=1, target_topic_id=1)
    text = "The source topic and the target topic are identical."
    assert (same.status, same.json) == (400, {"message": text})
    merged = api.post("topics/merge", source_topic_id=2, target_topic_id=1)
    assert (merged.status, merged.json["name"], merged.json["total_projects_count"]) == (201, "go", 2)
    assert api.get("projects/1", "ada").json["topics"] == ["go"]
    assert api.get("topics/2").status == 404


def test_a_project_gets_a_topic_as_it_is_spelt(api: Api) -> None:
    assert api.put("projects/2", topics="Ruby,Rails").json["topics"] == ["Rails", "ruby"]
    assert api.get("topics/2").json["total_projects_count"] == 2
    assert names(api.get("topics")) == ["ruby", "Rails", "go"]


def test_a_topic_has_a_picture(api: Api) -> None:
    changed = api.form("PUT", "topics/1", avatar=a_file("go.png", b"png"))
    address = "http://localhost/uploads/-/system/projects/topic/avatar/1/go.png"
    assert changed.json["avatar_url"] == address
    assert Client(api.server.app).get(address).data == b"png"
    assert api.put("topics/1", avatar="").json["avatar_url"] is None


def test_a_scenario_may_describe_topics() -> None:
    api = Api({**WORLD, "topics": [{"name": "go", "title": "Go", "description": "A language"}]})
    assert [api.get("topics/1").json[key] for key in ("title", "description")] == ["Go", "A language"]
    with pytest.raises(ScenarioError, match="is taken: GO"):
        Api({**WORLD, "topics": [{"name": "go"}, {"name": "GO"}]})
