from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support import WORLD, Api, names

MORE = [
    {"username": "eve", "name": "Eve Extern", "external": True, "created_at": "2024-01-02"},
    {"username": "bad", "name": "Bad Blocked", "state": "blocked"},
    {"username": "ban", "name": "Ban Banned", "state": "banned"},
    {"username": "off", "name": "Off Off", "state": "deactivated", "two_factor_enabled": True},
    {"username": "robo", "name": "Robo", "user_type": "project_bot"},
    {"username": "alarm", "name": "Alarm", "user_type": "alert_bot"},
    {
        "username": "zoe",
        "name": "Zoe Ada",
        "email": "zoe@zoo.org",
        "public_email": "zoe@public.org",
        "auditor": True,
        "identities": [{"provider": "ldapmain", "extern_uid": "uid=zoe", "saml_provider_id": 9}],
        "emails": [{"email": "other@zoo.org"}, {"email": "never@zoo.org", "confirmed_at": None}],
        "custom_attributes": {"team": "blue"},
    },
]
BIG = {**WORLD, "users": [*WORLD["users"], *MORE]}


@pytest.fixture
def big() -> Api:
    return Api(BIG)


def found(api: Api, as_: str | None = "root", **given: object) -> list[str]:
    return names(api.get("users", as_, per_page=100, **given), "username")


ALL = ["zoe", "alarm", "robo", "off", "ban", "bad", "eve", "nora", "gil", "rex", "bob", "ada", "root"]
SHOWN = [name for name in ALL if name not in ("ban", "bad")]


def test_users_show_others_in_few_words(api: Api) -> None:
    answer = api.get("users", "nora", username="bob")
    assert (answer.status, answer.json) == (
        200,
        [
            {
                "id": 3,
                "username": "bob",
                "public_email": None,
                "name": "Bob Kahn",
                "state": "active",
                "locked": False,
                "avatar_url": "https://www.gravatar.com/avatar/"
                "5ff860bf1190596c7188ab851db691f0f3169c453936e9e1eba2f9a47f7a0018?s=80&d=identicon",
                "web_url": "http://localhost/bob",
            }
        ],
    )


def test_administrators_see_more_of_users_in_lists(api: Api) -> None:
    user = api.get("users", username="bob").json[0]
    assert user["email"] == "bob@example.com"
    assert user["namespace_id"] == api.get("namespaces/bob").json["id"]
    assert "current_sign_in_ip" not in user


def test_anonymous_requests_find_one_user_by_name_in_any_case(api: Api) -> None:
    assert found(api, None, username="ADA") == ["ada"]
    assert found(api, None, username="nobody") == []


def test_anonymous_requests_get_no_list(api: Api) -> None:
    answer = api.get("users", None)
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden - Not authorized to access /api/v4/users"})


def test_users_are_listed_newest_first_and_the_blocked_only_for_administrators(big: Api) -> None:
    assert found(big) == ALL
    assert found(big, "nora") == SHOWN


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"active": "true"}, [n for n in ALL if n not in ("alarm", "off", "ban", "bad")]),
        ({"active": "false"}, ALL),
        ({"exclude_active": "true"}, ["off", "ban", "bad"]),
        ({"blocked": "true"}, ["bad"]),
        ({"external": "true"}, ["eve"]),
        ({"exclude_external": "true"}, [n for n in ALL if n != "eve"]),
        ({"humans": "true"}, [n for n in ALL if n not in ("alarm", "robo")]),
        ({"exclude_humans": "true"}, ["alarm", "robo"]),
        ({"exclude_internal": "true"}, [n for n in ALL if n != "alarm"]),
        ({"without_project_bots": "true"}, [n for n in ALL if n != "robo"]),
        ({"public_email": "zoe@public.org"}, ["zoe"]),
        ({"created_before": "2024-02-01T00:00:00Z"}, ["eve"]),
        ({"created_after": "2024-02-01T00:00:00Z"}, [n for n in ALL if n != "eve"]),
        ({"without_projects": "true"}, ["zoe", "alarm", "robo", "off", "ban", "bad", "eve", "nora", "root"]),
        ({"admins": "true"}, ["root"]),
        ({"auditors": "true"}, ["zoe"]),
        ({"two_factor": "enabled"}, ["off"]),
        ({"two_factor": "disabled"}, [n for n in ALL if n != "off"]),
        ({"two_factor": "perhaps"}, ALL),
        ({"custom_attributes[team]": "blue"}, ["zoe"]),
        ({"custom_attributes[team]": "red"}, []),
        ({"saml_provider_id": "9"}, ["zoe"]),
        ({"skip_ldap": "true"}, [n for n in ALL if n != "zoe"]),
        ({"extern_uid": "uid=zoe", "provider": "ldapmain"}, ["zoe"]),
        ({"extern_uid": "uid=zoe", "provider": "saml"}, []),
    ],
)
def test_a_filter_keeps_the_users_that_fit(big: Api, given: dict[str, str], expected: list[str]) -> None:
    assert found(big, **given) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"created_before": "2024-02-01T00:00:00Z"},
        {"without_projects": "true"},
        {"admins": "true"},
        {"two_factor": "enabled"},
        {"custom_attributes[team]": "blue"},
        {"order_by": "name", "sort": "asc"},
    ],
)
def test_filters_of_administrators_do_nothing_for_others(big: Api, given: dict[str, str]) -> None:
    assert found(big, "nora", **given) == SHOWN


