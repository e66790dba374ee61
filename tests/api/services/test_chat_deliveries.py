from typing import Any

import pytest

from tests.api.hook_data.test_pushes import commit
from tests.api.v4.repositories import sha, world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
AT, ISSUES = "projects/1/integrations", "projects/1/issues"
HOME = "http://localhost/acme/rocket"
PROJECT, ADA = f"<{HOME}|acme / rocket>", "Ada Lovelace (ada)"
HOOK = "http://localhost:9/"
AVATAR = (
    "https://www.gravatar.com/avatar/b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72?s=80&d=identicon"
)
CI = """
build: {script: make, stage: build}
test: {script: make test, stage: test}
"""


def slack(api: Api, slug: str = "slack", **given: Any) -> None:
    assert api.put(f"{AT}/{slug}", "ada", **{"webhook": HOOK, **given}).status == 200


def told(api: Api) -> list[Any]:
    return [one.json for one in api.server.deliveries()]


def texts(api: Api) -> list[str]:
    return [one["text"] for one in told(api)]


def issue(api: Api, title: str = "It smokes", **given: Any) -> None:
    assert api.post(ISSUES, "ada", title=title, **given).status == 201


def message(text: str, *attachments: dict[str, Any]) -> dict[str, Any]:
    return {"attachments": list(attachments), "fallback": text, "text": text}


# What Slack is sent


def test_slack_is_posted_a_form(api: Api, receiver: Receiver) -> None:
    slack(api, webhook=receiver.url, username="lab", channel="#dev, #ops ,#dev")
    issue(api, "[It] <smokes>", description="See [this](http://x/) and <http://y/|that>")
    [first, second] = api.server.deliveries()
    title = f"{HOME}/-/issues/1"
    text = f"[{PROJECT}] Issue <{title}|#1 It smokes> opened by {ADA}"
    detail = {
        "title": "#1 It smokes",
        "title_link": title,
        "text": "See <http://x/|this> and &lt;http://y/|that&gt;",
        "color": "#C95823",
    }
    assert receiver.bodies == [
        {"channel": channel, "username": "lab", **message(text, detail)} for channel in ("#dev", "#ops")
    ]
    path, headers, _ = receiver.got[0]
    assert (path, headers["Content-Type"]) == ("/hook", "application/x-www-form-urlencoded")
    assert (first.event, first.trigger, first.integration, first.hook_id) == (
        "Issue Hook",
        "issue_hooks",
        "slack",
        None,
    )
    assert (second.status, second.json, second.url) == (200, receiver.bodies[1], receiver.url)
    assert [one.id for one in api.server.deliveries(integration="slack")] == [first.id, second.id]


def test_what_happens_to_an_issue(api: Api) -> None:
    slack(api)
    issue(api)
    api.put(f"{ISSUES}/1", "ada", title="It still smokes")
    api.put(f"{ISSUES}/1", "ada", state_event="close")
    api.post(f"{ISSUES}/1/notes", "ada", body="Why?\n\nSee [this](http://x/)")
    opened, closed, note = told(api)
    name = f"<{HOME}/-/issues/1|#1 It still smokes>"
    assert opened["text"] == f"[{PROJECT}] Issue <{HOME}/-/issues/1|#1 It smokes> opened by {ADA}"
    assert closed == message(f"[{PROJECT}] Issue {name} closed by {ADA}")
    where = f"<{HOME}/-/issues/1#note_2|commented on issue #1>"
    body = {"text": "Why?\n\nSee <http://x/|this>", "color": "#334455"}
    assert note == message(f"{ADA} {where} in {PROJECT}: *It still smokes*", body)


def test_pushes(api: Api) -> None:
    slack(api, branches_to_be_notified="all")
    before = sha(api)
    made = commit(api, "main", "new.txt")
    api.post("projects/1/repository/branches", "ada", branch="next", ref="main")
    api.delete("projects/1/repository/branches/next", "ada")
    api.post("projects/1/repository/tags", "ada", tag_name="v9", ref="main")
    pushed, new, gone, tag = told(api)
    compare = f"<{HOME}/-/compare/{before}...{made['id']}|Compare changes>"
    assert pushed == message(
        f"Ada Lovelace pushed to branch <{HOME}/-/commits/main|main> of {PROJECT} ({compare})",
        {"text": f"<{HOME}/-/commit/{made['id']}|{made['id'][:8]}>: Add new.txt - Ada Lovelace", "color": "#334455"},
    )
    assert new == message(f"Ada Lovelace pushed new branch <{HOME}/-/commits/next|next> to {PROJECT}")
    assert gone == message(f"Ada Lovelace removed branch next from {PROJECT}")
    assert tag == message(f"Ada Lovelace pushed new tag <{HOME}/-/tags/v9|v9> to {PROJECT}")


