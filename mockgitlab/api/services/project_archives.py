"""Writing the archive of a project: its attributes and records as lines of JSON, and its repository as a bundle.

The files in it, and the keys in these, have the names that GitLab gives them.

Source: GitLab's lib/gitlab/import_export/project/import_export.yml, lib/gitlab/import_export/json/ndjson_writer.rb, and
gitformat-bundle(5).
"""

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.award import awards_of
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label, priority_of
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note, notes_of
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.protected_ref import ProtectedBranch, ProtectedTag, levels
from mockgitlab.api.models.release import Release
from mockgitlab.api.models.timelog import Timelog
from mockgitlab.api.models.user import User
from mockgitlab.api.services.members import all_members
from mockgitlab.api.services.repositories import Repository
from mockgitlab.git.bundles import write_bundle

FORMAT = "0.2.4"
"""The version of the archive, which GitLab compares when it imports one."""
VISIBILITY_LEVELS = {"private": 0, "internal": 10, "public": 20}
FEATURE_LEVELS = {"disabled": 0, "private": 10, "enabled": 20, "public": 30}
OF_PROJECT = (
    *("description", "archived", "default_branch", "merge_method", "squash_option", "ci_config_path"),
    *("suggestion_commit_message", "merge_commit_template", "squash_commit_template"),
    *("remove_source_branch_after_merge", "only_allow_merge_if_pipeline_succeeds"),
    "only_allow_merge_if_all_discussions_are_resolved",
)
FEATURES = tuple(name for name in Project.fields if name.endswith("_access_level"))
OF_MILESTONE = ("iid", "title", "description", "state", "due_date", "start_date", "created_at", "updated_at")
OF_BOTH = (
    *("iid", "title", "description", "state", "created_at", "updated_at", "closed_at", "discussion_locked"),
    *("time_estimate", "author_id", "closed_by_id"),
)
OF_ISSUE = (*OF_BOTH, "due_date", "confidential", "issue_type", "weight", "relative_position")
OF_MERGE_REQUEST = (
    *(*OF_BOTH, "source_branch", "target_branch", "source_project_id", "merged_at", "merge_user_id", "squash"),
    *("merge_commit_sha", "squash_commit_sha", "allow_collaboration", "force_remove_source_branch"),
)
OF_VERSION = ("head_commit_sha", "base_commit_sha", "start_commit_sha", "created_at")
OF_NOTE = (
    *("author_id", "created_at", "updated_at", "system", "internal", "discussion_id", "type", "position"),
    *("resolvable", "resolved", "resolved_by_id", "resolved_at", "last_edited_at"),
)
OF_RELEASE = ("tag_name", "description", "author_id", "sha", "created_at", "updated_at", "released_at")


def write_archive(store: dsl.Store, project: Project, user: User, description: str | None = None) -> bytes:
    """Return the archive of a project for a user, ``tar.gz``; a ``description`` takes the place of its own."""
    return packed(store, dict(_files(store, project, user, description)))


def packed(store: dsl.Store, files: Mapping[str, bytes]) -> bytes:
    """Return files as ``tar.gz``."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size, member.mtime = len(data), int(store.clock.instant.timestamp())
            tar.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def _files(store: dsl.Store, project: Project, user: User, description: str | None) -> Iterator[tuple[str, bytes]]:
    yield "VERSION", FORMAT.encode()
    yield "GITLAB_VERSION", store.settings.version.encode()
    yield "tree/project.json", lines([project_row(project, description)])
    for name in RELATIONS:
        yield f"tree/project/{name}.ndjson", lines(relation(store, project, user, name))
    bundle = write_bundle(store.objects, Repository(store, project).refs)
    if bundle:
        yield "project.bundle", bundle


def relation(store: dsl.Store, project: Project, user: User, name: str) -> Iterable[dict[str, Any]]:
    """Return the records of a relation of a project as they are exported for a user.

    Who owns the group gets its members among those of the project.
    """
    if name == "project_members" and access.group_level(store, user, namespace_of(store, project)) >= access.OWNER:
        return (member_row(store, one) for one in all_members(store, project))
    return RELATIONS[name](store, project)


def lines(rows: Iterable[Any]) -> bytes:
    """Return rows as JSON, one a line."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8", "replace")


def columns(row: dsl.Entity, names: Iterable[str]) -> dict[str, Any]:
    """Return some columns of a row."""
    return {name: getattr(row, name) for name in names}


def project_row(project: Project, description: str | None = None) -> dict[str, Any]:
    """Return a project as it is exported; a ``description`` takes the place of its own."""
    own = {**columns(project, OF_PROJECT), "visibility_level": VISIBILITY_LEVELS[project.visibility]}
    return own if description is None else {**own, "description": description}


# Relations


