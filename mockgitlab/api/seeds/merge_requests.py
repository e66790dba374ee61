"""Merge requests in scenarios, below projects: ``{title: Launch, source_branch: feature, author: ada}``.

The target branch is the project's default one unless given. Below a fork, ``target_project: acme/rocket`` names the
project into which it is to be merged. With ``state: merged`` the branches are really merged, unless the repository has
done so already.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import mergeability
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_reviewer import remember_reviewers
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.user import User
from mockgitlab.api.services import merge_request_git, merge_request_messages
from mockgitlab.api.services.merge_request_closings import remember_closed
from mockgitlab.api.services.merge_request_versions import add_version, add_version_of
from mockgitlab.api.services.pushes import move_ref, person_of
from mockgitlab.api.services.repositories import HEADS, Repository, find_ref
from mockgitlab.git.history import leads_to, walk

EXTRAS: dict[str, dict[str, Any]] = {
    "draft": {"type": "boolean", "description": "Whether the title is marked as that of a draft"},
    "target_project": {"type": "string", "description": "The full path of the project into which a fork is merged"},
    "remove_source_branch": {"type": "boolean", "description": "Whether the source branch goes when it is merged"},
}


def seed_merge_request(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> MergeRequest:
    """Make a merge request of a project; its author is the project's creator unless another is named."""
    store, project = seeding.store, _target(seeding, parents[-1], extras)
    source = {"source_project_id": parents[-1].id, "author_id": parents[-1].creator_id or 1}
    given = {**source, **_columns(store, project, columns, extras)}
    _check(seeding, project, given)
    wanted = given.pop("state", "opened")
    merge_request = store.insert(MergeRequest(**given))
    remember_reviewers(store, merge_request, at=merge_request.created_at)
    if wanted == "merged":
        return _merged(seeding, merge_request)
    add_version(store, merge_request, at=merge_request.created_at)
    remember_closed(store, merge_request)
    if wanted == "opened":
        return merge_request
    closing = {"closed_at": merge_request.updated_at, "closed_by_id": merge_request.author_id}
    closing |= {**_kept(merge_request, *closing), "updated_at": merge_request.updated_at}
    return store.update(merge_request, **closing, state=wanted)


def _target(seeding: dsl.Seeding, project: Project, extras: dict[str, Any]) -> Project:
    if extras.get("target_project") is None:
        return project
    found = seeding.resolve("Project", extras["target_project"], (), "target_project")
    return found if isinstance(found, Project) else project


def _columns(store: dsl.Store, project: Project, columns: dict[str, Any], extras: dict[str, Any]) -> dict[str, Any]:
    title = str(columns.get("title") or "")
    created = columns.get("created_at")
    dates = {"updated_at": columns.get("merged_at") or columns.get("closed_at") or created} if created else {}
    return {
        "target_branch": project.default_branch or "main",
        "squash": project.squash_option in ("always", "default_on"),
        "prepared_at": created or store.now,
        **dates,
        **{name: value for name, value in columns.items() if value is not None},
        "project_id": project.id,
        "title": f"Draft: {title}" if extras.get("draft") else title,
        **({"force_remove_source_branch": extras["remove_source_branch"]} if "remove_source_branch" in extras else {}),
    }


def _check(seeding: dsl.Seeding, project: Project, given: dict[str, Any]) -> None:
    if not given["title"].strip():
        seeding.problem("title", "is missing: a merge request needs one")
    source = seeding.store[Project].get(given["source_project_id"]) or project
    for key, place in (("source_branch", source), ("target_branch", project)):
        branch = str(given.get(key) or "")
        if find_ref(seeding.store, place, HEADS + branch) is None:
            known = ", ".join(Repository(seeding.store, place).named(HEADS)) or "none"
            seeding.problem(key, f"names no branch of {place.full_path}: {branch!r}; it has {known}")
    taken = seeding.store[MergeRequest].find(project_id=project.id, iid=given.get("iid"))
    if given.get("iid") is not None and taken is not None:
        seeding.problem("iid", f"is taken: {project.full_path} has a merge request {given['iid']}")


def _kept(merge_request: MergeRequest, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(merge_request, name)) is not None}


def _merged(seeding: dsl.Seeding, merge_request: MergeRequest) -> MergeRequest:
    store = seeding.store
    merging = {"merged_at": merge_request.updated_at, "merge_user_id": merge_request.author_id}
    merging |= _kept(merge_request, *merging)
    done = _done_before(store, merge_request)
    if done is None:
        add_version(store, merge_request, at=merge_request.created_at)
        remember_closed(store, merge_request)
        done = _merge(seeding, store.update(merge_request, **merging))
    return store.update(merge_request, **merging, **done, state="merged", updated_at=merge_request.updated_at)


def _done_before(store: dsl.Store, merge_request: MergeRequest) -> dict[str, Any] | None:
    """Return the commit that merged a source branch in the repository already, if one did; the version is made."""
    source, target = mergeability.source_head(store, merge_request), mergeability.target_head(store, merge_request)
    if source is None or target is None or not leads_to(store.objects, source, target):
        return None
    merging = next((one for one in walk(store.objects, [target]) if source in one.parents[1:]), None)
    start = merging.parents[0] if merging else source
    add_version_of(store, merge_request, start, source, at=merge_request.created_at)
    return {"merge_commit_sha": merging.sha} if merging else {}


def _merge(seeding: dsl.Seeding, merge_request: MergeRequest) -> dict[str, Any]:
    """Merge the branches; notes a problem where they conflict."""
    store, project = seeding.store, seeding.store[Project][merge_request.project_id]
    view = dsl.View(store, store.settings.url or "http://localhost")
    people = (merge_request.merge_user_id, merge_request.author_id)
    merger, author = (store[User].get(user_id) or store[User][1] for user_id in people)
    source = merge_request_messages.Source(view, merge_request, merger)
    at = merge_request.merged_at or store.now
    plan = merge_request_git.Plan(
        person_of(merger, view, at),
        person_of(author, view, at),
        merge_request_messages.merge_commit_message(source),
        merge_request_messages.squash_commit_message(source) if merge_request.squash else None,
    )
    merged = merge_request_git.merge(store, merge_request, plan)
    if merged is None:
        seeding.problem("state", f"cannot be merged: {merge_request.source_branch} conflicts with the target branch")
        return {}
    move_ref(store, project, HEADS + merge_request.target_branch, merged.head)
    return {"merge_commit_sha": merged.merge_commit_sha, "squash_commit_sha": merged.squash_commit_sha}


def _find(store: dsl.Store, name: Any, parents: dsl.Parents) -> MergeRequest | None:
    projects = [one for one in parents if isinstance(one, Project)]
    number = int(name) if str(name).isascii() and str(name).isdigit() else None
    return store[MergeRequest].find(project_id=projects[-1].id, iid=number) if projects else None


MERGE_REQUESTS = dsl.Collection(
    "merge_requests",
    MergeRequest,
    {Project: tied_to},
    seed_merge_request,
    _find,
    EXTRAS,
)
