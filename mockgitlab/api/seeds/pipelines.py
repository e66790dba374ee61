"""Pipelines in scenarios, below projects: ``{ref: main, status: success}``, on the last commit of the ref."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.services.repositories import Repository


def seed_pipeline(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Pipeline:
    """Make a pipeline of a project, of its default branch and its creator unless it says otherwise."""
    project: Project = parents[-1]
    ref = columns.get("ref") or project.default_branch or "main"
    commit = Repository(seeding.store, project).commit(str(columns.get("sha") or ref))
    if commit is None:
        seeding.problem("sha" if columns.get("sha") else "ref", f"names no commit of {project.full_path}")
    made = {"ref": ref, "user_id": project.creator_id, **columns, "sha": commit.sha if commit else ""}
    return seeding.store.insert(Pipeline(**made))


PIPELINES = dsl.Collection(
    "pipelines",
    Pipeline,
    {Project: tied_to},
    seed_pipeline,
    description="Runs of CI",
)
