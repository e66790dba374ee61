from typing import Any

from tests.api.v4.test_project_level_variables import PLAIN
from tests.support import WORLD, Api, names, refused, seen

AT = "groups/1/variables"


def with_scopes(**settings: Any) -> Api:
    """Return a world whose group has HOST for production and for staging."""
    api = Api({**WORLD, "gitlab": settings})
    for scope in ("production", "staging"):
        assert api.post(AT, "ada", key="HOST", value=scope, environment_scope=scope).status == 201
    return api


def test_a_variable_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(api.post(AT, "ada", key="HOST", value="a.example")) == (201, PLAIN)
    assert seen(api.get(f"{AT}/HOST", "ada")) == (200, PLAIN)
    assert api.get(AT, "ada").json == [PLAIN]
    changed = {**PLAIN, "value": "b", "raw": True}
    assert seen(api.put(f"{AT}/HOST", "ada", value="b", raw=True)) == (200, changed)
    assert api.delete(f"{AT}/HOST", "ada").status == 204
    assert seen(api.get(f"{AT}/HOST", "ada")) == (404, {"message": "404 GroupVariable Not Found"})
    assert api.put(f"{AT}/HOST", "ada", value="b").status == 404


def test_variables_of_groups_are_for_owners() -> None:
    groups = [{"path": "acme", "members": {"ada": "owner", "bob": "maintainer"}}]
    api = Api({**WORLD, "groups": groups, "projects": []})
    assert [api.get(AT, who).status for who in ("ada", "bob", "nora", None)] == [200, 403, 404, 401]
    assert api.post(AT, "bob", key="X", value="x").status == 403


def test_a_subgroup_shows_its_own_alone(api: Api) -> None:
    api.post(AT, "ada", key="HOST", value="x")
    assert api.get("groups/2/variables", "ada").json == []
    assert api.post("groups/2/variables", "ada", key="HOST", value="y").status == 201


def test_a_name_is_taken_once(api: Api) -> None:
    api.post(AT, "ada", key="HOST", value="x")
    assert refused(api.post(AT, "ada", key="HOST", value="y")) == {"key": ["(HOST) has already been taken"]}
    assert refused(api.put(f"{AT}/HOST", "ada", value="shrt", masked=True)) == {"value": ["is invalid"]}


def test_of_several_scopes_one_is_chosen_and_the_first_is_changed_by_default() -> None:
    api = with_scopes()
    assert (api.get(f"{AT}/HOST", "ada").status, api.delete(f"{AT}/HOST", "ada").status) == (409, 409)
    chosen = {"filter[environment_scope]": "staging"}
    assert api.get(f"{AT}/HOST", "ada", **chosen).json["value"] == "staging"
    assert api.put(f"{AT}/HOST", "ada", value="x").json["environment_scope"] == "production"
    assert api.put(f"{AT}/HOST", "ada", value="y", filter={"environment_scope": "staging"}).json["value"] == "y"
    assert names(api.get(AT, "ada"), "value") == ["x", "y"]


def test_older_instances_take_the_first_of_several() -> None:
    api = with_scopes(version="16.8.0")
    assert api.get(f"{AT}/HOST", "ada", **{"filter[environment_scope]": "staging"}).json["value"] == "production"
    assert api.delete(f"{AT}/HOST", "ada").status == 204


def test_the_community_edition_has_no_scopes_in_groups() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    assert api.post(AT, "ada", key="HOST", value="a.example", environment_scope="staging").json == PLAIN


def test_what_changed_meanwhile_is_not_deleted(api: Api) -> None:
    api.post(AT, "ada", key="HOST", value="x")
    since = {"If-Unmodified-Since": "Tue, 30 Apr 2024 09:00:00 GMT"}
    assert api.request("DELETE", f"{AT}/HOST", "ada", headers=since).status == 412
    api.post("projects/1/variables", "ada", key="HOST", value="x")
    assert api.request("DELETE", "projects/1/variables/HOST", "ada", headers=since).status == 204


def test_variables_of_scenarios() -> None:
    acme = {**WORLD["groups"][0], "variables": [{"key": "HOST", "value": "a.example"}]}
    assert Api({**WORLD, "groups": [acme, *WORLD["groups"][1:]]}).get(AT, "ada").json == [PLAIN]
