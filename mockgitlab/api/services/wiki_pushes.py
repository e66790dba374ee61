"""Pushes to the repositories of wikis, and the events that follow from them.

Only changes on the default branch of a project's wiki are events, a hundred of a push at most. As in GitLab a page is
looked for by the name of its file without the folder, so that those in folders have none.

Source: GitLab's app/services/git/wiki_push_service.rb, wiki_push_service/change.rb, app/models/project_wiki.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.wiki import Wiki, find_page
from mockgitlab.api.services.wikis import record, rename_page, wiki_of
from mockgitlab.git.changes import GITLAB_ALIKE, Change, changes
from mockgitlab.git.names import HEADS
from mockgitlab.git.objects import Commit, peeled, read_commit
from mockgitlab.git.protocol import ZERO
from mockgitlab.git.receive import Command

EVENTS_AT_MOST = 100


def accept(call: dsl.Call, at: Project | Group, commands: list[Command]) -> None:
    """Move the refs of a wiki."""
    wiki = wiki_of(call.store, at)
    refs = dict(wiki.refs)
    for one in commands:
        refs[one.name] = one.new
    kept = {name: sha for name, sha in refs.items() if sha != ZERO}
    wiki = call.store.update(wiki, refs=kept)
    if isinstance(at, Project):
        effects.touch_project(call, at.id)
        _record_changes(call, at, wiki, [one for one in commands if one.name == HEADS + wiki.branch])


def _record_changes(call: dsl.Call, project: Project, wiki: Wiki, commands: list[Command]) -> None:
    found = [(one, change) for one in commands for change in _changes(call.store, one)]
    seen: set[int] = set()
    for one, change in found[:EVENTS_AT_MOST]:
        _record(call, project, wiki, one, change, seen)


def _changes(store: dsl.Store, one: Command) -> list[Change]:
    old, new = (_commit(store, sha) for sha in (one.old, one.new))
    return changes(store.objects, old.tree if old else "", new.tree if new else "", alike=GITLAB_ALIKE)


def _commit(store: dsl.Store, sha: str) -> Commit | None:
    found = peeled(store.objects, sha)
    return read_commit(store.objects, found) if found else None


def _record(call: dsl.Call, project: Project, wiki: Wiki, one: Command, change: Change, seen: set[int]) -> None:
    """Record what became of a page, once for each page."""
    action = "created" if change.old is None else "destroyed" if change.new is None else "updated"
    commit = _commit(call.store, one.old if change.new is None else one.new)
    page = find_page(call.store.objects, commit, _stem(change.path))
    if page is None:
        return
    kept = rename_page(call.store, wiki, _stem(change.old_path), page)
    if kept.id not in seen:
        seen.add(kept.id)
        record(call, project, action, page, kept)
    if action == "destroyed":
        call.store.delete(kept)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return shown(stem if dot and stem.strip(".") else name)
