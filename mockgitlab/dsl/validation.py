"""Checking parameters against their declaration.

One JSON Schema for each operation finds what is wrong; it is told in GitLab's words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mockgitlab.dsl.expected import expected
from mockgitlab.dsl.fields import MISSING
from mockgitlab.dsl.params import Given, Param
from mockgitlab.dsl.plain import plain_test
from mockgitlab.errors import BadRequest, InvalidParameters, MissingParameters, ValidationFailed
from mockgitlab.store import release

Judge = Callable[[Sequence[str], Mapping[str, Any]], str]


@dataclass(frozen=True)
class Constraint:
    """A rule on which parameters may stand together; ``judge(names, sent)`` says what is wrong, or nothing.

    What is sent as null or empty counts as sent.
    """

    names: tuple[str, ...]
    judge: Judge

    def problem(self, sent: Mapping[str, Any]) -> str:
        """Return what is wrong in Grape's words, nothing when the rule is kept."""
        if sent.keys().isdisjoint(self.names):
            return self._problem_of_none
        return self.judge(self.names, {name: sent[name] for name in self.names if name in sent})

    @cached_property
    def _problem_of_none(self) -> str:
        return self.judge(self.names, {})


def _none_of(names: Sequence[str], least: str) -> str:
    return f"{', '.join(names)} are missing, {least} one parameter must be provided"


