from pathlib import Path
from typing import Any

import pytest

from mockgitlab import load_scenario
from mockgitlab.api.definitions import definitions
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.playback.exchange import Body, Exchange, Got, Sent
from mockgitlab.playback.learn import NothingToLearn, learn
from mockgitlab.playback.recording import Recording
from tests.playback.exchanges import JSON, got, posted
from tests.playback.learning import ROCKET, ROOT, differences, learned_of, session

TEAM = ROOT / "scenarios" / "team.yaml"
READS = [
    *("/api/v4/version", "/api/v4/user", "/api/v4/users", "/api/v4/users/3", "/api/v4/user/keys"),
    *("/api/v4/groups", "/api/v4/groups/acme", "/api/v4/groups/acme/members", "/api/v4/groups/acme/labels"),
    *("/api/v4/groups/acme/milestones", "/api/v4/groups/acme/subgroups", "/api/v4/groups/acme/projects"),
    *("/api/v4/groups/acme/epics", "/api/v4/groups/acme/epics/1", "/api/v4/groups/acme/epics/1/issues"),
    *("/api/v4/groups/acme/epics/1/epics", "/api/v4/groups/acme/iterations"),
    *("/api/v4/groups/acme/issues?per_page=5", "/api/v4/issues?scope=all&per_page=3", "/api/v4/projects"),
    *(ROCKET, f"{ROCKET}/members", f"{ROCKET}/members/all", f"{ROCKET}/labels", f"{ROCKET}/milestones"),
    *(f"{ROCKET}/issues?per_page=100", f"{ROCKET}/issues/1", f"{ROCKET}/issues/2", f"{ROCKET}/issues/2/links"),
    *(f"{ROCKET}/issues/1/notes", f"{ROCKET}/issues/1/discussions", f"{ROCKET}/issues/1/award_emoji"),
    *(f"{ROCKET}/merge_requests/1/award_emoji", f"{ROCKET}/merge_requests", f"{ROCKET}/merge_requests/1/notes"),
    *(f"{ROCKET}/merge_requests/1/commits", f"{ROCKET}/repository/branches", f"{ROCKET}/repository/commits"),
    *(f"{ROCKET}/repository/commits?ref_name={name}" for name in ("more-thrust", "manual")),
    *(f"{ROCKET}/repository/tree?recursive=true", f"{ROCKET}/repository/files/README.md?ref=main"),
    *(f"{ROCKET}/repository/files/src%2Fengine.py?ref={name}" for name in ("main", "more-thrust")),
    *(f"{ROCKET}/repository/files/README.md/raw?ref=main", f"{ROCKET}/protected_branches", f"{ROCKET}/starrers"),
    *(f"{ROCKET}/releases", f"{ROCKET}/snippets", f"{ROCKET}/wikis", f"{ROCKET}/issues/999"),
    "/api/v4/projects/acme%2Fnothing",
]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    calls: list[Any] = [("GET", path) for path in READS]
    return session(tmp_path_factory.mktemp("team") / "team.yaml", TEAM, calls, "bob-token")


def test_a_whole_team_is_learned_so_that_every_read_is_answered_as_recorded(team: Recording) -> None:
    assert len(team) == len(READS)
    assert differences(team, learn(team, definitions())) == {}


def test_what_was_learned_is_a_scenario_that_can_be_written_and_loaded(team: Recording, tmp_path: Path) -> None:
    path = tmp_path / "learned.yaml"
    path.write_text(learn(team, definitions()).text("team.yaml"))
    store = load_scenario(path).store
    rocket = store[Project].find(full_path="acme/rocket")
    assert rocket is not None
    assert (rocket.default_branch, rocket.star_count) == ("main", 2)
    first = store[Issue].find(project_id=rocket.id, iid=1)
    assert first is not None
    assert store[User][first.author_id].username == "rex"
    assert path.read_text().startswith("# Learned from team.yaml by mockgitlab learn")


