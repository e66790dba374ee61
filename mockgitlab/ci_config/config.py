"""A whole configuration: its file with what it includes, extends and refers to, and its jobs.

Source: GitLab's lib/gitlab/ci/config.rb, lib/gitlab/ci/config/{extendable,yaml/tags} and
https://docs.gitlab.com/ci/yaml/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.ci_config import entries
from mockgitlab.ci_config.context import Context
from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.extends import extended
from mockgitlab.ci_config.includes import Included, with_includes
from mockgitlab.ci_config.job_entries import values_of
from mockgitlab.ci_config.jobs import Job, jobs_of
from mockgitlab.ci_config.logic import check
from mockgitlab.ci_config.reading import read
from mockgitlab.ci_config.references import resolved

STAGES = ("build", "test", "deploy")
FIRST, LAST = ".pre", ".post"
EMPTY = "Please provide content of .gitlab-ci.yml"


@dataclass(frozen=True)
class Config:
    """What a configuration says: its stages in their order, its jobs by name, what holds for the pipeline."""

    stages: tuple[str, ...]
    jobs: Mapping[str, Job]
    variables: Mapping[str, str] = field(default_factory=dict)
    workflow_rules: list[Any] | None = None
    name: str | None = None


def load(text: str, context: Context) -> Config:
    """Read a configuration; raises ``ConfigError`` with what GitLab says of the first thing that is wrong."""
    data, _ = whole(text, context)
    problem = next(entries.problems(data), None)
    if problem is not None:
        raise ConfigError(problem)
    return checked(data)


def whole(text: str, context: Context) -> tuple[dict[Any, Any], list[Included]]:
    """Return a configuration with all that it includes, extends and refers to, and what it includes."""
    if not text.strip():
        raise ConfigError(EMPTY)
    data, included = with_includes(read(text, context.variables, context.inputs), context)
    return resolved(extended(data)), included


def checked(data: dict[Any, Any]) -> Config:
    """Return what a whole configuration without problems says; raises ``ConfigError`` where its jobs do not fit."""
    stages = _stages(data)
    jobs = {job.name: job for job in jobs_of(data)}
    check(jobs, stages)
    workflow = data.get("workflow") or {}
    return Config(stages, jobs, values_of(data.get("variables")), workflow.get("rules"), workflow.get("name"))


def _stages(data: dict[Any, Any]) -> tuple[str, ...]:
    """Return the stages with those that every pipeline has, first and last."""
    named = data.get("stages") or data.get("types") or STAGES
    return tuple(dict.fromkeys((FIRST, *(one for one in named if one not in (FIRST, LAST)), LAST)))
