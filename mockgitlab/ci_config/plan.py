"""Which jobs of a configuration a pipeline gets, and when they run.

Source: GitLab's lib/gitlab/ci/pipeline/seed/{build,stage,pipeline}.rb,
lib/gitlab/ci/pipeline/chain/{evaluate_workflow_rules,seed,populate}.rb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockgitlab.ci_config.config import FIRST, LAST, Config
from mockgitlab.ci_config.context import Context
from mockgitlab.ci_config.errors import RULES, WORKFLOW, ConfigError, Filtered
from mockgitlab.ci_config.job_entries import values_of
from mockgitlab.ci_config.jobs import Job, needs_of
from mockgitlab.ci_config.policies import DEFAULT_ONLY, included
from mockgitlab.ci_config.rules import Result, evaluate
from mockgitlab.ci_config.variables import all_expanded, expanded

NEEDS_AT_MOST = 50
NAME_AT_MOST = 255
JOBS_AT_MOST = 2_000
"""More jobs than this no pipeline gets, which bounds what a push may cost."""


@dataclass(frozen=True)
class Plan:
    """The stages of a pipeline that have jobs, in their order, each with its place and its jobs; and its name."""

    stages: tuple[tuple[int, str, tuple[Job, ...]], ...]
    name: str | None = None


def plan(config: Config, context: Context) -> Plan:
    """Return the jobs that a pipeline gets; raises ``ConfigError``, or ``Filtered`` where it is to have none."""
    workflow = _workflow(config, context)
    shared = {**config.variables, **values_of(workflow.rule.get("variables"))}
    jobs = [job for one in config.jobs.values() if (job := _seeded(one, config, context, shared))]
    _check_needs(jobs)
    found = tuple(
        (place, stage, inner)
        for place, stage in enumerate(config.stages)
        if (inner := tuple(job for job in jobs if job.stage == stage))
    )
    if all(stage in (FIRST, LAST) for _, stage, _ in found):
        raise Filtered(RULES)
    if len(jobs) > JOBS_AT_MOST:
        raise ConfigError(f"Pipeline size limit exceeded by {len(jobs) - JOBS_AT_MOST} jobs!")
    values = _as_far_as_possible({**context.variables, **shared, **context.given})
    return Plan(found, expanded(config.name, values)[:NAME_AT_MOST] if config.name else None)


def _workflow(config: Config, context: Context) -> Result:
    values = _as_far_as_possible({**context.variables, **config.variables, **context.given})
    result = evaluate(config.workflow_rules, values, context, "always")
    if not result.passes:
        raise Filtered(WORKFLOW)
    return result


def _seeded(job: Job, config: Config, context: Context, shared: Mapping[str, str]) -> Job | None:
    """Return a job as its rules have it; nothing where it is not for this pipeline."""
    inherited = {name: value for name, value in shared.items() if job.inherits is True or name in _names(job)}
    own = {**inherited, **job.variables}
    named = {"CI_JOB_NAME": job.name, "CI_JOB_STAGE": job.stage}
    values = _expanded({**context.variables, **named, **own, **context.given}, job.name)
    if job.environment is not None:
        scoped = context.scoped(expanded(job.environment, values))
        values = _expanded({**context.variables, **named, **own, **scoped}, job.name) if scoped else values
    if job.resource_group is not None:
        job = replace(job, resource_group=expanded(job.resource_group, values))
    job = replace(job, deployment={key: expanded(text, values) for key, text in job.deployment.items()})
    if job.rules is not None:
        return _by_rules(job, values, context, own)
    only = _only(job.only, None if config.workflow_rules is not None else DEFAULT_ONLY)
    if not included(only, job.excluded, values, context):
        return None
    return replace(job, variables=own, allow_failure=_allowed(job.allow_failure, job.when))


def _names(job: Job) -> tuple[str, ...]:
    return job.inherits if isinstance(job.inherits, tuple) else ()


def _only(given: Any, by_default: Any) -> Any:
    """Return what ``only`` asks for: a mapping without refs asks for those of the default, too."""
    if given is None:
        return by_default
    return {"refs": DEFAULT_ONLY, **given} if isinstance(given, dict) else given


def _by_rules(job: Job, values: Mapping[str, str], context: Context, own: Mapping[str, str]) -> Job | None:
    try:
        result = evaluate(job.rules, values, context, job.when)
    except ConfigError as error:
        raise ConfigError(f"Failed to parse rule for {job.name}: {error}") from None
    if not result.passes:
        return None
    rule = result.rule
    needs = needs_of(rule.get("needs"), {})
    allowed = rule["allow_failure"] if rule.get("allow_failure") is not None else job.allow_failure
    return replace(
        job,
        when=result.when,
        allow_failure=_allowed(allowed, job.when),
        needs=job.needs if needs is None else needs,
        start_in=rule.get("start_in") or job.start_in,
        variables={**own, **values_of(rule.get("variables"))},
    )


def _allowed(given: bool | None, when: str) -> bool:
    """Return whether a job may fail: one that is manual by itself may, unless it says otherwise."""
    return when == "manual" if given is None else given


def _expanded(values: Mapping[str, str], job: str) -> dict[str, str]:
    try:
        return all_expanded(values)
    except ConfigError as error:
        raise ConfigError(f"{job}: {error}") from None


def _as_far_as_possible(values: Mapping[str, str]) -> dict[str, str]:
    """Return variables written out, or as they are where they use one another, which the jobs tell."""
    try:
        return all_expanded(values)
    except ConfigError:
        return dict(values)


def _check_needs(jobs: list[Job]) -> None:
    names = {job.name for job in jobs}
    problems = []
    for job in jobs:
        if len(job.needs or ()) > NEEDS_AT_MOST:
            told = f"one job can only need {NEEDS_AT_MOST} others, but you have listed {len(job.needs or ())}"
            problems.append(f"{job.name}: {told}. See needs keyword documentation for more details")
            continue
        for need in job.needs or ():
            if not need.optional and need.name not in names:
                problems.append(_missing(job.name, need.name))
    if problems:
        raise ConfigError("\n".join(problems))


def _missing(job: str, need: str) -> str:
    return (
        f"'{job}' job needs '{need}' job, but '{need}' does not exist in the pipeline. "
        "This might be because of the only, except, or rules keywords. "
        "To need a job that sometimes does not exist in the pipeline, use needs:optional."
    )
