"""Releases in scenarios, below projects: ``{tag_name: v1.0, description: First, milestones: ["1.0"]}``.

The tag is one of the repository. ``links: [{name: Binary, url: https://example.com/app, filepath: /bin/app}]``
are those to the assets; ``direct_asset_path`` is the other name of ``filepath``.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.release import Release, ReleaseLink, find_release, links_of
from mockgitlab.api.services.releases import insert_evidence, link_problems
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.git.objects import peeled

NAME = {"type": ["string", "null"], "description": "What it is called, as its tag unless given"}
PATH = {"type": ["string", "null"], "description": "The path below the release at which the link is found"}


def seed_release(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Release:
    """Make a release of a project; its author is the project's creator unless another is named."""
    store, project = seeding.store, parents[-1]
    tag = str(columns.get("tag_name") or "")
    sha = Repository(store, project).ref(TAGS + tag)
    if sha is None:
        seeding.problem("tag_name", f"must be a tag of the repository of {project.full_path}, not {tag!r}")
    if find_release(store, project, tag) is not None:
        seeding.problem("tag_name", f"is taken: {project.full_path} has a release {tag}")
    created = columns.get("created_at") or columns.get("released_at") or store.now
    usual = {"author_id": project.creator_id or 1, "created_at": created, "updated_at": created, "released_at": created}
    commit = peeled(store.objects, sha) if sha else None
    named = {"tag_name": tag, "given_name": extras.get("name"), "sha": commit}
    release = store.insert(Release(**{**usual, **columns, **named}))
    if release.released_at == release.created_at:
        evidence = insert_evidence(store, release, dsl.View(store, store.settings.url or "http://localhost"))
        store.update(evidence, created_at=release.created_at)
    return release


def seed_link(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ReleaseLink:
    """Make a link of a release."""
    path = extras.get("direct_asset_path") or extras.get("filepath")
    columns = {**columns, "filepath": path, "release_id": parents[-1].id}
    for key, problem in link_problems(seeding.store, columns, list(links_of(seeding.store, parents[-1]))):
        seeding.problem(key, problem)
    return seeding.store.insert(ReleaseLink(**columns))


RELEASES = dsl.Collection(
    "releases",
    Release,
    {Project: tied_to},
    seed_release,
    None,
    {"name": NAME},
)
RELEASE_LINKS = dsl.Collection(
    "links", ReleaseLink, {Release: lambda release: {}}, seed_link, None, {"direct_asset_path": PATH, "filepath": PATH}
)
