"""What of a project is open to whom looks at it, and what is shown for it alone.

Source: https://docs.gitlab.com/user/permissions/, GitLab's app/models/project_feature.rb.
"""

from collections.abc import Iterable
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, GroupShare, ancestors
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.user import User
from mockgitlab.store import parse_instant, timestamp

MEMBERS_FROM = {
    "merge_requests": access.REPORTER,
    "container_registry": access.REPORTER,
    "environments": access.REPORTER,
}
"""The least level to use a feature that only members may use, where that is not Guest."""
LICENSES = {
    "mit": ("MIT License", None),
    "apache-2.0": ("Apache License 2.0", None),
    "gpl-3.0": ("GNU General Public License v3.0", "GNU GPLv3"),
    "lgpl-3.0": ("GNU Lesser General Public License v3.0", "GNU LGPLv3"),
    "agpl-3.0": ("GNU Affero General Public License v3.0", "GNU AGPLv3"),
    "mpl-2.0": ("Mozilla Public License 2.0", None),
    "bsd-2-clause": ('BSD 2-Clause "Simplified" License', None),
    "bsd-3-clause": ('BSD 3-Clause "New" or "Revised" License', None),
}


def viewer(view: dsl.View) -> User | None:
    """Return who looks."""
    return view.store[User].get(view.user_id)


def level(project: Project, view: dsl.View) -> int:
    """Return the access level of who looks."""
    return access.project_level(view.store, viewer(view), project)


def is_available(project: Project, feature: str, view: dsl.View) -> bool:
    """Tell whether who looks may use a feature of a project, such as ``issues``."""
    setting = getattr(project, f"{feature}_access_level")
    least = MEMBERS_FROM.get(feature, access.GUEST)
    return setting == "enabled" or (setting == "private" and level(project, view) >= least)


def reads_code(project: Project, view: dsl.View) -> bool:
    """Tell whether who looks may read the repository."""
    if project.repository_access_level == "disabled":
        return False
    open_to_all = project.visibility != "private" and project.repository_access_level == "enabled"
    return open_to_all or level(project, view) >= access.REPORTER


def administers(project: Project, view: dsl.View) -> bool:
    """Tell whether who looks may change the settings."""
    return level(project, view) >= access.MAINTAINER


def by_admin(project: Project, view: dsl.View) -> bool:
    """Tell whether an administrator looks."""
    user = viewer(view)
    return user is not None and user.admin


def creates_merge_requests(project: Project, view: dsl.View) -> bool:
    """Tell whether who looks may propose a merge request in the project."""
    return view.user_id is not None and is_available(project, "merge_requests", view) and reads_code(project, view)


def has_delayed_deletion(project: Project, view: dsl.View) -> bool:
    """Tell whether this GitLab marks projects for deletion before it deletes them."""
    return view.store.settings.edition == "ee" or view.store.settings.release >= (18,)


# What is shown


def host(view: dsl.View) -> str:
    """Return the name of the instance's host, without the port."""
    return urlsplit(view.base).hostname or "localhost"


def branch(project: Project) -> str:
    """Return the default branch, or what it will be called."""
    return project.default_branch or "main"


def blob_url(project: Project, view: dsl.View, file: str | None) -> str | None:
    """Return the address of a file in the default branch."""
    return f"{project.web_url(view)}/-/blob/{branch(project)}/{file}" if file else None


def license_of(project: Project, view: dsl.View) -> dict[str, Any] | None:
    """Return what is known of the project's license."""
    key = project.license_key
    if not key:
        return None
    name, nickname = LICENSES.get(key, (key, None))
    url = f"http://choosealicense.com/licenses/{key}/"
    return {"key": key, "name": name, "nickname": nickname, "html_url": url, "source_url": None}


def links(project: Project, view: dsl.View) -> dict[str, str]:
    """Return the addresses of what the API has below a project, as far as it is open to who looks."""
    own = f"{view.base}/api/v4/projects/{project.id}"
    names = [feature for feature in ("issues", "merge_requests") if is_available(project, feature, view)]
    after = ["labels", "events", "members", *(["cluster_agents"] if view.store.settings.release >= (15,) else [])]
    found = {"self": own, **{name: f"{own}/{name}" for name in names}, "repo_branches": f"{own}/repository/branches"}
    return {**found, **{name: f"{own}/{name}" for name in after}}


def expiration_policy(project: Project, view: dsl.View) -> dict[str, Any]:
    """Return when the container registry is cleaned, first on the day after the creation."""
    next_run = timestamp(parse_instant(project.created_at) + timedelta(days=1))
    return {**project.container_expiration_policy, "next_run_at": next_run}


def service_desk_address(project: Project, view: dsl.View) -> str | None:
    """Return the e-mail address of the Service Desk, where it is on."""
    slug = project.full_path.lower().replace("/", "-")
    return f"contact-project+{slug}-{project.id}-issue-@{host(view)}" if project.service_desk_enabled else None


def paragraph(text: str | None) -> str:
    """Return a one-paragraph text as GitLab's HTML."""
    if not text:
        return ""
    lines = text.split("\n")
    body = escape(text, quote=False)
    return f'<p data-sourcepos="1:1-{len(lines)}:{len(lines[-1])}" dir="auto">{body}</p>'


def shared_with_groups(project: Project, view: dsl.View) -> list[dict[str, Any]]:
    """Return the groups invited to a project that who looks may know of."""
    return invited_groups(view.store[ProjectShare].where(project_id=project.id), view)


def invited_groups(shares: Iterable[ProjectShare | GroupShare], view: dsl.View) -> list[dict[str, Any]]:
    """Return the groups of invitations that who looks may know of, each with what it was granted."""
    groups, user = view.store[Group], viewer(view)
    return [
        {
            "group_id": share.group_id,
            "group_name": groups[share.group_id].name,
            "group_full_path": groups[share.group_id].full_path,
            "group_access_level": share.group_access,
            "expires_at": share.expires_at,
        }
        for share in shares
        if access.can_read(view.store, user, groups[share.group_id])
    ]


def permissions(project: Project, view: dsl.View) -> dict[str, Any]:
    """Return the memberships of who looks.

    Lists tell of the group's membership only the direct one, an answer of one project the highest in the groups above.
    """
    groups = ancestors(view.store, view.store[Group][project.namespace_id])
    above = [_membership(view, "Namespace", group.id) for group in (groups if view.option("one") else groups[:1])]
    highest = max((found for found in above if found), key=lambda found: found["access_level"], default=None)
    return {"project_access": _membership(view, "Project", project.id), "group_access": highest}


def _membership(view: dsl.View, source_type: str, source_id: int) -> dict[str, int] | None:
    members = view.store[Member].where(user_id=view.user_id, source_type=source_type, source_id=source_id)
    valid = [member for member in members if not member.expired(view.store.today)]
    return {"access_level": valid[0].access_level, "notification_level": 3} if valid else None
