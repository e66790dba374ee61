from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, names


def world(*projects: dict[str, Any], **more: Any) -> Api:
    return Api({**WORLD, "projects": list(projects), **more})


def test_a_project_says_as_much_as_it_wants_to() -> None:
    api = world(
        {
            "path": "open/source",
            "name": "Open Source",
            "visibility": "public",
            "created_at": "2020-01-01T00:00:00Z",
            "members": {"bob": "maintainer"},
            "starrers": ["ada", "gil"],
            "topics": ["a", "b"],
            "archived": True,
            "wiki_access_level": "disabled",
            "container_expiration_policy": {"keep_n": 3},
            "default_branch": "trunk",
            "avatar_file": "logo.png",
        }
    )
    found = api.get("projects/1", "bob").json
    expected = {
        "name": "Open Source",
        "created_at": "2020-01-01T00:00:00.000Z",
        "updated_at": "2020-01-01T00:00:00.000Z",
        "last_activity_at": "2020-01-01T00:00:00.000Z",
        "star_count": 2,
        "topics": ["a", "b"],
        "archived": True,
        "wiki_access_level": "disabled",
        "pages_access_level": "enabled",
        "default_branch": "trunk",
        "avatar_url": "http://localhost/uploads/-/system/project/avatar/1/logo.png",
    }
    assert {name: found[name] for name in expected} == expected
    assert (found["container_expiration_policy"]["keep_n"], found["container_expiration_policy"]["cadence"]) == (
        3,
        "1d",
    )
    assert [one["user"]["username"] for one in api.get("projects/1/starrers").json] == ["ada", "gil"]


def test_projects_stand_below_groups_too() -> None:
    group = {"path": "acme", "projects": [{"path": "rocket", "shared_with": [{"group": "open", "access": "guest"}]}]}
    api = world(groups=[{"path": "open", "visibility": "public"}, group])
    assert names(api.get("projects"), "path_with_namespace") == ["acme/rocket"]
    assert api.get("projects/1").json["shared_with_groups"][0]["group_full_path"] == "open"


def test_the_owner_of_the_namespace_is_a_member_of_the_project_once() -> None:
    api = world({"path": "ada/notes", "members": {"ada": "owner"}}, {"path": "ada/more"})
    for number in (1, 2):
        assert names(api.get(f"projects/{number}/members", "ada"), "username") == ["ada"]


def test_a_fork_names_its_source() -> None:
    source = {"path": "open/source", "visibility": "public"}
    api = world(
        source, {"path": "ada/one", "forked_from": "open/source"}, {"path": "bob/two", "forked_from_project": 1}
    )
    assert names(api.get("projects/1/forks"), "id") == [3, 2]
    assert api.get("projects/2").json["forked_from_project"]["path_with_namespace"] == "open/source"


@pytest.mark.parametrize(
    ("project", "problem"),
    [
        ({"path": "acme/x"}, "path is taken: acme/x"),
        ({"path": "acmee/x"}, "path needs a group or user 'acmee', declared in the scenario; did you mean 'acme/x'?"),
        ({"path": "x"}, "path must name the group or user that the project belongs to, as in acme/x"),
        ({"path": "acme/x\0"}, "path can have letters, digits, '_', '-' and '.' alone, not 'x"),
        ({"path": "none/x"}, "path needs a group or user 'none', declared in the scenario"),
        ({"name": "x"}, "path is missing"),
        ({"path": "acme/y", "visibility": "public"}, "visibility is public, and the group is private"),
        ({"path": "acme/y", "starrers": "ada"}, "starrers must list usernames, [ada]"),
        ({"path": "acme/y", "starrers": ["adda"]}, "starrers there is no user 'adda'; did you mean 'ada'?"),
        ({"path": "acme/y", "forked_from": "acme/z"}, "forked_from there is no project 'acme/z'"),
        ({"path": "acme/y", "merge_method": "squash"}, "merge_method must be one of ff, rebase_merge, merge"),
        ({"path": "acme/y", "visibilty": "public"}, "visibilty is not a key known here; did you mean 'visibility'?"),
    ],
)
def test_what_is_wrong_with_a_project_is_told(project: dict[str, Any], problem: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        world({"path": "acme/x"}, project)
    key, text = problem.split(" ", 1)
    told = str(raised.value)
    assert f"projects[1].{key}" in told
    assert text in told


def test_ten_thousand_projects_are_made_in_seconds() -> None:
    api = world({"repeat": 10_000, "path": "acme/p{n}"})
    assert names(api.get("projects", per_page=1, order_by="id"), "id") == [10_000]
    assert api.get("projects/acme%2Fp77").json["id"] == 77
