from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
HOOKS, ISSUES = "projects/1/hooks", "projects/1/issues"
ALL = ("push_events", "tag_push_events", "issues_events", "note_events", "merge_requests_events")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def hook(api: Api, url: str, /, at: str = HOOKS, **given: Any) -> None:
    given = {"push_events": False, **given}
    assert api.post(at, url=url, **given).status == 201


def triggers(api: Api) -> list[str]:
    return [one.trigger for one in api.server.deliveries()]


def test_what_happens_is_posted_in_order_with_gitlabs_headers(api: Api, receiver: Receiver) -> None:
    headers = [{"key": "X-Own", "value": "é"}]
    hook(api, receiver.url, issues_events=True, note_events=True, token="secret", custom_headers=headers)
    api.post(ISSUES, "ada", title="It explodes")
    api.post(f"{ISSUES}/1/notes", "ada", body="Again")
    first, second = api.server.deliveries()
    assert receiver.events == ["Issue Hook", "Note Hook"] == [first.event, second.event]
    path, sent, body = receiver.got[0]
    assert (path, body["object_attributes"]["title"]) == ("/hook", "It explodes")
    own = {name: value for name, value in sent.items() if name not in ("Host", "Accept-Encoding", "Content-Length")}
    assert own == {**first.headers, "X-Gitlab-Token": "secret", "X-Own": "é".encode().decode("latin-1")}
    assert first.headers == {
        "X-Own": "[REDACTED]",
        "Content-Type": "application/json",
        "User-Agent": "GitLab/17.5.0",
        "Idempotency-Key": first.headers["Idempotency-Key"],
        "X-Gitlab-Event": "Issue Hook",
        "X-Gitlab-Webhook-UUID": first.headers["X-Gitlab-Webhook-UUID"],
        "X-Gitlab-Instance": "http://localhost",
        "X-Gitlab-Event-UUID": first.headers["X-Gitlab-Event-UUID"],
        "X-Gitlab-Token": "[REDACTED]",
    }
    assert (first.status, first.answer, first.answer_headers["X-Receiver"], first.json) == (200, "ok", "yes", body)


def test_the_same_calls_send_the_same(receiver: Receiver) -> None:
    for _ in range(2):
        api = Api(world())
        hook(api, receiver.url, issues_events=True)
        api.post(ISSUES, "ada", title="x")
        api.server.deliveries()
    one, other = ({name: headers[name] for name in headers if name != "Host"} for _, headers, _ in receiver.got)
    assert (one, receiver.bodies[0]) == (other, receiver.bodies[1])


def test_hooks_of_groups_and_of_the_instance_are_told_too(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True, merge_requests_events=True)
    hook(api, receiver.url, at="groups/1/hooks", issues_events=True)
    hook(api, receiver.url, at="hooks", repository_update_events=True, tag_push_events=True)
    api.post(ISSUES, "ada", title="x")
    api.post("projects/3/issues", "ada", title="elsewhere")
    api.post("projects/1/repository/tags", "ada", tag_name="v9", ref="main")
    api.server.deliveries()
    assert receiver.events == ["Issue Hook", "Issue Hook", "System Hook", "System Hook"]
    assert [body.get("event_name") for body in receiver.bodies[2:]] == ["tag_push", "repository_update"]
    assert receiver.bodies[2]["commits"] == []


def test_what_is_refused_and_what_changes_nothing_is_not_told(api: Api, receiver: Receiver) -> None:
    flags: dict[str, Any] = dict.fromkeys(ALL, True)
    hook(api, receiver.url, **flags)
    api.post(ISSUES, "ada")
    api.post(ISSUES, "ada", title="x")
    api.put(f"{ISSUES}/1", "ada", title="x")
    api.post(f"{ISSUES}/1/subscribe", "bob")
    assert triggers(api) == ["issue_hooks"]


def test_confidential_issues_and_notes_are_told_to_who_wants_those(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True, note_events=True)
    hook(api, receiver.url, confidential_issues_events=True, confidential_note_events=True)
    api.post(ISSUES, "ada", title="x", confidential=True)
    api.post(f"{ISSUES}/1/notes", "ada", body="x")
    api.post(ISSUES, "ada", title="y")
    api.post(f"{ISSUES}/2/notes", "ada", body="x", internal=True)
    told = [(one.hook_id, one.event, one.json["event_type"]) for one in api.server.deliveries()]
    assert told == [
        (2, "Confidential Issue Hook", "confidential_issue"),
        (2, "Confidential Note Hook", "confidential_note"),
        (1, "Issue Hook", "issue"),
        (2, "Confidential Note Hook", "confidential_note"),
    ]


@pytest.mark.parametrize(
    ("filter", "strategy", "branches"),
    [
        ("release/*", "wildcard", ["release/1"]),
        ("main", "wildcard", []),
        ("^rel|^fix", "regex", ["release/1", "fix"]),
        ("main", "all_branches", ["release/1", "fix"]),
        ("", "wildcard", ["release/1", "fix"]),
    ],
)
def test_branches_are_filtered(api: Api, receiver: Receiver, filter: str, strategy: str, branches: list[str]) -> None:
    given: dict[str, Any] = {"push_events_branch_filter": filter, "branch_filter_strategy": strategy}
    hook(api, receiver.url, push_events=True, **given)
    for name in ("release/1", "fix"):
        api.post("projects/1/repository/branches", "ada", branch=name, ref="main")
    assert [one.json["ref"].removeprefix("refs/heads/") for one in api.server.deliveries()] == branches


