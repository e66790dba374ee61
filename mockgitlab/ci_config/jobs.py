"""The jobs of a configuration, with what they have by default.

Source: GitLab's lib/gitlab/ci/config/entry/job.rb, lib/gitlab/ci/yaml_processor/result.rb.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockgitlab.ci_config.entries import is_hidden, job_texts
from mockgitlab.ci_config.job_entries import values_of
from mockgitlab.ci_config.parallel import copies
from mockgitlab.ci_config.rules import flat
from mockgitlab.ci_config.trigger_entries import trigger_of

STAGE = "test"
DEPLOYMENT = ("url", "action", "on_stop", "auto_stop_in", "deployment_tier")
"""What else a job may say of its environment."""
GLOBAL = ("before_script", "after_script", "image", "services", "cache")
"""What jobs have from the top of the configuration unless they say otherwise."""
DEFAULTS = (*GLOBAL, "tags", "artifacts", "hooks", "retry", "timeout")
"""What jobs have from ``default`` unless they say otherwise."""
EXECUTION: dict[str, tuple[type, ...]] = {
    "image": (str, dict),
    "services": (list,),
    "cache": (dict, list),
    "hooks": (dict,),
    "retry": (int, dict),
    "timeout": (str,),
    "release": (dict,),
    "coverage": (str,),
}
"""What a job says to those who run it; what is of no such type is not looked at."""


class Need(NamedTuple):
    """A job that must be done before; where it is ``optional``, only if it is there. ``artifacts`` are fetched."""

    name: str
    optional: bool = False
    artifacts: bool = True


@dataclass(frozen=True)
class Job:
    """A job of a configuration; without ``needs`` it waits for all stages before its own.

    ``allow_failure`` is nothing where the job does not say it. ``exit_codes`` are those that it may fail with,
    ``execution`` what it says to those who run it.
    """

    name: str
    stage: str = STAGE
    when: str = "on_success"
    allow_failure: bool | None = None
    exit_codes: tuple[int, ...] = ()
    needs: tuple[Need, ...] | None = None
    dependencies: tuple[str, ...] | None = None
    rules: list[Any] | None = None
    only: Any = None
    excluded: Any = None
    variables: Mapping[str, str] = field(default_factory=dict)
    inherits: bool | tuple[str, ...] = True
    start_in: Any = None
    before_script: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    after_script: tuple[str, ...] = ()
    trigger: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    environment: str | None = None
    resource_group: str | None = None
    deployment: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, Any] = field(default_factory=dict)
    execution: Mapping[str, Any] = field(default_factory=dict)


def jobs_of(data: dict[Any, Any]) -> list[Job]:
    """Return the jobs of a configuration in their order, those in parallel each."""
    texts = {name: _with_defaults(data, one) for name, one in job_texts(data).items() if not is_hidden(name)}
    names = {name: [copy for copy, _ in copies(name, one.get("parallel"))] for name, one in texts.items()}
    return [job for name, one in texts.items() for job in _copies(name, one, names)]


def _with_defaults(data: dict[Any, Any], one: dict[str, Any]) -> dict[str, Any]:
    """Return a job with what the configuration says of all jobs, as far as the job inherits it."""
    inherit = one.get("inherit") if isinstance(one.get("inherit"), dict) else {}
    wanted = (inherit or {}).get("default")
    names = DEFAULTS if wanted in (None, True) else wanted if isinstance(wanted, list) else ()
    shared = {**{name: data[name] for name in GLOBAL if name in data}, **(data.get("default") or {})}
    return {**{name: shared[name] for name in DEFAULTS if name in names and name in shared}, **one}


def _copies(name: str, one: dict[str, Any], names: dict[str, list[str]]) -> Iterator[Job]:
    for copy, more in copies(name, one.get("parallel")):
        yield _job(copy, one, {**values_of(one.get("variables")), **more}, names)


def _job(name: str, one: dict[str, Any], variables: dict[str, str], names: dict[str, list[str]]) -> Job:
    allowed = one.get("allow_failure")
    codes = allowed.get("exit_codes") if isinstance(allowed, dict) else None
    return Job(
        name=name,
        stage=one.get("stage") or one.get("type") or STAGE,
        when=one.get("when") or "on_success",
        allow_failure=False if isinstance(allowed, dict) else allowed,
        exit_codes=tuple(code for code in (codes if isinstance(codes, list) else [codes]) if isinstance(code, int)),
        needs=needs_of(one.get("needs"), names),
        dependencies=_dependencies(one.get("dependencies"), names),
        rules=flat(one["rules"]) if one.get("rules") is not None else None,
        only=one.get("only"),
        excluded=one.get("except"),
        variables=variables,
        inherits=_inherits(one.get("inherit")),
        start_in=one.get("start_in"),
        before_script=tuple(commands(one.get("before_script"))),
        script=tuple(commands(one.get("script"))),
        after_script=tuple(commands(one.get("after_script"))),
        trigger=trigger_of(one.get("trigger")),
        tags=tuple(tag for tag in _list(one.get("tags")) if isinstance(tag, str)),
        environment=_environment(one.get("environment")),
        resource_group=one.get("resource_group"),
        deployment=_deployment(one.get("environment")),
        artifacts=one["artifacts"] if isinstance(one.get("artifacts"), dict) else {},
        execution={name: one[name] for name, kinds in EXECUTION.items() if isinstance(one.get(name), kinds)},
    )


def _dependencies(given: Any, names: Mapping[str, list[str]]) -> tuple[str, ...] | None:
    """Return the jobs whose artifacts a job gets; nothing where it does not say it."""
    if not isinstance(given, list):
        return None
    return tuple(copy for one in given for copy in names.get(one, [one]))


def needs_of(given: Any, names: Mapping[str, list[str]]) -> tuple[Need, ...] | None:
    """Return the jobs that a job needs, every one of those in parallel; those of other pipelines are none here."""
    if given is None:
        return None
    found = []
    for one in _list(given):
        need = {"job": one} if isinstance(one, str) else one
        if need.get("job") and not ({"pipeline", "project"} & need.keys()):
            how = (need.get("optional") is True, need.get("artifacts") is not False)
            found += [Need(copy, *how) for copy in names.get(need["job"], [need["job"]])]
    return tuple(found)


def _inherits(given: Any) -> bool | tuple[str, ...]:
    wanted = given.get("variables") if isinstance(given, dict) else None
    return tuple(map(str, wanted)) if isinstance(wanted, list) else wanted is not False


def _environment(given: Any) -> str | None:
    name = given.get("name") if isinstance(given, dict) else given
    return name if isinstance(name, str) else None


def _deployment(given: Any) -> dict[str, Any]:
    """Return what a job says of its environment, by the names that a configuration has for it."""
    name = _environment(given)
    if name is None:
        return {}
    said = given if isinstance(given, dict) else {}
    return {"name": name, **{key: said[key] for key in DEPLOYMENT if isinstance(said.get(key), str)}}


def commands(script: Any) -> Iterator[str]:
    """Yield the commands of a script, whatever lists they are in."""
    if isinstance(script, str):
        yield script
    for one in script if isinstance(script, list) else ():
        yield from commands(one)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