def test_the_state_before_the_session_is_learned_and_the_session_can_be_played_on_it(tmp_path: Path) -> None:
    issue = f"{ROCKET}/issues/1"
    calls: list[Any] = [
        *(("GET", path) for path in ("/api/v4/user", ROCKET, f"{ROCKET}/labels", f"{ROCKET}/milestones", issue)),
        *(("GET", f"{ROCKET}/issues/2"), ("GET", f"{ROCKET}/issues/2/links")),
        *(("GET", f"{issue}/notes"), ("GET", f"{issue}/award_emoji"), ("GET", f"{ROCKET}/issues?per_page=100")),
        ("POST", f"{ROCKET}/issues", {"title": "New", "labels": "bug"}),
        ("GET", f"{ROCKET}/issues/46"),
        ("POST", f"{ROCKET}/issues/46/notes", {"body": "Hm"}),
        ("GET", f"{ROCKET}/issues/46/notes"),
        ("PUT", issue, {"title": "Changed"}),
        ("GET", issue),
        *(("DELETE", f"{ROCKET}/issues/44"), ("GET", f"{ROCKET}/issues/44"), ("GET", f"{ROCKET}/issues?state=closed")),
    ]
    recording = session(tmp_path / "session.yaml", TEAM, calls)
    learned = learn(recording, definitions())
    [project] = [one for one in learned.scenario["projects"] if one["path"] == "acme/rocket"]
    issues = {one["iid"]: one["title"] for one in project["issues"]}
    assert (issues[1], issues[44], 46 in issues) == ("It explodes", "Old ticket 40", False)
    different = [one for every in differences(recording, learned).values() for one in every]
    not_seen = ("body.local_time: was '10:00 AM', is None", "merge_requests_count: was 1, is 0")
    assert [one for one in different if not one.endswith(not_seen)] == []


def test_a_token_is_that_of_the_user_it_was_told_to_be(tmp_path: Path) -> None:
    recording = session(tmp_path / "a.yaml", TEAM, [("GET", "/api/v4/user"), ("GET", ROCKET)], token="eve-token")
    learned = learn(recording, definitions())
    assert learned.scenario["tokens"] == [{"token": "SCRUBBED-1", "user": "eve", "scopes": ["api"]}]
    assert not any("whose token" in one for one in learned.remarks)


def test_a_token_nobody_is_known_behind_is_roots_and_a_comment_says_so(tmp_path: Path) -> None:
    mine = (("Private-Token", "SCRUBBED-1"),)
    learned = learned_of(tmp_path / "a.yaml", got("/api/v4/projects/7/issues", [ISSUE], headers=mine))
    assert learned.scenario["tokens"] == [{"token": "SCRUBBED-1", "user": "root", "scopes": ["api", "sudo"]}]
    assert "# Assumed: whose token SCRUBBED-1 is was not recorded: it is root's here." in learned.text("a.yaml")


def test_a_token_of_nobody_known_is_no_administrators_where_the_answers_show_it(tmp_path: Path) -> None:
    paths = ("/api/v4/users?per_page=2", ROCKET, f"{ROCKET}/labels", f"{ROCKET}/milestones")
    recording = session(tmp_path / "a.yaml", TEAM, [("GET", path) for path in paths], "bob-token")
    learned = learn(recording, definitions())
    assert learned.scenario["tokens"] == [{"token": "SCRUBBED-1", "user": "recorder", "scopes": ["api"]}]
    [acme] = [one for one in learned.scenario["groups"] if one["path"] == "acme"]
    assert acme["members"] == [{"user": "recorder", "access": 40}]
    assert list(differences(recording, learned)) == ["GET /api/v4/users?per_page=2", f"GET {ROCKET}"]


def test_a_session_of_the_api_v3_is_learned_too(tmp_path: Path) -> None:
    client = "/api/v3/projects/1"
    paths = ["/api/v3/user", "/api/v3/projects", client, f"{client}/issues", f"{client}/issues/10002/notes"]
    scenario = ROOT / "scenarios" / "v3.yaml"
    recording = session(tmp_path / "a.yaml", scenario, [("GET", path) for path in paths], "jane-token")
    learned = learn(recording, definitions())
    assert (learned.scenario["gitlab"]["api"], learned.scenario["groups"][0]["name"]) == (["v3"], "Diaspora")
    assert differences(recording, learned) == {}


