"""The messages of pushes, issues, merge requests, comments, pages of wikis and deployments.

Source: GitLab's app/models/integrations/chat_message/push_message.rb, issue_message.rb, merge_message.rb,
note_message.rb, wiki_page_message.rb, deployment_message.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab.api.chat_messages.common import GREY, Message, Teller, link, plain, slack, unlinked

NOTHING = "0" * 40
ISSUE_COLOR = "#C95823"
COLORS = {"success": "good", "canceled": "warning", "failed": "danger"}
APPROVALS = {"approval": "added their approval to", "unapproval": "removed their approval from"}
WIKI_ACTIONS = {"create": "created", "update": "edited"}
Data = Mapping[str, Any]


def first_line(text: str | None) -> str:
    """Return the first line of a text."""
    return plain(((text or "").splitlines() or [""])[0])


# Pushes


def of_push(data: Data, by: Teller) -> Message:
    """Return the message of a branch or tag that was made, moved or deleted."""
    ref = data["ref"].split("/", 2)[2]
    kind = "tag" if data["ref"].startswith("refs/tags/") else "branch"
    compare = link("Compare changes", f"{by.url}/-/compare/{data['before']}...{data['after']}")
    at = link(ref, f"{by.url}/-/{'tags' if kind == 'tag' else 'commits'}/{ref}")
    if data["before"] == NOTHING:
        action, name, place = "pushed new", at, f"to {by.link}"
    elif data["after"] == NOTHING:
        action, name, place = "removed", ref, f"from {by.link}"
    else:
        action, name, place = "pushed to", at, f"of {by.link} ({compare})"
    short = f"{by.user} {action} {kind} {name}"
    moved = NOTHING not in (data["before"], data["after"])
    details = "\n\n".join(map(_commit, data["commits"])) if moved else ""
    return by.message(
        *(f"{short} {place}", (short, f"in {by.link}", compare)),
        details=details,
        attachments=[{"text": slack(details), "color": GREY}] if moved else [],
        thread=f"push {by.project}_{ref}",
        color=GREY,
    )


def _commit(commit: Data) -> str:
    name = link(commit["id"][:8], commit["url"])
    return f"{name}: {plain(commit['title'])} - {plain(commit['author']['name'])}"


# Issues and merge requests


def of_issue(data: Data, by: Teller) -> Message:
    """Return the message of an issue that was opened, closed or opened again."""
    issue = data["object_attributes"]
    kind = issue.get("type") or ("Incident" if data["object_kind"] == "incident" else "Issue")
    title = f"#{issue['iid']} {plain(issue['title'])}"
    done = f"{issue['state']} by {by.user}"
    new = issue["action"] == "open"
    details = unlinked(issue["description"] or "")
    attachment = {"title": title, "title_link": issue["url"], "text": slack(details), "color": ISSUE_COLOR}
    return by.message(
        f"[{by.link}] {kind} {link(title, issue['url'])} {done}",
        (f"{kind} {done}", f"in {by.link}", link(title, issue["url"])),
        details=details if new else "",
        attachments=[attachment] if new else [],
        thread=f"issue {by.project}#{issue['iid']}",
        color=ISSUE_COLOR,
    )


def of_merge_request(data: Data, by: Teller) -> Message:
    """Return the message of a merge request that was opened, closed, merged or approved."""
    one = data["object_attributes"]
    action = one["action"]
    done = action if action in ("approved", "unapproved") else APPROVALS.get(action, one["state"])
    name = link(f"!{one['iid']} *{first_line(one['title'])}*", f"{by.url}/-/merge_requests/{one['iid']}")
    return by.message(
        f"{by.user} {done} merge request {name} in {by.link}",
        (f"Merge request {done} by {by.user}", f"in {by.link}", name),
        thread=f"merge request {by.project}!{one['iid']}",
    )


# Comments


def of_note(data: Data, by: Teller) -> Message:
    """Return the message of a comment."""
    note = data["object_attributes"]
    target, title = _target(data, note["noteable_type"])
    title = first_line(title)
    who = f"{by.user} {link(f'commented on {target}', note['url'])}"
    return by.message(
        f"{who} in {by.link}: *{title}*",
        (who, f"in {by.link}", title),
        details=note["note"],
        attachments=[{"text": slack(note["note"]), "color": GREY}],
        thread=target,
    )


def _target(data: Data, kind: str) -> tuple[str, str]:
    if kind == "Commit":
        return f"commit {data['commit']['id'][:8]}", data["commit"]["message"]
    if kind == "Issue":
        return f"issue #{data['issue']['iid']}", data["issue"]["title"]
    if kind == "MergeRequest":
        return f"merge request !{data['merge_request']['iid']}", data["merge_request"]["title"]
    return f"snippet ${data['snippet']['id']}", data["snippet"]["title"]


# Wikis and deployments


def of_wiki_page(data: Data, by: Teller) -> Message:
    """Return the message of a page of a wiki that was made or changed."""
    page = data["object_attributes"]
    done = f"{by.user} {WIKI_ACTIONS.get(page['action'], '')} {link('wiki page', page['url'])}"
    details = page["message"] or ""
    return by.message(
        f"{done} in {by.link}: *{plain(page['title'])}*",
        (done, f"in {by.link}", plain(page["title"])),
        details=details,
        attachments=[{"text": slack(details), "color": GREY}],
        thread=f"wiki_page {page['url']}",
    )


def of_deployment(data: Data, by: Teller) -> Message:
    """Return the message of a deployment that began or ended."""
    status, where = data["status"], data["environment"]
    ended = f"Deploy to {where} {'succeeded' if status == 'success' else status}"
    job = link(f"#{data['deployable_id'] or ''}", data["deployable_url"])
    commit = f"{link(data['short_sha'], data['commit_url'])}: {plain(data['commit_title'])}"
    details = f"{by.link} with job {job} by {link(by.user, data['user_url'])}\n{commit}"
    attachments = [{"text": slack(details), "color": COLORS.get(status, GREY)}]
    text = f"Starting deploy to {where}" if status == "running" else ended
    return by.message(text, ("", "", ""), details=details, attachments=attachments)
