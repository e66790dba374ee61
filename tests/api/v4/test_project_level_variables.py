from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/variables"
PLAIN = {
    "variable_type": "env_var",
    "key": "HOST",
    "value": "a.example",
    "hidden": False,
    "protected": False,
    "masked": False,
    "raw": False,
    "environment_scope": "*",
    "description": None,
}


@pytest.fixture
def scoped(api: Api) -> Api:
    """A project with the variable HOST for production and for staging, and ONE for all."""
    for scope in ("production", "staging"):
        api.post(AT, "ada", key="HOST", value=scope, environment_scope=scope)
    api.post(AT, "ada", key="ONE", value="1")
    return api


def test_a_variable_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(api.get(AT, "ada")) == (200, [])
    assert seen(api.post(AT, "ada", key="HOST", value="a.example")) == (201, PLAIN)
    assert seen(api.get(f"{AT}/HOST", "ada")) == (200, PLAIN)
    news = {"value": "b.example", "variable_type": "file", "protected": True, "description": "Where it runs"}
    assert seen(api.put(f"{AT}/HOST", "ada", key="OTHER", **news)) == (200, {**PLAIN, **news})
    assert api.get(AT, "ada").json == [{**PLAIN, **news}]
    assert (api.delete(f"{AT}/HOST", "ada").status, api.delete(f"{AT}/HOST", "ada").status) == (204, 404)


def test_variables_are_listed_in_the_order_in_which_they_were_made(scoped: Api) -> None:
    assert names(scoped.get(AT, "ada"), "key") == ["HOST", "HOST", "ONE"]
    page = scoped.get(AT, "ada", per_page=1, page=3)
    assert (names(page, "key"), page.headers["X-Total"]) == (["ONE"], "3")


def test_names_are_stripped_and_compared_with_their_case(api: Api) -> None:
    assert api.post(AT, "ada", key=" HOST ", value="a").json["key"] == "HOST"
    assert api.post(AT, "ada", key="host", value="a").status == 201
    assert seen(api.get(f"{AT}/Host", "ada")) == (404, {"message": "404 Variable Not Found"})


def test_a_name_is_taken_once_for_each_scope(scoped: Api) -> None:
    taken = {"key": ["(HOST) has already been taken"]}
    assert refused(scoped.post(AT, "ada", key="HOST", value="x", environment_scope="staging")) == taken
    assert scoped.post(AT, "ada", key="HOST", value="x").json["environment_scope"] == "*"
    wanted = {"filter": {"environment_scope": "staging"}}
    assert refused(scoped.put(f"{AT}/HOST", "ada", environment_scope="production", **wanted)) == taken
    assert scoped.put(f"{AT}/HOST", "ada", environment_scope="review/*", **wanted).status == 200


def test_of_several_scopes_one_must_be_chosen(scoped: Api) -> None:
    told = "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'"
    for answer in (
        scoped.get(f"{AT}/HOST", "ada"),
        scoped.put(f"{AT}/HOST", "ada", value="x"),
        scoped.delete(f"{AT}/HOST", "ada"),
        scoped.get(f"{AT}/HOST", "ada", **{"filter[environment_scope]": ""}),
    ):
        assert seen(answer) == (409, {"message": told})
    chosen = {"filter[environment_scope]": "staging"}
    assert scoped.get(f"{AT}/HOST", "ada", **chosen).json["value"] == "staging"
    assert scoped.form("PUT", f"{AT}/HOST", "ada", value="x", **chosen).json["value"] == "x"
    assert scoped.delete(f"{AT}/HOST?filter[environment_scope]=staging", "ada").status == 204
    assert scoped.get(f"{AT}/HOST", "ada").json["value"] == "production"


