from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.support import WORLD, Answer, Api, names, refused, seen

AT = "projects/1/feature_flags"
LISTS = "projects/1/feature_flags_user_lists"
NOW = "2024-05-01T09:00:00.000Z"
STRATEGY = {"name": "default", "parameters": {}, "scopes": [{"environment_scope": "production"}]}
DARK = {
    "name": "dark_mode",
    "description": "At night",
    "active": True,
    "version": "new_version_flag",
    "created_at": NOW,
    "updated_at": NOW,
    "scopes": [],
    "strategies": [
        {
            "id": 1,
            "name": "default",
            "parameters": {},
            "scopes": [{"id": 1, "environment_scope": "production"}],
            "user_list": None,
        }
    ],
}
ROLLOUT = {"groupId": "default", "rollout": "50", "stickiness": "userId"}
pytestmark = pytest.mark.mockgitlab(scenario=world())


def create(api: Api, *strategies: Any, **given: Any) -> Answer:
    """Create a feature flag with strategies, ``dark_mode`` unless told otherwise."""
    return api.post(AT, "bob", **{"name": "dark_mode", "strategies": list(strategies), **given})


# Flags


def test_a_feature_flag_is_created_shown_and_deleted(api: Api) -> None:
    made = create(api, STRATEGY, description="At night", version="new_version_flag")
    assert seen(made) == (201, DARK)
    assert seen(api.get(f"{AT}/dark_mode", "bob")) == (200, DARK)
    assert seen(api.get(AT, "bob")) == (200, [DARK])
    assert seen(api.delete(f"{AT}/dark_mode", "bob")) == (200, DARK)
    assert seen(api.get(f"{AT}/dark_mode", "bob")) == (404, {"message": "404 Not found"})


def test_lists_go_by_name_and_are_narrowed(api: Api) -> None:
    create(api, name="two", active=False)
    create(api, name="one")
    assert names(api.get(AT, "bob")) == ["one", "two"]
    assert names(api.get(AT, "bob", scope="enabled")) == ["one"]
    assert names(api.get(AT, "bob", scope="disabled")) == ["two"]
    assert api.get(AT, "bob", scope="x").json == {"error": "scope does not have a valid value"}


def test_a_feature_flag_is_changed_and_renamed(api: Api) -> None:
    create(api, description="x")
    changed = api.put(f"{AT}/dark_mode", "bob", name="light_mode", active=False, description=None)
    assert changed.status == 200
    assert {name: changed.json[name] for name in ("name", "active", "description")} == {
        "name": "light_mode",
        "active": False,
        "description": None,
    }
    assert api.get(f"{AT}/light_mode", "bob").json == changed.json


def test_what_is_no_feature_flag_is_refused(api: Api) -> None:
    create(api)
    letters = (
        "Name can contain only lowercase letters, digits, '_' and '-'. "
        "Must start with a letter, and cannot end with '-' or '_'"
    )
    assert refused(create(api)) == ["Name has already been taken"]
    assert refused(create(api, name="A-")) == [letters]
    assert refused(create(api, name="a")) == ["Name is too short (minimum is 2 characters)"]
    assert refused(create(api, name="a" * 64)) == ["Name is too long (maximum is 63 characters)"]
    assert refused(create(api, name="ok", description="x" * 256)) == [
        "Description is too long (maximum is 255 characters)"
    ]
    assert refused(create(api, name="ok", version="legacy_flag")) == "Version is invalid"
    assert refused(api.put(f"{AT}/dark_mode", "bob", name="A_")) == [letters]
    assert refused(api.post(AT, "bob")) == '400 (Bad request) "name" not given'
    assert names(api.get(AT)) == ["dark_mode"]


def test_developers_see_and_change_feature_flags(api: Api) -> None:
    create(api)
    for as_ in ("rex", "gil"):
        assert api.get(AT, as_).status == api.get(f"{AT}/dark_mode", as_).status == 403
        assert api.post(AT, as_, name="x").status == api.delete(f"{AT}/dark_mode", as_).status == 403
    assert seen(api.get(AT, "nora")) == (404, {"message": "404 Project Not Found"})
    assert api.get("projects/2/feature_flags", None).status == 403
    assert api.get("projects/2/feature_flags", "nora").status == 403


