"""Whether the jobs of a configuration fit together: their stages, and what they need of one another.

Source: GitLab's lib/gitlab/ci/yaml_processor.rb, lib/gitlab/ci/yaml_processor/dag.rb.
"""

import json
from collections.abc import Mapping, Sequence

from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.jobs import Job, Need, needs_of

CIRCULAR = "The pipeline has circular dependencies: "


def check(jobs: Mapping[str, Job], stages: Sequence[str]) -> None:
    """Raise ``ConfigError`` for the first thing that does not fit."""
    for job in jobs.values():
        if job.stage not in stages:
            told = f"chosen stage {job.stage} does not exist; available stages are {', '.join(stages)}"
            raise ConfigError(f"{job.name} job: {told}")
        for name in job.dependencies or ():
            _check_dependency(job, Need(name), "dependency", jobs, stages)
        for needs in (job.needs, *(needs_of(rule.get("needs"), {}) for rule in job.rules or ())):
            _check_needs(job, needs or (), jobs, stages)
    _check_circles(jobs)


def _check_needs(job: Job, needs: Sequence[Need], jobs: Mapping[str, Job], stages: Sequence[str]) -> None:
    for need in needs:
        _check_dependency(job, need, "need", jobs, stages)
    names = [need.name for need in needs]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    if twice:
        raise ConfigError(f"{job.name} has the following needs duplicated: {', '.join(twice)}.")


def _check_dependency(job: Job, need: Need, kind: str, jobs: Mapping[str, Job], stages: Sequence[str]) -> None:
    other = jobs.get(need.name)
    if other is None:
        if need.optional:
            return
        raise ConfigError(f"{job.name} job: undefined {kind}: {need.name}")
    if other.stage not in stages or stages.index(other.stage) > stages.index(job.stage):
        raise ConfigError(f"{job.name} job: {kind} {need.name} is not defined in current or prior stages")


def _check_circles(jobs: Mapping[str, Job]) -> None:
    """Raise ``ConfigError`` where jobs need one another: those left once all that can be done are taken away."""
    left = {name: [need.name for need in job.needs or () if need.name in jobs] for name, job in jobs.items()}
    for name, needs in left.items():
        if name in needs:
            raise ConfigError(f"{CIRCULAR}self-dependency: {name}")
    while done := [name for name, needs in left.items() if left.keys().isdisjoint(needs)]:
        for name in done:
            del left[name]
    if left:
        raise ConfigError(f"{CIRCULAR}topological sort failed: {json.dumps(_circle(left), ensure_ascii=False)}")


def _circle(left: Mapping[str, list[str]]) -> list[str]:
    path = [next(iter(left))]
    while (following := next(name for name in left[path[-1]] if name in left)) not in path:
        path.append(following)
    return path[path.index(following) :]
