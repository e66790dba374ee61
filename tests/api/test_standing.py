import pytest

from mockgitlab.api.standing import STANDING
from tests.support import PEOPLE, Api


def test_a_users_standing_is_the_highest_role_there_is(api: Api) -> None:
    found = {name: STANDING.of(api.store, id) for id, name in enumerate(PEOPLE, 1)}
    assert found == {
        "root": "administrator",
        "ada": "owner",
        "bob": "developer",
        "rex": "reporter",
        "gil": "guest",
        "nora": "without a role",
    }
    assert STANDING.of(api.store, 99) == ""


def test_a_limited_user_keeps_what_is_his_own(api: Api) -> None:
    STANDING.limit(api.store, 2, "reporter")
    assert api.put("projects/1", "ada", description="x").status == 403
    assert api.put("projects/3", "ada", description="x").status == 200


def test_a_user_without_a_role_sees_what_is_open_to_all(api: Api) -> None:
    STANDING.limit(api.store, 2, "without a role")
    assert [api.get(f"projects/{id}", "ada").status for id in (1, 2, 3)] == [404, 200, 200]


@pytest.mark.parametrize(("role", "status"), [("guest", 403), ("developer", 200), ("owner", 200)])
def test_an_administrator_is_limited_to_a_member_of_everything(api: Api, role: str, status: int) -> None:
    STANDING.limit(api.store, 1, role)
    assert api.get("projects/3", "root").status == 200
    assert api.get("projects/1/members", "root").status == 200
    assert api.post("projects/1/labels", "root", name="x", color="red").status == (201 if status == 200 else status)
    assert api.get("users/2/custom_attributes", "root").status == 403
