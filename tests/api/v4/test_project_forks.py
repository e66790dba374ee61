from tests.support import WORLD, Api, names


def test_a_fork_goes_to_the_own_namespace_and_looks_like_its_source(api: Api) -> None:
    api.put("projects/2", description="Open", wiki_access_level="disabled", ci_config_path="ci.yml", topics=["x"])
    answer = api.post("projects/2/fork", "nora")
    assert answer.status == 201
    found = answer.json
    assert (found["path_with_namespace"], found["visibility"], found["description"]) == (
        "nora/source",
        "public",
        "Open",
    )
    assert (found["wiki_access_level"], found["ci_config_path"], found["topics"]) == ("disabled", "ci.yml", [])
    assert (found["import_status"], found["mr_default_target_self"]) == ("scheduled", False)
    source = found["forked_from_project"]
    assert (source["id"], source["path_with_namespace"], source["forks_count"]) == (2, "open/source", 1)
    assert api.get("projects/4", "nora").json["import_status"] == "finished"


def test_a_fork_takes_another_place_name_and_visibility(api: Api) -> None:
    place = {"namespace_id": 1, "name": "Own", "path": "own", "description": "Mine", "mr_default_target_self": True}
    found = api.post("projects/2/fork", "bob", **place).json
    assert (found["name"], found["path_with_namespace"], found["visibility"]) == ("Own", "acme/own", "private")
    assert (found["description"], found["mr_default_target_self"]) == ("Mine", True)
    assert api.post("projects/2/fork", "bob", namespace_path="bob").json["path_with_namespace"] == "bob/source"
    assert (
        api.post("projects/2/fork", "ada", namespace="acme/labs", visibility="private").json["visibility"] == "private"
    )
    assert api.post("projects/2/fork", "nora", visibility="internal").json["visibility"] == "internal"


def test_a_taken_name_is_a_conflict(api: Api) -> None:
    api.post("projects/2/fork", "nora")
    answer = api.post("projects/2/fork", "nora")
    taken = [f"{name} has already been taken" for name in ("Project namespace name", "Name", "Path")]
    assert (answer.status, answer.json) == (409, {"message": taken})
    assert api.post("projects/2/fork", "nora", name="other", path="other").status == 201


def test_no_fork_beyond_the_limit() -> None:
    people = [{**user, "projects_limit": 0} for user in WORLD["users"]]
    answer = Api({**WORLD, "users": people}).post("projects/2/fork", "nora")
    text = "You cannot create projects in your personal namespace. Contact your GitLab administrator."
    assert (answer.status, answer.json) == (409, {"message": [f"Limit reached {text}"]})


def test_forking_says_what_is_not_there(api: Api) -> None:
    assert api.post("projects/1/fork", "gil").json == {"message": "404 Not Found"}
    assert api.post("projects/1/fork", "nora").json == {"message": "404 Project Not Found"}
    assert api.post("projects/2/fork", "nora", namespace_id=99).json == {"message": "404 Namespace Not Found"}
    assert api.post("projects/2/fork", "nora", namespace_id=1).json == {"message": "404 Namespace Not Found"}
    assert api.post("projects/2/fork", "rex", namespace_id=1).json == {"message": "404 Target Namespace Not Found"}
    assert api.post("projects/2/fork", "nora", branches="other").json == {"message": "404 Source Branch Not Found"}
    assert api.post("projects/2/fork", "nora", branches="main").status == 201
    assert api.post("projects/2/fork", None).status == 401
    api.put("projects/2", forking_access_level="disabled")
    assert api.post("projects/2/fork", "nora").json == {"message": "404 Not Found"}


def test_forks_are_listed_to_whom_they_are_open(api: Api) -> None:
    api.post("projects/2/fork", "nora")
    api.post("projects/2/fork", "ada", visibility="private")
    assert names(api.get("projects/2/forks", "ada"), "id") == [5, 4]
    assert names(api.get("projects/2/forks", None), "id") == [4]
    assert names(api.get("projects/2/forks", "ada", owned=True, simple=True), "id") == [5]
    assert names(api.get("projects/2/forks", "ada", order_by="id", sort="asc"), "id") == [4, 5]


def test_a_hidden_source_is_not_told(api: Api) -> None:
    fork = api.post("projects/1/fork", "bob", path="copy").json
    assert fork["forked_from_project"]["id"] == 1
    assert "forked_from_project" in api.get("projects/4").json
    other = Api(
        {**WORLD, "projects": [{"path": "acme/rocket"}, {"path": "nora/copy", "forked_from": "acme/rocket"}]}
    ).get("projects/2", "nora")
    assert "forked_from_project" not in other.json


def test_a_fork_relation_is_made_and_taken_away(api: Api) -> None:
    made = api.post("projects/3/fork/2", "ada")
    assert (made.status, made.json["forked_from_project"]["id"]) == (201, 2)
    again = api.post("projects/3/fork/open%2Fsource", "ada")
    assert (again.status, again.json) == (409, {"message": "Project already forked"})
    assert (api.delete("projects/3/fork", "ada").status, api.delete("projects/3/fork", "ada").status) == (204, 304)
    assert "forked_from_project" not in api.get("projects/3", "ada").json


def test_a_fork_relation_needs_rights_on_both_sides(api: Api) -> None:
    assert api.post("projects/3/fork/99", "ada").json == {"message": "404 Project Not Found"}
    itself = api.post("projects/3/fork/3", "ada")
    text = "Target project cannot be equal to source project"
    assert (itself.status, itself.json) == (400, {"message": text})
    assert api.post("projects/1/fork/2", "bob").json == {"message": "403 Forbidden"}
    assert api.delete("projects/1/fork", "bob").json == {"message": "403 Forbidden"}
    api.put("projects/2", forking_access_level="disabled")
    assert api.post("projects/3/fork/2", "ada").json == {"message": "403 Forbidden"}


def test_a_closed_group_takes_no_fork_relation() -> None:
    group = {"path": "acme", "project_creation_level": "noone", "members": {"ada": "owner"}}
    open_ = {"path": "open", "visibility": "public"}
    projects = [{"path": "acme/rocket"}, {"path": "open/source", "visibility": "public"}]
    answer = Api({**WORLD, "groups": [group, open_], "projects": projects}).post("projects/1/fork/2", "ada")
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized - Target Namespace"})
