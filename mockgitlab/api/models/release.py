"""Releases, the links to their assets, and the evidence collected of them.

Source: https://docs.gitlab.com/api/releases/, GitLab's lib/api/entities/release.rb and
app/presenters/release_presenter.rb.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote, urlencode

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import is_available, level, reads_code
from mockgitlab.api.models.repository import commit_json
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.rendering import html_of
from mockgitlab.git.objects import read_commit
from mockgitlab.store import Query

FORMATS = ("zip", "tar.gz", "tar.bz2", "tar")
"""In which formats the source code of a release is offered."""
LISTS = {
    "closed_issues_url": ("issues", "closed"),
    "closed_merge_requests_url": ("merge_requests", "closed"),
    "merged_merge_requests_url": ("merge_requests", "merged"),
    "opened_issues_url": ("issues", "opened"),
    "opened_merge_requests_url": ("merge_requests", "opened"),
}
LinkType = Literal["other", "runbook", "image", "package"]


class Release(dsl.Entity):
    """A release of a project: a tag with a description, milestones and links."""

    natural = "tag_name"

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    tag_name: str = dsl.required("The tag where the release is created from")
    given_name: str | None = dsl.hidden("Its name, if it is not called as its tag")
    description: str | None = dsl.optional("The description of the release, in Markdown", max_length=1_000_000)
    author_id: int | None = dsl.reference("User", "Who made it")
    sha: str | None = dsl.hidden("The commit that the tag named")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    released_at: dsl.Timestamp | None = dsl.optional("When it is, or was, ready")
    milestone_ids: tuple[int, ...] = dsl.references("Milestone", "What it is associated with")

    @property
    def place(self) -> str:
        """The project and the tag, by which a release is found: ``1:v1.0``."""
        return f"{self.project_id}:{self.tag_name}"

    @dsl.computed
    def name(self, view: dsl.View) -> str:
        """What it is called: as its tag unless it has a name."""
        return self.given_name or self.tag_name

    @dsl.computed
    def upcoming_release(self, view: dsl.View) -> bool:
        """Whether it is yet to come."""
        return (self.released_at or "") > view.store.now

    @dsl.computed
    def author(self, view: dsl.View) -> Any:
        """Who made it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id)) or dsl.OMIT


class ReleaseLink(dsl.Entity):
    """A link to an asset of a release."""

    natural = "name"

    id: int = dsl.serial()
    release_id: int = dsl.parent("Release")
    name: str = dsl.required("The name of the link, unique within the release")
    url: str = dsl.required("The URL of the link, unique within the release")
    filepath: str | None = dsl.hidden("The path below the release at which the link is found, /bin/asset.exe")
    link_type: LinkType = dsl.optional("The type of the link", default="other")
    created_at: str = dsl.now()

    @dsl.computed
    def direct_asset_url(self, view: dsl.View) -> str:
        """The address below the release that leads there, or its own."""
        if not self.filepath:
            return self.url
        release = view.store[Release][self.release_id]
        return f"{_url(release, view)}/-/releases/{_tag(release)}/downloads/{self.filepath.lstrip('/')}"

    @dsl.computed_in(until="16.0")
    def external(self, view: dsl.View) -> bool:
        """Whether it leads out of the project."""
        return not self.url.startswith(_url(view.store[Release][self.release_id], view))


class Evidence(dsl.Entity):
    """What a release was at an instant, by the hash of its summary."""

    id: int = dsl.serial()
    release_id: int = dsl.parent("Release")
    summary: str = dsl.hidden("The JSON of what was collected")
    created_at: str = dsl.now()

    @dsl.computed
    def sha(self, view: dsl.View) -> str:
        """The hash of the summary."""
        return hashlib.sha256(self.summary.encode()).hexdigest()

    @dsl.computed
    def filepath(self, view: dsl.View) -> str:
        """Where the summary can be read."""
        release = view.store[Release][self.release_id]
        return f"{_url(release, view)}/-/releases/{_tag(release)}/evidences/{self.id}.json"

    @dsl.computed
    def collected_at(self, view: dsl.View) -> str:
        """When it was collected."""
        return self.created_at


def project_of(release: Release, store: dsl.Store) -> Project:
    """Return the project of a release."""
    return store.steady(Project)[release.project_id]


def _url(release: Release, view: dsl.View) -> str:
    return project_of(release, view.store).web_url(view)


def _tag(release: Release) -> str:
    return quote(release.tag_name, safe="")


