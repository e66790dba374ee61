"""How lists of merge requests are narrowed and ordered.

Source: https://docs.gitlab.com/api/merge_requests/#list-merge-requests and GitLab's
app/finders/merge_requests_finder.rb.
"""

from typing import Any, get_args

from mockgitlab import dsl
from mockgitlab.api import issuable_filters as shared
from mockgitlab.api.approval_filters import APPROVED
from mockgitlab.api.issuable_orders import ordered
from mockgitlab.api.models.deployment import shipped_ids
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_reviewer import MergeRequestReviewer, ReviewState
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Query

MergeRequests = Query[MergeRequest]
SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "reviews_for_me", "all")
STATES = ("opened", "closed", "locked", "merged", "all")
DEPLOYED = ("environment", "deployed_before", "deployed_after")
_EXCLUSIVE = (
    ("author_id", "author_username"),
    ("assignee_id", "assignee_username"),
    ("reviewer_id", "reviewer_username"),
)


def _by_scope(query: MergeRequests, scope: str, call: dsl.Call) -> MergeRequests:
    if scope == "all":
        return query
    columns = {"assigned": "assignee_ids", "reviews": "reviewer_ids", "created": "author_id"}
    column = columns[scope.replace("-", "_").partition("_")[0]]
    return query.among(column, [call.user.id] if call.user else [])


def _by_draft(query: MergeRequests, value: str, call: dsl.Call) -> MergeRequests:
    wanted = value == "yes"
    return query.filter(lambda one: one.draft == wanted, ("draft", wanted))


def _by_reviewer_name(query: MergeRequests, name: str, call: dsl.Call) -> MergeRequests:
    if name.lower() in ("none", "any"):
        return (shared.lacks if name.lower() == "none" else shared.has)("reviewer_ids")(query)
    return shared.named("reviewer_ids")(query, name, call)


def _not_reviewer_name(query: MergeRequests, name: str, call: dsl.Call) -> MergeRequests:
    if name.lower() in ("none", "any"):
        return _by_reviewer_name(query, "Any" if name.lower() == "none" else "None", call)
    return shared.not_named("reviewer_ids")(query, name, call)


def _by_review_state(query: MergeRequests, state: str, call: dsl.Call) -> MergeRequests:
    return query.among("id", [one.merge_request_id for one in call.store[MergeRequestReviewer].having("state", state)])


def _deployed(query: MergeRequests, value: Any, call: dsl.Call) -> MergeRequests:
    """Keep what one deployment brought that meets all that is asked of deployments."""
    return query.among("id", shipped_ids(call.store, *map(call.given.get, DEPLOYED)))


# The hash of what merge requests must not be


def _exclude(query: MergeRequests, unwanted: dict[str, Any], call: dsl.Call) -> MergeRequests:
    for one, other in _EXCLUSIVE:
        if one in unwanted and other in unwanted:
            raise InvalidParameters([f"not[{one}], not[{other}] are mutually exclusive"])
    for name, value in unwanted.items():
        if value is not None and name in _EXCLUDE:
            query = _EXCLUDE[name](query, value, call)
    return query


def _not_person(column: str) -> dsl.filters.Narrow:
    def narrow(query: MergeRequests, value: int | str, call: dsl.Call) -> MergeRequests:
        if isinstance(value, str):
            return (shared.has if value.lower() == "none" else shared.lacks)(column)(query)
        return shared.without(query, column, [value])

    return narrow


def _not_reaction(query: MergeRequests, name: str, call: dsl.Call) -> MergeRequests:
    if name.lower() in ("none", "any"):
        return shared.by_reaction(query, "Any" if name.lower() == "none" else "None", call)
    return shared.without(query, "id", [one.id for one in shared.by_reaction(query, name, call)])


