"""Whether a job is one: its problems, in the order and words in which GitLab finds them.

Source: GitLab's lib/gitlab/ci/config/entry/{processable,job,bridge,rules,rules/rule,policy,needs,need,variables}.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab.ci_config import checks
from mockgitlab.ci_config.checks import At
from mockgitlab.ci_config.parallel import parallel_problem
from mockgitlab.ci_config.trigger_entries import trigger_problems
from mockgitlab.ci_config.variables import Raw

WHEN = ("on_success", "on_failure", "always", "manual", "delayed")
PROCESSABLE = (
    *("extends", "stage", "only", "except", "rules", "variables", "inherit", "allow_failure", "when", "needs"),
    *("resource_group", "environment", "interruptible"),
)
JOB = (
    *("tags", "script", "image", "services", "start_in", "artifacts", "cache", "dependencies", "before_script"),
    *("after_script", "hooks", "coverage", "retry", "parallel", "timeout", "release", "id_tokens", "identity"),
    *("publish", "pages", "manual_confirmation", "run", "secrets", "dast_configuration", "type", *PROCESSABLE),
)
BRIDGE = ("trigger", "parallel", "manual_confirmation", "inputs", *PROCESSABLE)
RULE = ("if", "changes", "exists", "when", "start_in", "allow_failure", "variables", "needs", "interruptible")
GLOBS_AT_MOST = 50
NAME_AT_MOST = 255
WITH_RULES = ("only", "except", "start_in")


def job_problems(at: At, name: Any) -> Iterator[str]:
    """Yield what is wrong with a job that runs commands."""
    yield from _processable(at, name)
    yield from at.told(checks.unknown_keys(at.value, JOB))
    for pair in (("script", "run"), ("before_script", "run"), ("after_script", "run")):
        yield from at.told(checks.together(at.value, *pair))
    if "run" not in at.value and not at.value.get("script"):
        yield from at.told(checks.BLANK, "script")
    yield from at.each(
        when=checks.one_of(*WHEN),
        dependencies=checks.strings,
        allow_failure=checks.hash_or_boolean,
        manual_confirmation=checks.STRING,
    )
    yield from _start_problems(at)
    yield from _parts(at)
    for part in ("before_script", "script", "after_script"):
        if at.value.get(part) is not None:
            yield from at.below(part, at.value[part]).told(checks.script(at.value[part]))
    yield from _needs_problems(at.below("needs", at.value.get("needs")))
    yield from at.below("parallel", None).told(parallel_problem(at.value.get("parallel")))


def bridge_problems(at: At, name: Any) -> Iterator[str]:
    """Yield what is wrong with a job that starts another pipeline."""
    yield from _processable(at, name)
    yield from at.told(checks.unknown_keys(at.value, BRIDGE))
    yield from at.each(when=checks.one_of(*WHEN[:-1]), allow_failure=checks.BOOLEAN)
    yield from trigger_problems(at.below("trigger", at.value["trigger"]))
    yield from _parts(at)
    yield from _needs_problems(at.below("needs", at.value.get("needs")))
    yield from at.below("parallel", None).told(parallel_problem(at.value.get("parallel")))


def _processable(at: At, name: Any) -> Iterator[str]:
    if not isinstance(name, str):
        yield from at.told("should be a symbol", "name")
    elif not name.strip():
        yield from at.told(checks.BLANK, "name")
    elif len(name) > NAME_AT_MOST:
        yield from at.told(f"is too long (maximum is {NAME_AT_MOST} characters)", "name")
    yield from at.told(checks.together(at.value, "script", "trigger"))
    yield from at.told(checks.together(at.value, "run", "trigger"))
    with_rules = [key for key in at.value if key in WITH_RULES and at.value[key] is not None]
    if at.value.get("rules") is not None and with_rules:
        yield from at.told(f"key may not be used with `rules`: {', '.join(with_rules)}")
    yield from at.each(rules=checks.nested_rules, resource_group=checks.STRING)


def _start_problems(at: At) -> Iterator[str]:
    delayed = at.value.get("when") == "delayed"
    if delayed:
        yield from at.told(checks.duration(at.value.get("start_in")), "start_in")
    if at.value.get("start_in") is not None and (at.value.get("rules") is not None or not delayed):
        yield from at.told("must be blank", "start_in")


def _parts(at: At) -> Iterator[str]:
    """Yield the problems of the entries that every kind of job has."""
    if at.value.get("stage") is not None:
        yield from at.below("stage", None).told(checks.STRING(at.value["stage"]))
    for name in ("only", "except"):
        if at.value.get(name) is not None:
            yield from _policy_problems(at.below(name, at.value[name]))
    if at.value.get("rules") is not None:
        yield from rules_problems(at.below("rules", at.value["rules"]), (*WHEN, "never"), RULE)
    if at.value.get("variables") is not None:
        yield from variables_problems(at.below("variables", at.value["variables"]), ("value", "expand"))


# Rules


def rules_problems(at: At, when: tuple[str, ...], keys: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with rules, of a job or of the pipeline."""
    if not at.value:
        yield from at.told(checks.BLANK)
    yield from at.told(checks.ARRAY(at.value))
    for rule in _flat(at.value):
        yield from _rule_problems(at.below("rule", rule), when, keys)


