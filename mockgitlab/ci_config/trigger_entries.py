"""Which pipeline a job starts, and its problems, in the order and words in which GitLab finds them.

Source: GitLab's lib/gitlab/ci/config/entry/trigger.rb, trigger/forward.rb, includes.rb.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab.ci_config import checks
from mockgitlab.ci_config.checks import At

INCLUDES_AT_MOST = 3
STRATEGIES = ("depend", "mirror")
OF_PROJECT = ("project", "branch", "strategy", "forward", "inputs")
CHILD = ("strategy", "include", "forward")
FORWARD = ("yaml_variables", "pipeline_variables")


def trigger_of(given: Any) -> Mapping[str, Any]:
    """Return what a job says of the pipeline that it starts; a text names a project."""
    return {"project": given} if isinstance(given, str) else given if isinstance(given, dict) else {}


def trigger_problems(at: At) -> Iterator[str]:
    """Yield what is wrong with ``trigger``."""
    if not isinstance(at.value, (str, dict)):
        yield f"{at.place} has to be either a string or a hash"
    elif not at.value:
        yield from at.told(checks.BLANK)
    elif isinstance(at.value, dict):
        yield from _of_child(at) if "include" in at.value else _of_project(at)


def _of_project(at: At) -> Iterator[str]:
    yield from at.told(checks.unknown_keys(at.value, OF_PROJECT))
    if not at.value.get("project"):
        yield from at.told(checks.BLANK, "project")
    yield from at.each(project=checks.STRING, branch=checks.STRING, inputs=checks.HASH)
    yield from _common(at)


def _of_child(at: At) -> Iterator[str]:
    yield from at.told(checks.unknown_keys(at.value, CHILD))
    yield from _common(at)
    given = at.value["include"]
    if isinstance(given, list) and len(given) > INCLUDES_AT_MOST:
        yield from at.below("include", given).told(f"is too long (maximum is {INCLUDES_AT_MOST})")


def _common(at: At) -> Iterator[str]:
    yield from at.each(strategy=lambda value: "" if value in STRATEGIES else "should be depend or mirror")
    forward = at.below("forward", at.value.get("forward"))
    if forward.value is None:
        return
    problem = checks.HASH(forward.value)
    yield from forward.told(problem or checks.unknown_keys(forward.value, FORWARD))
    if not problem:
        yield from forward.each(**dict.fromkeys(FORWARD, checks.BOOLEAN))