ADA = {"id": 2, "username": "ada", "name": "Ada", "state": "active", "web_url": "https://gitlab.example.com/ada"}
ISSUE = {
    "id": 70,
    "iid": 3,
    "project_id": 7,
    "title": "It leaks",
    "state": "opened",
    "labels": ["bug"],
    "author": ADA,
    "issue_type": "issue",
    "web_url": "https://gitlab.example.com/acme/labs/pump/-/issues/3",
    "created_at": "2024-05-01T09:00:00.000Z",
}


def test_a_project_that_was_not_recorded_itself_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    learned = learned_of(tmp_path / "a.yaml", got("/api/v4/projects/7/issues", [ISSUE]))
    [project] = learned.scenario["projects"]
    assert (project["path"], project["id"], project["labels"]) == ("acme/labs/pump", 7, [{"id": 1, "name": "bug"}])
    assert [one["path"] for one in learned.scenario["groups"]] == ["acme", "acme/labs"]
    assert "the project acme/labs/pump itself was not recorded, only what is in it" in learned.remarks
    assert project["issues"][0]["author"] == "ada"


def test_the_first_user_is_root_and_who_else_has_its_id_gets_another(tmp_path: Path) -> None:
    others = [{**ADA, "id": 1}, {**ADA, "id": 2, "username": "bob"}, {**ADA, "id": 9, "username": "root"}]
    learned = learned_of(tmp_path / "a.yaml", got("/api/v4/users", others))
    ids = {one["username"]: one.get("id") for one in learned.scenario["users"]}
    assert ids == {"ada": 10, "bob": 2, "root": None}
    assert learned.remarks == ["ada has another id here: that of 1 is root's"]
    assert [user.id for user in load_scenario(learned.scenario).store[User].all()] == [1, 2, 10]


def test_what_the_session_made_is_no_part_of_the_state_before(tmp_path: Path) -> None:
    changed = {**ISSUE, "title": "It floods"}
    made = {**ISSUE, "id": 71, "iid": 4, "title": "Made"}
    learned = learned_of(
        tmp_path / "a.yaml",
        posted("/api/v4/projects/7/issues", {"title": "Made"}, made),
        got("/api/v4/projects/7/issues/3", ISSUE),
        got("/api/v4/projects/7/issues", [made, changed]),
    )
    [project] = learned.scenario["projects"]
    assert [one["title"] for one in project["issues"]] == ["It leaks"]


def test_the_version_and_the_clock_are_those_of_the_recorded_server(tmp_path: Path) -> None:
    headers = (*JSON, ("Date", "Wed, 01 May 2024 09:30:00 GMT"))
    version = Exchange(Sent("GET", "/api/v4/version"), Got(200, headers, Body("json", {"version": "16.9.2-ee"})))
    learned = learned_of(tmp_path / "a.yaml", version, got("/api/v4/users/2", ADA))
    assert learned.scenario["gitlab"] == {"version": "16.9.2", "api": ["v4"], "clock": "2024-05-01T09:30:00.000Z"}


@pytest.mark.parametrize(
    ("exchanges", "told"),
    [
        ((), "has no exchanges"),
        ((got("/somewhere/else", {"a": 1}),), "1 exchanges, 0 of them with operations of the API, 1 answered well"),
        ((got("/api/v4/projects/1", {"message": "404 Project Not Found"}, 404),), "0 answered well"),
        ((got("/api/v4/version", ["odd", 1, None]),), "shows no user, group, project"),
    ],
)
def test_a_recording_that_shows_no_record_is_refused_and_told_why(tmp_path: Path, exchanges: Any, told: str) -> None:
    with pytest.raises(NothingToLearn, match=told):
        learned_of(tmp_path / "a.yaml", *exchanges)


def test_paths_that_the_api_does_not_have_are_told_and_teach_nothing(tmp_path: Path) -> None:
    learned = learned_of(tmp_path / "a.yaml", got("/api/v4/users/2", ADA), got("/stub", {"id": 1}))
    assert "GET /stub is no operation of the API and taught nothing" in learned.remarks
    assert [one["username"] for one in learned.scenario["users"]] == ["ada"]
