"""Making of the rows of an archive what they describe: labels, milestones, issues, merge requests and the rest.

Source: GitLab's lib/gitlab/import_export/project/relation_factory.rb and
lib/gitlab/import_export/merge_request_parser.rb.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import diff_positions
from mockgitlab.api.emoji import find_emoji
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import DEFAULT_COLOR, Label, LabelPriority, find_label, owner_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone, find_milestone
from mockgitlab.api.models.note import Note, tied_to
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project import tied_to as belongs
from mockgitlab.api.models.protected_ref import Action, ProtectedBranch, ProtectedTag, open_to
from mockgitlab.api.models.release import Release
from mockgitlab.api.models.timelog import Timelog
from mockgitlab.api.services.archive_people import People
from mockgitlab.api.services.archive_reading import RowRefused, fits, fitting, part, parts
from mockgitlab.api.services.merge_request_closings import remember_closed
from mockgitlab.api.services.merge_request_versions import add_version_of
from mockgitlab.api.services.project_archives import (
    OF_ISSUE,
    OF_MERGE_REQUEST,
    OF_MILESTONE,
    OF_NOTE,
    OF_RELEASE,
    OF_VERSION,
)
from mockgitlab.api.services.protected_refs import LEVELS
from mockgitlab.api.services.repositories import HEADS, Repository, set_ref
from mockgitlab.git.history import ancestors
from mockgitlab.git.names import is_ref_name, is_sha

PEOPLE = ("author_id", "closed_by_id", "merge_user_id", "resolved_by_id")
IMPORTED = {"import_source": "gitlab_project"}
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass
class Planning:
    """Makes labels and milestones in a project or group; a row that is none raises ``RowRefused``."""

    store: dsl.Store
    at: Project | Group
    people: People

    def label(self, row: dict[str, Any]) -> Label:
        """Return the label that a row describes, a new one where none of this title can be used here."""
        columns = fitting(Label, {**row, "name": row.get("title")}, ("name", "color", "description"))
        if not columns.get("name", "").strip():
            raise RowRefused("Validation failed: Title can't be blank")
        known = find_label(self.store, self.at, columns["name"])
        if known is not None:
            return known
        color = columns.get("color", "") if _COLOR.fullmatch(columns.get("color", "")) else DEFAULT_COLOR
        made = self.store.insert(Label(**{**columns, "color": color, "owner": owner_of(self.at)}, **belongs(self.at)))
        for rank in parts(row, "priorities")[:1]:
            self._rank(made, fitting(LabelPriority, rank, ("priority",)))
        return made

    def _rank(self, label: Label, columns: dict[str, Any]) -> None:
        if columns and isinstance(self.at, Project):
            self.store.insert(LabelPriority(label_id=label.id, project_id=self.at.id, **columns))

    def milestone(self, row: dict[str, Any]) -> Milestone:
        """Return the milestone that a row describes, a new one where none of this title can be used here."""
        columns = fitting(Milestone, row, OF_MILESTONE)
        if not columns.get("title", "").strip():
            raise RowRefused("Validation failed: Title can't be blank")
        known = find_milestone(self.store, self.at, columns["title"])
        if known is not None:
            return known
        own = {**columns, "owner": owner_of(self.at), **belongs(self.at)}
        if self.store[Milestone].find(owner=own["owner"], iid=own.get("iid")) is not None:
            del own["iid"]
        return self.store.insert(Milestone(**own))


@dataclass
class Records(Planning):
    """Makes records in a project of the rows of an archive; one that cannot be made raises ``RowRefused``."""

    at: Project

    @property
    def project(self) -> Project:
        """The project."""
        return self.at

    @cached_property
    def history(self) -> set[str]:
        """The commits that the project has."""
        return set(ancestors(self.store.objects, Repository(self.store, self.project).tips))

    def _columns(self, kind: type[dsl.Entity], row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        """Return the columns that a row gives, its people those that they are here."""
        found = fitting(kind, row, [name for name in names if name not in PEOPLE])
        people = {name: self.people.named(row[name]) for name in PEOPLE if name in names and row.get(name) is not None}
        return {**found, **people}

    # Work

    def issue(self, row: dict[str, Any]) -> Issue | None:
        """Make an issue with what hangs on it; one whose iid the project has already is skipped."""
        if self._has(Issue, row):
            return None
        columns = self._work(Issue, row, OF_ISSUE)
        made = self.store.insert(Issue(**columns, assignee_ids=self.people.listed(parts(row, "issue_assignees"))))
        self._attach(made, row)
        return made

    def _has(self, kind: type[dsl.Entity], row: dict[str, Any]) -> bool:
        iid = fitting(kind, row, ("iid",)).get("iid")
        return iid is not None and self.store[kind].find(project_id=self.project.id, iid=iid) is not None

    def _work(self, kind: type[dsl.Entity], row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        columns = {"author_id": self.people.own.id, **self._columns(kind, row, names)}
        if not columns.get("title", "").strip():
            raise RowRefused("Validation failed: Title can't be blank")
        milestone = part(row, "milestone")
        return {
            **columns,
            **IMPORTED,
            "project_id": self.project.id,
            "milestone_id": self.milestone(milestone).id if milestone else None,
            "label_ids": tuple(dict.fromkeys(self.label(part(one, "label")).id for one in parts(row, "label_links"))),
        }

    def merge_request(self, row: dict[str, Any]) -> MergeRequest | None:
        """Make a merge request with what hangs on it; the source branch of an open one is made where it is missing.

        One of a fork becomes one of the project itself.
        """
        if self._has(MergeRequest, row):
            return None
        columns = self._work(MergeRequest, row, OF_MERGE_REQUEST)
        people = {f"{kind}_ids": self.people.listed(parts(row, f"merge_request_{kind}s")) for kind in _ASKED}
        if not all(is_ref_name(columns.get(name, "")) for name in ("source_branch", "target_branch")):
            raise RowRefused("Validation failed: Source branch can't be blank, Target branch can't be blank")
        own = {**columns, **people, "source_project_id": self.project.id}
        version, commits = part(row, "merge_request_diff"), ("merge_commit_sha", "squash_commit_sha")
        made = self.store.insert(MergeRequest(**{name: own[name] for name in own if self._told(name, own, commits)}))
        start, head = (self._commit(version.get(name)) for name in (OF_VERSION[2], OF_VERSION[0]))
        self._keep_branch(made, head)
        add_version_of(self.store, made, start, head, at=made.created_at)
        self._attach(made, row)
        remember_closed(self.store, made)
        return made

    def _told(self, name: str, columns: dict[str, Any], commits: tuple[str, ...]) -> bool:
        return name not in commits or self._commit(columns[name]) is not None

    def _commit(self, sha: Any) -> str | None:
        return sha if isinstance(sha, str) and is_sha(sha) and sha in self.history else None

    def _keep_branch(self, made: MergeRequest, head: str | None) -> None:
        repository, name = Repository(self.store, self.project), f"{HEADS}{made.source_branch}"
        if made.state == "opened" and head and repository.ref(name) is None and not repository.blocks(name):
            set_ref(self.store, self.project, name, head)

    def _attach(self, target: Any, row: dict[str, Any]) -> None:
        """Make the notes, reactions and logged times of an issue or merge request."""
        for one in parts(row, "notes"):
            self._note(target, one)
        self._awards(target, row)
        for one in parts(row, "timelogs"):
            columns = fitting(Timelog, one, ("time_spent", "spent_at", "summary"))
            tied = {"target_type": type(target).__name__, "target_id": target.id, "project_id": self.project.id}
            if "time_spent" in columns:
                self.store.insert(Timelog(**columns, **tied, user_id=self.people.named(one.get("user_id"))))

    def _note(self, target: Any, row: dict[str, Any]) -> None:
        columns = {"author_id": self.people.own.id, **self._columns(Note, row, OF_NOTE)}
        if not is_sha(columns.get("discussion_id", "")):
            columns["discussion_id"] = self.store.mint_hex("discussion")
        columns |= fitting(Note, {"system_action": part(row, "system_note_metadata").get("action")}, ("system_action",))
        body = row.get("note") if isinstance(row.get("note"), str) else ""
        own = {**self._placed(target, columns), **tied_to(target), **IMPORTED}
        made = self.store.insert(Note(**own, body=self.people.signed(row, body or "")))
        self._awards(made, row)

    def _placed(self, target: Any, columns: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of a note, one on lines that the merge request does not have being no such note."""
        position = _POSITION.coerce(columns.get("position"))
        if columns.get("type") not in (None, "DiffNote", "DiscussionNote"):
            columns["type"] = "DiscussionNote"
        if columns.get("type") != "DiffNote":
            return {**columns, "position": None}
        is_one = isinstance(position, dict) and fits(_POSITION, position)
        if is_one and isinstance(target, MergeRequest) and not diff_positions.problems(self.store, target, position):
            return {**columns, "position": diff_positions.kept(position)}
        return {**columns, "type": "DiscussionNote", "position": None}

    def _awards(self, target: dsl.Entity, row: dict[str, Any]) -> None:
        for one in parts(row, "award_emoji"):
            name = find_emoji(str(one.get("name")))
            tied = {"awardable_id": target.id, "awardable_type": type(target).__name__}
            tied["user_id"] = self.people.named(one.get("user_id"))
            if name and not self.store[AwardEmoji].where(**tied, name=name).exists():
                columns = fitting(AwardEmoji, one, ("created_at", "updated_at"))
                self.store.insert(AwardEmoji(name=name, **tied, **columns))

    # Protection and releases

    def protected_branch(self, row: dict[str, Any]) -> None:
        """Protect branches, but those that are protected already."""
        self._protect(ProtectedBranch, row, ("name", "allow_force_push", "code_owner_approval_required"))

    def protected_tag(self, row: dict[str, Any]) -> None:
        """Protect tags."""
        self._protect(ProtectedTag, row, ("name",))

    def _protect(self, kind: Any, row: dict[str, Any], names: tuple[str, ...]) -> None:
        columns = {**fitting(kind, row, names), "project_id": self.project.id}
        if not columns.get("name", "").strip():
            raise RowRefused("Validation failed: Name can't be blank")
        if self.store[kind].find(project_id=self.project.id, name=columns["name"]) is not None:
            return
        made = self.store.insert(kind(**columns))
        actions: tuple[Action, ...] = ("push", "merge") if kind is ProtectedBranch else ("create",)
        for action in actions:
            roles = [one.get("access_level") for one in parts(row, f"{action}_access_levels")]
            open_to(self.store, made, action, [{"access_level": one} for one in roles if one in LEVELS])

    def release(self, row: dict[str, Any]) -> None:
        """Make a release, without its links and milestones."""
        columns = self._columns(Release, row, OF_RELEASE)
        if not columns.get("tag_name", "").strip():
            raise RowRefused("Validation failed: Tag can't be blank")
        if self.store[Release].find(project_id=self.project.id, tag_name=columns["tag_name"]) is None:
            name = fitting(Release, {"given_name": row.get("name")}, ("given_name",))
            own = {**columns, **name, "sha": self._commit(columns.get("sha"))}
            self.store.insert(Release(**own, project_id=self.project.id))


_ASKED = ("assignee", "reviewer")
_POSITION = diff_positions.position_param("text", "image", "file")
MAKES: dict[str, Callable[[Records, dict[str, Any]], Any]] = {
    "labels": Records.label,
    "milestones": Records.milestone,
    "issues": Records.issue,
    "merge_requests": Records.merge_request,
    "protected_branches": Records.protected_branch,
    "protected_tags": Records.protected_tag,
    "releases": Records.release,
}
"""How a row of each relation becomes a record."""
