import copy
from typing import Any

import pytest

from tests.merge_request_world import mr_api, open_mr
from tests.support import WORLD, Api, names

ADA = {
    "id": 2,
    "username": "ada",
    "public_email": None,
    "name": "Ada Lovelace",
    "state": "active",
    "locked": False,
    "avatar_url": "https://www.gravatar.com/avatar/b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72"
    "?s=80&d=identicon",
    "web_url": "http://localhost/ada",
    "access_level": 50,
    "created_at": "2024-05-01T09:00:00.000Z",
    "expires_at": None,
    "membership_state": "active",
}
FORBIDDEN = (403, {"message": "403 Forbidden"})
NOT_FOUND = (404, {"message": "404 Not found"})


@pytest.fixture
def teams() -> Api:
    """The world with a crew invited to acme and a hidden club invited to the public group."""
    world = copy.deepcopy(WORLD)
    world["groups"] += [
        {"path": "crew", "members": {"nora": "owner", "bob": "owner"}, "visibility": "public"},
        {"path": "club", "members": {"nora": "developer"}},
    ]
    world["groups"][1]["members"] = [{"user": "gil", "access": "maintainer", "expires_at": "2030-01-01"}]
    world["projects"][0]["members"] = {"rex": "maintainer"}
    api = Api(world)
    api.post("groups/1/share", group_id=4, group_access=20)
    api.post("groups/3/share", group_id=5, group_access=20)
    return api


# Lists


def test_a_members_properties_are_the_users_and_the_role(api: Api) -> None:
    assert api.get("groups/1/members", "gil").json[0] == ADA
    assert api.get("groups/1/members/2", "gil").json == ADA


def test_direct_members_are_in_the_order_in_which_they_came(api: Api) -> None:
    assert names(api.get("groups/1/members", "gil"), "username") == ["ada", "bob", "rex", "gil"]
    assert names(api.get("groups/2/members", "gil"), "username") == []
    assert names(api.get("projects/1/members", "gil"), "username") == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"query": "KAHN"}, ["bob"]),
        ({"query": "gi"}, ["gil"]),
        ({"query": "rex@example.com"}, ["rex"]),
        ({"query": "example.com"}, []),
        ({"user_ids": "2,4,6"}, ["ada", "rex"]),
        ({"user_ids[]": 3}, ["bob"]),
        ({"skip_users": "2,3"}, ["rex", "gil"]),
    ],
)
def test_members_are_filtered(api: Api, given: dict[str, Any], expected: list[str]) -> None:
    assert names(api.get("groups/1/members", "gil", **given), "username") == expected


def test_members_known_to_a_saml_provider_are_told_from_others() -> None:
    world = copy.deepcopy(WORLD)
    world["users"][2]["identities"] = [{"provider": "group_saml", "extern_uid": "bob"}]
    assert names(Api(world).get("groups/1/members", with_saml_identity=True), "username") == ["bob"]


def test_all_members_have_their_highest_role_once(teams: Api) -> None:
    answer = teams.get("projects/1/members/all", "ada")
    assert [(one["username"], one["access_level"]) for one in answer.json] == [
        ("ada", 50),
        ("bob", 30),  # more than the share of the crew allows
        ("rex", 40),  # in the project itself
        ("gil", 10),
        ("nora", 20),  # what the share allows
    ]
    labs = teams.get("groups/2/members/all", "ada")
    assert {one["username"]: one["access_level"] for one in labs.json}["gil"] == 40
    assert names(teams.get("projects/1/members/all", "ada", query="nora"), "id") == [6]
    assert names(teams.get("projects/1/members/all", "ada", user_ids="2,6"), "id") == [2, 6]
    assert names(teams.get("projects/1/members/all", "ada", state="awaiting")) == []


