"""Threads on lines of merge requests, which follow the lines when the branches move, or say that they changed.

Source: GitLab's app/services/merge_requests/reload_diffs_service.rb, discussions/update_diff_position_service.rb and
app/services/system_notes/merge_requests_service.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.diff_positions import SHAS, code_of
from mockgitlab.api.diff_tracing import Files, Found, Tracer
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff, latest_version, versions_of
from mockgitlab.api.models.note import Note, notes_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.suggestion import suggestions_of
from mockgitlab.api.services.merge_request_versions import add_version


def renew_version(call: dsl.Call, merge_request: MergeRequest) -> MergeRequestDiff:
    """Write down what a merge request changes now, and let the threads on its lines follow."""
    before = latest_version(call.store, merge_request)
    after = add_version(call.store, merge_request)
    if _shas(before) != _shas(after) and before.head_commit_sha and after.head_commit_sha:
        _follow(call, merge_request, before, after)
    return after


def _shas(version: MergeRequestDiff) -> tuple[str | None, ...]:
    return version.base_commit_sha, version.start_commit_sha, version.head_commit_sha


def _follow(call: dsl.Call, merge_request: MergeRequest, before: MergeRequestDiff, after: MergeRequestDiff) -> None:
    threads = _threads(call.store, merge_request, before)
    if not threads:
        return
    tracer, were_open = Tracer(call.store.objects, before, after), any(map(_is_open, threads))
    for notes in threads:
        found = tracer.follow(notes[0].position or {})
        if found.outdated:
            _tell_outdated(call, merge_request, notes, found)
        else:
            _move(call.store, notes, found.position)
    if were_open and call.store[Project][merge_request.project_id].resolve_outdated_diff_discussions:
        _tell_all_resolved(call, merge_request)


def _threads(store: dsl.Store, merge_request: MergeRequest, version: MergeRequestDiff) -> list[list[Note]]:
    """Return the notes of each thread on a place in a version."""
    found: dict[str, list[Note]] = {}
    for note in sorted(notes_of(store, merge_request), key=lambda one: one.id):
        if note.position and tuple(note.position.get(name) for name in SHAS) == _shas(version):
            found.setdefault(note.discussion_id, []).append(note)
    return list(found.values())


def _is_open(notes: Iterable[Note]) -> bool:
    return any(one.resolvable and not one.resolved for one in notes)


def _move(store: dsl.Store, notes: list[Note], position: dict[str, Any]) -> None:
    """Put the notes of a thread at another place, and what they propose with them."""
    for note in notes:
        shift = (position.get("new_line") or 0) - ((note.position or {}).get("new_line") or 0)
        store.update(note, position=position, updated_at=note.updated_at)
        for one in suggestions_of(store, note) if shift else ():
            store.update(one, from_line=one.from_line + shift, to_line=one.to_line + shift)


def _tell_outdated(call: dsl.Call, merge_request: MergeRequest, notes: list[Note], found: Found) -> None:
    """Say in a thread which version changed its place; the thread is resolved where the project wants it so."""
    store, project = call.store, call.store[Project][merge_request.project_id]
    for note in notes if project.resolve_outdated_diff_discussions else ():
        if note.resolvable and not note.resolved:
            done = {"resolved_by_id": access.me(call).id, "resolved_at": call.now}
            store.update(note, resolved=True, updated_at=note.updated_at, **done)
    first = notes[0]
    told = effects.system_note(call, merge_request, _outdated(call, merge_request, found), "outdated")
    store.update(told, type=first.type, discussion_id=first.discussion_id, position=first.position)


def _outdated(call: dsl.Call, merge_request: MergeRequest, found: Found) -> str:
    versions = versions_of(call.store, merge_request)
    what = "line" if found.position["position_type"] == "text" else "file"
    which = f"version {sum(one.state not in ('empty', 'without_files') for one in versions)} of the diff"
    version = next((one for one in reversed(versions) if one.head_commit_sha == found.head), None)
    if version is None:
        return f"changed this {what} in {which}"
    path = call.store[Project][merge_request.project_id].full_path
    query = f"diff_id={version.id}&start_sha={found.start}"
    address = f"/{path}/-/merge_requests/{merge_request.iid}/diffs?{query}#{_anchor(call.store, found)}"
    return f"changed this {what} in [{which}]({address})"


def _anchor(store: dsl.Store, found: Found) -> str:
    change = Files(store.objects, found.start, found.head).from_new(found.position["new_path"])
    return (code_of(store.objects, change, found.position) if change else None) or ""


def _tell_all_resolved(call: dsl.Call, merge_request: MergeRequest) -> None:
    if not _is_open(notes_of(call.store, merge_request)):
        effects.system_note(call, merge_request, "resolved all threads", "discussion")
