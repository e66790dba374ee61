from typing import Any

import pytest

from tests.support import WORLD, Api, names

TREE = {
    **WORLD,
    "groups": [
        *WORLD["groups"],
        {"path": "guests", "members": {"nora": "maintainer"}},
        {"path": "acme/labs/deep"},
    ],
    "projects": [
        {"path": "acme/rocket", "name": "Rocket", "star_count": 2, "created_at": "2024-01-03T00:00:00Z"},
        {"path": "acme/base", "name": "alpha", "archived": True, "issues_access_level": "disabled"},
        {"path": "acme/labs/laser", "visibility": "private"},
        {"path": "acme/labs/deep/sea"},
        {"path": "open/source", "visibility": "public"},
        {"path": "ada/notes", "shared_with": [{"group": "acme", "access": "reporter"}]},
    ],
}


@pytest.fixture
def tree() -> Api:
    return Api(TREE)


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [
        ("groups/1/projects", {}, ["notes", "base", "rocket"]),
        ("groups/1/projects", {"with_shared": False}, ["base", "rocket"]),
        ("groups/1/projects", {"with_shared": False, "sort": "asc"}, ["rocket", "base"]),
        ("groups/1/projects", {"include_subgroups": True}, ["notes", "sea", "laser", "base", "rocket"]),
        ("groups/2/projects", {}, ["laser"]),
        ("groups/2/projects", {"include_ancestor_groups": True}, ["laser", "base", "rocket"]),
        ("groups/1/projects", {"archived": True}, ["base"]),
        ("groups/1/projects", {"archived": False}, ["notes", "rocket"]),
        ("groups/1/projects", {"active": False}, ["base"]),
        ("groups/1/projects", {"visibility": "public"}, []),
        ("groups/1/projects", {"search": "rocket"}, ["rocket"]),
        ("groups/1/projects", {"owned": True, "with_shared": False}, ["base", "rocket"]),
        ("groups/1/projects", {"starred": True}, []),
        ("groups/1/projects", {"with_issues_enabled": True}, ["notes", "rocket"]),
        ("groups/1/projects", {"with_merge_requests_enabled": True}, ["notes", "base", "rocket"]),
        ("groups/1/projects", {"min_access_level": 50}, ["notes", "base", "rocket"]),
        ("groups/1/projects", {"order_by": "path", "sort": "asc"}, ["base", "notes", "rocket"]),
        ("groups/1/projects", {"order_by": "star_count"}, ["rocket", "notes", "base"]),
        ("groups/1/projects", {"order_by": "similarity", "search": "base"}, ["base"]),
        ("groups/1/projects", {"order_by": "similarity"}, ["base", "notes", "rocket"]),
        ("groups/1/projects/shared", {}, ["notes"]),
        ("groups/1/projects/shared", {"search": "zzz"}, []),
        ("groups/2/projects/shared", {}, []),
    ],
)
def test_the_projects_of_a_group_are_filtered_and_ordered(
    tree: Api, path: str, given: dict[str, Any], expected: list[str]
) -> None:
    assert names(tree.get(path, "ada", **given), "path") == expected


def test_projects_show_without_the_callers_permissions(tree: Api) -> None:
    shown = tree.get("groups/2/projects", "ada").json[0]
    assert "permissions" not in shown
    assert shown["issues_enabled"] is True


def test_simple_projects_show_less(tree: Api) -> None:
    shown = tree.get("groups/2/projects", "ada", simple=True).json[0]
    assert "issues_enabled" not in shown
    assert shown["path_with_namespace"] == "acme/labs/laser"


def test_hidden_projects_are_left_out() -> None:
    projects = [{"path": "open/shown", "visibility": "public"}, {"path": "open/hidden"}]
    api = Api({**WORLD, "projects": projects})
    assert names(api.get("groups/open/projects", "nora"), "path") == ["shown"]
    assert names(api.get("groups/open/projects", None), "path") == ["shown"]


def test_one_group_shows_what_is_shared_with_it(tree: Api) -> None:
    shown = tree.get("groups/1", "ada").json
    assert [project["path"] for project in shown["projects"]] == ["base", "rocket"]
    assert [project["path"] for project in shown["shared_projects"]] == ["notes"]


# Moving a project


def test_an_administrator_moves_a_project_into_a_group(tree: Api) -> None:
    answer = tree.post("groups/1/projects/open%2Fsource")
    assert (answer.status, answer.json["full_path"]) == (201, "acme")
    moved = tree.get("projects/5").json
    assert (moved["path_with_namespace"], moved["visibility"]) == ("acme/source", "private")
    assert tree.get("projects/open%2Fsource").status == 301


def test_only_administrators_move_projects_like_this(tree: Api) -> None:
    answer = tree.post("groups/1/projects/6", "ada")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(
    ("project_id", "text"),
    [
        (1, "Project is already in this namespace."),
        (7, "Project with same name or path in target namespace already exists"),
    ],
)
def test_a_project_that_cannot_move_is_refused(project_id: int, text: str) -> None:
    api = Api({**TREE, "projects": [*TREE["projects"], {"path": "bob/rocket"}]})
    answer = api.post(f"groups/1/projects/{project_id}")
    assert (answer.status, answer.json) == (
        400,
        {"message": f'Failed to transfer project {{:new_namespace=>["{text}"]}}'},
    )
