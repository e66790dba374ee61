import pytest

from mockgitlab.report.privileges import Privilege, RoleNeed, least_privileges
from tests.report.exchanges import exchanges, get
from tests.support import WORLD, Api


def privileges(api: Api, *roles: RoleNeed) -> list[Privilege]:
    return least_privileges(exchanges(api), roles)


@pytest.fixture
def api() -> Api:
    tokens = [
        {"token": f"{name}-token", "user": name, "name": name, "scopes": ["api", "sudo"]} for name in ("root", "ada")
    ]
    return Api({**WORLD, "tokens": tokens})


def test_reading_needs_read_api_alone(api: Api) -> None:
    get(api, "projects/1", "projects")
    [found] = privileges(api)
    assert (found.token, found.scopes, found.needed, found.excessive) == ("ada", ("api", "sudo"), ("read_api",), True)
    assert found.told() == "token ada of ada has api + sudo; read_api suffices"


def test_what_a_narrow_scope_allows_needs_no_more(api: Api) -> None:
    get(api, "user", "version", "users/1")
    assert [one.needed for one in privileges(api)] == [("read_user",)]


def test_a_few_writes_are_told_as_exceptions(api: Api) -> None:
    get(api, *["projects/1"] * 5)
    api.post("projects/1/issues", "ada", title="x")
    [found] = privileges(api)
    assert (found.needed, found.else_needed) == (("api",), ("read_api",))
    assert found.forced_by == {"POST /projects/:id/issues": 1}
    assert found.told().endswith("; api suffices; read_api but for POST /projects/:id/issues (1)")


def test_a_token_that_has_just_what_it_needs_has_no_excess(api: Api) -> None:
    api.request("POST", "projects/1/issues", "root", headers={"Sudo": "ada"}, title="x")
    [found] = privileges(api)
    assert (found.user, found.needed, found.excessive) == ("ada", ("api", "sudo"), False)


def test_refused_and_anonymous_requests_need_nothing(api: Api) -> None:
    api.post("projects/1/issues", "ada")
    api.get("projects/2", None)
    assert privileges(api) == []


def test_the_role_that_a_trial_found_is_told_with_the_scopes(api: Api) -> None:
    get(api, *["projects/1"] * 10)
    need = RoleNeed("ada", "owner", "guest", "without a role", {"GET /projects/:id": 1}, unproven=2, rank=1)
    [found] = privileges(api, need)
    assert found.told() == (
        "token ada of ada has api + sudo and is owner; read_api and guest suffice; "
        "without a role but for GET /projects/:id (1) (2 requests could not be tried)"
    )
    assert found.to_json()["role"]["needed"] == "guest"


def test_a_token_that_needs_no_role_is_told_so(api: Api) -> None:
    get(api, "user")
    [found] = privileges(api, RoleNeed("ada", "owner", "without a role"))
    assert found.told() == "token ada of ada has api + sudo and is owner; read_user suffices without a role"


def test_tokens_of_one_name_with_other_scopes_are_told_apart() -> None:
    scopes = ("api", "read_api")
    tokens = [{"token": f"ada-{scope}", "user": "ada", "name": "ada", "scopes": [scope]} for scope in scopes]
    api = Api({**WORLD, "tokens": tokens})
    for scope in scopes:
        api.request("GET", "projects", None, headers={"Private-Token": f"ada-{scope}"})
    assert [(one.scopes, one.excessive) for one in privileges(api)] == [(("api",), True), (("read_api",), False)]
