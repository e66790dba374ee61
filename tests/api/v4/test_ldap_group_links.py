from tests.support import Api

PATH = "groups/1/ldap_group_links"
DEVS = {"cn": "devs", "group_access": 30, "provider": "main"}
LINK = {"cn": "devs", "group_access": 30, "provider": "main", "filter": None, "member_role_id": None}
MISSING = (404, {"message": "Linked LDAP group not found"})


def test_an_owner_links_a_group_to_ldap(api: Api) -> None:
    none = api.get(PATH, "ada")
    assert (none.status, none.json) == (404, {"message": "No linked LDAP groups found"})
    made = api.post(PATH, "ada", **DEVS)
    assert (made.status, made.json) == (201, LINK)
    found = api.post(PATH, "ada", filter="(a=b)", group_access=5, provider="main").json
    assert found == {**LINK, "cn": None, "filter": "(a=b)", "group_access": 5}
    assert api.get(PATH, "ada").json == [LINK, found]
    group = api.get("groups/1", "ada").json
    assert (group["ldap_cn"], group["ldap_access"], group["ldap_group_links"]) == ("devs", 30, [LINK, found])


def test_a_link_is_made_once(api: Api) -> None:
    api.post(PATH, "ada", **DEVS)
    again = api.post(PATH, "ada", **DEVS)
    assert (again.status, again.json) == (409, {"message": "Cn has already been taken"})
    assert api.post(PATH, "ada", **{**DEVS, "provider": "other"}).status == 201


def test_a_link_has_either_a_name_or_a_filter(api: Api) -> None:
    assert api.post(PATH, "ada", **DEVS, filter="x").status == 400
    assert api.post(PATH, "ada", group_access=30, provider="main").status == 400
    assert api.post(PATH, "ada", **{**DEVS, "group_access": 31}).status == 400


def test_links_are_deleted_in_three_ways(api: Api) -> None:
    for path, given in ((PATH, {"cn": "devs", "provider": "main"}), (f"{PATH}/devs", {}), (f"{PATH}/main/devs", {})):
        api.post(PATH, "ada", **DEVS)
        assert api.delete(path, "ada", **given).status == 204
        again = api.delete(path, "ada", **given)
        assert (again.status, again.json) == MISSING


def test_there_is_no_server_to_synchronise_with(api: Api) -> None:
    answer = api.post("groups/1/ldap_sync", "ada")
    assert (answer.status, answer.json) == (404, {"message": "404 Not Found"})


def test_only_owners_link(api: Api) -> None:
    assert api.get(PATH, "bob").status == 403
    assert api.post(PATH, "bob", **DEVS).status == 403
    assert api.delete(f"{PATH}/devs", "bob").status == 403
