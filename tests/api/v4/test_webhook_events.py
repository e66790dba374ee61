from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api, seen

pytestmark = pytest.mark.mockgitlab(scenario=world())
HOOK, EVENTS, DONE = "projects/1/hooks/1", "projects/1/hooks/1/events", (201, {"message": "201 Created"})


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    api.post("projects/1/hooks", url=receiver.url, push_events=False)
    return receiver


def filled(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="x")
    api.post("projects/1/issues/1/notes", "ada", body="y")
    api.post("projects/1/repository/branches", "ada", branch="new", ref="main")
    api.post("projects/1/merge_requests", "ada", source_branch="new", target_branch="main", title="z")
    file = {"branch": "main", "content": "job:\n  script: make\n", "commit_message": "CI"}
    api.post("projects/1/repository/files/.gitlab-ci.yml", "ada", **file)
    api.post("projects/1/releases", "ada", tag_name="v1.1")
    api.post("projects/1/wikis", "ada", title="home", content="x")
    api.post("projects/1/milestones", "ada", title="1.0")


@pytest.mark.parametrize(
    ("trigger", "event", "kind"),
    [
        ("push_events", "Push Hook", "push"),
        ("tag_push_events", "Tag Push Hook", "tag_push"),
        ("issues_events", "Issue Hook", "issue"),
        ("confidential_issues_events", "Confidential Issue Hook", "issue"),
        ("note_events", "Note Hook", "note"),
        ("confidential_note_events", "Confidential Note Hook", "note"),
        ("merge_requests_events", "Merge Request Hook", "merge_request"),
        ("job_events", "Job Hook", "build"),
        ("pipeline_events", "Pipeline Hook", "pipeline"),
        ("releases_events", "Release Hook", "release"),
        ("wiki_page_events", "Wiki Page Hook", "wiki_page"),
        ("emoji_events", "Emoji Hook", "emoji"),
        ("milestone_events", "Milestone Hook", "milestone"),
        ("resource_access_token_events", "Resource Access Token Hook", "access_token"),
    ],
)
def test_a_test_sends_the_newest_of_its_kind(api: Api, heard: Receiver, trigger: str, event: str, kind: str) -> None:
    filled(api)
    assert seen(api.post(f"{HOOK}/test/{trigger}", "ada")) == DONE
    assert (heard.events, heard.bodies[0]["object_kind"]) == ([event], kind)


@pytest.mark.parametrize(
    ("trigger", "missing"),
    [
        ("issues_events", "issues"),
        ("note_events", "notes"),
        ("merge_requests_events", "merge requests"),
        ("job_events", "CI jobs"),
        ("pipeline_events", "CI pipelines"),
        ("releases_events", "releases"),
        ("milestone_events", "milestones"),
        ("deployment_events", "deployments"),
        ("feature_flag_events", "feature flags"),
        ("vulnerability_events", "vulnerabilities"),
    ],
)
def test_where_there_is_nothing_to_send(api: Api, heard: Receiver, trigger: str, missing: str) -> None:
    told = {"message": f"Ensure the project has {missing}."}
    assert seen(api.post(f"{HOOK}/test/{trigger}", "ada")) == (422, told)
    assert heard.got == []


def test_where_there_is_no_wiki(api: Api, heard: Receiver) -> None:
    told = {"message": "Ensure the wiki is enabled and has pages."}
    assert seen(api.post(f"{HOOK}/test/wiki_page_events", "ada")) == (422, told)


def test_a_trigger_that_is_none(api: Api, heard: Receiver) -> None:
    told = {"error": "trigger does not have a valid value"}
    assert seen(api.post(f"{HOOK}/test/nonsense", "ada")) == (400, told)


def test_a_test_that_is_not_taken(api: Api, heard: Receiver) -> None:
    heard.status, heard.body = 500, b"broken"
    assert seen(api.post(f"{HOOK}/test/push_events", "ada")) == (422, {"message": "broken"})
    api.put(HOOK, url="http://127.0.0.1:1/")
    refused = api.post(f"{HOOK}/test/push_events", "ada")
    assert (refused.status, refused.json["message"][:29]) == (422, "Failed to open TCP connection")


def test_who_receives_a_test_may_call_back(api: Api, heard: Receiver) -> None:
    answers: list[int] = []
    heard.before = lambda: answers.append(api.get("projects/1").status)
    assert api.post(f"{HOOK}/test/push_events", "ada").status == 201
    assert answers == [200]


def test_a_test_of_a_groups_hook_is_about_its_first_project_with_commits(api: Api, receiver: Receiver) -> None:
    api.post("groups/1/hooks", url=receiver.url)
    assert seen(api.post("groups/1/hooks/1/test/push_events", "ada")) == DONE
    assert receiver.bodies[0]["project_id"] == 1
    api.post("groups/2/hooks", url=receiver.url)
    told = {"message": "Ensure the group has a project with commits."}
    assert seen(api.post("groups/2/hooks/2/test/push_events")) == (422, told)


