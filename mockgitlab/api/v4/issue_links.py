"""Links between issues. Source: https://docs.gitlab.com/api/issue_links/ and GitLab's lib/api/issue_links.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.cross_references import find_issue
from mockgitlab.api.issue_access import may_read
from mockgitlab.api.models.issue import ISSUE_BASIC, ISSUE_LISTED, Issue
from mockgitlab.api.models.issue_link import IssueLink, LinkType, links_of
from mockgitlab.api.models.project import find_project
from mockgitlab.api.services import issue_links
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import InvalidParameters, NotFound, RecordNotFound


def _end(column: str) -> Any:
    return lambda link, view: view.one(ISSUE_BASIC, view.store[Issue].get(getattr(link, column)))


ISSUE_LINK = dsl.Shape("IssueLink", ()).plus(
    source_issue=_end("source_id"), target_issue=_end("target_id"), link_type=lambda link, view: link.link_type
)


@v4.locator("projects/:id/issues/:issue_iid/links/:issue_link_id", integer=True)
def find_link(call: dsl.Call, value: str) -> IssueLink:
    """Return the link of an issue whose other issue the caller may see."""
    link, issue = call.store[IssueLink].get(int(value)), call.at(Issue)
    if link is None or issue.id not in (link.source_id, link.target_id):
        raise RecordNotFound(reason=f"issue {issue.iid} has no link {value}")
    if not may_read(call.store, call.user, call.store[Issue][link.other(issue.id)]):
        raise RecordNotFound(reason=f"{access.me(call).username} may not see the other issue of link {value}")
    return link


@v4.get("projects/:id/issues/:issue_iid/links", rule=access.USER, paginated=False)
def list_links(call: dsl.Call, issue: Issue) -> list[dict[str, Any]]:
    """List the issues linked to an issue that the caller may see, those linked first at the top."""
    found = [(link, call.store[Issue][link.other(issue.id)]) for link in links_of(call.store, issue.id)]
    return [_related(call, issue, link, other) for link, other in found if may_read(call.store, call.user, other)]


def _related(call: dsl.Call, issue: Issue, link: IssueLink, other: Issue) -> dict[str, Any]:
    return {
        **ISSUE_LISTED.render(other, call.view()),
        "issue_link_id": link.id,
        **link.fields_at(issue.id),
    }


@v4.post("projects/:id/issues/:issue_iid/links", shape=ISSUE_LINK)
def create_link(
    call: dsl.Call,
    issue: Issue,
    target_project_id: Annotated[str, "The ID or path of the other issue's project"],
    target_issue_iid: Annotated[str, "The internal ID of the other issue"],
    link_type: Annotated[LinkType, "The type of the relation"] = "relates_to",
) -> IssueLink:
    """Link an issue to another; the Community Edition relates them and knows of no blocks."""
    if link_type != "relates_to" and call.settings.edition == "ce":
        raise InvalidParameters(["link_type does not have a valid value"], reason="the edition is ce")
    return issue_links.link(call, issue, _target(call, target_project_id, target_issue_iid), link_type)


def _target(call: dsl.Call, project_id: str, iid: str) -> Issue:
    project = find_project(call.store, project_id)
    if project is None or not access.can_read(call.store, call.user, project):
        raise NotFound("Project", reason=f"{access.me(call).username} knows of no project {project_id}")
    issue = find_issue(call.store, project, int(iid)) if iid.isascii() and iid.isdigit() else None
    if issue is None or not may_read(call.store, call.user, issue):
        raise RecordNotFound(reason=f"{access.me(call).username} sees no issue {iid} in {project.full_path}")
    return issue


@v4.get("projects/:id/issues/:issue_iid/links/:issue_link_id", rule=access.USER, shape=ISSUE_LINK)
def show_link(link: IssueLink) -> IssueLink:
    """Show a link of an issue."""
    return link


@v4.delete("projects/:id/issues/:issue_iid/links/:issue_link_id", shape=ISSUE_LINK, success=200, conditional=False)
def delete_link(
    call: dsl.Call, link: IssueLink, link_type: Annotated[LinkType | None, "Ignored: the ID names the link"] = None
) -> dict[str, Any]:
    """Delete a link, and show it for the last time."""
    shown = ISSUE_LINK.render(link, call.view())
    issue_links.unlink(call, link)
    return shown
