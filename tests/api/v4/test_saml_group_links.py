from tests.support import Api

PATH = "groups/1/saml_group_links"
LINK = {"name": "devs", "access_level": 30, "member_role_id": None, "provider": None}
DEVS = {"saml_group_name": "devs", "access_level": 30}


def test_an_owner_links_a_group_to_one_of_saml(api: Api) -> None:
    assert api.get(PATH, "ada").json == []
    made = api.post(PATH, "ada", **DEVS)
    assert (made.status, made.json) == (201, LINK)
    assert api.get(PATH, "ada").json == [LINK]
    assert api.get(f"{PATH}/devs", "ada").json == LINK
    assert api.get("groups/1", "ada").json["saml_group_links"] == [LINK]
    again = api.post(PATH, "ada", **DEVS)
    assert (again.status, again.json) == (400, {"message": "Saml group name has already been taken"})
    assert api.delete(f"{PATH}/devs", "ada").status == 204
    gone = api.get(f"{PATH}/devs", "ada")
    assert (gone.status, gone.json) == (404, {"message": "404 Not Found"})


def test_links_of_one_name_are_told_by_their_provider(api: Api) -> None:
    api.post(PATH, "ada", **DEVS)
    other = api.post(PATH, "ada", **DEVS, provider="saml_2").json
    text = "Multiple group links found with the same name. Please specify a provider parameter to disambiguate."
    for method in ("GET", "DELETE"):
        answer = api.request(method, f"{PATH}/devs", "ada")
        assert (answer.status, answer.json) == (422, {"message": text})
    assert api.get(f"{PATH}/devs", "ada", provider="saml_2").json == other
    assert api.delete(f"{PATH}/devs", "ada", provider="").status == 204
    assert api.get(PATH, "ada").json == [other]


def test_others_are_unauthorized(api: Api) -> None:
    for method, path in (("GET", PATH), ("GET", f"{PATH}/devs"), ("DELETE", f"{PATH}/devs")):
        answer = api.request(method, path, "bob")
        assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})
    assert api.post(PATH, "bob", **DEVS).status == 401
