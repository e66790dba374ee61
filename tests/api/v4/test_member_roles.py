from typing import Any

import pytest

from mockgitlab.api.models.member_role import PERMISSIONS
from tests.support import WORLD, Api, names

REVIEWER = {"name": "Reviewer", "base_access_level": 30, "admin_merge_request": True}


def test_an_administrator_makes_a_role_of_the_instance(api: Api) -> None:
    made = api.post("member_roles", **REVIEWER, description="Approves")
    expected = {
        "id": 1,
        "group_id": None,
        "name": "Reviewer",
        "description": "Approves",
        "base_access_level": 30,
        **dict.fromkeys(PERMISSIONS, False),
        "admin_merge_request": True,
    }
    assert (made.status, made.json) == (201, expected)
    assert api.get("member_roles").json == [expected]
    assert api.delete("member_roles/1").status == 204
    again = api.delete("member_roles/1")
    assert (again.status, again.json) == (404, {"message": "404 Member Role Not Found"})


def test_a_role_without_a_name_is_called_after_its_base(api: Api) -> None:
    assert api.post("member_roles", base_access_level=10).json["name"] == "Guest - custom"


def test_owners_make_roles_of_their_group(api: Api) -> None:
    made = api.post("groups/1/member_roles", "ada", **REVIEWER)
    assert (made.status, made.json["group_id"]) == (201, 1)
    assert names(api.get("groups/1/member_roles", "ada")) == ["Reviewer"]
    assert api.get("member_roles").json == []
    assert api.delete("member_roles/1").status == 404
    assert api.delete("groups/1/member_roles/1", "ada").status == 204


@pytest.mark.parametrize(
    ("path", "given", "text"),
    [
        ("groups/1/member_roles", REVIEWER, "Name has already been taken"),
        ("groups/2/member_roles", REVIEWER, "Namespace must be top-level namespace"),
        (
            "groups/1/member_roles",
            {"name": "x", "base_access_level": 10, "admin_vulnerability": True},
            "Read vulnerability has to be enabled in order to enable Admin vulnerability",
        ),
    ],
)
def test_a_role_that_is_not_valid_is_refused(api: Api, path: str, given: dict[str, Any], text: str) -> None:
    api.post("groups/1/member_roles", "ada", **REVIEWER)
    answer = api.post(path, "ada", **given)
    assert (answer.status, answer.json) == (400, {"message": text})


def test_a_group_has_ten_roles_at_most(api: Api) -> None:
    for number in range(10):
        assert api.post("groups/1/member_roles", "ada", name=f"role {number}", base_access_level=10).status == 201
    answer = api.post("groups/1/member_roles", "ada", **REVIEWER)
    assert answer.status == 400
    assert answer.json["message"].startswith("Namespace maximum number of Member Roles")


def test_others_are_refused(api: Api) -> None:
    assert api.get("member_roles", "ada").status == 403
    assert api.get("groups/1/member_roles", "bob").status == 403
    assert api.get("groups/1/member_roles", "nora").status == 404
    assert api.get("member_roles", None).status == 401


def test_the_community_edition_has_no_custom_roles() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    answer = api.get("member_roles")
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})


# Members


def test_a_member_with_a_custom_role_shows_it(api: Api) -> None:
    role = api.post("groups/1/member_roles", "ada", **REVIEWER).json
    made = api.post("projects/1/members", "ada", user_id=6, access_level=30, member_role_id=1)
    assert (made.status, made.json["member_role"]) == (201, role)
    assert api.get("projects/1/members/6", "ada").json["member_role"] == role
    assert "member_role" not in api.get("groups/1/members/3", "ada").json
    taken = api.delete("groups/1/member_roles/1", "ada")
    assert taken.json["message"].startswith("Role is assigned to one or more group members.")
    assert "member_role" not in api.put("projects/1/members/6", "ada", access_level=30).json
    assert api.delete("groups/1/member_roles/1", "ada").status == 204


def test_somebody_may_be_invited_with_a_custom_role(api: Api) -> None:
    api.post("groups/1/member_roles", "ada", **REVIEWER)
    api.post("projects/1/invitations", "ada", user_id="6", access_level=30, member_role_id=1)
    assert api.get("projects/1/members/6", "ada").json["member_role"]["name"] == "Reviewer"


@pytest.mark.parametrize(
    ("level", "role", "problems"),
    [
        (20, 1, {"member_role_id": ["the custom role's base access level does not match the current access level"]}),
        (30, 2, {"member_namespace": ["must be in same hierarchy as custom role's namespace"]}),
        (30, 9, {"member_namespace": ["must be in same hierarchy as custom role's namespace"]}),
    ],
)
def test_a_custom_role_must_fit(api: Api, level: int, role: int, problems: dict[str, list[str]]) -> None:
    api.post("groups/1/member_roles", "ada", **REVIEWER)
    api.post("groups/3/member_roles", **REVIEWER)
    added = api.post("groups/1/members", "ada", user_id=6, access_level=level, member_role_id=role)
    assert (added.status, added.json) == (400, {"message": problems})
    changed = api.put("groups/1/members/3", "ada", access_level=level, member_role_id=role)
    assert (changed.status, changed.json) == (400, {"message": problems})