def _flat(rules: list[Any]) -> Iterator[Any]:
    for one in rules:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def _rule_problems(at: At, when: tuple[str, ...], keys: tuple[str, ...]) -> Iterator[str]:
    if not at.value:
        yield from at.told(checks.BLANK)
    yield from at.told(checks.HASH(at.value))
    delayed = at.value.get("when") == "delayed"
    if delayed:
        missing = checks.BLANK if not at.value.get("start_in") else ""
        yield from at.told(missing or checks.duration(at.value["start_in"]), "start_in")
    elif "start_in" in at.value:
        yield from at.told("contains disallowed keys: start_in")
    yield from at.each(**{"if": checks.expression}, allow_failure=checks.BOOLEAN, interruptible=checks.BOOLEAN)
    yield from at.each(when=checks.known(*when))
    yield from at.told(checks.unknown_keys(at.value, keys))
    for name, more in (("changes", ("compare_to",)), ("exists", ("project", "ref"))):
        if at.value.get(name) is not None:
            yield from _globs_problems(at.below(name, at.value[name]), more)
    if at.value.get("variables") is not None:
        yield from variables_problems(at.below("variables", at.value["variables"]), ("value",))
    yield from _needs_problems(at.below("needs", at.value.get("needs")))


def _globs_problems(at: At, more: tuple[str, ...]) -> Iterator[str]:
    if isinstance(at.value, list):
        yield from at.told(checks.strings(at.value) or _too_many(at.value))
    elif isinstance(at.value, dict):
        yield from at.told(checks.unknown_keys(at.value, ("paths", *more)))
        if not at.value.get("paths"):
            yield from at.told(checks.BLANK, "paths")
        yield from at.each(paths=lambda paths: checks.strings(paths) or _too_many(paths))
        yield from at.each(**dict.fromkeys(more, checks.STRING))
    else:
        yield f"{at.place} should be an array or a hash"


def _too_many(globs: list[Any]) -> str:
    return f"has too many entries (maximum {GLOBS_AT_MOST})" if len(globs) > GLOBS_AT_MOST else ""


# Policies, needs, variables


def _policy_problems(at: At) -> Iterator[str]:
    if isinstance(at.value, list):
        yield from at.told(checks.refs(at.value))
    elif isinstance(at.value, dict):
        if not at.value:
            yield from at.told(checks.BLANK)
        yield from at.told(checks.unknown_keys(at.value, ("refs", "kubernetes", "variables", "changes")))
        wanted = {"refs": checks.refs, "kubernetes": checks.known("active"), "variables": checks.expressions}
        yield from at.each(**wanted, changes=checks.strings)
    else:
        yield f"{at.place} has to be either an array of conditions or a hash"


def _needs_problems(at: At) -> Iterator[str]:
    if at.value is None:
        return
    if not isinstance(at.value, (dict, list)):
        yield from at.told("can only be a hash or an array")
    if at.value == {}:
        yield from at.told("can not be an empty hash")
    if any(isinstance(one, dict) and isinstance(one.get("parallel"), (int, float)) for one in _list(at.value)):
        yield from at.told('cannot use "parallel: <number>".')
    for one in _list(at.value):
        yield from _need_problems(at.below("need", one))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _need_problems(at: At) -> Iterator[str]:
    if isinstance(at.value, str):
        yield from at.told("" if at.value.strip() else checks.BLANK)
    elif isinstance(at.value, dict) and "job" in at.value:
        keys = ("job", "artifacts", "optional", "parallel", "pipeline", "project", "ref")
        yield from at.told(checks.unknown_keys(at.value, keys))
        yield from at.told("" if at.value["job"] else checks.BLANK, "job")
        yield from at.each(job=checks.STRING, artifacts=checks.BOOLEAN, optional=checks.BOOLEAN)
    elif not (isinstance(at.value, dict) and "pipeline" in at.value):
        yield f"{at.place} has an unsupported type"


def variables_problems(at: At, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with variables."""
    yield from at.told(checks.HASH(at.value))
    for name, value in at.value.items():
        if isinstance(value, dict):
            place = at.below(str(name), value)
            yield from place.told("" if _is_scalar(value.get("value", "")) else "must be a scalar", "config value")
            unknown = [str(key) for key in value if key not in keys]
            yield from place.told(f"uses invalid data keys: {', '.join(unknown)}" if unknown else "")
        elif not _is_scalar(value):
            yield "variable definition must be either a string or a hash"


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def values_of(variables: Any) -> dict[str, str]:
    """Return variables by name, those that are described too."""
    found = variables if isinstance(variables, dict) else {}
    return {str(name): _value_of(one) for name, one in found.items()}


def _value_of(variable: Any) -> str:
    if not isinstance(variable, dict):
        return _text(variable)
    value = _text(variable.get("value", ""))
    return Raw(value) if variable.get("expand") is False else value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