def test_a_scope_that_no_variable_has_finds_none(scoped: Api) -> None:
    assert scoped.get(f"{AT}/ONE", "ada", **{"filter[environment_scope]": "staging"}).status == 404
    assert scoped.get(f"{AT}/ONE", "ada", filter="staging").json == {"error": "filter is invalid"}


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"key": " "}, {"key": ["can't be blank", "can contain only letters, digits and '_'."]}),
        ({"key": "A-B"}, {"key": ["can contain only letters, digits and '_'."]}),
        ({"key": "A" * 256}, {"key": ["is too long (maximum is 255 characters)"]}),
        ({"description": "d" * 256}, {"description": ["is too long (maximum is 255 characters)"]}),
        ({"masked": True, "value": "short"}, {"value": ["is invalid"]}),
        ({"masked": True, "value": "with a space"}, {"value": ["is invalid"]}),
        ({"masked": True, "value": "two\nlines"}, {"value": ["is invalid"]}),
        ({"masked": True, "value": "has $SIGNS!"}, {"value": ["is invalid"]}),
        ({"masked": True, "raw": True, "value": "with a space"}, {"value": ["is invalid"]}),
        ({"masked_and_hidden": True, "value": "short"}, {"value": ["is invalid"]}),
        ({"masked": None}, {"masked": ["is not included in the list"]}),
        (
            {"environment_scope": "a,b"},
            {
                "environment_scope": [
                    "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces"
                ]
            },
        ),
    ],
)
def test_what_is_no_variable(api: Api, given: dict[str, Any], problems: Any) -> None:
    assert refused(api.post(AT, "ada", **{"key": "HOST", "value": "a.example", **given})) == problems
    assert api.get(AT, "ada").json == []


@pytest.mark.parametrize("value", ["longenough", "Zm9vYmFy+/=", "a@b:c.d~e-f_", "héllo-$wörld!"])
def test_what_can_be_masked(api: Api, value: str) -> None:
    raw = not value.isascii()
    assert api.post(AT, "ada", key="HOST", value=value, masked=True, raw=raw).json["masked"] is True


def test_a_blank_scope_is_no_scope(api: Api) -> None:
    told = refused(api.post(AT, "ada", key="HOST", value="x", environment_scope=" "))["environment_scope"]
    assert told[0] == "can't be blank"


def test_the_value_of_a_hidden_variable_is_never_shown_and_stays_hidden(api: Api) -> None:
    made = api.post(AT, "ada", key="HOST", value="longenough", masked_and_hidden=True)
    assert made.json == {**PLAIN, "value": None, "hidden": True, "masked": True}
    assert api.get(AT, "ada").json == [made.json]
    told = {"base": ["The visibility setting cannot be changed for masked and hidden variables."]}
    assert refused(api.put(f"{AT}/HOST", "ada", masked=False)) == told
    assert seen(api.put(f"{AT}/HOST", "ada", value="another-one")) == (200, made.json)


def test_key_and_value_are_required(api: Api) -> None:
    assert refused(api.post(AT, "ada", value="x")) == '400 (Bad request) "key" not given'
    assert refused(api.post(AT, "ada", key="X")) == '400 (Bad request) "value" not given'
    wrong = api.post(AT, "ada", key="X", value="x", variable_type="secret")
    assert seen(wrong) == (400, {"error": "variable_type does not have a valid value"})


def test_variables_are_for_maintainers(api: Api) -> None:
    api.post(AT, "ada", key="HOST", value="x")
    assert [api.get(AT, who).status for who in ("bob", "nora", None)] == [403, 404, 401]
    for method in ("GET", "PUT", "DELETE"):
        assert [api.request(method, f"{AT}/HOST", who).status for who in ("bob", "nora", None)] == [403, 404, 401]
    assert api.post(AT, "bob", key="X", value="x").status == 403


def test_older_instances_do_not_hide_variables() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.3.0"}})
    made = api.post(AT, "ada", key="HOST", value="a.example", masked_and_hidden=True).json
    assert made == {name: value for name, value in PLAIN.items() if name != "hidden"}


def test_variables_of_scenarios() -> None:
    rocket = {"path": "acme/rocket", "variables": [{"key": "HOST", "value": "longenough", "masked_and_hidden": True}]}
    api = Api({**WORLD, "projects": [rocket]})
    assert api.get(f"{AT}/HOST", "ada").json == {**PLAIN, "value": None, "hidden": True, "masked": True}
