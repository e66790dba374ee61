"""What GitLab makes of plain words in Markdown: links to addresses, records of a project and users, and emoji.

Source: https://docs.gitlab.com/user/markdown/#gitlab-specific-references and GitLab's lib/banzai/filter/references/.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.cross_references import find_issue
from mockgitlab.api.emoji import character_of
from mockgitlab.api.issue_access import may_read
from mockgitlab.api.merge_request_access import may_read as may_read_merge_request
from mockgitlab.api.models.group import find_group
from mockgitlab.api.models.label import find_label
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import find_milestone
from mockgitlab.api.models.project import Project, find_project, namespace_of
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.snippet_access import may_read as may_read_snippet

EXTERNAL = 'rel="nofollow noreferrer noopener" target="_blank"'
_QUOTED = r'"[^"\n]+"|[\w.:-]*\w'
_WORDS = re.compile(
    r"(?P<address>https?://[^\s<>\"']*[\w/#=&-])"
    r"|(?<![\w:]):(?P<emoji>[\w+-]+):"
    r"|(?<![\w/`])@(?P<user>\w[\w.-]*(?:/[\w.-]+)*)"
    r"|(?<![\w/#&])(?P<issue>(?:(?:\w[\w.-]*/)*\w[\w.-]*)?\#\d{1,12})(?![\w-])"
    r"|(?<![\w/!&])(?P<merge_request>(?:(?:\w[\w.-]*/)*\w[\w.-]*)?!\d{1,12})(?![\w-])"
    r"|(?<![\w$&])\$(?P<snippet>\d{1,12})(?![\w-])"
    rf"|(?<![\w~])~(?P<label>{_QUOTED})"
    rf"|(?<![\w%])%(?P<milestone>{_QUOTED})"
)


def linked(text: str, view: dsl.View, project: Project | None) -> str:
    """Return a plain text as HTML with everything in it that means something to GitLab; ``project`` is where it is."""
    parts, at = [], 0
    for found in _WORDS.finditer(text):
        kind = found.lastgroup or ""
        made = _MAKERS[kind](found[kind], view, project)
        if made:
            parts += [escape(text[at : found.start()], quote=False), made]
            at = found.end()
    return "".join([*parts, escape(text[at:], quote=False)])


def _link(kind: str, url: str, title: str, text: str, data: str = "") -> str:
    more = f'data-reference-type="{kind}" data-container="body" data-placement="top" title="{escape(title)}"'
    return f'<a href="{escape(url)}" {more} class="gfm gfm-{data or kind}">{escape(text)}</a>'


def _address(url: str, view: dsl.View, project: Project | None) -> str:
    more = "" if url.startswith(view.base) else f" {EXTERNAL}"
    return f'<a href="{escape(url)}"{more}>{escape(url)}</a>'


def _emoji(name: str, view: dsl.View, project: Project | None) -> str:
    found = character_of(name)
    if found is None:
        return ""
    data = f'data-name="{found.name}" data-unicode-version="{found.version}"'
    return f'<gl-emoji title="{escape(found.title)}" {data}>{found.text}</gl-emoji>'


def _user(name: str, view: dsl.View, project: Project | None) -> str:
    user = find_user(view.store, name) if not name.isdigit() else None
    if user is not None:
        return _link("user", f"{view.base}/{user.username}", user.name, f"@{name}", "project_member")
    group = find_group(view.store, name) if not name.isdigit() else None
    if group is None or group.visibility != "public":
        return ""
    return _link("user", f"{view.base}/groups/{name}", group.name, f"@{name}", "project_member")


def _target(path: str, view: dsl.View, project: Project | None) -> Project | None:
    """Return the project that a reference means: the one before it, or else that of the text."""
    if not path:
        return project
    if project is not None and "/" not in path:
        path = f"{namespace_of(view.store, project).full_path}/{path}"
    return find_project(view.store, path) if "/" in path else None


def _issue(text: str, view: dsl.View, project: Project | None) -> str:
    path, _, iid = text.partition("#")
    target = _target(path, view, project)
    issue = find_issue(view.store, target, int(iid)) if target else None
    if issue is None or not may_read(view.store, view.store[User].get(view.user_id), issue):
        return ""
    return _link("issue", issue.web_url(view), issue.title, text)


def _merge_request(text: str, view: dsl.View, project: Project | None) -> str:
    path, _, iid = text.partition("!")
    target = _target(path, view, project)
    found = view.store[MergeRequest].find(project_id=target.id, iid=int(iid)) if target else None
    if found is None or not may_read_merge_request(view.store, view.store[User].get(view.user_id), found):
        return ""
    return _link("merge_request", found.web_url(view), found.title, text)


def _snippet(number: str, view: dsl.View, project: Project | None) -> str:
    found = view.store[Snippet].find(id=int(number), project_id=project.id) if project else None
    if found is None or not may_read_snippet(view.store, view.store[User].get(view.user_id), found):
        return ""
    return _link("snippet", found.web_url(view), found.title, f"${number}")


def _label(text: str, view: dsl.View, project: Project | None) -> str:
    label = find_label(view.store, project, text.strip('"')) if project else None
    if label is None or project is None:
        return ""
    url = f"{project.web_url(view)}/-/issues?label_name={label.name}"
    inner = f'<span class="gl-label-text" style="background-color: {label.color}">{escape(label.name)}</span>'
    link = f'<a href="{escape(url)}" data-reference-type="label" title="{escape(label.description or "")}"'
    return f'<span class="gl-label gl-label-sm">{link} class="gfm gfm-label gl-label-link">{inner}</a></span>'


def _milestone(text: str, view: dsl.View, project: Project | None) -> str:
    milestone = find_milestone(view.store, project, text.strip('"')) if project else None
    if milestone is None:
        return ""
    return _link("milestone", milestone.web_url(view), "", f"%{milestone.title}")


_MAKERS: dict[str, Callable[[str, dsl.View, Any], str]] = {
    "address": _address,
    "emoji": _emoji,
    "user": _user,
    "issue": _issue,
    "merge_request": _merge_request,
    "snippet": _snippet,
    "label": _label,
    "milestone": _milestone,
}