def test_a_project_may_have_no_feature_flags() -> None:
    api = Api(world(feature_flags_access_level="disabled"))
    assert api.get(AT, "root").status == api.get(LISTS, "root").status == 403


# Strategies


def test_strategies_and_scopes_are_added_changed_and_taken_away(api: Api) -> None:
    create(api, STRATEGY)
    gradual = {"name": "gradualRolloutUserId", "parameters": {"groupId": "default", "percentage": "25"}}
    changed = api.put(f"{AT}/dark_mode", "bob", strategies=[gradual]).json["strategies"]
    assert [one["name"] for one in changed] == ["default", "gradualRolloutUserId"]
    scopes = [{"id": 1, "environment_scope": "staging"}, {"environment_scope": "review/*"}]
    changed = api.put(f"{AT}/dark_mode", "bob", strategies=[{"id": 1, "scopes": scopes}]).json["strategies"]
    assert [one["environment_scope"] for one in changed[0]["scopes"]] == ["staging", "review/*"]
    gone = [{"id": 2, "_destroy": True}, {"id": 1, "scopes": [{"id": 1, "_destroy": True}]}]
    changed = api.put(f"{AT}/dark_mode", "bob", strategies=gone).json["strategies"]
    assert [(one["name"], len(one["scopes"])) for one in changed] == [("default", 1)]


def test_what_a_flag_does_not_have_is_not_changed(api: Api) -> None:
    create(api, STRATEGY)
    told = (404, {"message": "404 Not found"})
    assert seen(api.put(f"{AT}/dark_mode", "bob", strategies=[{"id": 9}])) == told
    assert seen(api.put(f"{AT}/dark_mode", "bob", strategies=[{"id": 1, "scopes": [{"id": 9}]}])) == told


@pytest.mark.parametrize(
    ("name", "parameters", "problem"),
    [
        ("x", {}, "name strategy name is invalid"),
        ("default", {"a": 1}, "parameters parameters are invalid"),
        ("default", [], "parameters parameters are invalid"),
        (
            "gradualRolloutUserId",
            {"groupId": "default", "percentage": "101"},
            "parameters percentage must be a string between 0 and 100 inclusive",
        ),
        ("gradualRolloutUserId", {"groupId": "A", "percentage": "1"}, "parameters groupId parameter is invalid"),
        (
            "flexibleRollout",
            {**ROLLOUT, "stickiness": "x"},
            "parameters stickiness parameter must be default, userId, sessionId, or random",
        ),
        (
            "flexibleRollout",
            {**ROLLOUT, "rollout": 5},
            "parameters rollout must be a string between 0 and 100 inclusive",
        ),
        (
            "userWithId",
            {"userIds": "a,a"},
            "parameters userIds must be a string of unique comma separated values each 256 characters or less",
        ),
        ("gitlabUserList", {}, "user list can't be blank"),
    ],
)
def test_strategies_depend_on_what_they_must(api: Api, name: str, parameters: Any, problem: str) -> None:
    assert refused(create(api, {"name": name, "parameters": parameters})) == [f"Strategies {problem}"]


def test_good_strategies_are_taken(api: Api) -> None:
    ids = {"name": "userWithId", "parameters": '{"userIds": "a,b"}'}
    made = create(api, {"name": "flexibleRollout", "parameters": ROLLOUT}, ids, {"name": "default"})
    assert [one["parameters"] for one in made.json["strategies"]] == [ROLLOUT, {"userIds": "a,b"}, {}]
    wrong = create(api, {"name": "default", "parameters": "{"}, name="other")
    assert seen(wrong) == (400, {"error": "strategies[0][parameters] is invalid"})


# Lists of users


def user_list(api: Api, **given: Any) -> Answer:
    return api.post(LISTS, "bob", **{"name": "Beta", "user_xids": "u1,u2", **given})