def may_write(release: Release, view: dsl.View) -> bool:
    """Tell whether who looks may change a release."""
    project = project_of(release, view.store)
    may = level(project, view) >= access.DEVELOPER and is_available(project, "releases", view)
    return may and not project.archived


def links_of(store: dsl.Store, release: Release) -> Query[ReleaseLink]:
    """Return the links of a release, the newest first."""
    return store[ReleaseLink].where(release_id=release.id).order_by("created_at", descending=True)


def find_release(store: dsl.Store, project: Project, tag_name: str) -> Release | None:
    """Return the release of a tag."""
    return store[Release].find(place=f"{project.id}:{tag_name}")


# What is shown to those who may read the code alone


def _with_code(read: Callable[[Release, dsl.View], Any]) -> Callable[[Release, dsl.View], Any]:
    return lambda release, view: read(release, view) if reads_code(project_of(release, view.store), view) else dsl.OMIT


@_with_code
def _commit(release: Release, view: dsl.View) -> Any:
    known = release.sha and view.store.objects.get(release.sha)
    return commit_json(read_commit(view.store.objects, release.sha or ""), _url(release, view)) if known else None


@_with_code
def _commit_path(release: Release, view: dsl.View) -> Any:
    path = f"/{project_of(release, view.store).full_path}/-/commit/{release.sha}"
    return path if release.sha else dsl.OMIT


@_with_code
def _tag_path(release: Release, view: dsl.View) -> str:
    return f"/{project_of(release, view.store).full_path}/-/tags/{_tag(release)}"


@_with_code
def _evidences(release: Release, view: dsl.View) -> Any:
    return view.many(EVIDENCE, view.store[Evidence].where(release_id=release.id))


@_with_code
def _sources(release: Release, view: dsl.View) -> Any:
    project = project_of(release, view.store)
    file = f"{project.path}-{release.tag_name.replace('/', '-')}"
    at = f"{project.web_url(view)}/-/archive/{quote(release.tag_name)}/{quote(file)}"
    return [{"format": form, "url": f"{at}.{form}"} for form in FORMATS]


def _assets(release: Release, view: dsl.View) -> dict[str, Any]:
    sources, links = _sources(release, view), view.many(LINK, links_of(view.store, release))
    if sources is dsl.OMIT:
        return {"count": len(links), "links": links}
    return {"count": len(sources) + len(links), "sources": sources, "links": links}


def _milestones(release: Release, view: dsl.View) -> Any:
    project = project_of(release, view.store)
    found = [view.store[Milestone][id] for id in release.milestone_ids]
    if not found or not any(is_available(project, feature, view) for feature in ("issues", "merge_requests")):
        return dsl.OMIT
    found.sort(key=lambda one: (one.due_date or "~", one.start_date or "~", one.title))
    return view.many(MILESTONE_WITH_STATS, found)


def _issue_stats(milestone: Milestone, view: dsl.View) -> dict[str, int]:
    issues = view.store[Issue].having("milestone_id", milestone.id)
    return {"total": len(issues), "closed": sum(issue.state == "closed" for issue in issues)}


def _description_html(release: Release, view: dsl.View) -> Any:
    if not view.option("include_html_description"):
        return dsl.OMIT
    return html_of(release.description or "", view, project_of(release, view.store))


def _links(release: Release, view: dsl.View) -> dict[str, str]:
    url = _url(release, view)
    found = {
        name: f"{url}/-/{what}?{urlencode({'release_tag': release.tag_name, 'scope': 'all', 'state': state})}"
        for name, (what, state) in LISTS.items()
    }
    own = f"{url}/-/releases/{_tag(release)}"
    return {**found, **({"edit_url": f"{own}/edit"} if may_write(release, view) else {}), "self": own}


MILESTONE_WITH_STATS = MILESTONE.plus(issue_stats=_issue_stats).called("MilestoneWithStats")
LINK = ReleaseLink.shape("id", "name", "url", "direct_asset_url", "external", "link_type")
EVIDENCE = Evidence.shape("sha", "filepath", "collected_at")
BASIC_RELEASE = Release.shape(
    "name", "tag_name", "description", "created_at", "released_at", "upcoming_release", name="BasicRelease"
)
RELEASE = (
    BASIC_RELEASE.called("Release")
    .plus(description_html=_description_html)
    .plus("author", entity=Release)
    .plus(
        commit=_commit,
        milestones=_milestones,
        commit_path=_commit_path,
        tag_path=_tag_path,
        assets=_assets,
        evidences=_evidences,
        _links=_links,
    )
)