def test_one_of_all_members_is_found_and_only_direct_ones_without_all(teams: Api) -> None:
    assert teams.get("projects/1/members/all/6", "ada").json["access_level"] == 20
    answer = teams.get("projects/1/members/6", "ada")
    assert (answer.status, answer.json) == NOT_FOUND
    answer = teams.get("groups/1/members/all/1", "ada")
    assert (answer.status, answer.json) == NOT_FOUND


def test_members_of_an_invited_private_group_are_for_members_alone(teams: Api) -> None:
    assert names(teams.get("groups/3/members/all", "gil"), "username") == []
    seen = teams.get("groups/3/members/all", "nora").json
    assert [(one["username"], one["access_level"], "created_by" in one) for one in seen] == [("nora", 20, False)]


def test_administrators_see_the_emails_of_members(api: Api) -> None:
    assert api.get("groups/1/members/3").json["email"] == "bob@example.com"
    assert "email" not in api.get("groups/1/members/3", "ada").json


def test_seats_are_shown_when_asked_for(api: Api) -> None:
    assert names(api.get("groups/1/members", "gil", show_seat_info=True), "is_using_seat") == [True] * 4


def test_members_are_for_those_who_signed_in(api: Api) -> None:
    answer = api.get("groups/3/members", None)
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})
    assert api.get("groups/3/members", "nora").json == []


def test_members_of_what_is_known_from_below_alone_are_hidden() -> None:
    world = copy.deepcopy(WORLD)
    world["projects"][0]["members"] = {"nora": "developer"}
    answer = Api(world).get("groups/1/members", "nora")
    assert (answer.status, answer.json) == FORBIDDEN


def test_whose_time_is_over_is_no_member_any_more(teams: Api) -> None:
    assert names(teams.get("groups/2/members", "gil"), "expires_at") == ["2030-01-01"]
    teams.store.set_clock("2030-01-01T00:00:00Z")
    assert names(teams.get("groups/2/members", "ada")) == []
    assert teams.post("groups/2/members", "ada", user_id=5, access_level=20).status == 201


# Adding


@pytest.mark.parametrize("given", [{"user_id": 6}, {"user_id": "6"}, {"username": "Nora"}])
def test_a_user_is_added(api: Api, given: dict[str, Any]) -> None:
    answer = api.post("projects/1/members", "ada", **given, access_level=30, expires_at="2024-12-31")
    assert answer.status == 201
    added = answer.json
    assert (added["username"], added["access_level"], added["expires_at"]) == ("nora", 30, "2024-12-31")
    assert added["created_by"]["username"] == "ada"
    assert api.get("projects/1", "nora").status == 200
    assert api.get("projects/1/events", "ada").json[0]["action_name"] == "joined"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"user_id": 6}, {"message": '400 (Bad request) "access_level" not given'}),
        ({"user_id": 6, "access_level": 35}, {"message": {"access_level": ["is not included in the list"]}}),
        (
            {"access_level": 30},
            {"error": "user_id, username are missing, at least one parameter must be provided"},
        ),
        (
            {"access_level": 30, "user_id": 6, "username": "nora"},
            {"error": "user_id, username are mutually exclusive"},
        ),
        (
            {"access_level": 20, "user_id": 3},
            {
                "message": {
                    "access_level": [
                        "should be greater than or equal to Developer inherited membership from group acme"
                    ]
                }
            },
        ),
        (
            {"access_level": 20, "user_id": 6, "expires_at": "2024-04-30"},
            {"message": {"expires_at": ["cannot be a date in the past"]}},
        ),
    ],
)
def test_wrong_roles_are_refused(api: Api, given: dict[str, Any], error: dict[str, Any]) -> None:
    answer = api.post("projects/1/members", "ada", **given)
    assert (answer.status, answer.json) == (400, error)


def test_a_user_that_is_not_there_and_one_that_is_a_member_already(api: Api) -> None:
    for given in ({"user_id": 99}, {"username": "nobody"}):
        answer = api.post("groups/1/members", "ada", **given, access_level=10)
        assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})
    answer = api.post("groups/1/members", "ada", user_id=3, access_level=40)
    assert (answer.status, answer.json) == (409, {"message": "Member already exists"})


