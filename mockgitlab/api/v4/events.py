"""Events: what users did, as far as the caller may see it.

Source: https://docs.gitlab.com/api/events/, GitLab's lib/api/events.rb and app/finders/events_finder.rb.
"""

from typing import Annotated, Any, get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import issues_open, may_read
from mockgitlab.api.merge_request_access import merge_requests_open
from mockgitlab.api.models.event import NOTES, Action, Event
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.note import NOTE, Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.models.wiki import WikiPage, commit_at, find_page, find_wiki
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound
from mockgitlab.store import Query

Events = Query[Event]
TARGET_TYPES = {
    "issue": ("Issue",),
    "milestone": ("Milestone",),
    "merge_request": ("MergeRequest",),
    "note": NOTES,
    "project": ("Project",),
    "snippet": ("Snippet",),
    "user": ("User",),
    "wiki": ("WikiPage::Meta",),
    "design": ("DesignManagement::Design",),
}


def _note(event: Event, view: dsl.View) -> Any:
    note = view.store[Note].get(event.target_id) if event.target_type in NOTES else None
    return view.one(NOTE, note) if note is not None else dsl.OMIT


def _wiki_page(event: Event, view: dsl.View) -> Any:
    project = view.store[Project].get(event.project_id)
    if event.target_type != "WikiPage::Meta" or project is None:
        return dsl.OMIT
    kept = view.store[WikiPage].get(event.target_id)
    commit = commit_at(view.store.objects, find_wiki(view.store, project))
    page = find_page(view.store.objects, commit, kept.slug) if kept else None
    return {"format": page.format, "slug": page.slug, "title": page.title} if page else None


def _push_data(event: Event, view: dsl.View) -> Any:
    return event.push_data if event.action == "pushed" else dsl.OMIT


EVENT = (
    Event.shape("id", "project_id", "action_name", "target_id", "target_iid", "target_type", "author_id")
    .plus("target_title", "created_at", entity=Event)
    .plus(note=_note, wiki_page=_wiki_page)
    .plus("author", "imported", "imported_from", entity=Event)
    .plus(push_data=_push_data)
    .plus("author_username", entity=Event)
)


def _before(query: Events, day: str, call: dsl.Call) -> Events:
    return query.filter(lambda event: event.created_at[:10] < day, ("before", day))


def _after(query: Events, day: str, call: dsl.Call) -> Events:
    return query.filter(lambda event: event.created_at[:10] > day, ("after", day))


FILTERS = [
    dsl.eq("action", str, "Events of this kind", enum=get_args(Action)),
    dsl.by(
        "target_type",
        str,
        "Events on this kind of record",
        lambda query, name, call: query.among("target_type", TARGET_TYPES[name]),
        enum=tuple(TARGET_TYPES),
    ),
    dsl.by("before", dsl.Date, "Events before this day", _before),
    dsl.by("after", dsl.Date, "Events after this day", _after),
    dsl.by(
        "sort",
        str,
        "Oldest or newest first",
        lambda query, way, call: query.order_by("id", descending=way == "desc"),
        default="desc",
        enum=("asc", "desc"),
    ),
]


# What the caller may see


def _visible(call: dsl.Call, found: Events) -> Events:
    """Return those events that happened in projects and to records which the caller may see."""
    store, user = call.store, access.viewer(call)
    projects = access.visible_project_ids(store, user)
    hidden = store.remember(("hidden issues", user), lambda: _hidden_issues(store, user))
    closed = store.remember(("closed issues", user, projects), lambda: _without_issues(store, user, projects))
    code = store.remember(("closed code", user, projects), lambda: _without_code(store, user, projects))
    unmerged = store.remember(("unmerged", user, projects), lambda: _without_merge_requests(store, user, projects))
    trusting = store.remember(("trusting", user, projects), lambda: _trusting(store, user, projects))

    def shown(event: Event) -> bool:
        if event.action == "pushed":
            return event.project_id not in code
        if event.internal and event.project_id not in trusting:
            return False
        if event.subject_type == "MergeRequest":
            return event.project_id not in unmerged
        return event.subject_type != "Issue" or not (event.subject_id in hidden or event.project_id in closed)

    key = ("shown events", hidden, closed, code, trusting, unmerged)
    return found.among("project_id", projects).filter(shown, key)


def _hidden_issues(store: dsl.Store, user: User | None) -> frozenset[int]:
    confidential = store[Issue].having("confidential", True)
    return frozenset(issue.id for issue in confidential if not may_read(store, user, issue))


def _without_issues(store: dsl.Store, user: User | None, projects: frozenset[int]) -> frozenset[int]:
    return frozenset(one for one in projects if not issues_open(store, user, store.steady(Project)[one]))


def _without_merge_requests(store: dsl.Store, user: User | None, projects: frozenset[int]) -> frozenset[int]:
    return frozenset(one for one in projects if not merge_requests_open(store, user, store.steady(Project)[one]))


def _without_code(store: dsl.Store, user: User | None, projects: frozenset[int]) -> frozenset[int]:
    def is_closed(project: Project) -> bool:
        setting = project.repository_access_level
        return setting == "disabled" or (setting == "private" and not access.project_level(store, user, project))

    return frozenset(one for one in projects if is_closed(store.steady(Project)[one]))


def _trusting(store: dsl.Store, user: User | None, projects: frozenset[int]) -> frozenset[int]:
    planned = (store.steady(Project)[one] for one in projects)
    return frozenset(one.id for one in planned if access.project_level(store, user, one) >= access.PLANNER)


# Lists


@v4.get("events", rule=access.USER, shape=EVENT, filters=FILTERS)
def list_own_events(
    call: dsl.Call, scope: Annotated[str | None, "all: what anybody did in the user's projects"] = None
) -> Events:
    """List what the current user did, or with ``scope=all`` what was done in his projects."""
    user = access.me(call)
    if scope != "all":
        return _visible(call, call.store[Event].where(author_id=user.id))
    groups, projects = access.group_levels(call.store, user.id), access.project_levels(call.store, user.id)
    in_groups = (project.id for group in groups for project in call.store[Project].having("namespace_id", group))
    return _visible(call, call.store[Event].all().among("project_id", (*projects, *in_groups)))


def find_named_user(call: dsl.Call, value: str) -> User:
    """Return the user with an id or a username."""
    user = find_user(call.store, value)
    if user is None:
        raise NotFound("User", reason=f"there is no user {value}")
    return user


@v4.get("users/:id/events", shape=EVENT, filters=FILTERS, locators=(("id", dsl.Locator(find_named_user)),))
def list_user_events(call: dsl.Call, user: User) -> Events:
    """List what a user did; nothing of one whose profile is private."""
    found = call.store[Event].where(author_id=user.id)
    own = call.user is not None and call.user.id == user.id
    if user.private_profile and not own and not access.is_admin(call):
        return found.among("id", ())
    return _visible(call, found)


@v4.get("projects/:id/events", shape=EVENT, filters=FILTERS)
def list_project_events(call: dsl.Call, project: Project) -> Events:
    """List what was done in a project."""
    return _visible(call, call.store[Event].where(project_id=project.id))
