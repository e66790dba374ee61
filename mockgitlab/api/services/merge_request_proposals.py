"""What GitLab proposes of a merge request that somebody opens without saying it: title, description, labels.

They come from the commits, and from the issue with whose number the name of the branch begins.

Source: https://docs.gitlab.com/user/project/merge_requests/creating_merge_requests/ and GitLab's
app/services/merge_requests/build_service.rb.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.issue_access import issues_open, may_read
from mockgitlab.api.mergeability import commits_between
from mockgitlab.api.models.issue import Issue, reference
from mockgitlab.api.models.merge_request import is_draft
from mockgitlab.api.models.project import Project
from mockgitlab.api.ruby import humanize, titleize
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.git.objects import Commit

LABELS = ("labels", "add_labels")


def proposed(call: dsl.Call, source: Project, target: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters given for a new merge request, and what GitLab proposes for those that are not."""
    commits = _commits(call.store, source, target, given)
    issue = _issue(call, target, given["source_branch"])
    told = _told(commits)
    title = given.get("title") or (told and told.title) or _title(issue, given["source_branch"])
    made = {"remove_source_branch": target.remove_source_branch_after_merge, **_planned(issue, given), **given}
    made["title"] = title if commits or is_draft(title) else f"Draft: {title}"
    made["description"] = _description(call, target, told, issue, given.get("description"))
    return made


def _commits(store: dsl.Store, source: Project, target: Project, given: Mapping[str, Any]) -> list[Commit]:
    """Return the commits to be merged, the oldest first."""
    head = Repository(store, source).ref(HEADS + given["source_branch"])
    return commits_between(store, Repository(store, target).ref(HEADS + given["target_branch"]), head)[::-1]


def _told(commits: Sequence[Commit]) -> Commit | None:
    """Return the commit that tells what it is about: the only one, or the oldest that has a description."""
    if len(commits) == 1:
        return commits[0]
    return next((one for one in commits if len(one.parents) < 2 and _body(one)), None)


def _body(commit: Commit) -> str:
    return commit.message.partition("\n")[2].strip()


def _issue(call: dsl.Call, target: Project, branch: str) -> Issue | None:
    """Return the issue with whose number the name of a branch begins, as far as the caller sees it: ``12-mend-it``."""
    number = re.match(r"(\d{1,9})-", branch)
    if number is None or not issues_open(call.store, call.user, target):
        return None
    found = call.store[Issue].find(project_id=target.id, iid=int(number[1]))
    return found if found is not None and may_read(call.store, call.user, found) else None


def _title(issue: Issue | None, branch: str) -> str:
    return f'Resolve "{issue.title}"' if issue else humanize(titleize(branch))


def _description(call: dsl.Call, target: Project, told: Commit | None, issue: Issue | None, given: str | None) -> str:
    template = target.merge_requests_template if call.settings.edition == "ee" else None
    text = given or template or (_body(told) if told else "")
    if issue is None:
        return text
    verb = "Closes" if target.autoclose_referenced_issues else "Related to"
    return "\n\n".join(filter(None, (text, f"{verb} {reference(call.store, issue, target)}")))


def _planned(issue: Issue | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the labels and the milestone of the issue, where none are given."""
    if issue is None:
        return {}
    labels = {} if any(given.get(name) for name in LABELS) else {"label_ids": list(issue.label_ids)}
    return {**labels, "milestone_id": issue.milestone_id}