def test_nobody_gives_more_than_he_has(teams: Api) -> None:
    answer = teams.post("projects/1/members", "rex", user_id=6, access_level=50)
    assert (answer.status, answer.json) == FORBIDDEN
    assert teams.post("projects/1/members", "rex", user_id=6, access_level=40).status == 201


def test_several_users_are_added_at_once(api: Api) -> None:
    answer = api.post("projects/1/members", "ada", user_id="6,1", access_level=30)
    assert (answer.status, answer.json) == (201, {"status": "success"})
    assert names(api.get("projects/1/members", "ada"), "username") == ["nora", "root"]
    answer = api.post("projects/1/members", "ada", username="bob,rex,nora", access_level=20)
    text = "bob: Access level should be greater than or equal to Developer inherited membership from group acme"
    assert (answer.status, answer.json) == (201, {"status": "error", "message": text})
    assert api.get("projects/1/members/6", "ada").json["access_level"] == 20


def test_too_many_and_no_users_are_told(api: Api) -> None:
    assert api.post("groups/1/members", "ada", user_id="97,98", access_level=20).json == {
        "status": "error",
        "message": "No users specified.",
    }
    many = ",".join(["6"] * 101)
    assert api.post("groups/1/members", "ada", user_id=many, access_level=20).json == {
        "status": "error",
        "message": "Too many users specified (limit is 100)",
    }


# Changing


def test_a_role_is_changed(api: Api) -> None:
    answer = api.put("groups/1/members/5", "ada", access_level=20, expires_at="2025-01-01")
    assert (answer.status, answer.json["access_level"], answer.json["expires_at"]) == (200, 20, "2025-01-01")
    assert api.put("groups/1/members/5", "ada", access_level=30).json["expires_at"] == "2025-01-01"
    assert api.put("groups/1/members/5", "ada", access_level=30, expires_at="").json["expires_at"] is None


def test_only_direct_members_are_changed(api: Api) -> None:
    answer = api.put("projects/1/members/3", "ada", access_level=40)
    assert (answer.status, answer.json) == NOT_FOUND


def test_a_maintainer_leaves_owners_alone(teams: Api) -> None:
    teams.post("projects/1/members", "ada", user_id=6, access_level=50)
    for answer in (
        teams.put("projects/1/members/6", "rex", access_level=10),
        teams.put("projects/1/members/4", "rex", access_level=50),
        teams.delete("projects/1/members/6", "rex"),
    ):
        assert (answer.status, answer.json) == FORBIDDEN


def test_a_changed_role_must_hold_too(teams: Api) -> None:
    answer = teams.put("projects/1/members/4", "ada", access_level=10)
    text = "should be greater than or equal to Reporter inherited membership from group acme"
    assert (answer.status, answer.json) == (400, {"message": {"access_level": [text]}})


def test_the_last_owner_stays(api: Api) -> None:
    for answer in (
        api.put("groups/1/members/2", "ada", access_level=40),
        api.delete("groups/1/members/2", "ada"),
    ):
        assert (answer.status, answer.json) == FORBIDDEN
    api.post("groups/1/members", "ada", user_id=6, access_level=50)
    assert api.delete("groups/1/members/2", "ada").status == 204


# Removing


def test_everybody_may_leave_and_owners_may_remove(api: Api) -> None:
    assert api.delete("groups/1/members/5", "gil").status == 204
    assert api.get("groups/1", "gil").status == 404
    answer = api.delete("groups/1/members/4", "bob")
    assert (answer.status, answer.json) == FORBIDDEN
    assert api.delete("groups/1/members/4", "ada").status == 204
    answer = api.delete("groups/1/members/4", "ada")
    assert (answer.status, answer.json) == NOT_FOUND