_EXCLUDE: dict[str, dsl.filters.Narrow] = {
    "labels": shared.not_labels,
    "milestone": shared.not_milestone,
    "author_id": shared.not_of("author_id"),
    "author_username": shared.not_named("author_id"),
    "assignee_id": _not_person("assignee_ids"),
    "assignee_username": shared.not_named("assignee_ids"),
    "reviewer_id": shared.not_of("reviewer_ids"),
    "reviewer_username": _not_reviewer_name,
    "my_reaction_emoji": _not_reaction,
}
_NOT = (
    dsl.param("labels", dsl.CommaList, "With none of these labels"),
    dsl.param("milestone", str, "Not of the milestone with this title"),
    dsl.param("author_id", int, "Not by this user"),
    dsl.param("author_username", str, "Not by the user with this username"),
    dsl.param("assignee_id", int | str, "Not assigned to this user"),
    dsl.param("assignee_username", dsl.CommaList, "Assigned to none of these users"),
    dsl.param("reviewer_id", int, "Not to be reviewed by this user"),
    dsl.param("reviewer_username", str, "Not to be reviewed by the user with this username"),
    dsl.param("my_reaction_emoji", str, "Without this reaction of the user"),
)

# Declarations

MINE = dsl.by("scope", str, "Merge requests of the user, or all", _by_scope, default="created_by_me", enum=SCOPES)
SCOPE = dsl.by("scope", str, "Merge requests of the user, or all", _by_scope, enum=SCOPES)
IIDS = dsl.ids("iids", "iid")
LISTED = (
    dsl.eq(*("state", str, "Merge requests in this state, or all"), ignore=("all",), enum=STATES, default="all"),
    dsl.by("labels", dsl.CommaList, "With all of these labels, None or Any", shared.by_labels),
    dsl.by("milestone", str, "Of the milestone with this title, None or Any", shared.by_milestone),
    dsl.eq("author_id", int, "By the user with this ID"),
    dsl.by("author_username", str, "By the user with this username", shared.named("author_id")),
    dsl.by("assignee_id", int | str, "Assigned to the user with this ID, None or Any", shared.by_assignee),
    dsl.by("assignee_username", dsl.CommaList, "Assigned to the users with these names", shared.by_assignee_names),
    dsl.by(
        *("reviewer_id", int | str, "To be reviewed by the user with this ID, None or Any"),
        shared.by_person("reviewer_id", "reviewer_ids"),
    ),
    dsl.by("reviewer_username", str, "To be reviewed by the user with this name, None or Any", _by_reviewer_name),
    dsl.by(*("review_state", str, "Of which a reviewer is so far"), _by_review_state, enum=get_args(ReviewState)),
    dsl.eq("merge_user_id", int, "Merged by the user with this ID", since="17.0"),
    dsl.by(
        "merge_user_username", str, "Merged by the user with this name", shared.named("merge_user_id"), since="17.0"
    ),
    dsl.by("my_reaction_emoji", str, "With this reaction of the user, None or Any", shared.by_reaction),
    dsl.eq("source_branch", str, "From this branch"),
    dsl.eq("source_project_id", int, "From a branch of this project"),
    dsl.eq("target_branch", str, "Into this branch"),
    dsl.by("search", str, "With these words in title or description", shared.search),
    dsl.by("wip", str, "Drafts, or those that are none", _by_draft, enum=("yes", "no")),
    *dsl.dates("created"),
    *dsl.dates("updated"),
    dsl.by("deployed_before", dsl.Timestamp, "Deployed before this time", _deployed),
    dsl.by("deployed_after", dsl.Timestamp, "Deployed after this time", _deployed),
    dsl.by("environment", str, "Deployed to the environment with this name", _deployed),
    *APPROVED,
    dsl.by("not", dict, "What merge requests must not have", _exclude, nested=_NOT),
)
ORDER = ordered(
    "created_at", "label_priority", "milestone_due", "popularity", "priority", "title", "updated_at", "merged_at"
)
EXCLUSIVE = (
    *(dsl.mutually_exclusive(one, other) for one, other in _EXCLUSIVE),
    dsl.mutually_exclusive("merge_user_id", "merge_user_username"),
)
PARAMS = (
    dsl.param("in", str, "Where to search: title, description, or both separated by a comma"),
    dsl.param("with_labels_details", bool, "Show the labels, not their names alone", default=False),
    dsl.param("with_merge_status_recheck", bool, "Check again whether they can be merged", default=False),
    dsl.param("view", str, "Show the basic state alone", enum=("simple",)),
)
