from typing import Any

from tests.support import WORLD, Api, names


def failed(text: str) -> dict[str, Any]:
    return {"message": f'Failed to transfer project {{:new_namespace=>["{text}"]}}'}


def test_a_project_moves_to_another_namespace_and_is_found_at_both_paths(api: Api) -> None:
    answer = api.put("projects/3/transfer", "ada", namespace="acme/labs")
    assert answer.status == 200
    assert answer.json["path_with_namespace"] == "acme/labs/notes"
    assert answer.json["namespace"]["id"] == 2
    moved = api.get("projects/ada%2Fnotes", "ada")
    assert (moved.status, moved.headers["Location"]) == (301, "http://localhost/api/v4/projects/3")
    assert api.put("projects/3/transfer", "ada", namespace=1_000_002).json["path_with_namespace"] == "ada/notes"
    assert api.get("projects/ada%2Fnotes", "ada").status == 200
    assert api.get("projects/acme%2Flabs%2Fnotes", "ada").status == 301


def test_a_project_is_lowered_to_the_visibility_of_its_new_group(api: Api) -> None:
    found = api.put("projects/2/transfer", namespace="acme").json
    assert found["visibility"] == "private"


def test_the_owner_of_a_personal_namespace_becomes_an_owner(api: Api) -> None:
    api.put("projects/1/transfer", "ada", namespace="ada")
    permissions = api.get("projects/1", "ada").json["permissions"]
    assert permissions == {"project_access": {"access_level": 50, "notification_level": 3}, "group_access": None}
    assert api.get("projects/1", "bob").status == 404


def test_labels_and_milestones_of_the_old_group_come_along(api: Api) -> None:
    api.post("groups/1/labels", "ada", name="bug", color="#ff0000")
    api.post("groups/1/milestones", "ada", title="1.0", due_date="2024-06-01")
    milestone = api.get("groups/1/milestones", "ada").json[0]["id"]
    for title in ("One", "Two"):
        api.post("projects/1/issues", "ada", title=title, labels="bug,own", milestone_id=milestone)
    api.put("projects/1/transfer", "ada", namespace="ada")
    first, second = api.get("projects/1/issues", "ada").json
    assert first["labels"] == second["labels"] == ["bug", "own"]
    assert first["milestone"] == second["milestone"]
    assert (first["milestone"]["project_id"], first["milestone"]["due_date"]) == (1, "2024-06-01")
    labels = {label["name"]: label for label in api.get("projects/1/labels", "ada").json}
    assert (labels["bug"]["is_project_label"], labels["bug"]["color"]) == (True, "#ff0000")
    assert len(labels) == 2


def test_labels_of_a_group_above_both_stay_its_own(api: Api) -> None:
    api.post("groups/1/labels", "ada", name="bug", color="#ff0000")
    api.post("projects/1/issues", "ada", title="One", labels="bug")
    api.put("projects/1/transfer", "ada", namespace="acme/labs")
    assert [label["is_project_label"] for label in api.get("projects/1/labels", "ada").json] == [False]


def test_a_transfer_says_why_it_fails(api: Api) -> None:
    api.post("projects", "ada", name="rocket", namespace_id=2)
    for namespace, text in (
        ("acme", "Project is already in this namespace."),
        ("acme/labs", "Project with same name or path in target namespace already exists"),
        ("open", "You don't have permission to transfer projects into that namespace."),
        ("bob", "You don't have permission to transfer projects into that namespace."),
    ):
        answer = api.put("projects/1/transfer", "ada", namespace=namespace)
        assert (answer.status, answer.json) == (400, failed(text))
    assert api.put("projects/1/transfer", "ada", namespace="none").json == {"message": "404 Namespace Not Found"}
    assert api.put("projects/1/transfer", "ada").json == {"message": '400 (Bad request) "namespace" not given'}


def test_developers_put_no_projects_into_their_group(api: Api) -> None:
    api.post("projects", "bob", name="own")
    text = "You don't have permission to transfer projects into that namespace."
    assert api.put("projects/4/transfer", "bob", namespace="acme").json == failed(text)


def test_only_owners_transfer(api: Api) -> None:
    assert api.put("projects/1/transfer", "bob", namespace="bob").json == {"message": "403 Forbidden"}
    assert api.get("projects/1/transfer_locations", "bob").json == {"message": "403 Forbidden"}
    assert api.get("projects/1/transfer_locations", "nora").json == {"message": "404 Project Not Found"}


def test_the_groups_to_which_it_can_go_are_listed(api: Api) -> None:
    expected = {
        "id": 2,
        "web_url": "http://localhost/groups/acme/labs",
        "name": "labs",
        "avatar_url": None,
        "full_name": "acme / labs",
        "full_path": "acme/labs",
    }
    assert api.get("projects/1/transfer_locations", "ada").json == [expected]
    assert names(api.get("projects/3/transfer_locations", "ada"), "full_path") == ["acme", "acme/labs"]
    assert names(api.get("projects/3/transfer_locations", "ada", search="labs"), "id") == [2]
    assert names(api.get("projects/3/transfer_locations"), "full_path") == ["acme", "acme/labs", "open"]


def test_a_scenario_tells_the_paths_of_before() -> None:
    api = Api({**WORLD, "projects": [{"path": "acme/rocket", "moved_from": ["acme/Old", "ada/first"]}]})
    for path in ("acme%2Fold", "ada%2FFirst"):
        assert api.get(f"projects/{path}").headers["Location"] == "http://localhost/api/v4/projects/1"
