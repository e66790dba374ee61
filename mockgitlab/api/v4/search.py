"""Searching the instance, a group or a project.

Only basic search is there: what GitLab finds with an index alone is refused, as an instance without one does.

Source: https://docs.gitlab.com/api/search/ and GitLab's lib/api/search.rb, ee/lib/ee/api/search.rb.
"""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import search_results as finders
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import ISSUE_BASIC
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC
from mockgitlab.api.models.milestone import MILESTONE
from mockgitlab.api.models.note import NOTE
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import BASIC_PROJECT
from mockgitlab.api.models.snippet import SNIPPET
from mockgitlab.api.models.user import USER_BASIC
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import detail_json
from mockgitlab.errors import BadRequest, InvalidParameters

ANYWHERE: dict[str, tuple[Callable[..., Any], dsl.Shape]] = {
    "projects": (finders.find_projects, BASIC_PROJECT),
    "issues": (finders.find_issues, ISSUE_BASIC),
    "merge_requests": (finders.find_merge_requests, MERGE_REQUEST_BASIC),
    "milestones": (finders.find_milestones, MILESTONE),
    "users": (finders.find_users, USER_BASIC),
    "snippet_titles": (finders.find_snippet_titles, SNIPPET),
}
"""How scopes are searched that need no project, and in which shape they show what they find."""
IN_PROJECTS: dict[str, Callable[..., Any]] = {
    "notes": finders.find_notes,
    "commits": finders.find_commits,
    "blobs": finders.find_blobs,
    "wiki_blobs": finders.find_wiki_blobs,
}
UNCOUNTED = ("projects", "issues", "merge_requests", "milestones")
SHARED = ("issues", "merge_requests", "milestones", "users")
GROUPED = ("projects", *SHARED)
INDEXED = ("wiki_blobs", "blobs", "commits", "notes")
NO_INDEX = {"error": "Scope supported only with advanced search"}
NO_CODE_INDEX = {"error": "Scope supported only with advanced search or exact code search"}
HEADERS = {"X-Search-Type": "basic"}
ARCHIVED = dsl.param("include_archived", bool, "Find what is in archived projects too", default=False, since="18.9")
REF = dsl.param("ref", str, "The branch or tag to search in, the default branch unless given")


def _params(scopes: Iterable[str], *more: dsl.Param) -> list[dsl.Param]:
    return [
        dsl.param("scope", str, "What to search for", required=True, enum=tuple(scopes)),
        dsl.param("search", str, "The text to search for", required=True),
        dsl.param("state", str, "Only issues or merge requests in this state", enum=STATES),
        dsl.param("confidential", bool, "Only issues that are, or are not, confidential"),
        dsl.param("order_by", str, "Only created_at is known", enum=("created_at",)),
        dsl.param("sort", str, "Order ascending or descending", enum=("asc", "desc")),
        dsl.param("fields", dsl.CommaList, "Where to search, for advanced search", enum=("title",)),
        *more,
    ]


STATES = ("all", "opened", "closed", "merged")


def _check_indexed(call: dsl.Call, scope: str) -> None:
    if scope not in INDEXED:
        return
    reason = f"only in a project {scope} are searched without an index"
    if call.settings.edition == "ce":
        raise InvalidParameters(["scope does not have a valid value"], reason=reason)
    raise BadRequest(NO_CODE_INDEX if scope == "blobs" else NO_INDEX, reason=reason)


def _present(call: dsl.Call, at: Project | Group | None, **headers: str) -> Any:
    scope = call.given["scope"]
    if scope in IN_PROJECTS:
        found, shape = IN_PROJECTS[scope](call, at), NOTE if scope == "notes" else None
    else:
        find, shape = ANYWHERE[scope]
        found = find(call, at)
    if scope == "commits":
        found = dsl.Mapped(found, lambda commit: detail_json(call, call.at(Project), commit, stats=False))
    uncounted = scope in UNCOUNTED or (scope == "users" and not isinstance(at, Project))
    return dsl.present(found, shape, headers={**HEADERS, **headers}, counted=not uncounted)


@v4.get("search", rule=access.USER, params=_params((*GROUPED, "snippet_titles", *INDEXED), ARCHIVED), since="10.5")
def search_instance(call: dsl.Call) -> list[Any]:
    """Search the instance."""
    _check_indexed(call, call.given["scope"])
    return _present(call, None, **{"Content-Transfer-Encoding": "binary"})  # type: ignore[no-any-return]


@v4.get(
    *("groups/:id/search", "groups/:id/-/search"),
    rule=access.USER,
    params=_params((*GROUPED, *INDEXED), ARCHIVED),
    since="10.5",
)
def search_group(call: dsl.Call, group: Group) -> list[Any]:
    """Search a group and all below it."""
    _check_indexed(call, call.given["scope"])
    return _present(call, group)  # type: ignore[no-any-return]


@v4.get(
    *("projects/:id/search", "projects/:id/-/search"),
    rule=access.USER,
    params=_params((*SHARED, *IN_PROJECTS), REF),
    since="10.5",
)
def search_project(call: dsl.Call, project: Project) -> list[Any]:
    """Search a project."""
    return _present(call, project)  # type: ignore[no-any-return]
