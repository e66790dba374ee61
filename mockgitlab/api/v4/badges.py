"""Badges of projects and groups.

Source: https://docs.gitlab.com/api/project_badges/, https://docs.gitlab.com/api/group_badges/ and GitLab's
lib/api/badges.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.badge import BADGE, BASIC_BADGE_DETAILS, Badge, badges_of, of_project
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.mirror import url_problem
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import GrapeError, RecordNotFound, ValidationFailed

Place = Project | Group
ADDRESSES = ("link_url", "image_url")
WRITE = [of_field(Badge.fields[name], required=False) for name in (*ADDRESSES, "name")]
CREATE = [of_field(Badge.fields[name], required=name in ADDRESSES) for name in (*ADDRESSES, "name")]


class OfGroup(GrapeError):
    """A group's badge is not deleted by way of one of its projects."""

    status = 403
    message = "To delete a Group badge please use the Group endpoint"


def _paths(rest: str = "") -> tuple[str, ...]:
    return tuple(f"{kind}/:id/badges{rest}" for kind in ("projects", "groups"))


def _check(call: dsl.Call) -> None:
    (access.AS_MAINTAINER if call.maybe_at(Project) else access.AS_OWNER).check(call)


ADMINISTER = dsl.Rule("maintainer of the project, owner of the group", _check)


@v4.locator(*_paths("/:badge_id"), integer=True)
def find_badge(call: dsl.Call, value: str) -> Badge:
    """Return the badge with an id that a project or group shows."""
    at = call.maybe_at(Project) or call.at(Group)
    found = next((badge for badge in badges_of(call.store, at) if str(badge.id) == value), None)
    if found is None:
        raise RecordNotFound(reason=f"{at.full_path} has no badge {value}")
    return found


def _presented(call: dsl.Call, at: Place, result: Any) -> Any:
    """Return badges with the option that says for which project they are shown: of a group, its newest."""
    project = at if isinstance(at, Project) else _newest_project(call, at)
    return dsl.present(result, options=[of_project(project)] if project else ())


def _newest_project(call: dsl.Call, group: Group) -> Project | None:
    found = call.store[Project].having("namespace_id", group.id)
    visible = [project for project in found if access.can_read(call.store, access.viewer(call), project)]
    return max(visible, key=lambda project: project.id, default=None)


@v4.get(*_paths(), shape=BADGE)
def list_badges(call: dsl.Call, at: Place, name: Annotated[str | None, "The name of the badges"] = None) -> list[Badge]:
    """List the badges of a project, those of its groups too, or of a group."""
    found = badges_of(call.store, at)
    shown: list[Badge] = _presented(call, at, [badge for badge in found if not name or badge.name == name])
    return shown


@v4.get(*_paths("/render"), rule=ADMINISTER, shape=BASIC_BADGE_DETAILS, params=CREATE[:2])
def render_badge(call: dsl.Call, at: Place, given: dsl.Given) -> Badge:
    """Show what a badge would look like."""
    shown: Badge = _presented(call, at, _checked(Badge(**given, id=0)))
    return shown


@v4.get(*_paths("/:badge_id"), shape=BADGE)
def show_badge(call: dsl.Call, at: Place, badge: Badge) -> Badge:
    """Show a badge that a project or group has."""
    shown: Badge = _presented(call, at, badge)
    return shown


@v4.post(*_paths(), rule=ADMINISTER, shape=BADGE, params=CREATE)
def create_badge(call: dsl.Call, at: Place, given: dsl.Given) -> Badge:
    """Add a badge to a project or group."""
    shown: Badge = _presented(call, at, call.store.insert(_checked(Badge(**tied_to(at), **given))))
    return shown


@v4.put(*_paths("/:badge_id"), rule=ADMINISTER, shape=BADGE, params=WRITE)
def update_badge(call: dsl.Call, at: Place, badge: Badge, given: dsl.Given) -> Badge:
    """Change a badge."""
    _checked(badge.replaced(given))
    shown: Badge = _presented(call, at, call.store.update(badge, **given))
    return shown


@v4.delete(*_paths("/:badge_id"), rule=ADMINISTER)
def delete_badge(call: dsl.Call, at: Place, badge: Badge) -> None:
    """Delete a badge of a project or group."""
    if isinstance(at, Project) and badge.project_id is None:
        raise OfGroup(reason="the badge is the group's")
    call.store.delete(badge)


def _checked(badge: Badge) -> Badge:
    """Return a badge whose addresses are good; raises ``ValidationFailed``."""
    problems = {name: _problem(getattr(badge, name) or "") for name in ADDRESSES}
    wrong = {name: [text] for name, text in problems.items() if text}
    if wrong:
        raise ValidationFailed(wrong, reason="; ".join(f"{name} {texts[0]}" for name, texts in wrong.items()))
    return badge


def _problem(url: str) -> str:
    return url_problem(url, ("http", "https")) if url.strip() else "must be a valid URL"
