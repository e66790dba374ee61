"""What a search finds in the instance, a group or a project, by scope.

It is GitLab's basic search, which needs no index: words of three letters or more are looked for inside texts, shorter
searches must be the whole text.

Source: GitLab's lib/gitlab/search_results.rb, group_search_results.rb, project_search_results.rb and
snippet_search_results.rb.
"""

import re
from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, file_search, issue_access, merge_request_access, reach
from mockgitlab.api.issuable_filters import search
from mockgitlab.api.models.group import Group, ancestors, descendants
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import is_available, reads_code
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User
from mockgitlab.api.models.wiki import commit_at, find_wiki
from mockgitlab.api.noteables import NOTEABLES, may_see_internal
from mockgitlab.api.project_filters import matching
from mockgitlab.api.services.members import all_members
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.snippet_access import readable_snippets
from mockgitlab.api.user_filters import SHOWN_TO_USERS, search_users
from mockgitlab.git.history import walk
from mockgitlab.git.objects import Commit
from mockgitlab.store import Query

At = Project | Group | None
WITHOUT_ARCHIVED_SINCE = (16, 6)
_IID = re.compile(r"#(\d{1,18})\Z")
_SHA = re.compile(r"[0-9a-f]{7,40}")
Issuables = Callable[..., Query[Any]]


def _with_archived(call: dsl.Call, at: At) -> bool:
    """Tell whether what is in archived projects is found: always in a project itself, before GitLab 16.6 anywhere."""
    old = call.settings.release < WITHOUT_ARCHIVED_SINCE
    return isinstance(at, Project) or old or call.option("include_archived")


def find_projects(call: dsl.Call, at: At) -> Query[Project]:
    """Return the projects whose full path, name or description holds the words, the newest first."""
    ids = reach.within(
        *(call.store, access.visible_project_ids(call.store, call.user), at), archived=_with_archived(call, at)
    )
    found = call.store[Project].all().among("id", ids)
    return matching(found, ("full_path", "name", "description"), _text(call)).order_by("id", descending=True)


def _text(call: dsl.Call) -> str:
    return str(call.given.get("search") or "")


def _issuables(readable: Issuables) -> Callable[[dsl.Call, At], Query[Any]]:
    def find(call: dsl.Call, at: At) -> Query[Any]:
        found, text = readable(call, at, archived=_with_archived(call, at)), _text(call)
        iid, state = _IID.search(text), call.given.get("state") or "all"
        found = found.where(iid=int(iid[1])) if iid else search(found, text, call)
        found = found if state == "all" else found.where(state=state)
        return found.order_by("created_at", descending=call.given.get("sort") != "asc")

    return find


find_merge_requests = _issuables(merge_request_access.readable_merge_requests)
_find_issues = _issuables(issue_access.readable_issues)


def find_issues(call: dsl.Call, at: At) -> Query[Issue]:
    """Return the issues whose title or description holds the words, or whose number ends the search as ``#1``."""
    confidential = call.given.get("confidential")
    found: Query[Issue] = _find_issues(call, at)
    return found if confidential is None else found.where(confidential=confidential)


def find_milestones(call: dsl.Call, at: At) -> Query[Milestone]:
    """Return milestones of projects, in a group its own and those above too, the last changed first."""
    store, user = call.store, call.user
    tests = {
        "projects with issues": issue_access.issues_open,
        "projects with merge requests": merge_request_access.merge_requests_open,
    }
    ids = frozenset[int]().union(*(reach.visible_where(store, user, name, test) for name, test in tests.items()))
    owners = [f"project {one}" for one in reach.within(store, ids, at, archived=_with_archived(call, at))]
    if isinstance(at, Group):
        owners += [f"group {one.id}" for one in ancestors(store, at) if access.can_read(store, user, one)]
    found = matching(store[Milestone].all().among("owner", owners), ("title", "description"), _text(call))
    return found.order_by("updated_at", descending=True)


