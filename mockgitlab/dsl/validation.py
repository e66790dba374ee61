"""Checking parameters against their declaration: one JSON Schema for each operation, GitLab's words for what it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mockgitlab.dsl.fields import MISSING
from mockgitlab.dsl.params import Given, Param
from mockgitlab.errors import InvalidParameters, MissingParameters, ValidationFailed
from mockgitlab.store import release


@dataclass(frozen=True)
class Constraint:
    """A rule on which parameters may stand together; ``allows`` takes how many were sent, be it as null."""

    names: tuple[str, ...]
    allows: Callable[[int], bool]
    problem: str

    def check(self, sent: Mapping[str, Any]) -> None:
        """Raise ``InvalidParameters`` when the rule is broken."""
        if not self.allows(sum(name in sent for name in self.names)):
            raise InvalidParameters([f"{', '.join(self.names)} {self.problem}"])


def exactly_one_of(*names: str) -> Constraint:
    """Require one of the parameters and no other of them."""
    return Constraint(names, lambda count: count == 1, "are missing, exactly one parameter must be provided")


def at_least_one_of(*names: str) -> Constraint:
    """Require one or more of the parameters."""
    return Constraint(names, lambda count: count >= 1, "are missing, at least one parameter must be provided")


def all_or_none_of(*names: str) -> Constraint:
    """Require the parameters together or not at all."""
    return Constraint(names, lambda count: count in (0, len(names)), "provide all or none of parameters")


def mutually_exclusive(*names: str) -> Constraint:
    """Allow at most one of the parameters."""
    return Constraint(names, lambda count: count <= 1, "are mutually exclusive")


class ParamSet:
    """All parameters of one operation: reads what a client sent, and refuses what does not fit."""

    def __init__(self, params: Iterable[Param], constraints: Iterable[Constraint] = ()) -> None:
        self.params = {param.name: param for param in params}
        self.constraints = tuple(constraints)
        self._reads = [(param.name, param, param.default) for param in self.params.values()]
        self._of_releases: dict[tuple[int, ...], ParamSet] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.params

    def of_release(self, now: tuple[int, ...]) -> "ParamSet":
        """Return the parameters that a version of GitLab has, and the constraints on them."""
        if not any(param.since or param.until for param in self.params.values()):
            return self
        if now not in self._of_releases:
            there = {name: param for name, param in self.params.items() if _exists(param, now)}
            gone = self.params.keys() - there.keys()
            constraints = [
                replace(one, names=tuple(name for name in one.names if name not in gone)) for one in self.constraints
            ]
            self._of_releases[now] = ParamSet(there.values(), constraints)
        return self._of_releases[now]

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of all parameters as one object."""
        return {
            "type": "object",
            "properties": {name: param.schema() for name, param in self.params.items()},
            "required": [name for name, param in self.params.items() if param.required],
        }

    @cached_property
    def _validator(self) -> Any:
        from jsonschema import (
            Draft202012Validator,  # takes longer to import than all the rest; many worlds never need it
        )

        return Draft202012Validator(self.schema())

    def read(self, sent: Mapping[str, Any]) -> Given:
        """Return the declared parameters, read; what is not declared is ignored, as GitLab does.

        Raises ``MissingParameters``, ``InvalidParameters`` (wrong type or value), or ``ValidationFailed`` (too long, blank).
        """
        given = Given()
        checked = False
        for name, param, default in self._reads:
            if name in sent:
                given[name] = param.coerce(sent[name])
                checked = True
            elif default is not MISSING:
                given[name] = default
            else:
                checked = checked or param.required
        if checked:
            self._check(given)
        for constraint in self.constraints:
            constraint.check(sent)
        return given

    def _check(self, given: Given) -> None:
        problems = list(self._validator.iter_errors({name: value for name, value in given.items()}))
        if problems:
            raise refusal(problems)


def _exists(param: Param, now: tuple[int, ...]) -> bool:
    return (not param.since or now >= release(param.since)) and (not param.until or now < release(param.until))


_MODEL = {
    "maxLength": "is too long (maximum is {} characters)",
    "minimum": "must be greater than or equal to {}",
    "maximum": "must be less than or equal to {}",
}


def refusal(problems: list[Any]) -> InvalidParameters | MissingParameters | ValidationFailed:
    """Return the refusal for what JSON Schema found: missing ones first, then Grape's, then the model's."""
    missing = [_missing_name(problem) for problem in problems if problem.validator == "required"]
    grape = [problem for problem in problems if problem.validator != "required" and not _is_model(problem)]
    if missing:
        reason = f"required and not given: {', '.join(missing)}"
        return MissingParameters(missing, problems=[_grape_text(problem) for problem in grape], reason=reason)
    if grape:
        return InvalidParameters([_grape_text(problem) for problem in grape], reason=_explain(grape[0]))
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(_path(problem), []).append(_model_text(problem))
    return ValidationFailed(errors, reason=_explain(problems[0]))


def _is_model(problem: Any) -> bool:
    return problem.validator in ("maxLength", "minLength", "minimum", "maximum") or _is_model_pattern(problem)


def _is_model_pattern(problem: Any) -> bool:
    return problem.validator == "pattern" and "allOf" in problem.schema_path


def _path(problem: Any) -> str:
    first, *rest = [str(part) for part in problem.absolute_path]
    return first + "".join(f"[{part}]" for part in rest if not part.isdigit())


def _missing_name(problem: Any) -> str:
    name = str(problem.message.split("'")[1])
    return f"{_path(problem)}[{name}]" if problem.absolute_path else name


def _grape_text(problem: Any) -> str:
    leaves = problem.context if problem.validator == "anyOf" else [problem]
    enumerated = any(leaf.validator == "enum" for leaf in leaves)
    return f"{_path(problem)} {'does not have a valid value' if enumerated else 'is invalid'}"


def _model_text(problem: Any) -> str:
    if problem.validator == "minLength":
        return (
            "can't be blank"
            if problem.validator_value == 1
            else f"is too short (minimum is {problem.validator_value} characters)"
        )
    return _MODEL.get(problem.validator, "is invalid").format(problem.validator_value)


def _explain(problem: Any) -> str:
    value = repr(problem.instance)
    shown = value if len(value) <= 80 else f"{value[:77]}..."
    return f"{_path(problem)} was {shown}; it must keep to {problem.validator} {problem.validator_value!r}"[:500]