def test_merge_requests_and_comments_on_them_and_on_commits(api: Api) -> None:
    slack(api, push_events=False)
    api.post("projects/1/merge_requests", "ada", source_branch="feature/launch", target_branch="main", title="Launch")
    api.put("projects/1/merge_requests/1", "ada", title="Launch it")
    api.post("projects/1/merge_requests/1/approve", "bob")
    api.post("projects/1/merge_requests/1/notes", "ada", body="Well")
    api.post(f"projects/1/repository/commits/{sha(api)}/comments", "ada", note="Fine")
    opened, approved, note, on_commit = texts(api)
    where = f"<{HOME}/-/merge_requests/1|!1 *Launch*> in {PROJECT}"
    assert opened == f"{ADA} opened merge request {where}"
    assert approved == f"Bob Kahn (bob) approved merge request {where.replace('Launch', 'Launch it')}"
    at = f"{HOME}/-/merge_requests/1#note_"
    number = note.removeprefix(f"{ADA} <{at}").partition("|")[0]
    assert note == f"{ADA} <{at}{number}|commented on merge request !1> in {PROJECT}: *Launch it*"
    assert on_commit.endswith(f"|commented on commit {sha(api)[:8]}> in {PROJECT}: *Initial commit*")


def test_pages_of_wikis_and_deployments(api: Api) -> None:
    slack(api, deployment_events=True)
    api.post("projects/1/wikis", "ada", title="Home", content="x")
    api.put("projects/1/wikis/Home", "ada", content="y")
    api.post("projects/1/environments", "ada", name="production")
    given = {"environment": "production", "sha": sha(api), "ref": "main", "tag": False}
    made = api.post("projects/1/deployments", "ada", status="running", **given).json["id"]
    api.put(f"projects/1/deployments/{made}", "ada", status="failed")
    created, edited, began, failed = told(api)
    page = f"<{HOME}/-/wikis/Home|wiki page> in {PROJECT}: *Home*"
    assert created == message(f"{ADA} created {page}", {"text": "ada created page: Home", "color": "#334455"})
    assert edited["text"] == f"{ADA} edited {page}"
    head = f"<{HOME}/-/commit/{sha(api)}|{sha(api)[:8]}>: Initial commit"
    detail = f"{PROJECT} with job [#]() by <http://localhost/ada|{ADA}>\n{head}"
    assert began == message("Starting deploy to production", {"text": detail, "color": "#334455"})
    assert failed == message("Deploy to production failed", {"text": detail, "color": "danger"})


def run(api: Api, config: str = CI) -> dict[str, Any]:
    given = {"branch": "main", "content": config, "commit_message": "CI"}
    assert api.post("projects/1/repository/files/.gitlab-ci.yml", "ada", **given).status == 201
    pipeline: dict[str, Any] = api.get("projects/1/pipelines/latest").json
    return pipeline


def test_a_pipeline_that_ended(api: Api) -> None:
    slack(api, push_events=False, notify_only_broken_pipelines=False)
    pipeline = run(api)
    [ended] = told(api)
    url = f"{HOME}/-/pipelines/{pipeline['id']}"
    ref, home = f"<{HOME}/-/commits/main|main>", f"<{HOME}|rocket>"
    name = f"Pipeline <{url}|#{pipeline['id']}> of branch {ref} by {ADA} has passed"
    [attachment] = ended["attachments"]
    assert ended == {"attachments": [attachment], "fallback": attachment["fallback"], "text": ""}
    assert attachment == {
        "fallback": f"{home}: {name} in 00:00",
        "color": "good",
        "author_name": ADA,
        "author_icon": AVATAR,
        "author_link": "http://localhost/ada",
        "title": f"Pipeline #{pipeline['id']} has passed in 00:00",
        "title_link": url,
        "fields": [
            {"title": "Branch", "value": ref, "short": True},
            {"title": "Commit", "value": f"<{HOME}/-/commit/{pipeline['sha']}|CI>", "short": True},
        ],
        "footer": "rocket",
        "footer_icon": None,
        "ts": 1714554000,
    }