def test_nobody_but_administrators_finds_blocked_users(big: Api) -> None:
    assert found(big, "nora", blocked="true") == []


def test_only_administrators_look_for_identities(big: Api) -> None:
    given = {"extern_uid": "uid=zoe", "provider": "ldapmain"}
    answer = big.get("users", "nora", **given)
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert big.get("users", None, **given).status == 401


def test_an_identity_is_named_with_its_provider(big: Api) -> None:
    answer = big.get("users", provider="ldapmain")
    assert answer.status == 400
    assert answer.json == {"error": "extern_uid, provider provide all or none of parameters"}


@pytest.mark.parametrize(
    ("order", "sort", "first"),
    [
        ("id", "asc", "root"),
        ("created_at", "asc", "root"),
        ("name", "asc", "ada"),
        ("name", "desc", "zoe"),
        ("username", "asc", "ada"),
        ("updated_at", "desc", "zoe"),
    ],
)
def test_administrators_choose_the_order(api: Api, order: str, sort: str, first: str) -> None:
    api = Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", "name": "Zoe"}]})
    api.put("users/2", name="Aaa")
    expected = {"updated_at": "zoe"}.get(order, first)
    assert found(api, order_by=order, sort=sort)[0] == expected


def test_an_unknown_order_is_refused(api: Api) -> None:
    answer = api.get("users", order_by="age")
    assert (answer.status, answer.json) == (400, {"error": "order_by does not have a valid value"})


# Search


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada", ["ada", "zoe"]),
        ("@ada", ["ada", "zoe"]),
        ("LOVE ada", ["ada"]),
        ("o", []),
        ("zoe@public.org", ["zoe"]),
        ("zoe@zoo.org", []),
        ("", []),
    ],
)
def test_a_search_puts_the_best_first(big: Api, text: str, expected: list[str]) -> None:
    assert found(big, "nora", search=text) == expected


def test_administrators_search_in_private_and_confirmed_emails(big: Api) -> None:
    assert found(big, search="zoe@zoo.org") == ["zoe"]
    assert found(big, search="other@zoo.org") == ["zoe"]
    assert found(big, search="never@zoo.org") == []


# Pages


def test_users_are_paged_by_keyset(api: Api) -> None:
    given = {"pagination": "keyset", "order_by": "username", "sort": "asc", "per_page": "4"}
    first = api.get("users", **given)
    assert names(first, "username") == ["ada", "bob", "gil", "nora"]
    assert "X-Total" not in first.headers
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    second = api.get("users", **dict(parse_qsl(urlsplit(link[1:-13]).query)))
    assert names(second, "username") == ["rex", "root"]
    assert "Link" not in second.headers


def test_users_are_paged_by_number(api: Api) -> None:
    answer = api.get("users", per_page=4, page=2)
    assert names(answer, "username") == ["ada", "root"]
    assert answer.headers["X-Total"] == "6"


# Custom attributes


def test_administrators_see_custom_attributes_when_they_ask(big: Api) -> None:
    user = big.get("users", username="zoe", with_custom_attributes="true").json[0]
    assert user["custom_attributes"] == [{"key": "team", "value": "blue"}]
    assert "custom_attributes" not in big.get("users", username="zoe").json[0]
    assert "custom_attributes" not in big.get("users", "ada", username="zoe", with_custom_attributes="true").json[0]
    assert big.get("users/13", with_custom_attributes="true").json["custom_attributes"][0]["key"] == "team"