@pytest.mark.mockgitlab(scenario={**world(), "gitlab": {"limits": {"webhook_tests_per_minute": 2}}})
def test_tests_are_limited(api: Api, heard: Receiver) -> None:
    path = f"{HOOK}/test/push_events"
    assert [api.post(path, "ada").status for _ in range(3)] == [201, 201, 429]
    told = {"message": {"error": "This endpoint has been requested too many times. Try again later."}}
    assert api.post(f"{EVENTS}/1/resend", "ada").json == told
    assert api.post(path).status == 201
    api.server.advance("61s")
    assert api.post(path, "ada").status == 201


def test_events_are_listed_the_newest_first(api: Api, heard: Receiver) -> None:
    api.put(HOOK, token="secret")
    api.post(f"{HOOK}/test/push_events", "ada")
    heard.status = 404
    api.post(f"{HOOK}/test/tag_push_events", "ada")
    newest, oldest = api.get(EVENTS, "ada").json
    headers = oldest["response_headers"]
    assert oldest == {
        "id": 1,
        "url": heard.url,
        "trigger": "push_hooks",
        "request_headers": {**oldest["request_headers"], "X-Gitlab-Token": "[REDACTED]"},
        "request_data": heard.bodies[0],
        "response_headers": {**headers, "X-Receiver": "yes"},
        "response_body": "ok",
        "execution_duration": 0.0,
        "response_status": "200",
        "created_at": "2024-05-01T09:00:00.000Z",
    }
    assert newest["response_status"] == "404"


@pytest.mark.parametrize(
    ("status", "ids"),
    [("200", [1]), ("successful", [1]), ("client_failure", [2]), ("server_failure", [3]), ("404,200", [2, 1])],
)
def test_events_are_filtered_by_status(api: Api, heard: Receiver, status: str, ids: list[int]) -> None:
    for answer in (200, 404):
        heard.status = answer
        api.post(f"{HOOK}/test/push_events", "ada")
    api.put(HOOK, url="http://127.0.0.1:1/")
    api.post(f"{HOOK}/test/push_events", "ada")
    assert [one["id"] for one in api.get(EVENTS, "ada", status=status).json] == ids


def test_events_of_more_than_a_week_ago_are_not_listed(api: Api, heard: Receiver) -> None:
    api.post(f"{HOOK}/test/push_events", "ada")
    api.server.advance("8d")
    assert api.get(EVENTS, "ada").json == []
    assert seen(api.get(EVENTS, "ada", status="x")) == (400, {"error": "status does not have a valid value"})


def test_an_event_is_sent_again(api: Api, heard: Receiver) -> None:
    api.post(f"{HOOK}/test/push_events", "ada")
    assert seen(api.post(f"{EVENTS}/1/resend", "ada")) == (201, {"response_status": 200})
    (_, first, body), (_, again, same) = heard.got
    assert body == same
    assert first["Idempotency-Key"] == again["Idempotency-Key"]
    assert first["X-Gitlab-Webhook-UUID"] != again["X-Gitlab-Webhook-UUID"]
    assert seen(api.post(f"{EVENTS}/9/resend", "ada")) == (404, {"message": "404 Not found"})


def test_what_went_to_another_url_is_not_sent_again(api: Api, heard: Receiver) -> None:
    api.post(f"{HOOK}/test/push_events", "ada")
    api.put(HOOK, url=heard.url + "/other")
    told = {"message": "The hook URL has changed, and this log entry cannot be retried"}
    assert seen(api.post(f"{EVENTS}/1/resend", "ada")) == (422, told)


def test_a_disabled_hook_is_tested_and_sent_nothing_again(api: Api, heard: Receiver) -> None:
    heard.status = 500
    for _ in range(5):
        api.post(f"{HOOK}/test/push_events", "ada")
    assert len(heard.got) == 5
    assert seen(api.post(f"{EVENTS}/1/resend", "ada")) == (422, {"message": "Hook disabled"})


def test_a_system_hook_is_tested(api: Api, receiver: Receiver) -> None:
    api.post("hooks", url=receiver.url)
    sample: dict[str, Any] = {
        "event_name": "project_create",
        "name": "Ruby",
        "path": "ruby",
        "project_id": 1,
        "owner_name": "Someone",
        "owner_email": "example@gitlabhq.com",
    }
    assert seen(api.post("hooks/1")) == (201, sample)
    assert (receiver.events, receiver.bodies) == (["System Hook"], [sample])
    assert api.post("hooks/1", "ada").status == 403


def test_only_who_may_change_hooks_tests_them(api: Api, heard: Receiver) -> None:
    assert [api.post(f"{HOOK}/test/push_events", who).status for who in ("bob", "nora", None)] == [403, 404, 401]
    assert [api.get(EVENTS, who).status for who in ("bob", "ada")] == [403, 200]
