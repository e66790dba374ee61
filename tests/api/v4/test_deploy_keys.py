import copy
from typing import Any

import pytest

from tests.keys import ed25519, rsa
from tests.support import WORLD, Api, names

AT = "projects/1/deploy_keys"
KEY = {
    "id": 1,
    "title": "CI",
    "created_at": "2024-05-01T09:00:00.000Z",
    "expires_at": None,
    "last_used_at": None,
    "key": f"{ed25519(1)} ci@example.com",
    "usage_type": "auth_and_signing",
    "fingerprint": "",
    "fingerprint_sha256": "",
}
TAKEN = {"message": {"deploy_key.fingerprint_sha256": ["has already been taken"]}}


def give(api: Api, seed: int = 1, title: str = "CI", project: str = "projects/1", as_: str = "ada", **more: Any) -> Any:
    answer = api.post(f"{project}/deploy_keys", as_, title=title, key=f"{ed25519(seed)} ci@example.com", **more)
    assert answer.status == 201, answer
    return answer.json


@pytest.fixture
def api() -> Api:
    """Ada maintains acme/rocket (1) and ada/notes (3); bob maintains open/source (2) and develops acme/rocket."""
    world = copy.deepcopy(WORLD)
    world["projects"][1]["members"] = {"bob": "maintainer"}
    return Api(world)


def test_a_deploy_key_is_added_shown_changed_and_removed(api: Api) -> None:
    made = give(api, can_push=True)
    assert made["fingerprint"].count(":") == 15
    assert made["fingerprint_sha256"].startswith("SHA256:")
    prints = {name: made[name] for name in ("fingerprint", "fingerprint_sha256")}
    key = {**KEY, **prints, "can_push": True}
    assert made == key
    assert list(made) == list(key)
    assert api.get(AT, "ada").json == [key]
    assert api.get(f"{AT}/1", "ada").json == key
    changed = api.put(f"{AT}/1", "ada", title="Robot", can_push=False)
    assert (changed.status, changed.json) == (200, {**key, "title": "Robot", "can_push": False})
    assert api.delete(f"{AT}/1", "ada").status == 204
    gone = api.get(f"{AT}/1", "ada")
    assert (gone.status, gone.json) == (404, {"message": "404 Not found"})
    gone = api.delete(f"{AT}/1", "ada")
    assert (gone.status, gone.json) == (404, {"message": "404 Deploy key Not Found"})
    assert api.put(f"{AT}/1", "ada", title="x").json == {"message": "404 Not found"}


def test_a_live_gitlab_shows_the_bare_digest() -> None:
    api = Api({**WORLD, "gitlab": {"errors": "observed"}})
    assert not give(api)["fingerprint_sha256"].startswith("SHA256:")


def test_deploy_keys_are_for_maintainers(api: Api) -> None:
    give(api)
    for answer in (
        api.get(AT, "bob"),
        api.get(f"{AT}/1", "bob"),
        api.post(AT, "bob", title="x", key=ed25519(2)),
        api.put(f"{AT}/1", "bob", title="x"),
        api.delete(f"{AT}/1", "bob"),
        api.post(f"{AT}/1/enable", "bob"),
        api.get("deploy_keys", "ada"),
        api.post("deploy_keys", "ada", title="x", key=ed25519(2)),
    ):
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert api.get(AT, "nora").status == 404
    assert api.get(AT, None).status == 401
    assert api.get("deploy_keys", None).status == 401


BAD: list[Any] = [
    (
        {"key": "nonsense"},
        {"deploy_key.key": ["is invalid"], "deploy_key.fingerprint_sha256": ["cannot be generated"]},
    ),
    ({"key": " "}, {"deploy_key.key": ["can't be blank"]}),
    ({"key": rsa(512)}, {"deploy_key.key": ["must be at least 1024 bits"]}),
    ({"title": ""}, {"deploy_key.title": ["can't be blank"]}),
    ({"title": "x" * 256}, {"deploy_key.title": ["is too long (maximum is 255 characters)"]}),
    ({"expires_at": "2024-04-30"}, {"deploy_key.key": ["has expired"]}),
]


@pytest.mark.parametrize(("given", "problems"), BAD)
def test_a_wrong_deploy_key_is_refused(api: Api, given: dict[str, str], problems: Any) -> None:
    answer = api.post(AT, "ada", **{"title": "x", "key": ed25519(1), **given})
    assert (answer.status, answer.json) == (400, {"message": problems})
    plain = {name.removeprefix("deploy_key."): texts for name, texts in problems.items()}
    answer = api.post("deploy_keys", **{"title": "x", "key": ed25519(1), **given})
    assert (answer.status, answer.json) == (400, {"message": plain})


