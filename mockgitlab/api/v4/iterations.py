"""Iterations of groups, and those that the issues of a project may be part of.

Source: https://docs.gitlab.com/api/group_iterations/, https://docs.gitlab.com/api/iterations/ and GitLab's
ee/lib/api/iterations.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.iteration import (
    CLOSED,
    CURRENT,
    ITERATION,
    UPCOMING,
    Iteration,
    groups_of,
    iterations_of,
    state_on,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

Iterations = Query[Iteration]
STATES = {
    "opened": (UPCOMING, CURRENT),
    "upcoming": (UPCOMING,),
    "started": (CURRENT,),
    "current": (CURRENT,),
    "closed": (CLOSED,),
    "all": (UPCOMING, CURRENT, CLOSED),
}


def _by_state(query: Iterations, name: str, call: dsl.Call) -> Iterations:
    wanted, today = STATES[name], call.store.today
    return query.filter(lambda iteration: state_on(iteration, today) in wanted, ("state", wanted, today))


def _search(query: Iterations, text: str, call: dsl.Call) -> Iterations:
    """Keep those with all words in the title; the titles of cadences are not kept, so no word is found there."""
    columns = ("title",) if "title" in (call.given.get("in") or ["title"]) else ()
    words = tuple(text.lower().split())
    return query.filter(lambda one: dsl.contains(one, columns, words), ("search", columns, words))


PARAMS = [
    dsl.param("in", list[str], "Where to search", enum=("title", "cadence_title")),
    dsl.param("include_ancestors", bool, "Include iterations of the groups above", default=True),
    dsl.param("include_descendants", bool, "Include iterations of the groups below", default=False),
]
FILTERS = [
    dsl.by("state", str, "Iterations in this state", _by_state, default="all", enum=tuple(STATES)),
    dsl.by("search", str, "Iterations whose title contains this", _search),
    *dsl.dates("updated"),
]


def _of(call: dsl.Call, at: Project | Group) -> Iterations:
    groups = groups_of(call.store, at)
    below = descendants(call.store, groups[0]) if groups and call.option("include_descendants") else []
    reached = [*(groups if call.option("include_ancestors") else groups[:1]), *below]
    visible = access.visible_group_ids(call.store, call.user)
    return iterations_of(call.store, [group for group in reached if group.id in visible])


COMMON: dict[str, Any] = {"shape": ITERATION, "params": PARAMS, "filters": FILTERS, "edition": "ee"}


@v4.get("groups/:id/iterations", page="group_iterations", **COMMON)
def list_group_iterations(call: dsl.Call, group: Group) -> Iterations:
    """List the iterations of a group."""
    return _of(call, group)


@v4.get("projects/:id/iterations", **COMMON)
def list_project_iterations(call: dsl.Call, project: Project) -> Iterations:
    """List the iterations of the groups that a project is in."""
    return _of(call, project)
