"""Runners in scenarios: at the top those of the instance, below groups and projects theirs.

.. code-block:: yaml

    runners:
      - {description: shared, tag_list: [docker], contacted_at: 2024-05-01T08:59:00Z}
    projects:
      - path: acme/lander
      - path: acme/rocket
        runners:
          - description: macs
            token: glrt-macs
            projects: [acme/lander]
            managers: [{system_id: s_mac1, version: 17.5.0, platform: darwin, architecture: arm64}]

A runner with ``projects`` is of these, too, which are declared before. Its ``token`` is minted unless it is given.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner, RunnerManager, RunnerProject
from mockgitlab.api.models.token import PREFIXES
from mockgitlab.api.services.runners import drafted, insert, problems_of

EXTRAS: dict[str, dict[str, Any]] = {
    "token": {"type": "string", "description": "The secret by which it identifies itself"},
    "projects": {"type": "array", "items": {"type": "string"}, "description": "Further projects that have it"},
}


def seed_runner(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Runner:
    """Make a runner of the instance, a group or a project."""
    store, at = seeding.store, parents[-1] if parents else None
    token = extras.get("token") or store.mint(PREFIXES["runner"])
    if store[Runner].find(token=token) is not None:
        seeding.problem("token", f"is given twice: {token}")
    draft = drafted(columns, at).replaced({"token": str(token)})
    for name, texts in problems_of(draft).items():
        seeding.problem({"tags_list": "tag_list"}.get(name, name), texts[0])
    runner = insert(store, draft, at)
    for path in extras.get("projects") or ():
        project = seeding.resolve("Project", path, parents, "projects")
        if isinstance(project, Project):
            store.insert(RunnerProject(runner_id=runner.id, project_id=project.id))
    return runner


RUNNERS = dsl.Collection(
    "runners",
    Runner,
    {None: lambda _: {}, Project: lambda _: {}, Group: lambda group: {}},
    seed_runner,
    lambda store, name, parents: store[Runner].find(description=name),
    EXTRAS,
    "What executes jobs",
)
RUNNER_MANAGERS = dsl.Collection(
    "managers",
    RunnerManager,
    {Runner: lambda runner: {"runner_id": runner.id}},
    description="The machines of a runner",
)
