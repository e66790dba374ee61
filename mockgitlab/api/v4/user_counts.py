"""What users do, counted: activities, open work, memberships. Source: https://docs.gitlab.com/api/users/."""

from calendar import monthrange
from datetime import datetime
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import last_activities, profile_open
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden
from mockgitlab.store import Query

ASSIGNED_ISSUES_AT_MOST = 100
ACTIVE_WITHIN_MONTHS = 6


def _source_name(member: Member, view: dsl.View) -> str | None:
    kind: Any = Project if member.source_type == "Project" else Group
    source = view.store[kind].get(member.source_id)
    return source.name if source else None


MEMBERSHIP = Member.shape("source_id", name="Membership").plus(
    source_name=_source_name,
    source_type=lambda member, view: member.source_type,
    access_level=lambda member, view: member.access_level,
)


@v4.get(
    "user/activities",
    rule=access.USER,
    params=[dsl.param("from", dsl.Timestamp, "The first day; six months ago unless given")],
)
def list_activities(call: dsl.Call, given: dsl.Given) -> list[dict[str, Any]]:
    """List users with the day of their last activity, the least recent first."""
    viewer = access.me(call)
    since = (given.get("from") or _months_ago(call.store.clock.instant, ACTIVE_WITHIN_MONTHS).isoformat())[:10]
    names = {user.id: user.username for user in call.store[User].all() if profile_open(user, viewer)}
    days = last_activities(call.store[User].all(), call.store[Token].all())
    found = sorted((day, user_id) for user_id, day in days.items() if day >= since and user_id in names)
    return [{"username": names[user_id], "last_activity_on": day, "last_activity_at": day} for day, user_id in found]


def _months_ago(instant: datetime, months: int) -> datetime:
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))


@v4.get("user_counts", rule=access.USER)
def count_work(call: dsl.Call) -> dict[str, int]:
    """Count the open issues and merge requests of the current user, and the pending to-do items."""
    user = access.me(call)
    issues = call.store[Issue].where(state="opened", assignee_ids=user.id).count()
    opened = call.store[MergeRequest].where(state="opened")
    merge_requests = opened.where(assignee_ids=user.id).count()
    return {
        "merge_requests": merge_requests,
        "assigned_issues": min(issues, ASSIGNED_ISSUES_AT_MOST),
        "assigned_merge_requests": merge_requests,
        "review_requested_merge_requests": opened.where(reviewer_ids=user.id).count(),
        "todos": call.store[Todo].where(user_id=user.id, state="pending").count(),
    }


@v4.get("users/:id/associations_count", rule=access.USER)
def count_associations(call: dsl.Call, user: User) -> dict[str, int]:
    """Count what a user is a member of and wrote; only for the user and administrators."""
    if not access.is_admin(call) and access.me(call).id != user.id:
        raise Forbidden(reason=f"{access.me(call).username} is neither {user.username} nor an administrator")
    members = call.store[Member].where(user_id=user.id)
    return {
        "groups_count": members.where(source_type="Namespace").count(),
        "projects_count": members.where(source_type="Project").count(),
        "issues_count": call.store[Issue].where(author_id=user.id).count(),
        "merge_requests_count": call.store[MergeRequest].where(author_id=user.id).count(),
    }


@v4.get("users/:id/memberships", rule=access.ADMIN_AFTER_PARAMETERS, shape=MEMBERSHIP)
def list_memberships(call: dsl.Call, user: User, type: Literal["Project", "Namespace"] | None = None) -> Query[Member]:
    """List the groups and projects of which a user is a direct member."""
    members = call.store[Member].where(user_id=user.id)
    return members.where(source_type=type) if type else members