def test_what_must_be_given(api: Api) -> None:
    assert api.post(AT, "ada", title="x").json == {"message": '400 (Bad request) "key" not given'}
    assert api.post(AT, "ada", key=ed25519(1)).json == {"message": '400 (Bad request) "title" not given'}
    give(api)
    nothing = api.put(f"{AT}/1", "ada")
    text = "title, can_push are missing, at least one parameter must be provided"
    assert (nothing.status, nothing.json) == (400, {"error": text})
    blank = api.put(f"{AT}/1", "ada", title=" ")
    assert (blank.status, blank.json) == (400, {"message": {"deploy_key.title": ["can't be blank"]}})
    assert api.get(f"{AT}/x", "ada").json == {"error": "key_id is invalid"}


def test_a_key_of_a_user_is_no_deploy_key_and_the_other_way_round(api: Api) -> None:
    api.post("user/keys", "bob", title="laptop", key=ed25519(1))
    answer = api.post(AT, "ada", title="x", key=ed25519(1))
    assert (answer.status, answer.json) == (400, TAKEN)
    assert give(api, 2)["id"] == 2  # both are numbered together
    assert api.post("user/keys", "bob", title="x", key=ed25519(2)).status == 400
    assert api.get("users/2/keys").json == []


def test_a_key_that_is_there_is_shown_again(api: Api) -> None:
    made = give(api, can_push=True)
    assert give(api, title="Other", can_push=False) == made
    other_comment = api.post(AT, "ada", title="x", key=f"{ed25519(1)} other")
    assert (other_comment.status, other_comment.json) == (400, TAKEN)


def test_a_key_of_another_own_project_is_enabled_with_its_title(api: Api) -> None:
    give(api, can_push=True)
    assert give(api, title="Other", project="projects/3") == {**give(api), "can_push": False}
    api.delete(AT + "/1", "ada")
    assert names(api.get("projects/3/deploy_keys", "ada"), "title") == ["CI"]
    api.delete("projects/3/deploy_keys/1", "ada")
    assert api.get("deploy_keys").json == []


def test_a_key_of_strangers_is_taken(api: Api) -> None:
    give(api, project="projects/3")
    answer = api.post("projects/2/deploy_keys", "bob", title="x", key=f"{ed25519(1)} ci@example.com")
    assert (answer.status, answer.json) == (400, TAKEN)
    refused = api.post("projects/2/deploy_keys/1/enable", "bob")
    assert (refused.status, refused.json) == (404, {"message": "404 Deploy key Not Found"})


def test_a_title_is_changed_only_where_no_other_project_has_the_key(api: Api) -> None:
    give(api)
    give(api, project="projects/3")
    assert api.put(f"{AT}/1", "ada", title="Mine").json["title"] == "CI"
    assert api.put(f"{AT}/1", "root", title="Root's").json["title"] == "Root's"
    api.delete("projects/3/deploy_keys/1", "ada")
    assert api.put(f"{AT}/1", "ada", title="Mine").json["title"] == "Mine"


def test_a_deploy_key_is_enabled_once(api: Api) -> None:
    made = give(api)
    for _ in range(2):
        enabled = api.post("projects/3/deploy_keys/1/enable", "ada")
        assert (enabled.status, enabled.json) == (201, {name: made[name] for name in KEY})
    assert [key["can_push"] for key in api.get("projects/3/deploy_keys", "ada").json] == [False]
    assert api.post("projects/2/deploy_keys/1/enable").status == 201
    assert api.post("projects/2/deploy_keys/9/enable").json == {"message": "404 Deploy key Not Found"}


# Of the instance


def test_administrators_add_public_keys_that_every_project_enables(api: Api) -> None:
    made = api.post("deploy_keys", title="Backup", key=f"{ed25519(3)} b", expires_at="2025-01-01")
    assert (made.status, made.json["expires_at"]) == (201, "2025-01-01T00:00:00.000Z")
    assert list(made.json) == list(KEY)
    assert api.post("projects/2/deploy_keys/1/enable", "bob").json["title"] == "Backup"
    assert api.put("projects/2/deploy_keys/1", "bob", title="Mine", can_push=True).json["can_push"] is True
    assert api.get("projects/2/deploy_keys/1", "bob").json["title"] == "Backup"
    api.delete("projects/2/deploy_keys/1", "bob")
    assert names(api.get("deploy_keys", public=True), "title") == ["Backup"]
    taken = api.post("deploy_keys", title="Backup", key=ed25519(3))
    assert taken.json == {"message": {"fingerprint": ["has already been taken"], "key": ["has already been taken"]}}


