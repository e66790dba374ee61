"""Members of groups and projects, and who asks to become one.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#group-member-events,
https://docs.gitlab.com/administration/system_hooks/ and GitLab's lib/gitlab/hook_data/group_member_builder.rb,
project_member_builder.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab.api.access import NAMES
from mockgitlab.api.hook_data.common import Occasion, Seen, email, second
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import AccessRequest, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

OF_GROUP = {"made": "user_add_to_group", "changed": "user_update_for_group", "gone": "user_remove_from_group"}
OF_PROJECT = {"made": "user_add_to_team", "changed": "user_update_for_team", "gone": "user_remove_from_team"}
ASKED = {"Namespace": "user_access_request_to_group", "Project": "user_access_request_to_project"}
SINCE = (17, 4)
"""Since this version it is told who asks to become a member."""


def of_member(seen: Seen, before: Member | None, after: Member | None) -> Iterator[Occasion]:
    """Yield what is told of somebody who became a member, got another role, or is none any more."""
    changed = before is not None and after is not None
    if changed and (before.access_level, before.expires_at) == (after.access_level, after.expires_at):  # type: ignore[union-attr]
        return
    what = "changed" if changed else "made" if before is None else "gone"
    member: Any = after or before
    names = OF_GROUP if member.source_type == "Namespace" else OF_PROJECT
    role = NAMES.get(member.access_level, "")
    yield from _told(seen, member, names[what], role, member.created_at, member.expires_at)


def of_access_request(seen: Seen, before: AccessRequest | None, after: AccessRequest | None) -> Iterator[Occasion]:
    """Yield what is told of somebody who asks to become a member."""
    if after is not None and before is None and seen.store.settings.release >= SINCE:
        yield from _told(seen, after, ASKED[after.source_type], "developer", after.requested_at, None)


def _told(seen: Seen, row: Any, event: str, role: str, since: str, until: str | None) -> Iterator[Occasion]:
    of_group = row.source_type == "Namespace"
    source: Any = seen.store[Group].get(row.source_id) if of_group else seen.store[Project].get(row.source_id)
    user = seen.known(User, row.user_id)
    if source is None or user is None:
        return
    times = {"created_at": second(since), "updated_at": second(seen.store.now)}
    who = {"user_username": user.username, "user_name": user.name, "user_email": email(user), "user_id": user.id}
    if isinstance(source, Project):
        data = {**times, **_of_project(source), **who, "access_level": role.title(), "event_name": event}
        yield Occasion("system_hooks", {**data, "project_visibility": source.visibility})
        return
    expires = {"expires_at": second(f"{until[:10]}T00:00:00.000Z") if until else None}
    place = {"group_name": source.name, "group_path": source.path, "group_id": source.id}
    plan = {"group_plan": None} if seen.store.settings.edition == "ee" else {}
    data = {**times, **place, **who, "group_access": role.title(), **plan, **expires, "event_name": event}
    yield Occasion("member_hooks", data, source)
    yield Occasion("system_hooks", data)


def _of_project(project: Project) -> dict[str, Any]:
    return {
        "project_name": project.name,
        "project_path": project.path,
        "project_path_with_namespace": project.full_path,
        "project_id": project.id,
    }
