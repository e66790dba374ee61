from tests.support import WORLD, Api, names


def shared() -> Api:
    groups = [
        *WORLD["groups"],
        {"path": "hidden", "members": {"nora": "developer"}},
        {"path": "team", "members": {"nora": "owner", "bob": "guest"}},
    ]
    return Api({**WORLD, "groups": groups})


def test_a_shared_project_is_open_to_the_members_of_the_group() -> None:
    api = shared()
    assert api.get("projects/1", "nora").status == 404
    answer = api.post("projects/1/share", group_id=4, group_access=40, expires_at="2024-12-31")
    assert answer.status == 201
    assert answer.json == {
        "id": 1,
        "project_id": 1,
        "group_id": 4,
        "group_access": 40,
        "expires_at": "2024-12-31",
        "member_role_id": None,
    }
    assert names(api.get("projects", "nora", min_access_level=30), "id") == [1]
    assert names(api.get("projects", "nora", min_access_level=40), "id") == []
    groups = api.get("projects/1", "nora").json["shared_with_groups"]
    assert [(one["group_full_path"], one["group_access_level"]) for one in groups] == [("hidden", 40)]
    assert api.get("projects/1", "ada").json["shared_with_groups"] == []
    api.server.store.set_clock("2025-01-01T00:00:00Z")
    assert api.get("projects/1", "nora").status == 404


def test_sharing_ends() -> None:
    api = shared()
    api.post("projects/1/share", group_id=4, group_access=30)
    assert api.delete("projects/1/share/4", "ada").status == 204
    assert api.get("projects/1", "nora").status == 404
    missing = api.delete("projects/1/share/4", "ada")
    assert (missing.status, missing.json) == (404, {"message": "404 Group Link Not Found"})


def test_sharing_is_refused_in_gitlabs_words() -> None:
    api = shared()
    api.post("projects/1/share", group_id=5, group_access=30)
    own = "Project cannot be shared with the group it is in or one of its ancestors."
    for group_id, status, text in (
        (5, 409, "Group already shared with this group"),
        (1, 409, own),
        (99, 404, "Not Found"),
    ):
        answer = api.post("projects/1/share", group_id=group_id, group_access=30)
        assert (answer.status, answer.json) == (status, {"message": text})
    assert api.post("projects/1/share", "ada", group_id=4, group_access=30).json == {"message": "Not Found"}
    assert api.post("projects/1/share", "bob", group_id=3, group_access=30).json == {"message": "403 Forbidden"}
    assert api.delete("projects/1/share/5", "bob").json == {"message": "403 Forbidden"}
    wrong = api.post("projects/1/share", group_id=5, group_access=35)
    assert (wrong.status, wrong.json) == (400, {"error": "group_access does not have a valid value"})


def test_a_group_may_forbid_sharing() -> None:
    locked = {"path": "acme", "share_with_group_lock": True, "members": {"ada": "owner"}}
    api = Api({**WORLD, "groups": [locked, {"path": "open", "visibility": "public"}], "projects": [{"path": "acme/x"}]})
    answer = api.post("projects/1/share", "ada", group_id=2, group_access=30)
    assert (answer.status, answer.json) == (400, {"message": "The project sharing with group is disabled"})
    assert api.get("projects/1/share_locations", "ada").json == []


def test_the_groups_above_a_project_are_listed() -> None:
    api = shared()
    api.post("projects", "ada", name="deep", namespace_id=2)
    api.post("projects/4/share", group_id=4, group_access=10)
    api.post("projects/4/share", group_id=3, group_access=40)
    path = "projects/4/groups"
    assert names(api.get(path, "ada"), "full_path") == ["acme", "acme/labs"]
    assert names(api.get(path, "ada", search="lab"), "id") == [2]
    assert names(api.get(path, "ada", skip_groups="1"), "id") == [2]
    assert names(api.get(path, "ada", with_shared=True), "id") == [1, 2, 3, 4]
    assert names(api.get(path, "ada", with_shared=True, shared_visible_only=True), "id") == [1, 2, 3]
    assert names(api.get(path, "ada", with_shared=True, shared_min_access_level=30), "id") == [1, 2, 3]
    assert names(api.get("projects/3/groups", "ada"), "id") == []


def test_the_invited_groups_are_listed() -> None:
    api = shared()
    api.post("projects/1/share", group_id=4, group_access=10)
    api.post("groups/1/share", "ada", group_id=3, group_access=10)
    path = "projects/1/invited_groups"
    assert names(api.get(path), "id") == [3, 4]
    assert names(api.get(path, "ada"), "id") == [3]
    assert names(api.get(path, relation="direct"), "id") == [4]
    assert names(api.get(path, relation="inherited"), "id") == [3]
    assert names(api.get(path, search="hidden"), "id") == [4]
    assert names(api.get(path, "nora", min_access_level=30), "id") == [4]
    assert names(api.get("projects/2/invited_groups", None, min_access_level=10), "id") == []


def test_the_groups_with_which_it_can_be_shared_are_listed() -> None:
    api = shared()
    api.post("projects/1/share", group_id=3, group_access=10)
    assert names(api.get("projects/1/share_locations"), "full_path") == ["hidden", "acme/labs", "team"]
    assert names(api.get("projects/1/share_locations", "ada"), "full_path") == ["acme/labs"]
    assert names(api.get("projects/1/share_locations", search="team"), "id") == [5]
    assert names(api.get("projects/1/share_locations", "bob"), "id") == []
    assert names(api.get("projects/2/share_locations", None), "id") == []
