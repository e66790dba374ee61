"""Badges of projects and groups: pictures with links, in whose addresses names stand for what is known of a project.

Source: https://docs.gitlab.com/user/project/badges/ and GitLab's app/models/badge.rb, lib/api/entities/badge.rb.
"""

import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.git.objects import peeled, read_commit


class Badge(dsl.Entity):
    """A picture with a link; it belongs to a project or to a group, whose projects show it too."""

    natural = "name"

    id: int = dsl.serial()
    name: str | None = dsl.optional("The name of the badge", max_length=255)
    link_url: str = dsl.required("The URL of the badge link")
    image_url: str = dsl.required("The URL of the badge image")
    project_id: int | None = dsl.hidden()
    group_id: int | None = dsl.hidden()
    created_at: str = dsl.now()

    @dsl.computed
    def kind(self, view: dsl.View) -> Literal["project", "group"]:
        """Whether it is a project's own or a group's."""
        return "group" if self.project_id is None else "project"

    @dsl.computed
    def rendered_link_url(self, view: dsl.View) -> str:
        """The link, the names in it replaced."""
        return _rendered(self.link_url, view)

    @dsl.computed
    def rendered_image_url(self, view: dsl.View) -> str:
        """The image, the names in it replaced."""
        return _rendered(self.image_url, view)


BASIC_BADGE_DETAILS = Badge.shape(
    *("name", "link_url", "image_url", "rendered_link_url", "rendered_image_url"), name="BasicBadgeDetails"
)
BADGE = BASIC_BADGE_DETAILS.plus("id", "kind", entity=Badge).called("Badge")
"""Shown with the option ``of_project(project)``, which says whose values stand for the names."""


def of_project(project: Project) -> tuple[str, int]:
    """Return the option of a view that says for which project badges are shown."""
    return "badges of", project.id


def badges_of(store: dsl.Store, at: Project | Group) -> list[Badge]:
    """Return the badges of a project, those of the groups above it too, or those of a group; the oldest first."""
    if isinstance(at, Group):
        found = list(store[Badge].having("group_id", at.id))
    else:
        above = ancestors(store, namespace_of(store, at))
        of_groups = [badge for group in above for badge in store[Badge].having("group_id", group.id)]
        found = [*store[Badge].having("project_id", at.id), *of_groups]
    return sorted(found, key=lambda badge: (badge.created_at, badge.id))


# Placeholders


def _latest_tag(project: Project, view: dsl.View) -> str | None:
    repository = Repository(view.store, project)
    found = [
        (read_commit(repository.objects, commit).committer.time, name.removeprefix(TAGS))
        for name, sha in repository.named(TAGS).items()
        if (commit := peeled(repository.objects, sha)) is not None
    ]
    return max(found)[1] if found else None


def _commit_sha(project: Project, view: dsl.View) -> str | None:
    head = Repository(view.store, project).head
    return head.sha if head else None


def _group_name(project: Project, view: dsl.View) -> str | None:
    namespace = namespace_of(view.store, project)
    return namespace.name if namespace.kind == "group" else None


PLACEHOLDERS: dict[str, Callable[[Project, dsl.View], Any]] = {
    "project_path": lambda project, view: project.full_path,
    "project_title": lambda project, view: project.name,
    "project_name": lambda project, view: project.path,
    "project_id": lambda project, view: project.id,
    "project_namespace": lambda project, view: namespace_of(view.store, project).full_path,
    "group_name": _group_name,
    "gitlab_server": lambda project, view: urlsplit(view.base).netloc,
    "default_branch": lambda project, view: project.default_branch,
    "commit_sha": _commit_sha,
    "latest_tag": _latest_tag,
}
_PLACEHOLDER = re.compile(rf"%(?:\{{|%7B)({'|'.join(PLACEHOLDERS)})(?:\}}|%7D)")


def _rendered(url: str, view: dsl.View) -> str:
    shown = (option[1] for option in view.options if isinstance(option, tuple) and option[0] == "badges of")
    project = view.store[Project].get(next(shown, None))
    if project is None:
        return url

    def value(found: re.Match[str]) -> str:
        known = PLACEHOLDERS[found[1]](project, view)
        return found[0] if known is None else str(known)

    return _PLACEHOLDER.sub(value, url)