def _several(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    return f"{', '.join(sent)} are mutually exclusive" if len(sent) > 1 else ""


def _not_exactly_one(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    return _several(names, sent) if sent else _none_of(names, "exactly")


def _not_at_least_one(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    return "" if sent else _none_of(names, "at least")


def _some_and_not_all(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    return f"{', '.join(names)} provide all or none of parameters" if 0 < len(sent) < len(names) else ""


def _blank(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    empty = [name for name, value in sent.items() if value in (None, "", [], {}) or str(value).isspace()]
    return ", ".join(f"{name} is empty" for name in empty)


def not_empty(*names: str) -> Constraint:
    """Refuse null and blank for parameters that need not be given."""
    return Constraint(names, _blank)


def exactly_one_of(*names: str) -> Constraint:
    """Require one of the parameters and no other of them."""
    return Constraint(names, _not_exactly_one)


def at_least_one_of(*names: str) -> Constraint:
    """Require one or more of the parameters."""
    return Constraint(names, _not_at_least_one)


def all_or_none_of(*names: str) -> Constraint:
    """Require the parameters together or not at all."""
    return Constraint(names, _some_and_not_all)


def mutually_exclusive(*names: str, told: str = "") -> Constraint:
    """Allow at most one of the parameters; ``told`` is said in place of Grape's own words."""
    if not told:
        return Constraint(names, _several)
    return Constraint(names, lambda names, sent: f"{', '.join(sent)} {told}" if len(sent) > 1 else "")


class ParamSet:
    """All parameters of one operation: reads what a client sent, and refuses what does not fit."""

    def __init__(self, params: Iterable[Param], constraints: Iterable[Constraint] = ()) -> None:
        self.params = {param.name: param for param in params}
        self.constraints = tuple(constraints)
        self._defaults = {name: param.default for name, param in self.params.items() if param.default is not MISSING}
        self._required = {name for name, param in self.params.items() if param.required and param.default is MISSING}
        self._ages = any(param.since or param.until for param in self.params.values())
        self._of_releases: dict[tuple[int, ...], ParamSet] = {}

    @cached_property
    def _judged(self) -> frozenset[str] | None:
        """What the constraints are on; nothing where one of them is broken when none of it is sent."""
        if any(one.problem({}) for one in self.constraints):
            return None
        return frozenset(name for one in self.constraints for name in one.names)

    def __contains__(self, name: object) -> bool:
        return name in self.params

    def of_release(self, now: tuple[int, ...]) -> "ParamSet":
        """Return the parameters that a version of GitLab has, and the constraints on them."""
        if not self._ages:
            return self
        if now not in self._of_releases:
            there = {name: param for name, param in self.params.items() if _exists(param, now)}
            gone = self.params.keys() - there.keys()
            left = [
                replace(one, names=tuple(name for name in one.names if name not in gone)) for one in self.constraints
            ]
            self._of_releases[now] = ParamSet(there.values(), [one for one in left if one.names])
        return self._of_releases[now]

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of all parameters as one object."""
        return {
            "type": "object",
            "properties": {name: param.schema() for name, param in self.params.items()},
            "required": [name for name, param in self.params.items() if param.required],
        }

    @cached_property
    def _plain(self) -> dict[str, Any]:
        """The test by which a value of each parameter is seen to be right at once, where there is one."""
        return {name: plain_test(param) for name, param in self.params.items()}

    @cached_property
    def _validator(self) -> Any:
        from jsonschema import (
            Draft202012Validator,  # takes longer to import than all the rest; many worlds never need it
        )

        return Draft202012Validator(self.schema())

    def read(self, sent: Mapping[str, Any]) -> Given:
        """Return the declared parameters, read; what is not declared is ignored, as GitLab does.

        Raises ``MissingParameters``, ``InvalidParameters`` (wrong type or value, or what may not stand together), or
        ``ValidationFailed`` (too long, blank).
        """
        given, plain = Given(self._defaults), True
        for name, value in sent.items():
            if name in self._plain:
                given[name] = value = self.params[name].coerce(value)
                is_plain = self._plain[name]
                plain = plain and is_plain is not None and is_plain(value)
        if self._judged is None or not self._judged.isdisjoint(sent):
            broken = [problem for one in self.constraints if (problem := one.problem(sent))]
        else:
            broken = []
        if broken or not plain or not self._required <= sent.keys():
            self._check(given, broken)
        return given

    def _check(self, given: Given, broken: list[str]) -> None:
        problems = list(self._validator.iter_errors(dict(given)))
        if problems or broken:
            ranks = {name: rank for rank, name in enumerate(self.params)}
            raise refusal(sorted(problems, key=lambda problem: ranks[_root(problem)]), broken)


NO_PARAMS = ParamSet(())


def _exists(param: Param, now: tuple[int, ...]) -> bool:
    return (not param.since or now >= release(param.since)) and (not param.until or now < release(param.until))


_MODEL = {
    "minLength": "is too short (minimum is {} characters)",
    "maxLength": "is too long (maximum is {} characters)",
    "minimum": "must be greater than or equal to {}",
    "maximum": "must be less than or equal to {}",
}


def refusal(problems: Sequence[Any], broken: Sequence[str] = ()) -> BadRequest:
    """Return the refusal for what JSON Schema found, in this order, and the constraints that are broken.

    Grape looks first: its problems are told together; only when it finds none, the model's are told.
    """
    missing = [_missing_name(problem) for problem in problems if problem.validator == "required"]
    found = [problem for problem in problems if not _is_model(problem)]
    grape = list(dict.fromkeys([*map(_grape_text, found), *broken]))
    if missing:
        return MissingParameters(missing, problems=grape, reason=f"required and not given: {', '.join(missing)}")
    if grape:
        return InvalidParameters(grape, reason=_explain(found[0]) if found else grape[0])
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(_path(problem), []).append(_model_text(problem))
    return ValidationFailed(errors, reason=_explain(problems[0]))


def _is_model(problem: Any) -> bool:
    declared_pattern = problem.validator == "pattern" and "allOf" in problem.schema_path
    return problem.validator in _MODEL or declared_pattern or _is_null_for_text(problem)


def _is_null_for_text(problem: Any) -> bool:
    return problem.validator == "type" and problem.instance is None and "minLength" in problem.schema


def _root(problem: Any) -> str:
    return str(problem.absolute_path[0]) if problem.absolute_path else _missing_name(problem)


def _path(problem: Any) -> str:
    """Return the name as Grape writes it: ``position[base_sha]``, ``actions[0][action]``; a list for its items."""
    first, *rest = problem.absolute_path
    while rest and isinstance(rest[-1], int):
        rest.pop()
    return str(first) + "".join(f"[{part}]" for part in rest)


def _missing_name(problem: Any) -> str:
    name = str(problem.message.split("'")[1])
    if not problem.absolute_path:
        return name
    first, *rest = problem.absolute_path
    return f"{first}{''.join(f'[{part}]' for part in rest)}[{name}]"


def _grape_text(problem: Any) -> str:
    if problem.validator == "required":
        return f"{_missing_name(problem)} is missing"
    leaves = problem.context if problem.validator == "anyOf" else [problem]
    enumerated = any(leaf.validator == "enum" for leaf in leaves)
    return f"{_path(problem)} {'does not have a valid value' if enumerated else 'is invalid'}"


def _model_text(problem: Any) -> str:
    if _is_null_for_text(problem) or (problem.validator == "minLength" and problem.validator_value == 1):
        return "can't be blank"
    return _MODEL.get(problem.validator, "is invalid").format(problem.validator_value)


def _explain(problem: Any) -> str:
    value = repr(problem.instance)
    shown = value if len(value) <= 80 else f"{value[:77]}..."
    return f"{_path(problem)} was {shown}; {expected(problem)}"[:500]
