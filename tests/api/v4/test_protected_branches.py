from typing import Any

import pytest

from tests.api.v4.repositories import REPOSITORY, sha, world
from tests.support import WORLD, Api, names

AT = "projects/1/protected_branches"
MAINTAINERS = {"access_level": 40, "access_level_description": "Maintainers", "user_id": None, "group_id": None}
pytestmark = pytest.mark.mockgitlab(scenario=world())


def roles(answer: Any, action: str = "push") -> list[Any]:
    return [one["access_level_description"] for one in answer.json[f"{action}_access_levels"]]


def invite_labs(api: Api, access: int = 30) -> None:
    assert api.post("projects/1/share", group_id=2, group_access=access).status == 201
    assert api.post("groups/2/members", user_id=4, access_level=30).status == 201


def test_a_protected_branch_is_open_to_maintainers_unless_told(api: Api) -> None:
    made = api.post(AT, "ada", name="main")
    assert made.status == 201
    assert made.json == {
        "id": 3,
        "name": "main",
        "push_access_levels": [{"id": 5, **MAINTAINERS}],
        "merge_access_levels": [{"id": 6, **MAINTAINERS}],
        "allow_force_push": False,
        "unprotect_access_levels": [{"id": 7, **MAINTAINERS}],
        "code_owner_approval_required": False,
        "inherited": False,
    }
    assert api.get(f"{AT}/main", "bob").json == made.json
    assert api.get(AT, "bob").json == [made.json]


def test_roles_users_and_groups_are_told_apart(api: Api) -> None:
    invite_labs(api)
    api.post("projects/1/members", user_id=6, access_level=10)
    told = {
        "name": "release/*",
        "push_access_level": 0,
        "allowed_to_push": [{"user_id": 6}, {"access_level": 60}],
        "allowed_to_merge": [{"group_id": 2}, {"access_level": 30}],
        "allow_force_push": True,
        "code_owner_approval_required": True,
    }
    made = api.post(AT, "ada", **told)
    assert roles(made) == ["No one", "Nora Nobody", "Instance admins"]
    assert roles(made, "merge") == ["labs", "Developers + Maintainers"]
    assert made.json["push_access_levels"][1]["access_level"] is None
    assert made.json["push_access_levels"][1]["user_id"] == 6
    assert made.json["merge_access_levels"][0]["group_id"] == 2
    assert (made.json["allow_force_push"], made.json["code_owner_approval_required"]) == (True, True)
    assert api.get(f"{AT}/release%2F*", "ada").json == made.json


def test_the_community_edition_knows_roles_alone() -> None:
    api = Api({**world(), "gitlab": {"edition": "ce"}})
    made = api.post(AT, "ada", name="main", allowed_to_push=[{"user_id": 2}], push_access_level=30)
    assert made.json == {
        "id": 3,
        "name": "main",
        "push_access_levels": [{"id": 5, "access_level": 30, "access_level_description": "Developers + Maintainers"}],
        "merge_access_levels": [{"id": 6, "access_level": 40, "access_level_description": "Maintainers"}],
        "allow_force_push": False,
    }


def test_a_branch_is_protected_once(api: Api) -> None:
    api.post(AT, "ada", name="main")
    again = api.post(AT, "ada", name="main")
    assert (again.status, again.json) == (409, {"message": "Protected branch 'main' already exists"})


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"user_id": 6}, "user is not a member of the project"),
        ({"user_id": 99}, "user can't be blank"),
        ({"group_id": 2}, "group does not have access to the project"),
        ({"group_id": 99}, "group can't be blank"),
        ({"deploy_key_id": 1}, "deploy key can't be blank"),
    ],
)
def test_whom_a_branch_cannot_be_opened_for(api: Api, entry: dict[str, int], problem: str) -> None:
    refused = api.post(AT, "ada", name="main", allowed_to_push=[entry])
    assert (refused.status, refused.json) == (422, {"message": [f"Push access levels {problem}"]})
    assert api.get(AT).json == []


def test_a_role_is_named_once(api: Api) -> None:
    refused = api.post(AT, "ada", name="main", allowed_to_merge=[{"access_level": 30}, {"access_level": 30}])
    assert refused.json == {"message": ["Merge access levels access level has already been taken"]}


