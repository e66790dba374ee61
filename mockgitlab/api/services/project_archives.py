"""Writing the archive of a project: its attributes and records as lines of JSON, and its repository as a bundle.

The files in it have the names that GitLab gives them.

Source: GitLab's lib/gitlab/import_export/project/import_export.yml, lib/gitlab/import_export/json/ndjson_writer.rb, and
gitformat-bundle(5).
"""

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.missing import everything, reach
from mockgitlab.git.objects import peeled
from mockgitlab.git.packs import write_pack

FORMAT = "0.2.4"
"""The version of the archive, which GitLab compares when it imports one."""
OF_PROJECT = (
    *("description", "visibility", "topics", "archived", "default_branch", "merge_method", "squash_option"),
    *("ci_config_path", "suggestion_commit_message", "merge_commit_template", "squash_commit_template"),
    *(name for name in Project.fields if name.endswith("_access_level")),
)
OF_LABEL = ("name", "description", "color")
OF_MILESTONE = ("iid", "title", "description", "state", "due_date", "start_date", "created_at", "updated_at")
OF_BOTH = ("iid", "title", "description", "state", "created_at", "updated_at", "closed_at", "discussion_locked")
OF_ISSUE = (*OF_BOTH, "due_date", "confidential", "issue_type", "weight")
OF_MERGE_REQUEST = (*OF_BOTH, "source_branch", "target_branch", "merged_at", "merge_commit_sha", "squash")
OF_NOTE = ("body", "system", "internal", "created_at", "updated_at", "discussion_id")


def write_archive(store: dsl.Store, project: Project, description: str | None = None) -> bytes:
    """Return the archive of a project, ``tar.gz``; a ``description`` takes the place of its own."""
    files = dict(_files(store, project, description))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size, member.mtime = len(data), int(store.clock.instant.timestamp())
            tar.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def _files(store: dsl.Store, project: Project, description: str | None) -> Iterator[tuple[str, bytes]]:
    yield "VERSION", FORMAT.encode()
    yield "GITLAB_VERSION", store.settings.version.encode()
    own = _columns(project, OF_PROJECT)
    yield (
        "tree/project.json",
        _lines([{**own, "description": project.description if description is None else description}]),
    )
    for name, rows in (
        ("labels", (_columns(one, OF_LABEL) for one in store[Label].where(project_id=project.id))),
        ("milestones", (_columns(one, OF_MILESTONE) for one in store[Milestone].where(project_id=project.id))),
        ("issues", (_work(store, one, OF_ISSUE) for one in store[Issue].where(project_id=project.id))),
        (
            "merge_requests",
            (_work(store, one, OF_MERGE_REQUEST) for one in store[MergeRequest].where(project_id=project.id)),
        ),
    ):
        yield f"tree/project/{name}.ndjson", _lines(rows)
    bundle = write_bundle(Repository(store, project))
    if bundle:
        yield "project.bundle", bundle


def _lines(rows: Iterable[Any]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8", "replace")


def _columns(row: dsl.Entity, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if name in type(row).fields}


def _work(store: dsl.Store, row: Issue | MergeRequest, names: Iterable[str]) -> dict[str, Any]:
    """Return an issue or merge request with its people by username, its labels and milestone by name, and its notes."""
    milestone = store[Milestone].get(row.milestone_id)
    about = {"noteable_type": type(row).__name__, "noteable_id": row.id}
    return {
        **_columns(row, names),
        "author": store[User][row.author_id].username,
        "assignees": [store[User][one].username for one in row.assignee_ids],
        "labels": [store[Label][one].name for one in row.label_ids],
        "milestone": milestone.title if milestone else None,
        "notes": [
            {**_columns(note, OF_NOTE), "author": store[User][note.author_id].username}
            for note in store[Note].where(**about)
        ],
    }


def write_bundle(repository: Repository) -> bytes:
    """Return the branches and tags of a repository with their history as a bundle; nothing where there are none."""
    objects = repository.objects
    refs = {name: sha for name, sha in repository.refs.items() if name.startswith((HEADS, TAGS))}
    tips = [sha for sha in (peeled(objects, one) for one in refs.values()) if sha]
    commits = reach(objects, tips, set())
    shas = {**dict.fromkeys(refs.values()), **commits, **dict.fromkeys(everything(objects, commits))}
    head = "".join(f"{sha} {name}\n" for name, sha in refs.items())
    return f"# v2 git bundle\n{head}\n".encode() + write_pack(objects, list(shas)) if refs else b""
