import pytest

from tests.api.v4.repositories import sha, world
from tests.support import Api

AT = "projects/1/protected_tags"
DEVELOPERS = {"access_level": 30, "access_level_description": "Developers + Maintainers"}
MAINTAINERS = {"access_level": 40, "access_level_description": "Maintainers"}
NOBODY_ELSE = {"user_id": None, "group_id": None}
pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_a_tag_is_protected_shown_and_unprotected(api: Api) -> None:
    made = api.post(AT, "ada", name="v*")
    assert made.status == 201
    assert made.json == {"name": "v*", "create_access_levels": [{"id": 5, **MAINTAINERS, **NOBODY_ELSE}]}
    assert api.get(f"{AT}/v*", "ada").json == made.json
    assert api.get(AT, "ada").json == [made.json]
    assert api.delete(f"{AT}/v*", "ada").status == 204
    gone = api.get(f"{AT}/v*", "ada")
    assert (gone.status, gone.json) == (404, {"message": "404 Not found"})


def test_a_tag_is_opened_for_roles_and_users(api: Api) -> None:
    entries = [{"user_id": 3}, {"access_level": 30}]
    made = api.post(AT, "ada", name="v*", allowed_to_create=entries, create_access_level=40).json
    assert [one["access_level_description"] for one in made["create_access_levels"]] == [
        "Maintainers",
        "Bob Kahn",
        "Developers + Maintainers",
    ]


def test_a_tag_is_protected_once_and_by_maintainers(api: Api) -> None:
    api.post(AT, "ada", name="v*")
    again = api.post(AT, "ada", name="v*")
    assert (again.status, again.json) == (422, {"message": ["Name has already been taken"]})
    assert api.get(AT, "bob").status == 403
    assert api.post(AT, "bob", name="x").status == 403
    assert api.post(AT, "ada", name="x", create_access_level=20).status == 400


def test_a_protected_tag_is_created_and_deleted_by_who_may(api: Api) -> None:
    api.post(AT, "ada", name="v*")
    tags = "projects/1/repository/tags"
    refused = api.post(tags, "bob", tag_name="v2", ref="main")
    assert (refused.status, refused.json) == (
        400,
        {"message": "You are not allowed to create this tag as it is protected."},
    )
    assert api.post(tags, "ada", tag_name="v2", ref="main").json["protected"] is True
    assert api.get(f"{tags}/v1.0").json["protected"] is True
    assert api.delete(f"{tags}/v2", "bob").status == 403
    assert api.delete(f"{tags}/v2", "ada").status == 204
    assert api.post(tags, "bob", tag_name="other", ref="main").json["protected"] is False


def test_what_no_tag_may_be_called(api: Api) -> None:
    tags = "projects/1/repository/tags"
    refused = api.post(tags, "bob", tag_name="main", ref="main")
    assert refused.json == {"message": "You cannot use default branch name to create a tag"}
    refused = api.post(tags, "bob", tag_name=sha(api), ref="main")
    assert refused.json == {"message": "You cannot create a tag with a SHA-1 or SHA-256 tag name."}


def test_scenarios_protect_tags() -> None:
    given = world()
    given["projects"][0]["protected_tags"] = [{"name": "v*", "create_access_level": "developer"}]
    api = Api(given)
    assert api.get(AT).json == [{"name": "v*", "create_access_levels": [{"id": 3, **DEVELOPERS, **NOBODY_ELSE}]}]
