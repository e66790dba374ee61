import pytest

from mockgitlab.api.definitions import definitions
from mockgitlab.api.models.user import User
from mockgitlab.report.privileges import RoleNeed
from mockgitlab.web.trial import Trials
from tests.support import Api


def needs(api: Api) -> dict[str, RoleNeed]:
    server = api.server
    found = Trials(server.worlds, definitions(), server.gateway.pipeline, server.journal).needed_roles()
    return {one.user: one for one in found}


def test_a_user_who_only_reads_a_private_project_needs_to_be_guest(api: Api) -> None:
    api.get("projects/1", "ada")
    need = needs(api)["ada"]
    assert (need.role, need.needed, need.lower) == ("owner", "guest", "without a role")
    assert need.forced_by == {"GET /projects/:id": 1}


@pytest.mark.parametrize(
    ("role", "method", "path", "sent"),
    [
        ("planner", "POST", "projects/1/labels", {"name": "a", "color": "red"}),
        ("maintainer", "PUT", "projects/1", {"description": "x"}),
        ("owner", "DELETE", "groups/2", {}),
    ],
)
def test_the_role_is_the_lowest_with_which_the_request_passes(
    api: Api, role: str, method: str, path: str, sent: dict[str, str]
) -> None:
    assert api.request(method, path, "ada", **sent).status < 300
    assert needs(api)["ada"].needed == role


def test_what_a_user_made_himself_needs_no_role(api: Api) -> None:
    assert api.post("projects", "ada", name="own").status == 201
    assert api.put("projects/ada%2Fown", "ada", description="x").status == 200
    assert needs(api)["ada"].needed == "without a role"


def test_an_administrator_is_tried_as_a_member(api: Api) -> None:
    api.post("projects/1/labels", "root", name="a", color="red")
    assert needs(api)["root"].needed == "planner"
    assert api.get("users/2/custom_attributes", "root").status == 200
    assert needs(api)["root"].needed == "administrator"


def test_what_cannot_be_repeated_is_counted_and_proves_nothing(api: Api) -> None:
    made = api.store.insert(User(username="made-by-hand", name="x", email="x@example.com"))
    assert api.get(f"users/{made.id}", "ada").status == 200
    need = needs(api)["ada"]
    assert (need.unproven, need.needed) == (1, "without a role")


def test_time_passes_as_it_did_and_the_world_itself_is_left_alone(api: Api) -> None:
    api.get("projects/1", "ada")
    api.server.advance("400d")
    api.get("projects/1", "ada")
    before = api.server.state()
    assert needs(api)["ada"].unproven == 0
    assert api.server.state() == before
    assert len(api.server.journal) == 2


def test_nothing_seen_needs_nothing(api: Api) -> None:
    assert needs(api) == {}


def test_of_a_long_journal_the_rest_is_counted_as_not_tried(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from mockgitlab.web import trial

    monkeypatch.setattr(trial, "TRIED_AT_MOST", 1)
    for _ in range(3):
        api.get("projects/1", "ada")
    assert (needs(api)["ada"].unproven, needs(api)["ada"].needed) == (2, "guest")


def test_what_gitlab_would_ignore_with_a_lower_role_needs_the_higher_one(api: Api) -> None:
    assert api.post("projects/1/issues", "ada", title="x", labels="bug").json["labels"] == ["bug"]
    need = needs(api)["ada"]
    assert (need.needed, need.lower, need.forced_by) == ("planner", "guest", {"POST /projects/:id/issues": 1})
    assert need.unproven == 0