def test_what_failed_of_a_pipeline_is_named(api: Api) -> None:
    slack(api, push_events=False)
    pipeline = run(api, "build: {script: make, stage: build}\ntest: {script: exit 1}\nlint: {script: exit 1}\n")
    [ended] = told(api)
    [attachment] = ended["attachments"]
    url = f"{HOME}/-/pipelines/{pipeline['id']}/failures"
    jobs = {job["name"]: job["id"] for job in api.get(f"projects/1/pipelines/{pipeline['id']}/jobs").json}
    assert (attachment["color"], attachment["title_link"]) == ("danger", url)
    assert attachment["title"] == f"Pipeline #{pipeline['id']} has failed in 00:00"
    links = ", ".join(f"<{HOME}/-/jobs/{jobs[name]}|{name}>" for name in ("lint", "test"))
    assert attachment["fields"][2:] == [
        {"title": "Failed stage", "value": f"<{url}|test>", "short": True},
        {"title": "Failed jobs", "value": links, "short": True},
    ]


# What is told to whom


def test_events_that_are_switched_off_and_integrations_that_are_not_active(api: Api) -> None:
    slack(api, issues_events=False)
    slack(api, "mattermost", note_events=False)
    slack(api, "pumble")
    api.delete(f"{AT}/pumble", "ada")
    issue(api)
    api.post(f"{ISSUES}/1/notes", "ada", body="x")
    assert [(one.integration, one.event) for one in api.server.deliveries()] == [
        ("mattermost", "Issue Hook"),
        ("slack", "Note Hook"),
    ]


def test_confidential_issues_have_a_switch_and_a_channel_of_their_own(api: Api) -> None:
    slack(api, confidential_issues_events=False)
    slack(api, "mattermost", issue_channel="all", confidential_issue_channel="few")
    issue(api, confidential=True)
    issue(api)
    assert [(one.integration, one.json.get("channel")) for one in api.server.deliveries()] == [
        ("mattermost", "few"),
        ("slack", None),
        ("mattermost", "all"),
    ]


def test_incidents_are_told_again_where_they_are_wanted(api: Api) -> None:
    slack(api, incident_events=True, incident_channel="alarm")
    issue(api, issue_type="incident")
    text = f"[{PROJECT}] Incident <{HOME}/-/issues/incident/1|#1 It smokes> opened by {ADA}"
    assert [(one.get("channel"), one["text"]) for one in told(api)] == [(None, text), ("alarm", text)]


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ("all", ["main", "done"]),
        ("default", ["main"]),
        ("protected", ["done"]),
        ("default_and_protected", ["main", "done"]),
        ("none", []),
    ],
)
def test_branches_that_are_wanted(api: Api, wanted: str, heard: list[str]) -> None:
    api.delete("projects/1/protected_branches/main", "ada")
    api.post("projects/1/protected_branches", "ada", name="done")
    slack(api, branches_to_be_notified=wanted)
    for branch in ("main", "done"):
        commit(api, branch, f"{branch}.txt")
    assert [branch for branch in ("main", "done") if any(f"|{branch}>" in text for text in texts(api))] == heard


@pytest.mark.parametrize(
    ("labels", "behavior", "count"),
    [("~bug", "match_any", 2), ("bug, ~ops", "match_any", 2), ("bug,ops", "match_all", 1), ("docs", "match_any", 0)],
)
def test_labels_that_are_wanted(api: Api, labels: str, behavior: str, count: int) -> None:
    slack(api, labels_to_be_notified=labels, labels_to_be_notified_behavior=behavior, note_events=False)
    for of in ("bug", "bug,ops", ""):
        issue(api, labels=of)
    assert len(told(api)) == count


def test_only_broken_pipelines_unless_others_are_wanted(api: Api) -> None:
    slack(api, push_events=False)
    run(api)
    assert told(api) == []


def test_projects_tell_the_chat_of_their_group(api: Api) -> None:
    api.put("groups/1/integrations/slack", "ada", webhook=HOOK)
    api = Api({**world(), "gitlab": {"version": "18.0.0"}})
    assert api.put("groups/1/integrations/slack", "ada", webhook=HOOK).status == 200
    issue(api)
    [one] = api.server.deliveries()
    assert (one.integration, one.url) == ("slack", HOOK)


