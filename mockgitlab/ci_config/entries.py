"""Whether a configuration is one: the problems of its entries, in the order and words in which GitLab finds them.

What matters only to those who run jobs, such as images and caches, is not looked into. Source: GitLab's
lib/gitlab/ci/config/entry/{root,jobs,default,workflow,stages,variables}.rb.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from mockgitlab.ci_config import checks
from mockgitlab.ci_config.checks import At
from mockgitlab.ci_config.job_entries import bridge_problems, job_problems, rules_problems, variables_problems

DEFAULTS = (
    *("before_script", "after_script", "hooks", "cache", "image", "services", "interruptible", "timeout", "retry"),
    *("tags", "artifacts", "id_tokens", "identity"),
)
GLOBAL = (
    *("default", "include", "spec", "before_script", "image", "services", "after_script", "variables", "stages"),
    *("types", "cache", "workflow"),
)
"""The keys of a configuration that are no jobs."""
NO_JOB = "config should implement the script:, run:, or trigger: keyword"


def problems(data: dict[Any, Any]) -> Iterator[str]:
    """Yield what is wrong with a configuration: of each of its entries the first problem."""
    for entry in _entries(data):
        yield from islice(entry, 1)


def _entries(data: dict[Any, Any]) -> Iterator[Iterator[str]]:
    """Yield the problems of each entry; in one, the later take for granted that nothing was wrong before."""
    if data.get("default") is not None:
        yield _default_problems(At("default", data["default"]))
    yield _script_problems("", data)
    if data.get("variables") is not None:
        yield variables_problems(At("variables", data["variables"]), ("value", "description", "options", "expand"))
    for name in ("stages", "types"):
        if data.get(name) is not None:
            yield At(name, data[name]).told(checks.strings(data[name]))
    if data.get("workflow") is not None:
        yield _workflow_problems(At("workflow", data["workflow"]))
    yield from _jobs_problems(job_texts(data))


def _default_problems(at: At) -> Iterator[str]:
    yield from at.told(checks.HASH(at.value) or checks.unknown_keys(at.value, DEFAULTS))
    yield from _script_problems("default:", at.value)


def _script_problems(above: str, data: dict[Any, Any]) -> Iterator[str]:
    for name in ("before_script", "after_script"):
        if data.get(name) is not None:
            yield from At(f"{above}{name}", data[name]).told(checks.script(data[name]))


def _workflow_problems(at: At) -> Iterator[str]:
    keys = ("rules", "name", "auto_cancel")
    yield from at.told(checks.HASH(at.value) or checks.unknown_keys(at.value, keys))
    yield from at.each(name=checks.STRING)
    if at.value.get("rules") is not None:
        allowed = ("if", "changes", "exists", "when", "variables", "auto_cancel")
        yield from rules_problems(at.below("rules", at.value["rules"]), ("always", "never"), allowed)


def job_texts(data: dict[Any, Any]) -> dict[Any, Any]:
    """Return what of a configuration are jobs, hidden ones too."""
    return {name: value for name, value in data.items() if name not in GLOBAL}


def is_hidden(name: Any) -> bool:
    """Tell whether a job is a mere template."""
    return str(name).startswith(".")


def _jobs_problems(jobs: dict[Any, Any]) -> Iterator[Iterator[str]]:
    """Yield the problems of each job, once all of them are such."""
    visible = {name: value for name, value in jobs.items() if not is_hidden(name)}
    none = [name for name, value in visible.items() if not _kind(value)]
    for name in none:
        yield At("jobs", visible[name]).told(NO_JOB, _humanized(name))
    if len(none) == len(visible):
        yield At("jobs", jobs).told("should contain at least one visible job")
    for name, value in visible.items() if not none else ():
        check = job_problems if _kind(value) == "job" else bridge_problems
        yield check(At(f"jobs:{_named(name)}", value), name)


def _kind(value: Any) -> str:
    """Return which kind of job a mapping is, ``job`` or ``bridge``; nothing for what is none."""
    if not isinstance(value, dict):
        return ""
    return "job" if "script" in value or "run" in value else "bridge" if "trigger" in value else ""


def _named(name: Any) -> str:
    return {True: "true", False: "false", None: ""}[name] if name is None or isinstance(name, bool) else str(name)


def _humanized(name: Any) -> str:
    return re.sub(r"_id$", "", _named(name).lstrip("_")).replace(".", " ").replace("_", " ")