def test_levels_that_are_none(api: Api) -> None:
    assert api.post(AT, "ada", name="main", push_access_level=20).json == {
        "error": "push_access_level does not have a valid value"
    }
    assert api.post(AT, "ada", name="main", unprotect_access_level=0).status == 400
    assert api.post(AT, "ada", name=" ").json == {"message": ["Name can't be blank"]}


def test_access_levels_are_created_changed_and_destroyed(api: Api) -> None:
    api.post(AT, "ada", name="main")
    added = api.request("PATCH", f"{AT}/main", "ada", allowed_to_push=[{"access_level": 30}])
    assert added.status == 200
    assert roles(added) == ["Maintainers", "Developers + Maintainers"]
    changed = api.request("PATCH", f"{AT}/main", "ada", allowed_to_push=[{"id": 5, "access_level": 0}])
    assert roles(changed) == ["No one", "Developers + Maintainers"]
    gone = api.request("PATCH", f"{AT}/main", "ada", allowed_to_push=[{"id": 5, "_destroy": True}])
    assert roles(gone) == ["Developers + Maintainers"]
    unknown = api.request("PATCH", f"{AT}/main", "ada", allowed_to_merge=[{"id": 1, "access_level": 0}])
    assert (unknown.status, unknown.json) == (404, {"message": "404 Not found"})


def test_force_push_is_switched_and_the_levels_stay(api: Api) -> None:
    api.post(AT, "ada", name="main", push_access_level=30)
    changed = api.request("PATCH", f"{AT}/main", "ada", allow_force_push=True, code_owner_approval_required=True)
    assert (changed.json["allow_force_push"], changed.json["code_owner_approval_required"]) == (True, True)
    assert roles(changed) == ["Developers + Maintainers"]


def test_a_branch_is_unprotected(api: Api) -> None:
    api.post(AT, "ada", name="main")
    assert api.delete(f"{AT}/main", "ada").status == 204
    assert api.get(f"{AT}/main").json == {"message": "404 Not found"}
    assert api.get(AT).json == []


def test_who_may_not_unprotect_may_change_nothing_either(api: Api) -> None:
    api.post("projects/1/members", user_id=2, access_level=50)
    api.post("projects/1/members", user_id=3, access_level=40)
    api.post(AT, "ada", name="main", allowed_to_unprotect=[{"user_id": 2}])
    assert api.delete(f"{AT}/main", "bob").status == 403
    assert api.request("PATCH", f"{AT}/main", "bob", allow_force_push=True).status == 403
    assert api.post(AT, "bob", name="other", allowed_to_unprotect=[{"user_id": 2}]).status == 403
    assert api.delete(f"{AT}/main", "ada").status == 204


def test_who_may_do_what(api: Api) -> None:
    assert api.get(AT, None).status == 404
    assert api.get(AT, "gil").status == 403
    assert api.get(AT, "rex").status == 200
    assert api.post(AT, "bob", name="main").status == 403
    assert api.get(f"{AT}/main", "bob").status == 404


def test_the_list_is_searched_by_name(api: Api) -> None:
    for name in ("main", "release/*", "re"):
        api.post(AT, "ada", name=name)
    assert names(api.get(AT, "ada", search="LEASE")) == ["release/*"]
    assert names(api.get(AT, "ada", search="re")) == ["re"]
    assert names(api.get(AT, "ada", per_page=2, page=2)) == ["re"]


# What protects


def write(api: Api, who: str, branch: str = "main", **more: Any) -> Any:
    return api.post(
        f"projects/1/repository/files/{branch.replace('/', '-')}.txt",
        who,
        branch=branch,
        content="x",
        commit_message="Write",
        **more,
    )


def test_only_who_is_let_in_writes_to_the_branch(api: Api) -> None:
    invite_labs(api)
    api.post(AT, "ada", name="main", allowed_to_push=[{"group_id": 2}])
    assert write(api, "ada").json == {"message": "You are not allowed to push into this branch"}
    assert write(api, "bob").status == 400
    assert write(api, "rex").status == 201
    action = [{"action": "create", "file_path": "b", "content": ""}]
    refused = api.post("projects/1/repository/commits", "ada", branch="main", commit_message="m", actions=action)
    assert refused.json == {"message": "403 Forbidden - You are not allowed to push into this branch"}
    for what in ("cherry_pick", "revert"):
        assert api.post(f"projects/1/repository/commits/main/{what}", "ada", branch="main").status == 403