def test_nothing_goes_where_nobody_allowed_it(api: Api) -> None:
    slack(api, webhook="https://hooks.slack.com/services/x")
    issue(api)
    [one] = api.server.deliveries()
    assert (one.status, "nothing was sent" in one.reason) == (None, True)


def test_what_chats_are_sent_is_no_event_of_a_hook(api: Api) -> None:
    hook = api.post("projects/1/hooks", "ada", url=HOOK, issues_events=True).json["id"]
    slack(api)
    issue(api)
    assert [one.integration for one in api.server.deliveries()] == ["", "slack"]
    assert [one["url"] for one in api.get(f"projects/1/hooks/{hook}/events", "ada").json] == [HOOK]


# What other chats are sent


def body(api: Api, slug: str, **given: Any) -> tuple[str, Any]:
    slack(api, slug, **given)
    issue(api, description="Why?")
    [one] = api.server.deliveries()
    return one.url, one.json


TITLE = f"{HOME}/-/issues/1"
LINE = f"[[acme / rocket]({HOME})] Issue [#1 It smokes]({TITLE}) opened by {ADA}"


def test_discord_gets_an_embed_at_its_own_webhook_for_the_event(api: Api) -> None:
    url, sent = body(api, "discord", issue_channel=f"{HOOK}issues")
    assert url == f"{HOOK}issues"
    [embed] = sent["embeds"]
    assert (embed["description"], embed["color"], embed["timestamp"]) == (
        f"{LINE}\nWhy?",
        0xC95823,
        "2024-05-01T09:00:00Z",
    )
    assert embed["author"] == {"name": "ada", "url": None, "icon_url": AVATAR}


def test_microsoft_teams_gets_an_adaptive_card(api: Api) -> None:
    _, sent = body(api, "microsoft-teams")
    [card] = sent["attachments"]
    heading, columns, details = card["content"]["body"]
    assert heading == {"type": "TextBlock", "text": "acme / rocket", "weight": "bolder", "size": "medium"}
    assert columns["columns"][0]["items"] == [{"type": "Image", "url": AVATAR, "size": "medium"}]
    lines = [one["text"] for one in columns["columns"][1]["items"]]
    assert lines == [f"Issue opened by {ADA}", f"in [acme / rocket]({HOME})", f"[#1 It smokes]({TITLE})"]
    assert details == {"type": "TextBlock", "text": "Why?", "wrap": True}


@pytest.mark.mockgitlab(scenario={**world(), "gitlab": {"version": "16.0.0"}})
def test_microsoft_teams_got_sections_before(api: Api) -> None:
    _, sent = body(api, "microsoft-teams")
    activity = {
        "activityTitle": f"Issue opened by {ADA}",
        "activitySubtitle": f"in [acme / rocket]({HOME})",
        "activityText": f"[#1 It smokes]({TITLE})",
        "activityImage": AVATAR,
    }
    assert sent == {"sections": [activity, {"text": "Why?"}], "title": "acme / rocket", "summary": LINE}


SLACK_LINE = f"[{PROJECT}] Issue <{TITLE}|#1 It smokes> opened by {ADA}"


@pytest.mark.parametrize(
    ("slug", "url", "sent"),
    [
        (
            "hangouts-chat",
            f"{HOOK}?key=k&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
            {
                "text": f"{SLACK_LINE}\n<{TITLE}|#1 It smokes>\nWhy?",
                "thread": {"threadKey": "issue acme / rocket#1"},
            },
        ),
        ("webex-teams", f"{HOOK}?key=k", {"markdown": LINE}),
        ("pumble", f"{HOOK}?key=k", {"text": SLACK_LINE}),
        ("unify-circuit", f"{HOOK}?key=k", {"subject": "acme / rocket", "text": LINE, "markdown": True}),
    ],
)
def test_other_chats_get_json_of_their_own(api: Api, slug: str, url: str, sent: Any) -> None:
    assert body(api, slug, webhook=f"{HOOK}?key=k") == (url, sent)


def test_telegram_is_asked_to_send_a_message(api: Api) -> None:
    api.put(f"{AT}/telegram", "ada", token="1:a", room="@room", thread="5", hostname="http://localhost:9")
    issue(api)
    [one] = api.server.deliveries()
    assert one.url == "http://localhost:9/bot{token}/sendMessage"
    assert one.json == {"text": LINE, "chat_id": "@room", "message_thread_id": "5", "parse_mode": "markdown"}
