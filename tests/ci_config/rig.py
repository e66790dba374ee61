"""What tests of configurations share: planning a text for a pipeline."""

from typing import Any

from mockgitlab.ci_config import ConfigError, Context, Filtered, Plan, load, plan

MERGE_REQUEST: dict[str, Any] = {
    "kind": "merge_request",
    "source": "merge_request_event",
    "ref": "feature",
}


def planned(text: str, **context: Any) -> Plan:
    """Return the plan of a configuration for a pipeline, of the branch main by a push unless told otherwise."""
    where = Context(**context)
    return plan(load(text, where), where)


def jobs(text: str, **context: Any) -> list[str]:
    """Return the names of the jobs that a pipeline gets, none where it is to have none."""
    try:
        return [job.name for _, _, inner in planned(text, **context).stages for job in inner]
    except Filtered:
        return []


def refused(text: str, **context: Any) -> str:
    """Return what is said against a configuration."""
    try:
        planned(text, **context)
    except (ConfigError, Filtered) as error:
        return str(error)
    raise AssertionError("it is fine")