def test_nobody_means_administrators_too_and_administrators_nobody_else(api: Api) -> None:
    api.post(AT, name="main", push_access_level=0)
    api.post(AT, name="done", push_access_level=60)
    assert write(api, "root").status == 400
    assert write(api, "ada", "done").status == 400
    assert write(api, "root", "done").status == 201


def test_the_branch_tells_what_protects_it(api: Api) -> None:
    api.post(AT, "ada", name="ma*", push_access_level=30, merge_access_level=40)
    shown = api.get("projects/1/repository/branches/main", "bob").json
    assert (shown["protected"], shown["developers_can_push"], shown["developers_can_merge"]) == (True, True, False)
    assert shown["can_push"] is True
    assert api.get("projects/1/repository/branches/done", "bob").json["protected"] is False


def test_a_commit_that_begins_a_protected_branch_anew_is_forced(api: Api) -> None:
    api.post(AT, "ada", name="feature/*")
    told = {"branch": "feature/launch", "commit_message": "m", "start_branch": "done", "force": True}
    action = [{"action": "create", "file_path": "b", "content": ""}]
    refused = api.post("projects/1/repository/commits", "ada", **told, actions=action)
    assert (refused.status, refused.json) == (
        400,
        {"message": "You are not allowed to force push code to a protected branch on this project."},
    )
    api.request("PATCH", f"{AT}/feature%2F*", "ada", allow_force_push=True)
    assert api.post("projects/1/repository/commits", "ada", **told, actions=action).status == 201


def test_a_protected_branch_is_created_by_who_may_push_or_may_merge_a_protected_commit(api: Api) -> None:
    api.post(AT, "ada", name="secret*", push_access_level=40, merge_access_level=40)
    api.post(AT, "ada", name="open*", push_access_level=40, merge_access_level=30)
    made = {"branch": "secret", "ref": "main"}
    told = api.post("projects/1/repository/branches", "bob", **made)
    assert told.json == {"message": "You are not allowed to create protected branches on this project."}
    told = api.post("projects/1/repository/branches", "bob", branch="open", ref="main")
    assert told.json["message"].startswith("You can only use an existing protected branch ref")
    api.post(AT, "ada", name="main")
    assert api.post("projects/1/repository/branches", "bob", branch="open", ref="main").status == 201
    assert api.post("projects/1/repository/branches", "ada", **made).status == 201


def test_a_protected_branch_is_deleted_by_maintainers(api: Api) -> None:
    api.post(AT, "ada", name="done", push_access_level=30)
    refused = api.delete("projects/1/repository/branches/done", "bob")
    assert refused.json["message"].startswith("You are not allowed to delete protected branches from this project.")
    assert api.delete("projects/1/repository/branches/done", "ada").status == 204


def test_no_branch_has_a_hash_for_a_name(api: Api) -> None:
    refused = api.post("projects/1/repository/branches", "bob", branch=f"{sha(api)}/x", ref="main")
    assert refused.json == {"message": "You cannot create a branch with a 40-character hexadecimal branch name."}


# Of whole groups


@pytest.fixture
def newer() -> Api:
    return Api({**world(), "gitlab": {"version": "17.6.0"}})


def test_what_a_group_protects_its_projects_inherit(newer: Api) -> None:
    made = newer.post("groups/1/protected_branches", "ada", name="main", push_access_level=40)
    assert made.status == 201
    assert "inherited" not in made.json
    inherited = newer.get(AT, "bob").json
    assert inherited == [{**made.json, "inherited": True}]
    assert write(newer, "bob").status == 400
    assert newer.get("groups/1/protected_branches", "ada", search="mai").json == [made.json]
    changed = newer.request("PATCH", "groups/1/protected_branches/main", "ada", allowed_to_push=[{"access_level": 30}])
    assert roles(changed) == ["Maintainers", "Developers + Maintainers"]
    assert write(newer, "bob").status == 201
    gone = newer.delete("groups/1/protected_branches/main", "ada")
    assert (gone.status, gone.json) == (200, changed.json)
    unknown = newer.get("groups/1/protected_branches/main", "ada")
    assert (unknown.status, unknown.json) == (404, {"message": "404 ProtectedBranch Not Found"})


