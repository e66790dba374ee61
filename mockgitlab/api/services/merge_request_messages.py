"""The messages of the commits that merge: as the project's templates have them, or GitLab's own.

Source: https://docs.gitlab.com/user/project/merge_requests/commit_templates/ and GitLab's
lib/gitlab/merge_requests/message_generator.rb.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api.mergeability import commits_of
from mockgitlab.api.models import issue as issues
from mockgitlab.api.models.merge_request import MergeRequest, reference
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import commit_email
from mockgitlab.api.services.issue_notes import sentence
from mockgitlab.api.services.merge_request_closings import closed_issues

_PLACEHOLDER = re.compile(r"%\{(\w+)\}")
DEFAULT = (
    "Merge branch '%{source_branch}' into '%{target_branch}'\n\n%{title}\n\n%{issues}\n\nSee merge request %{reference}"
)


@dataclass(frozen=True)
class Source:
    """What a message tells of: the merge request, who merges it, and whether it is squashed."""

    view: dsl.View
    merge_request: MergeRequest
    merger: User | None
    squash: bool = False

    @property
    def project(self) -> Project:
        """The project of the merge request."""
        return self.view.store[Project][self.merge_request.project_id]

    @property
    def author(self) -> User | None:
        """Who opened the merge request."""
        return self.view.store[User].get(self.merge_request.author_id)


def merge_commit_message(source: Source) -> str:
    """Return the message of a merge commit."""
    return _filled(source.project.merge_commit_template or DEFAULT, source)


def squash_commit_message(source: Source) -> str:
    """Return the message of the commit that all are squashed into."""
    template = source.project.squash_commit_template
    return (_filled(template, source) if template else "") or source.merge_request.title


def _filled(template: str, source: Source) -> str:
    text = template.replace("\r", "")
    names = dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name in _VALUES)
    values = {f"%{{{name}}}": _VALUES[name](source) for name in names}
    empty = "|".join(re.escape(name) for name, value in values.items() if not value)
    if empty:
        text = re.sub(rf"\n\n(?:{empty})(\n\n|\Z)", r"\1", text)
        text = re.sub(rf"^(?:{empty})\n", "", text, flags=re.MULTILINE)
    return _PLACEHOLDER.sub(lambda found: values.get(found[0], found[0]), text)


def _issues(source: Source) -> str:
    store = source.view.store
    found = closed_issues(store, source.merge_request, source.author)
    words = [issues.reference(store, one, source.project) for one in found]
    return f"Closes {sentence(words)}" if words else ""


def _first_commit(source: Source) -> str:
    commits = commits_of(source.view.store, source.merge_request)
    return commits[-1].message.strip() if commits else ""


def _first_multiline(source: Source) -> str:
    commits = [one for one in commits_of(source.view.store, source.merge_request) if len(one.parents) < 2]
    long = (one.message.strip() for one in reversed(commits) if "\n" in one.message.strip())
    return next(long, source.merge_request.title)


def _all_commits(source: Source) -> str:
    commits = [one for one in commits_of(source.view.store, source.merge_request) if len(one.parents) < 2]
    return "\n\n".join(f"* {one.message.strip()}" for one in commits)


def _person(user: User | None, view: dsl.View) -> str:
    return f"{user.name} <{commit_email(user, view)}>" if user else ""


def _co_authors(source: Source) -> str:
    own = source.author if source.squash else source.merger
    commits = commits_of(source.view.store, source.merge_request)
    people = {one.author.email: one.author.name for one in commits}
    if own is not None:
        people.pop(commit_email(own, source.view), None)
    return "\n".join(f"Co-authored-by: {name} <{email}>" for email, name in people.items())


def _reviewed_by(source: Source) -> str:
    users = (source.view.store[User].get(user_id) for user_id in source.merge_request.reviewer_ids)
    return "\n".join(f"Reviewed-by: {_person(user, source.view)}" for user in users if user)


_VALUES: dict[str, Callable[[Source], str]] = {
    "source_branch": lambda source: source.merge_request.source_branch,
    "target_branch": lambda source: source.merge_request.target_branch,
    "title": lambda source: source.merge_request.title,
    "issues": _issues,
    "description": lambda source: source.merge_request.description or "",
    "reference": lambda source: reference(source.view.store, source.merge_request),
    "local_reference": lambda source: f"!{source.merge_request.iid}",
    "source_project_id": lambda source: str(source.merge_request.source_project_id or ""),
    "first_commit": _first_commit,
    "first_multiline_commit": _first_multiline,
    "url": lambda source: source.merge_request.web_url(source.view),
    "reviewed_by": _reviewed_by,
    "approved_by": lambda source: "",
    "merged_by": lambda source: _person(source.merger, source.view),
    "co_authored_by": _co_authors,
    "all_commits": _all_commits,
}
