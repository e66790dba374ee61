from tests.support import Api, names


def test_namespaces_of_a_user_are_the_personal_one_and_the_groups(api: Api) -> None:
    assert names(api.get("namespaces", "ada"), "full_path") == ["acme", "acme/labs", "ada"]


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
    }
    assert api.get("namespaces/2", "gil").json == expected
    assert api.get("namespaces/acme%2Flabs", "gil").json == expected


def test_a_hidden_namespace_is_not_found(api: Api) -> None:
    answer = api.get("namespaces/acme", "nora")
    assert (answer.status, answer.json) == (404, {"message": "404 Namespace Not Found"})


def test_a_taken_namespace_gets_a_suggestion(api: Api) -> None:
    assert api.get("namespaces/acme/exists", "nora").json == {"exists": True, "suggests": ["acme1"]}
    assert api.get("namespaces/new/exists", "nora").json == {"exists": False, "suggests": []}
