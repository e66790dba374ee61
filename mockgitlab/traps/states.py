"""Traps of the world: projects that moved, are empty, or take their time to come and go."""

from collections.abc import Callable
from dataclasses import replace

from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.repository import Ref
from mockgitlab.api.services.paths import move_project
from mockgitlab.store import Settings, Store, Transition
from mockgitlab.web.trap import Trap

READS = 3
MOVED = "-moved"


def _slow(kind: str, reads: int) -> Callable[[Settings], Settings]:
    def change(settings: Settings) -> Settings:
        changed = {kind: Transition(reads=reads)}
        return replace(settings, transitions=replace(settings.transitions, **changed))

    return change


def _delay_deletion(settings: Settings) -> Settings:
    return replace(settings, delayed_deletion=True)


def _move(store: Store) -> None:
    for project in list(store[Project].all()):
        move_project(store, project, namespace_of(store, project), f"{project.path}{MOVED}")


def _empty(store: Store) -> None:
    for ref in list(store[Ref].all()):
        store.delete(ref)
    for project in list(store[Project].all()):
        store.update(project, empty_repo=True, readme_file=None, license_key=None)


STATES = (
    Trap(
        "slow_import",
        f"a fork or import is empty, and scheduled, until it was asked for {READS} times",
        "clients push to, or read, what 201 promised",
        settings=_slow("imports", READS),
    ),
    Trap(
        "slow_mergeability",
        f"a merge request is unchecked, or checking, and cannot be merged until it was asked for {READS} times",
        "clients merge at once and take the 405 for a refusal",
        settings=_slow("mergeability", READS),
    ),
    Trap(
        "slow_rebase",
        f"a source branch is being rebased until the merge request was asked for {READS} times, and keeps its head",
        "clients take the 202 for a branch that is rebased, and merge or test the old head",
        settings=_slow("rebases", READS),
    ),
    Trap(
        "slow_pipelines",
        f"a pipeline is pending until it was asked for {READS} times",
        "clients take the first status that they read for the last, or merge before it is there",
        settings=_slow("pipelines", READS),
    ),
    Trap(
        "slow_deletion",
        f"a deleted project keeps its path taken until it was asked for {READS} times",
        "clients create anew what 202 told them is gone",
        settings=_slow("deletions", READS),
    ),
    Trap(
        "delayed_deletion",
        "deleting a project marks it, and only permanently_remove with full_path deletes it",
        "clients find what they deleted, under another path",
        settings=_delay_deletion,
    ),
    Trap(
        "moved_project",
        f"every project was renamed to its path and {MOVED}: by its old path GET is sent there (301), the rest refused",
        "clients follow a redirect with a GET in place of a PUT, or fail with 405",
        change=_move,
    ),
    Trap(
        "empty_repository",
        "no repository has a commit: trees, branches and commits are 404 or empty lists",
        "clients read a tree or a branch that is not there",
        change=_empty,
    ),
)
"""Of projects and their repositories."""