def find_users(call: dsl.Call, at: At) -> Query[User]:
    """Return users, in a project or group those who are members, of groups those above and below too."""
    users = call.store[User].all()
    users = users if access.is_admin(call) else users.among("state", SHOWN_TO_USERS)
    if isinstance(at, Project):
        users = users.among("id", {member.user_id for member in all_members(call.store, at)})
    elif at is not None:
        users = users.among("id", _people_around(call, at))
    return search_users(users, _text(call), call)


def _people_around(call: dsl.Call, group: Group) -> set[int]:
    around = {one.id for one in (*ancestors(call.store, group), *descendants(call.store, group))}
    seen = around & access.visible_group_ids(call.store, call.user)
    members = call.store[Member].where(source_type="Namespace").among("source_id", seen)
    return {member.user_id for member in members}


def find_snippet_titles(call: dsl.Call, at: At) -> Query[Snippet]:
    """Return the snippets whose title, file name or description holds the words, the last changed first."""
    found = readable_snippets(call.store, call.user)
    found = matching(found, ("title", "description", "file_name"), _text(call))
    return found.order_by("updated_at", descending=True)


def find_notes(call: dsl.Call, project: Project) -> Query[Note]:
    """Return the comments on what the caller may see in a project, the last changed first."""
    kinds = {one.entity.__name__: one for one in NOTEABLES}
    internal = may_see_internal(call.store, call.user, project)

    def is_shown(note: Note) -> bool:
        if note.noteable_type == "Commit":
            return reads_code(project, call.view())
        kind = kinds[note.noteable_type]
        record = call.store[kind.entity].get(note.noteable_id)
        return record is not None and (internal or not note.internal) and kind.readable(call.store, call.user, record)

    found = call.store[Note].where(project_id=project.id, system=False).filter(is_shown)
    return matching(found, ("body",), _text(call)).order_by("updated_at", descending=True)


def find_commits(call: dsl.Call, project: Project) -> list[Commit]:
    """Return the commits whose message holds the text, and the one whose hash it is."""
    repository, text = Repository(call.store, project), _text(call)
    tip = repository.commit(call.given.get("ref") or "HEAD")
    if tip is None or not _may_read(call, project):
        return []
    folded = text.lower()
    found = [one for one in walk(repository.objects, (tip.sha,)) if folded in one.message.lower()]
    named = repository.commit(text.strip()) if _SHA.fullmatch(text.strip().lower()) else None
    return [*found, named] if named and named not in found else found


def _may_read(call: dsl.Call, project: Project) -> bool:
    return reads_code(project, call.view()) or access.is_admin(call)


def find_blobs(call: dsl.Call, project: Project) -> list[dict[str, Any]]:
    """Return the places in a project's files where a text is."""
    repository = Repository(call.store, project)
    ref = call.given.get("ref") or repository.default_branch or ""
    commit = repository.commit(ref) if ref and _may_read(call, project) else None
    return _found(call, project, commit, ref)


def find_wiki_blobs(call: dsl.Call, project: Project) -> list[dict[str, Any]]:
    """Return the places in the pages of a project's wiki where a text is."""
    wiki = find_wiki(call.store, project)
    if wiki is None or not (is_available(project, "wiki", call.view()) or access.is_admin(call)):
        return []
    ref = call.given.get("ref") or wiki.branch
    found = _found(call, project, commit_at(call.store.objects, wiki, ref), ref)
    return [{**one, "group_id": None} for one in found] if call.settings.edition == "ee" else found


def _found(call: dsl.Call, project: Project, commit: Commit | None, ref: str) -> list[dict[str, Any]]:
    places = file_search.find(call.store.objects, commit.tree, _text(call)) if commit else []
    return [
        {
            "basename": one.basename,
            "data": one.data,
            "path": one.path,
            "filename": one.path,
            "id": one.sha,
            "ref": ref,
            "startline": one.startline,
            "project_id": project.id,
        }
        for one in places
    ]