@pytest.mark.parametrize(("skip", "left"), [(False, 404), (True, 200)])
def test_a_removed_member_leaves_what_is_below_too(teams: Api, skip: bool, left: int) -> None:
    teams.delete("groups/1/members/4", "ada", skip_subresources=skip)
    assert teams.get("projects/1/members/4", "ada").status == left
    assert teams.get("projects/1", "rex").status == left


@pytest.mark.parametrize(("unassign", "assignees"), [(True, []), (False, ["rex"])])
def test_a_removed_member_may_be_unassigned(unassign: bool, assignees: list[str]) -> None:
    api = mr_api()
    api.post("projects/1/issues", "ada", title="Do it", assignee_ids=[4])
    open_mr(api, assignee_ids=[4])
    api.delete("groups/1/members/4", "ada", unassign_issuables=unassign)
    for path in ("projects/1/issues/4", "projects/1/merge_requests/1"):
        shown = api.get(path, "ada").json
        assert [one["username"] for one in shown["assignees"]] == assignees


def test_the_community_edition_knows_no_states_of_members() -> None:
    shown = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("groups/1/members", show_seat_info=True).json[0]
    assert not {"membership_state", "is_using_seat"} & shown.keys()


def test_the_members_of_another_project_are_taken_over(teams: Api) -> None:
    teams.post("projects/3/members", "ada", user_id=4, access_level=10)
    teams.post("projects/3/members", "ada", user_id=6, access_level=20)
    answer = teams.post("projects/1/import_project_members/3", "ada")
    assert (answer.status, answer.json) == (200, {"status": "success"})
    members = teams.get("projects/1/members", "ada").json
    assert [(one["username"], one["access_level"]) for one in members] == [("rex", 40), ("ada", 50), ("nora", 20)]


def test_only_members_that_one_administers_are_taken_over(teams: Api) -> None:
    answer = teams.post("projects/1/import_project_members/2", "ada")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden - Project"})


def test_members_of_a_hidden_project_cannot_be_taken_over(teams: Api) -> None:
    answer = teams.post("projects/1/import_project_members/3", "bob")
    assert (answer.status, answer.json) == FORBIDDEN
    answer = teams.post("projects/1/import_project_members/3", "rex")
    assert (answer.status, answer.json) == (404, {"message": "404 Project Not Found"})


def test_a_group_may_keep_people_out_of_its_projects(api: Api) -> None:
    api.put("groups/1", "ada", membership_lock=True)
    answer = api.post("projects/1/members", "ada", user_id=6, access_level=30)
    assert (answer.status, answer.json) == (405, {"message": "405 Method Not Allowed"})
    assert api.post("groups/1/members", "ada", user_id=6, access_level=30).status == 201


def test_minimal_access_is_for_top_level_groups_and_opens_nothing(api: Api) -> None:
    made = api.post("groups/1/members", "ada", user_id=6, access_level=5)
    assert (made.status, made.json["access_level"]) == (201, 5)
    assert api.get("groups/1/members/6", "ada").json["access_level"] == 5
    for path in ("groups/1", "groups/2", "projects/1"):
        assert api.get(path, "nora").status == 404
    assert api.put("groups/1/members/6", "ada", access_level=10).status == 200
    assert api.get("groups/1", "nora").status == 200


@pytest.mark.parametrize(
    ("path", "edition", "texts"),
    [
        ("groups/2", "ee", ["is not included in the list", "supported on top level groups only"]),
        ("projects/1", "ee", ["is not included in the list"]),
        ("groups/1", "ce", ["is not included in the list"]),
    ],
)
def test_elsewhere_there_is_no_minimal_access(path: str, edition: str, texts: list[str]) -> None:
    api = Api({**WORLD, "gitlab": {"edition": edition}})
    answer = api.post(f"{path}/members", "ada", user_id=6, access_level=5)
    assert (answer.status, answer.json) == (400, {"message": {"access_level": texts}})
    invited = api.post(f"{path}/invitations", "ada", email="x@example.com", access_level=5).json
    assert invited["message"]["x@example.com"].startswith("Access level is not included in the list")