def _topics(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    return ({"topic": {"name": name}} for name in project.topics)


def _features(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    yield {name: FEATURE_LEVELS[getattr(project, name)] for name in FEATURES}


def label_row(label: Label, project_id: int | None = None, store: dsl.Store | None = None) -> dict[str, Any]:
    """Return a label as it is exported, with its rank in a project."""
    rank = priority_of(store, label.id, project_id) if store is not None else None
    kind = "ProjectLabel" if label.project_id is not None else "GroupLabel"
    own = {"title": label.name, "color": label.color, "description": label.description, "type": kind}
    return {**own, "priorities": [{"priority": rank}] if rank is not None else []}


def milestone_row(milestone: Milestone) -> dict[str, Any]:
    """Return a milestone as it is exported."""
    return columns(milestone, OF_MILESTONE)


def member_row(store: dsl.Store, member: Member) -> dict[str, Any]:
    """Return a member as it is exported: with what tells who it is."""
    user = store[User][member.user_id]
    who = {"id": user.id, "username": user.username, "public_email": user.public_email}
    return {**columns(member, ("user_id", "access_level", "expires_at")), "user": who}


def _labels(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    return (label_row(one, project.id, store) for one in store[Label].where(project_id=project.id))


def _milestones(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    return (milestone_row(one) for one in store[Milestone].where(project_id=project.id))


def _members(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    return (member_row(store, one) for one in store[Member].where(source_type="Project", source_id=project.id))


def _issues(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    for issue in store[Issue].where(project_id=project.id):
        people = [{"user_id": one} for one in issue.assignee_ids]
        yield {**columns(issue, OF_ISSUE), **_work(store, issue), "issue_assignees": people}


def _merge_requests(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    for one in store[MergeRequest].where(project_id=project.id):
        version = latest_version(store, one)
        yield {
            **columns(one, OF_MERGE_REQUEST),
            **_work(store, one),
            "target_project_id": one.project_id,
            "diff_head_sha": version.head_commit_sha,
            "merge_request_assignees": [{"user_id": user} for user in one.assignee_ids],
            "merge_request_reviewers": [{"user_id": user} for user in one.reviewer_ids],
            "merge_request_diff": columns(version, OF_VERSION),
        }


def _work(store: dsl.Store, row: Issue | MergeRequest) -> dict[str, Any]:
    """Return what issues and merge requests have in common."""
    milestone = store[Milestone].get(row.milestone_id)
    labels = (store[Label].get(one) for one in row.label_ids)
    logs = store[Timelog].where(target_type=type(row).__name__, target_id=row.id)
    return {
        "milestone": milestone_row(milestone) if milestone else None,
        "label_links": [{"label": label_row(one)} for one in labels if one is not None],
        "notes": [_note(store, one) for one in notes_of(store, row)],
        "award_emoji": _awards(store, row),
        "timelogs": [columns(one, ("user_id", "time_spent", "spent_at", "summary")) for one in logs],
    }


def _note(store: dsl.Store, note: Note) -> dict[str, Any]:
    author = store[User].get(note.author_id)
    more = {"author": {"name": author.name if author else "Ghost User"}, "award_emoji": _awards(store, note)}
    if note.system_action is not None:
        more["system_note_metadata"] = {"action": note.system_action}
    return {"note": note.body, **columns(note, OF_NOTE), **more}


def _awards(store: dsl.Store, row: dsl.Entity) -> list[dict[str, Any]]:
    return [columns(one, ("name", "user_id", "created_at", "updated_at")) for one in awards_of(store, row)]


def _protected_branches(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    for one in store[ProtectedBranch].where(project_id=project.id):
        own = columns(one, ("name", "allow_force_push", "code_owner_approval_required"))
        roles = {f"{kind}_access_levels": _roles(store, one, kind) for kind in ("push", "merge")}
        yield {**own, **roles}


def _protected_tags(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    for one in store[ProtectedTag].where(project_id=project.id):
        yield {"name": one.name, "create_access_levels": _roles(store, one, "create")}


def _roles(store: dsl.Store, at: ProtectedBranch | ProtectedTag, action: Any) -> list[dict[str, Any]]:
    return [{"access_level": one.access_level} for one in levels(store, at, action) if one.is_role]


def _releases(store: dsl.Store, project: Project) -> Iterable[dict[str, Any]]:
    for one in store[Release].where(project_id=project.id):
        yield {**columns(one, OF_RELEASE), "name": one.given_name}


RELATIONS: dict[str, Callable[[dsl.Store, Project], Iterable[dict[str, Any]]]] = {
    "project_topics": _topics,
    "project_feature": _features,
    "labels": _labels,
    "milestones": _milestones,
    "project_members": _members,
    "issues": _issues,
    "merge_requests": _merge_requests,
    "protected_branches": _protected_branches,
    "protected_tags": _protected_tags,
    "releases": _releases,
}
"""The relations of a project, in the order in which they are imported, and how their records are exported."""
