"""Releases, pages of wikis, milestones and reactions.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ and GitLab's
lib/gitlab/hook_data/release_builder.rb, wiki_page_builder.rb, milestone_builder.rb, emoji_builder.rb,
lib/gitlab/data_builder/wiki_page.rb, emoji.rb.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api.hook_data.common import (
    Occasion,
    Seen,
    absolute_images,
    commit_attrs,
    project_attrs,
    time,
    user_attrs,
)
from mockgitlab.api.hook_data.notes import on_note, on_target
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import host
from mockgitlab.api.models.release import RELEASE, Release
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.wiki import Wiki, WikiPage, commit_at, find_page, find_wiki
from mockgitlab.git.objects import read_commit

WIKI_ACTIONS = {"created": "create", "updated": "update", "destroyed": "delete"}
MILESTONES_SINCE = (18, 2)
OF_MILESTONE = ("id", "iid", "title", "description", "state", "due_date", "start_date", "group_id", "project_id")


# Releases


def of_release(seen: Seen, before: Release | None, after: Release | None) -> Iterator[Occasion]:
    """Yield what is told of a release that was made, changed or deleted."""
    release: Any = after or before
    action = "create" if before is None else "delete" if after is None else "update"
    project = seen.store[Project].get(release.project_id)
    if project is not None:
        yield Occasion("release_hooks", release_data(seen, release, action), project)


def release_data(seen: Seen, release: Release, action: str) -> dict[str, Any]:
    """Return the payload of a release."""
    view, project = seen.view, seen.store[Project][release.project_id]
    assets = RELEASE.render(release, view)["assets"]
    known = release.sha is not None and seen.store.objects.get(release.sha) is not None
    return {
        "id": release.id,
        "created_at": time(release.created_at),
        "description": absolute_images(release.description, view),
        "name": release.name(view),
        "released_at": time(release.released_at),
        "tag": release.tag_name,
        "object_kind": "release",
        "project": project_attrs(project, view),
        "url": f"{project.web_url(view)}/-/releases/{quote(release.tag_name, safe='')}",
        "action": action,
        "assets": {
            "count": assets["count"],
            "links": [
                {"id": link["id"], "link_type": link["link_type"], "name": link["name"], "url": link["url"]}
                for link in assets["links"]
            ],
            "sources": assets.get("sources", []),
        },
        "commit": commit_attrs(read_commit(seen.store.objects, release.sha or ""), project, view) if known else None,
    }


# Pages of wikis


def of_event(seen: Seen, before: Event | None, after: Event | None) -> Iterator[Occasion]:
    """Yield what is told of a page of a wiki that was made, changed or deleted, of which there is an event."""
    if after is None or before is not None or after.target_type != "WikiPage::Meta":
        return
    rows = [new or old for old, new in seen.changes]
    written = (row for row in rows if isinstance(row, WikiPage) and row.id == after.target_id)
    page = seen.store[WikiPage].get(after.target_id) or next(written, None)
    project = seen.store[Project].get(after.project_id)
    if page is not None and project is not None:
        data = wiki_page_data(seen, project, page, WIKI_ACTIONS[after.action])
        yield Occasion("wiki_page_hooks", data, project)


def wiki_page_data(seen: Seen, project: Project, page: WikiPage, action: str) -> dict[str, Any]:
    """Return the payload of a page of a wiki."""
    view, objects = seen.view, seen.store.objects
    wiki = find_wiki(seen.store, project)
    head = commit_at(objects, wiki)
    before = read_commit(objects, head.parents[0]) if head and head.parents and action == "delete" else head
    found = find_page(objects, before, page.slug)
    url = f"{project.web_url(view)}/-/wikis/{quote(page.slug)}"
    return {
        "object_kind": "wiki_page",
        "user": user_attrs(seen.user(), view),
        "project": project_attrs(project, view),
        "wiki": _wiki(project, wiki, view),
        "object_attributes": {
            "slug": page.slug,
            "title": found.title if found else page.title,
            "format": found.format if found else "markdown",
            "message": shown(head.message).rstrip("\n") if head else None,
            "version_id": head.sha if head else None,
            "content": absolute_images(found.text, view) if found else "",
            "url": url,
            "action": action,
            "diff_url": f"{url}/diff?version_id={head.sha}" if head else None,
        },
    }


def _wiki(project: Project, wiki: Wiki | None, view: dsl.View) -> dict[str, Any]:
    return {
        "web_url": f"{project.web_url(view)}/-/wikis/home",
        "git_ssh_url": f"git@{host(view)}:{project.full_path}.wiki.git",
        "git_http_url": f"{project.web_url(view)}.wiki.git",
        "path_with_namespace": f"{project.full_path}.wiki",
        "default_branch": wiki.branch if wiki else "main",
    }


# Milestones


def of_milestone(seen: Seen, before: Milestone | None, after: Milestone | None) -> Iterator[Occasion]:
    """Yield what is told of a milestone of a project that was made, closed, opened again or deleted."""
    milestone: Any = after or before
    project = seen.store[Project].get(milestone.project_id)
    action = _milestone_action(before, after)
    if action and project is not None and seen.store.settings.release >= MILESTONES_SINCE:
        yield Occasion("milestone_hooks", milestone_data(seen, milestone, action), project)


def milestone_data(seen: Seen, milestone: Milestone, action: str = "create") -> dict[str, Any]:
    """Return the payload of a milestone of a project."""
    attrs = {name: getattr(milestone, name) for name in OF_MILESTONE}
    times = {"created_at": time(milestone.created_at), "updated_at": time(milestone.updated_at)}
    return {
        "object_kind": "milestone",
        "event_type": "milestone",
        "project": project_attrs(seen.store[Project][milestone.project_id or 0], seen.view),
        "object_attributes": {**attrs, **times},
        "action": action,
    }


def _milestone_action(before: Milestone | None, after: Milestone | None) -> str:
    if before is None or after is None:
        return "create" if before is None else "delete"
    if before.state == after.state:
        return ""
    return "close" if after.state == "closed" else "reopen"


# Reactions


def of_award(seen: Seen, before: AwardEmoji | None, after: AwardEmoji | None) -> Iterator[Occasion]:
    """Yield what is told of a reaction that was given or taken back."""
    award: Any = after or before
    if before is not None and after is not None:
        return
    note = seen.store[Note].get(award.awardable_id) if award.awardable_type == "Note" else None
    on = on_note(seen, note) if note else on_target(seen, award.awardable_type, award.awardable_id)
    if on is None:
        return
    project, url, about = on
    action = "award" if before is None else "revoke"
    view, names = seen.view, ("user_id", "id", "name", "awardable_type", "awardable_id")
    data = {
        "object_kind": "emoji",
        "event_type": action,
        "user": user_attrs(seen.user(award.user_id), view),
        "project_id": project.id,
        "project": project_attrs(project, view),
        "object_attributes": {
            **{name: getattr(award, name) for name in names},
            "created_at": time(award.created_at),
            "updated_at": time(award.updated_at),
            "action": action,
            "awarded_on_url": url,
        },
        **about,
    }
    yield Occasion("emoji_hooks", data, project)