def test_what_a_group_cannot_protect(newer: Api, api: Api) -> None:
    told = newer.post("groups/2/protected_branches", "ada", name="main")
    assert (told.status, told.json) == (422, {"message": ["cannot be associated with a subgroup"]})
    told = newer.post("groups/1/protected_branches", "ada", name="main", allowed_to_merge=[{"user_id": 2}])
    assert told.json == {"message": ["Merge access levels user must be blank"]}
    newer.post("groups/1/protected_branches", "ada", name="main")
    assert newer.post("groups/1/protected_branches", "ada", name="main").status == 409
    assert newer.get("groups/1/protected_branches", "bob").status == 403
    assert api.get("groups/1/protected_branches", "ada").status == 404


# The default branch


@pytest.mark.parametrize(("level", "push", "merge"), [(1, 30, 40), (2, 40, 40), (3, 40, 30), (4, 40, 40)], ids=str)
def test_the_first_branch_is_protected_as_the_group_wants(level: int, push: int, merge: int) -> None:
    api = Api()
    api.put("groups/1", "ada", default_branch_protection=level)
    assert write(api, "ada").status == 201
    made = api.get(f"{AT}/main").json
    assert [one["access_level"] for one in made["push_access_levels"]] == [push]
    assert [one["access_level"] for one in made["merge_access_levels"]] == [merge]
    assert made["unprotect_access_levels"] == []


def test_a_group_may_leave_the_first_branch_open_or_closed_to_all() -> None:
    api = Api()
    api.put("groups/1", "ada", default_branch_protection=0)
    write(api, "bob")
    assert api.get(AT).json == []
    nobody = {"allowed_to_push": [{"access_level": 0}], "allowed_to_merge": [{"access_level": 30}]}
    api.put("groups/1", "ada", default_branch_protection_defaults={**nobody, "allow_force_push": True})
    api.post("projects", "ada", name="next", namespace_id=1)
    action = [{"action": "create", "file_path": "b", "content": ""}]
    api.post("projects/4/repository/commits", "ada", branch="main", commit_message="m", actions=action)
    made = api.get("projects/4/protected_branches/main").json
    assert (made["push_access_levels"][0]["access_level"], made["allow_force_push"]) == (0, True)


def test_the_default_branch_of_a_fork_is_protected_too(api: Api) -> None:
    fork = api.post("projects/1/fork", "bob", namespace_id=1_000_003).json["id"]
    assert names(api.get(f"projects/{fork}/protected_branches", "bob")) == ["main"]


@pytest.mark.parametrize(("level", "may"), [(0, True), (1, True), (2, False), (3, False), (4, True)], ids=str)
def test_whether_a_developer_pushes_first(level: int, may: bool) -> None:
    api = Api()
    api.put("groups/1", "ada", default_branch_protection=level)
    assert (write(api, "bob").status == 201) is may


# In scenarios


def test_scenarios_protect_branches() -> None:
    entries = [{"user": "bob"}, {"access_level": "admin"}]
    given = world({**REPOSITORY, "protected": True})
    given["projects"][0]["protected_branches"] = [
        {"name": "main", "push_access_level": "noone", "merge_access_level": "developer"},
        {"name": "release/*", "allowed_to_push": entries, "unprotect_access_level": 40, "allow_force_push": True},
    ]
    given["groups"] = [{**given["groups"][0], "protected_branches": [{"name": "top"}]}, *given["groups"][1:]]
    api = Api(given)
    assert sorted(names(api.get(AT, "ada"))) == ["main", "release/*", "top"]
    assert roles(api.get(f"{AT}/main")) == ["No one"]
    assert roles(api.get(f"{AT}/release%2F*")) == ["Bob Kahn", "Instance admins"]
    assert roles(api.get(f"{AT}/release%2F*"), "unprotect") == ["Maintainers"]
    assert [one["name"] for one in api.get(AT).json if one["inherited"]] == ["top"]


@pytest.mark.parametrize(
    ("protected", "problem"),
    [
        ({"push_access_level": "boss"}, "'boss', which is none of"),
        ({"allowed_to_push": [{"user": "nora"}]}, "user is not a member of the project"),
    ],
)
def test_scenarios_that_open_a_branch_wrongly_are_refused(protected: dict[str, Any], problem: str) -> None:
    project = {"path": "acme/rocket", "protected_branches": [{"name": "main", **protected}]}
    with pytest.raises(Exception, match=problem):
        Api({**WORLD, "projects": [project]})
