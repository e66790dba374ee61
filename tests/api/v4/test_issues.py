import pytest

from tests.issue_world import issue_api, world
from tests.support import WORLD, Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


def user(id: int, username: str, name: str) -> dict[str, object]:
    import hashlib

    digest = hashlib.sha256(f"{username}@example.com".encode()).hexdigest()
    return {
        "id": id,
        "username": username,
        "public_email": None,
        "name": name,
        "state": "active",
        "locked": False,
        "avatar_url": f"https://www.gravatar.com/avatar/{digest}?s=80&d=identicon",
        "web_url": f"http://localhost/{username}",
    }


def test_an_issue_is_shown_whole(api: Api) -> None:
    url = "http://localhost/api/v4/projects/1"
    bob, now = user(3, "bob", "Bob Kahn"), "2024-05-01T09:00:00.000Z"
    expected = {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "title": "Alpha leaks",
        "description": None,
        "state": "opened",
        "created_at": now,
        "updated_at": now,
        "closed_at": None,
        "closed_by": None,
        "labels": ["bug", "ui"],
        "milestone": {
            "id": 10002,
            "iid": 2,
            "project_id": 1,
            "title": "1.0",
            "description": None,
            "state": "active",
            "created_at": now,
            "updated_at": now,
            "due_date": "2024-06-01",
            "start_date": None,
            "expired": False,
            "web_url": "http://localhost/acme/rocket/-/milestones/2",
        },
        "assignees": [],
        "author": bob,
        "type": "ISSUE",
        "assignee": None,
        "user_notes_count": 0,
        "merge_requests_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": False,
        "discussion_locked": None,
        "issue_type": "issue",
        "web_url": "http://localhost/acme/rocket/-/issues/1",
        "time_stats": {
            "time_estimate": 0,
            "total_time_spent": 0,
            "human_time_estimate": None,
            "human_total_time_spent": None,
        },
        "task_completion_status": {"count": 0, "completed_count": 0},
        "weight": 3,
        "blocking_issues_count": 0,
        "has_tasks": False,
        "_links": {
            "self": f"{url}/issues/1",
            "notes": f"{url}/issues/1/notes",
            "award_emoji": f"{url}/issues/1/award_emoji",
            "project": url,
            "closed_as_duplicate_of": None,
        },
        "references": {"short": "#1", "relative": "#1", "full": "acme/rocket#1"},
        "severity": "UNKNOWN",
        "subscribed": True,
        "moved_to_id": None,
        "imported": False,
        "imported_from": "none",
        "service_desk_reply_to": None,
        "epic_iid": None,
        "epic": None,
        "iteration": None,
        "health_status": None,
    }
    answer = api.get("projects/acme%2Frocket/issues/1", "bob")
    assert answer.status == 200
    assert list(answer.json) == list(expected)
    assert answer.json == expected


def test_the_community_edition_has_no_weight_nor_epics() -> None:
    shown = issue_api(gitlab={"edition": "ce"}).get("projects/1/issues/1").json
    absent = {"weight", "blocking_issues_count", "epic_iid", "epic", "iteration", "health_status"}
    assert absent.isdisjoint(shown)


def test_a_closed_issue_tells_when_and_by_whom(api: Api) -> None:
    shown = api.get("projects/1/issues/3").json
    assert (shown["state"], shown["closed_at"], shown["closed_by"]["username"]) == (
        "closed",
        "2024-04-01T00:00:00.000Z",
        "bob",
    )
    assert [one["username"] for one in shown["assignees"]] == ["ada", "rex"]
    assert shown["assignee"]["username"] == "ada"


def test_an_incident_has_a_severity_and_a_page_of_its_own(api: Api) -> None:
    shown = api.get("projects/1/issues/5").json
    assert (shown["type"], shown["severity"]) == ("INCIDENT", "HIGH")
    assert shown["web_url"] == "http://localhost/acme/rocket/-/issues/incident/5"


def test_boxes_in_the_description_are_counted() -> None:
    tasks = {"title": "x", "description": "- [x] a\n- [ ] b\n- [ ] c"}
    shown = issue_api({"issues": [tasks, {"title": "y", "description": "* [X] a"}]})
    first, second = (shown.get(f"projects/1/issues/{iid}").json for iid in (1, 2))
    assert first["task_completion_status"] == {"count": 3, "completed_count": 1}
    assert (first["has_tasks"], first["task_status"]) == (True, "1 of 3 checklist items completed")
    assert second["task_status"] == "1 of 1 checklist item completed"


def test_votes_and_comments_are_counted(api: Api) -> None:
    for who, emoji in (("bob", "thumbsup"), ("ada", "thumbsup"), ("rex", "thumbsdown"), ("rex", "tada")):
        assert api.post("projects/1/issues/2/award_emoji", who, name=emoji).status == 201
    api.post("projects/1/issues/2/notes", "bob", body="On it")
    api.put("projects/1/issues/2", "bob", title="renamed, which GitLab remarks")
    shown = api.get("projects/1/issues/2").json
    assert (shown["upvotes"], shown["downvotes"], shown["user_notes_count"]) == (2, 1, 1)