def test_administrators_list_all_with_the_projects(api: Api) -> None:
    give(api, 1, can_push=True)
    give(api, 2, project="projects/3")
    api.post("projects/2/deploy_keys/2/enable")
    api.post("user/keys", title="laptop", key=ed25519(9))
    both = api.get("deploy_keys").json
    identity = ["id", "description", "name", "name_with_namespace", "path", "path_with_namespace", "created_at"]
    assert list(both[0]) == [*KEY, "projects_with_write_access", "projects_with_readonly_access"]
    assert [[one["id"] for one in key["projects_with_write_access"]] for key in both] == [[1], []]
    assert [[one["id"] for one in key["projects_with_readonly_access"]] for key in both] == [[], [3, 2]]
    assert list(both[0]["projects_with_write_access"][0]) == identity
    assert api.get("deploy_keys", public=True).json == []


def test_older_versions_lack_what_came_later() -> None:
    api = Api({**WORLD, "gitlab": {"version": "15.1.0"}})
    give(api)
    assert "fingerprint_sha256" not in api.get(f"{AT}/1").json
    assert "projects_with_readonly_access" not in api.get("deploy_keys").json[0]
    assert api.post("deploy_keys", title="x", key=ed25519(2)).status == 405


# Of users


def test_common_deploy_keys_are_those_of_projects_that_both_maintain(api: Api) -> None:
    give(api)
    path = "users/ada/project_deploy_keys"
    assert names(api.get(path, "ada"), "title") == ["CI"]
    assert list(api.get("users/2/project_deploy_keys", "ada").json[0]) == list(KEY)
    refused = api.get(path, "bob")
    text = "403 Forbidden - No common authorized project found"
    assert (refused.status, refused.json) == (403, {"message": text})
    assert api.get("users/ada/project_deploy_keys").json == {"message": text}  # an administrator is no member
    assert api.get("users/nobody/project_deploy_keys", None).json == {"message": "404 User Not Found"}
    assert api.get(path, None).status == 401
    api.post("projects/1/members", user_id=3, access_level=40)
    api.put("projects/1/members/3", access_level=40)
    assert names(api.get(path, "bob"), "title") == ["CI"]


# What becomes of them


def test_the_fingerprint_tells_the_projects_of_a_deploy_key(api: Api) -> None:
    made = give(api, can_push=True)
    found = api.get("keys", fingerprint=made["fingerprint_sha256"]).json
    assert list(found) == [*KEY, "user", "deploy_keys_projects"]
    assert found["user"]["username"] == "ada"
    assert found["deploy_keys_projects"] == [
        {
            "id": 1,
            "deploy_key_id": 1,
            "project_id": 1,
            "created_at": "2024-05-01T09:00:00.000Z",
            "updated_at": "2024-05-01T09:00:00.000Z",
            "can_push": True,
        }
    ]
    assert api.get("keys/1").json["key"] == f"{ed25519(1)} Ada Lovelace (localhost)"


def test_deploy_keys_go_with_their_last_project(api: Api) -> None:
    give(api, 1, title="Of both", project="projects/3")
    give(api, 1)
    give(api, 2, title="Of one", project="projects/3")
    api.delete("projects/3")
    assert names(api.get("deploy_keys"), "title") == ["Of both"]


def test_deploy_keys_outlive_who_added_them(api: Api) -> None:
    api.post("deploy_keys", title="Backup", key=ed25519(2))
    api.post("projects/2/deploy_keys", "bob", title="CI", key=ed25519(1))
    assert api.delete("users/3").status == 204
    assert names(api.get("projects/2/deploy_keys"), "title") == ["CI"]
    assert api.get("keys/2").json["user"] is None


def test_a_protected_branch_is_opened_for_a_deploy_key(api: Api) -> None:
    give(api, can_push=True)
    give(api, 2, title="Reader")
    branch = api.post("projects/1/protected_branches", "ada", name="stable", allowed_to_push=[{"deploy_key_id": 1}])
    [level] = branch.json["push_access_levels"]
    assert {name: level[name] for name in ("access_level", "access_level_description", "deploy_key_id")} == {
        "access_level": 40,
        "access_level_description": "CI",
        "deploy_key_id": 1,
    }
    tag = api.post("projects/1/protected_tags", "ada", name="v*", allowed_to_create=[{"deploy_key_id": 1}])
    assert [one["deploy_key_id"] for one in tag.json["create_access_levels"]] == [1]
    for key_id, problem in ((2, "is not enabled for this project"), (9, "can't be blank")):
        refused = api.post(
            "projects/1/protected_branches", "ada", name="x", allowed_to_push=[{"deploy_key_id": key_id}]
        )
        assert (refused.status, refused.json) == (422, {"message": [f"Push access levels deploy key {problem}"]})
    api.delete(f"{AT}/1", "ada")
    assert api.get("projects/1/protected_branches/stable").json["push_access_levels"] == []


def test_a_deploy_key_of_somebody_outside_opens_no_branch(api: Api) -> None:
    give(api, as_="root", can_push=True)
    refused = api.post("projects/1/protected_branches", name="x", allowed_to_push=[{"deploy_key_id": 1}])
    assert refused.json == {"message": ["Push access levels deploy key owner is not a project member"]}
