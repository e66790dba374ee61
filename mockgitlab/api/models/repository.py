"""Repositories: the refs of a project, and its commits as the API shows them.

The objects lie in the store, named by their hashes; what a project has of them is what its refs lead to. ``HEAD`` is
the project's default branch.

Source: GitLab's lib/api/entities/commit.rb, commit_detail.rb, diff.rb, and the limits of diffs on an instance in
https://docs.gitlab.com/administration/instance_limits/#diff-limits.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.diff_limits import PATCH_BYTES, Shown
from mockgitlab.git.changes import ALIKE, Change, changes, patch, stats
from mockgitlab.git.objects import Commit, Entry, Person, bytes_of, read_commit, text_of
from mockgitlab.git.trailers import trailers_of
from mockgitlab.store import Objects

LAST_SECOND = 253_402_200_000


class Ref(dsl.Entity):
    """A branch (``refs/heads/…``) or tag (``refs/tags/…``) of a project, and the object that it names."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    name: str = dsl.hidden("The whole name")
    sha: str = dsl.hidden("The name of the object")

    @property
    def place(self) -> str:
        """The project and the name, by which a ref is found: ``1:refs/heads/main``."""
        return f"{self.project_id}:{self.name}"


def shown(text: str) -> str:
    """Return text that JSON can hold: bytes that are no UTF-8 become replacement characters."""
    return text if text.isascii() else bytes_of(text).decode(errors="replace")


def date_of(person: Person) -> str:
    """Return when somebody did something, where he was: ``2024-05-01T11:00:00.000+02:00``."""
    sign = -1 if person.zone[0] == "-" else 1
    offset = timedelta(hours=int(person.zone[1:3]), minutes=int(person.zone[3:]))
    seconds = min(max(person.time, 0), LAST_SECOND)
    return datetime.fromtimestamp(seconds, timezone(sign * offset)).isoformat(timespec="milliseconds")


def commit_json(commit: Commit, url: str, *, trailers: bool = False) -> dict[str, Any]:
    """Return a commit as lists show it; ``url`` is that of the project's page."""
    author, committer = commit.author, commit.committer
    pairs = [(shown(key), shown(value)) for key, value in trailers_of(commit.message)] if trailers else []
    extended: dict[str, list[str]] = {}
    for key, value in pairs:
        extended.setdefault(key, []).append(value)
    return {
        "id": commit.sha,
        "short_id": commit.sha[:8],
        "created_at": date_of(committer),
        "parent_ids": list(commit.parents),
        "title": shown(commit.title),
        "message": shown(commit.message),
        "author_name": shown(author.name),
        "author_email": shown(author.email),
        "authored_date": date_of(author),
        "committer_name": shown(committer.name),
        "committer_email": shown(committer.email),
        "committed_date": date_of(committer),
        "trailers": dict(pairs),
        "extended_trailers": extended,
        "web_url": f"{url}/-/commit/{commit.sha}",
    }


def commit_changes(objects: Objects, commit: Commit, alike: float = ALIKE) -> list[Change]:
    """Return what a commit changed from its first parent."""
    before = read_commit(objects, commit.parents[0]).tree if commit.parents else ""
    return changes(objects, before, commit.tree, alike=alike)


def stats_json(objects: Objects, commit: Commit) -> dict[str, int]:
    """Return how many lines a commit added and deleted."""
    additions, deletions = stats(objects, commit_changes(objects, commit))
    return {"additions": additions, "deletions": deletions, "total": additions + deletions}


def diff_json(
    objects: Objects,
    change: Change,
    *,
    unidiff: bool = False,
    generated: bool | None = None,
    limits: Shown | None = None,
) -> dict[str, Any]:
    """Return a changed file as diffs show it; with ``unidiff`` its text begins with the two names.

    ``generated`` is what GitLab finds out for merge requests alone, ``limits`` whether its text is withheld: where they
    are not given, a text of ``PATCH_BYTES``.
    """
    data = patch(objects, change)
    limits = limits or Shown(too_large=len(data) >= PATCH_BYTES)
    text = "" if limits != Shown() else shown(text_of(data))
    if unidiff and text.startswith("@@"):
        old = f"a/{change.old_path}" if change.old else "/dev/null"
        new = f"b/{change.new_path}" if change.new else "/dev/null"
        text = f"--- {shown(old)}\n+++ {shown(new)}\n{text}"
    return {
        "diff": text,
        "collapsed": limits.collapsed,
        "too_large": limits.too_large,
        "new_path": shown(change.new_path),
        "old_path": shown(change.old_path),
        "a_mode": _mode(change.old),
        "b_mode": _mode(change.new),
        "new_file": change.old is None,
        "renamed_file": change.renamed,
        "deleted_file": change.new is None,
        "generated_file": generated,
    }


def _mode(entry: Entry | None) -> str:
    return f"{entry.mode:o}" if entry else "0"