def test_an_issue_names_the_one_it_duplicates() -> None:
    api = issue_api({"issues": [{"title": "x"}, {"title": "y", "duplicated_to_id": 10001}]})
    links = api.get("projects/1/issues/2").json["_links"]
    assert links["closed_as_duplicate_of"] == "http://localhost/api/v4/projects/1/issues/1"


# Who may see


def test_a_missing_issue_is_not_found(api: Api) -> None:
    answer = api.get("projects/1/issues/99")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})
    assert answer.headers["X-Mockgitlab-Reason"] == "acme/rocket has no issue 99"


def test_an_internal_id_is_a_number(api: Api) -> None:
    answer = api.get("projects/1/issues/abc")
    assert (answer.status, answer.json) == (400, {"error": "issue_iid is invalid"})


@pytest.mark.parametrize(("who", "status"), [("root", 200), ("bob", 200), ("rex", 200), ("gil", 404), ("nora", 404)])
def test_a_confidential_issue_is_for_planners_and_those_it_belongs_to(api: Api, who: str, status: int) -> None:
    assert api.get("projects/1/issues/4", who).status == status


def test_an_author_sees_a_confidential_issue_whatever_the_role() -> None:
    api = issue_api(source={"issues": [{"title": "x", "author": "nora", "confidential": True, "assignees": ["gil"]}]})
    assert api.get("projects/2/issues/1", "nora").status == 200
    assert api.get("projects/2/issues/1", "gil").status == 200
    answer = api.get("projects/2/issues/1", "bob")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})
    assert answer.headers["X-Mockgitlab-Reason"] == "bob may not see issue 1 of open/source: it is confidential"
    assert api.get("projects/2/issues/1", None).status == 404


def test_a_project_may_keep_its_issues_to_members_or_have_none() -> None:
    private = {"issues_access_level": "private", "issues": [{"title": "x"}], "members": {"gil": "guest"}}
    api = issue_api(source=private)
    assert [api.get("projects/2/issues/1", who).status for who in ("gil", "root", "nora", None)] == [200, 200, 404, 404]
    assert api.get("projects/2/issues", "nora").json == []
    api = issue_api(source={**private, "issues_access_level": "disabled"})
    assert [api.get("projects/2/issues/1", who).status for who in ("gil", "root")] == [404, 404]
    assert api.get("projects/2/issues").json == []


def test_the_global_id_is_for_administrators(api: Api) -> None:
    assert api.get("issues/10002").json["title"] == "beta stalls"
    refused = api.get("issues/10002", "ada")
    assert (refused.status, refused.json) == (403, {"message": "403 Forbidden"})
    assert api.get("issues/10002", None).status == 401
    assert api.get("issues/2").json == {"message": "404 Not found"}


# What belongs to it


def test_participants_wrote_are_assigned_commented_or_are_mentioned(api: Api) -> None:
    api.put("projects/1/issues/2", "rex", description="ask @ada, not `@gil` nor @nora")
    api.post("projects/1/issues/2/notes", "ada", body="@acme sees this")
    answer = api.get("projects/1/issues/2/participants", "gil")
    assert names(answer, "username") == ["rex", "bob", "ada", "gil"]
    assert answer.headers["X-Total"] == "4"


def test_no_merge_requests_are_related_yet(api: Api) -> None:
    for name in ("related_merge_requests", "closed_by"):
        answer = api.get(f"projects/2/issues/1/{name}", None)
        assert (answer.status, answer.json, answer.headers["X-Total"]) == (200, [], "0")


def test_the_client_that_created_an_issue_is_told_to_administrators(api: Api) -> None:
    made = api.request("POST", "projects/1/issues", "ada", headers={"User-Agent": "rocket/1"}, title="x").json
    answer = api.get(f"projects/1/issues/{made['iid']}/user_agent_detail")
    assert answer.json["user_agent"] == "rocket/1"
    assert answer.json["akismet_submitted"] is False
    assert list(answer.json) == ["user_agent", "ip_address", "akismet_submitted"]
    assert api.get("projects/1/issues/1/user_agent_detail").json == {"message": "404 UserAgentDetail Not Found"}
    assert api.get("projects/1/issues/1/user_agent_detail", "ada").status == 403


def test_issues_of_personal_projects_are_in_no_epic_and_iteration() -> None:
    api = Api(WORLD)
    of_person, of_group = (api.post(f"projects/{project}/issues", "ada", title="x").json for project in (3, 1))
    assert not {"epic", "epic_iid", "iteration"} & of_person.keys()
    assert [of_group[name] for name in ("epic", "epic_iid", "iteration")] == [None] * 3
