"""Linking issues. Source: GitLab's app/services/issue_links and app/services/issuable_links."""

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.issue_access import project_of
from mockgitlab.api.models.issue import Issue, reference
from mockgitlab.api.models.issue_link import IssueLink, LinkType, links_of
from mockgitlab.api.models.link import REVERSE, TOLD
from mockgitlab.errors import ApiError, Conflict, Forbidden, NotFound, Unprocessable


class NoRole(Forbidden):
    """Who links issues must be a member of both projects."""

    message = "Couldn't link issues. You must have at least the Guest role in both projects."


def refusal(call: dsl.Call, issue: Issue, target: Issue) -> ApiError | None:
    """Return why two issues cannot be linked, ``None`` where they can."""
    if any(one.other(issue.id) == target.id for one in links_of(call.store, issue.id) if issue.id != target.id):
        return Conflict("Issue(s) already assigned", reason=f"issues {issue.iid} and {target.iid} are linked already")
    if not _may_link(call, issue, target):
        return NoRole(reason=f"{access.me(call).username} is not a member of both projects")
    if issue.id == target.id:
        return Unprocessable(f"#{issue.iid} cannot be added: cannot be related to itself")
    return None


def link(call: dsl.Call, issue: Issue, target: Issue, kind: LinkType) -> IssueLink:
    """Relate two issues, or let one block the other; raises for those that cannot be linked."""
    refused = refusal(call, issue, target)
    if refused is not None:
        raise refused
    source, other = (target, issue) if kind == "is_blocked_by" else (issue, target)
    made = IssueLink(
        source_id=source.id, target_id=other.id, link_type="relates_to" if kind == "relates_to" else "blocks"
    )
    for one, at, told in ((issue, target, kind), (target, issue, REVERSE[kind])):
        effects.system_note(call, one, f"marked this issue as {TOLD[told]} {_reference(call, at, one)}", "relate")
    return call.store.insert(made)


def unlink(call: dsl.Call, link: IssueLink) -> None:
    """Delete a link; raises ``NotFound``, as GitLab does, for who may not."""
    source, target = call.store[Issue][link.source_id], call.store[Issue][link.target_id]
    if not _may_link(call, source, target):
        refusal = NotFound(reason=f"{access.me(call).username} is not a member of both projects")
        refusal.message = "No Issue Link found"
        raise refusal
    call.store.delete(link)
    for one, at in ((source, target), (target, source)):
        effects.system_note(call, one, f"removed the relation with {_reference(call, at, one)}", "unrelate")


def _may_link(call: dsl.Call, *issues: Issue) -> bool:
    return all(access.level(call, project_of(call.store, issue)) >= access.GUEST for issue in issues)


def _reference(call: dsl.Call, issue: Issue, seen_from: Issue) -> str:
    return reference(call.store, issue, project_of(call.store, seen_from))