def test_a_list_of_users_is_created_shown_and_deleted(api: Api) -> None:
    made = user_list(api)
    shown = {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "name": "Beta",
        "user_xids": "u1,u2",
        "path": "/acme/rocket/-/feature_flags_user_lists/1",
        "edit_path": "/acme/rocket/-/feature_flags_user_lists/1/edit",
    }
    assert seen(made) == (201, shown)
    assert seen(api.get(f"{LISTS}/1", "bob")) == (200, shown)
    assert seen(api.get(LISTS, "bob")) == (200, [shown])
    assert api.put(f"{LISTS}/1", "bob", user_xids="u3").json == {**shown, "user_xids": "u3"}
    assert api.delete(f"{LISTS}/1", "bob").status == 204
    for missing in ("1", "x"):
        assert seen(api.get(f"{LISTS}/{missing}", "bob")) == (404, {"message": "404 Not found"})


def test_lists_of_users_are_searched(api: Api) -> None:
    user_list(api)
    user_list(api, name="Gamma rays")
    assert names(api.get(LISTS, "bob", search="AMM")) == ["Gamma rays"]
    assert names(api.get(LISTS, "bob")) == ["Beta", "Gamma rays"]


def test_what_is_no_list_of_users_is_refused(api: Api) -> None:
    user_list(api)
    wrong = "User xids user_xids must be a string of unique comma separated values each 256 characters or less"
    assert refused(user_list(api)) == ["Name has already been taken"]
    assert refused(user_list(api, name="x" * 256)) == ["Name is too long (maximum is 255 characters)"]
    for ids in ("a,a", "a,,b", "a, b", "a\tb", "x" * 257):
        assert refused(user_list(api, name="x", user_xids=ids)) == [wrong]
    assert refused(api.put(f"{LISTS}/1", "bob", name="")) == [
        "Name can't be blank",
        "Name is too short (minimum is 1 character)",
    ]
    assert refused(api.post(LISTS, "bob", name="x")) == '400 (Bad request) "user_xids" not given'
    assert user_list(api, name="none", user_xids="").status == 201


def test_developers_see_and_change_lists_of_users(api: Api) -> None:
    user_list(api)
    assert api.get(LISTS, "rex").status == api.get(f"{LISTS}/1", "rex").status == 403
    assert api.post(LISTS, "rex", name="x", user_xids="").status == api.delete(f"{LISTS}/1", "rex").status == 403


def test_a_strategy_is_about_a_list_of_users(api: Api) -> None:
    user_list(api)
    listed = {"name": "gitlabUserList", "parameters": {}, "user_list_id": 10001}
    made = create(api, listed).json["strategies"][0]
    assert made["user_list"] == {"id": 10001, "iid": 1, "name": "Beta", "user_xids": "u1,u2"}
    told = {"message": ["User list is associated with a strategy"]}
    assert seen(api.delete(f"{LISTS}/1", "bob")) == (409, told)
    changed = api.put(f"{AT}/dark_mode", "bob", strategies=[{"id": 1, "name": "default"}]).json["strategies"][0]
    assert (changed["name"], changed["user_list"]) == ("default", None)
    assert api.delete(f"{LISTS}/1", "bob").status == 204


def test_a_strategy_is_about_a_list_of_its_project_alone() -> None:
    other = {"path": "acme/other", "feature_flags_user_lists": [{"name": "Theirs", "user_xids": ""}]}
    api = Api({**WORLD, "projects": [{"path": "acme/rocket"}, other]})
    theirs = {"name": "gitlabUserList", "parameters": {}, "user_list_id": 10001}
    assert refused(create(api, theirs)) == ["Strategies user list must belong to the same project"]
    missing = create(api, {**theirs, "user_list_id": 9})
    assert seen(missing) == (404, {"message": "404 Not found"})
    create(api)
    assert seen(api.put(f"{AT}/dark_mode", "bob", strategies=[theirs])) == (404, {"message": "Not Found"})