def test_a_template_makes_what_is_sent(api: Api, receiver: Receiver) -> None:
    template = '{"kind": "{{object_kind}}", "title": "{{object_attributes.title}}", "id": {{object_attributes.id}}}'
    hook(api, receiver.url, issues_events=True, custom_webhook_template=template)
    api.post(ISSUES, "ada", title='A "quoted" one')
    [one] = api.server.deliveries()
    assert receiver.bodies == [{"kind": "issue", "title": 'A "quoted" one', "id": 10001}] == [one.json]


def test_a_template_that_makes_no_json_sends_nothing(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True, custom_webhook_template="{{object_kind}}")
    api.post(ISSUES, "ada", title="x")
    [one] = api.server.deliveries()
    assert receiver.got == []
    assert (one.status, one.reason[:51]) == (None, "Error while parsing rendered custom webhook templat")


def test_variables_stand_in_the_url_and_are_not_shown(api: Api, receiver: Receiver) -> None:
    pairs = [{"key": "name", "value": "secret"}]
    hook(api, receiver.url + "/{name}?q={name}", issues_events=True, url_variables=pairs)
    api.post(ISSUES, "ada", title="x")
    [one] = api.server.deliveries()
    assert (one.status, receiver.got[0][0]) == (200, "/hook/secret?q=secret")
    assert one.url == receiver.url + "/{name}?q={name}"


def test_a_name_in_the_url_signs_in(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url.replace("://", "://ada:pass@"), issues_events=True)
    api.post(ISSUES, "ada", title="x")
    api.server.deliveries()
    assert receiver.got[0][1]["Authorization"] == "Basic YWRhOnBhc3M="


def test_nothing_is_sent_elsewhere_unless_the_scenario_names_the_host(api: Api) -> None:
    hook(api, "http://hooks.example.com/", issues_events=True)
    api.post(ISSUES, "ada", title="x")
    [one] = api.server.deliveries()
    told = "hooks.example.com is not this machine, and gitlab.webhooks.hosts does not name it: nothing was sent"
    assert (one.status, one.reason) == (None, told)
    assert api.get(f"{HOOKS}/1").json["alert_status"] == "executable"


def test_a_hook_that_fails_again_and_again_is_disabled_for_a_while(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True)
    receiver.status = 500
    for number in range(5):
        api.post(ISSUES, "ada", title=f"{number}")
        api.server.deliveries()
    shown = api.get(f"{HOOKS}/1").json
    assert (len(receiver.got), shown["alert_status"]) == (4, "temporarily_disabled")
    assert shown["disabled_until"] == "2024-05-01T09:01:00.000Z"
    api.server.advance("61s")
    assert api.get(f"{HOOKS}/1").json["alert_status"] == "executable"
    receiver.status = 204
    api.post(ISSUES, "ada", title="x")
    assert [one.status for one in api.server.deliveries()] == [500, 500, 500, 500, 204]
    assert api.get(f"{HOOKS}/1").json["disabled_until"] is None


def test_who_does_not_listen_is_noted(api: Api, receiver: Receiver) -> None:
    hook(api, "http://127.0.0.1:1/", issues_events=True)
    api.post(ISSUES, "ada", title="x")
    [one] = api.server.deliveries()
    assert (one.status, one.reason[:48]) == (None, "Failed to open TCP connection to 127.0.0.1:1 ([E")


def test_who_receives_may_call_back(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True)
    answers: list[int] = []
    receiver.before = lambda: answers.append(api.get(f"{ISSUES}/1").status)
    api.post(ISSUES, "ada", title="x")
    api.server.deliveries()
    assert answers == [200]


def test_deliveries_are_chosen_by_what_they_have(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True, note_events=True)
    api.post(ISSUES, "ada", title="x")
    api.post(f"{ISSUES}/1/notes", "ada", body="x")
    server = api.server
    assert [len(server.deliveries(event="Note Hook")), len(server.deliveries(status="2xx"))] == [1, 2]
    assert [len(server.deliveries(url="*/hook", hook_id=1)), len(server.deliveries(status=404))] == [2, 0]
    with pytest.raises(ValueError, match="deliveries cannot be filtered by 'colour'"):
        server.deliveries(colour="red")


def test_a_reset_drops_what_waits(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True)
    api.post(ISSUES, "ada", title="x")
    api.server.reset()
    assert api.server.deliveries() == []


def test_stopping_waits_for_what_is_to_be_sent(api: Api, receiver: Receiver) -> None:
    hook(api, receiver.url, issues_events=True)
    for number in range(20):
        api.post(ISSUES, "ada", title=f"{number}")
    api.server.stop()
    assert len(receiver.got) == 20
