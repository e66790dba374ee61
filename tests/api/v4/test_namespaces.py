from tests.support import WORLD, Api, names


def test_namespaces_of_a_user_are_the_personal_one_and_the_groups_joined(api: Api) -> None:
    assert names(api.get("namespaces", "ada"), "full_path") == ["acme", "ada"]
    assert names(api.get("namespaces", "gil"), "full_path") == ["acme", "gil"]
    assert names(api.get("namespaces", "gil", owned_only=True), "full_path") == ["gil"]
    assert names(api.get("namespaces", "root", top_level_only=True, per_page=2), "full_path") == ["acme", "open"]


def test_a_search_looks_at_name_and_path_and_when_asked_at_the_full_path(api: Api) -> None:
    assert names(api.get("namespaces", search="LAB"), "full_path") == ["acme/labs"]
    assert names(api.get("namespaces", search="me/la"), "full_path") == []
    assert names(api.get("namespaces", search="me/la", full_path_search=True), "full_path") == ["acme/labs"]


def test_an_administrator_sees_every_namespace(api: Api) -> None:
    answer = api.get("namespaces", per_page=100)
    assert answer.headers["X-Total"] == "9"


def test_namespaces_need_a_user(api: Api) -> None:
    answer = api.get("namespaces", None)
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})


def test_a_namespace_is_found_by_id_and_by_path(api: Api) -> None:
    expected = {
        "id": 2,
        "name": "labs",
        "path": "labs",
        "kind": "group",
        "full_path": "acme/labs",
        "parent_id": 1,
        "avatar_url": None,
        "web_url": "http://localhost/groups/acme/labs",
        "billable_members_count": 0,
    }
    assert api.get("namespaces/2", "gil").json == expected
    assert api.get("namespaces/acme%2Flabs", "gil").json == expected


def test_who_owns_a_group_sees_how_much_is_in_it(api: Api) -> None:
    shown = api.get("namespaces/1", "ada").json
    counts = {"members_count_with_descendants": 4, "root_repository_size": 0, "projects_count": 1}
    assert shown.items() >= {**counts, "billable_members_count": 4, "plan": "default", "trial": False}.items()
    assert "plan" not in api.get("namespaces/1", "bob").json


def test_a_personal_namespace_has_one_billable_member(api: Api) -> None:
    shown = api.get("namespaces/ada", "ada").json
    assert (shown["billable_members_count"], shown["plan"], shown["trial_ends_on"]) == (1, "default", None)
    assert "projects_count" not in shown


def test_the_community_edition_knows_of_no_plan() -> None:
    shown = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("namespaces/1").json
    assert shown["projects_count"] == 1
    assert not {"plan", "trial", "billable_members_count"} & shown.keys()


def test_a_namespace_without_a_role_in_it_is_not_found_even_when_it_is_public(api: Api) -> None:
    for path in ("acme", "open"):
        answer = api.get(f"namespaces/{path}", "nora")
        assert (answer.status, answer.json) == (404, {"message": "404 Namespace Not Found"})


def test_a_taken_namespace_gets_a_suggestion(api: Api) -> None:
    assert api.get("namespaces/acme/exists", "nora").json == {"exists": True, "suggests": ["acme1"]}
    assert api.get("namespaces/new/exists", "nora").json == {"exists": False, "suggests": []}


def test_the_case_of_a_path_does_not_matter(api: Api) -> None:
    assert api.get("namespaces/ACME%2FLabs", "ada").json["full_path"] == "acme/labs"
