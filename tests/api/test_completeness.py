"""That what is built agrees with the published facts of REST v4, which ``tests/data/v4-reference.json`` holds.

Where it differs on purpose, ``tests/api/completeness_exceptions.py`` gives the reason; a reason that is not needed any
more fails too.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.definitions import definitions
from tests.api.completeness_exceptions import (
    ABSENT,
    ENUMS,
    EXTRA,
    NOT_DRIVEN,
    PARAMETERS,
    REQUIRED,
    SHAPES,
    STATUSES,
    TYPES,
    UNKNOWN,
    UNLISTED,
)
from tests.api.completeness_world import drive, world
from tests.support import WORLD, Answer, Api

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "v4-reference.json").read_text())
OPERATIONS: dict[str, dict[str, Any]] = REFERENCE["operations"]
BUILT = {operation.key: operation for operation in definitions().tables["v4"] if operation.built}
KNOWN = {key: BUILT[key] for key in OPERATIONS}
JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def parameters(params: Any, within: str = "") -> Iterator[tuple[str, dsl.Param]]:
    """Yield every parameter with its name, those of hashes as ``not[labels]``."""
    for param in params:
        name = f"{within}[{param.name}]" if within else param.name
        yield name, param
        yield from parameters(param.nested, name)


def allowed(schema: dict[str, Any]) -> set[str]:
    """Return the values that a schema enumerates."""
    found = {str(value) for value in schema.get("enum", ()) if value is not None}
    return found.union(*(allowed(one) for one in [*schema.get("anyOf", ()), schema.get("items", {})] if one))


def excused(found: set[str], reasons: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return the differences for which no reason is given, and the reasons for which there is no difference."""
    patterns = {one: re.compile(re.escape(one).replace(r"\*", ".*")) for one in reasons}
    left = {one for one in found if not any(pattern.fullmatch(one) for pattern in patterns.values())}
    stale = {one for one, pattern in patterns.items() if not any(pattern.fullmatch(other) for other in found)}
    return left, stale


def pairs() -> Iterator[tuple[str, dsl.Param | None, dict[str, Any]]]:
    """Yield every parameter of the reference with the one that is declared."""
    for key, operation in KNOWN.items():
        declared = dict(parameters(operation.params.params.values()))
        for name, fact in OPERATIONS[key]["params"].items():
            if not (operation.listed and name in ("page", "per_page")):
                yield f"{key} {name}", declared.get(name), fact


# Operations and parameters


def test_every_operation_that_is_built_is_in_the_table_of_those_that_exist() -> None:
    listed = files("mockgitlab.api.v4").joinpath("operations.txt").read_text().splitlines()
    routes = {re.sub(r"[:*]\w+", ":", line) for line in listed}
    assert excused({key for key in BUILT if re.sub(r"[:*]\w+", ":", key) not in routes}, UNLISTED) == (set(), set())


def test_the_reference_knows_every_operation_that_is_built() -> None:
    assert excused(BUILT.keys() - KNOWN.keys(), UNKNOWN) == (set(), set())


def test_every_parameter_is_declared() -> None:
    assert excused({name for name, param, _ in pairs() if param is None}, PARAMETERS) == (set(), set())


def test_the_same_parameters_are_required() -> None:
    found = {name for name, param, fact in pairs() if param and param.required != fact.get("required", False)}
    assert excused(found, REQUIRED) == (set(), set())


def test_the_same_values_are_allowed() -> None:
    declared = [(name, param, set(map(str, fact["enum"]))) for name, param, fact in pairs() if param and "enum" in fact]
    assert excused({name for name, param, enum in declared if allowed(param.schema()) != enum}, ENUMS) == (set(), set())


def test_success_has_the_same_status() -> None:
    found = {key for key, operation in KNOWN.items() if operation.success != OPERATIONS[key]["success"]}
    assert excused(found, STATUSES) == (set(), set())


# Answers


@cache
def answers() -> dict[str, Answer]:
    """Return an answer of every operation that answers with a record or a list of them."""
    return drive(world(), [key for key, facts in OPERATIONS.items() if "returns" in facts])


def records() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the first record of every answer, with the entity that the reference says it is."""
    for key, answer in answers().items():
        entity = OPERATIONS[key].get("returns")
        name = SHAPES.get(key) or str(entity[0] if isinstance(entity, list) else entity)
        if not excused({key}, NOT_DRIVEN)[0] or name not in REFERENCE["entities"]:
            continue
        shown = answer.json if answer.headers["Content-Type"] == "application/json" else None
        first = shown[0] if isinstance(shown, list) and shown else shown
        if isinstance(first, dict):
            yield key, name, first


def test_every_operation_that_answers_with_a_record_is_called_and_succeeds() -> None:
    wanted = {key for key, facts in OPERATIONS.items() if "returns" in facts}
    failed = {key for key, answer in answers().items() if answer.status != BUILT[key].success or answer.text == "[]"}
    assert excused((wanted - answers().keys()) | failed, NOT_DRIVEN) == (set(), set())


def test_no_field_is_missing() -> None:
    facts = REFERENCE["entities"]
    found = {
        f"{entity}.{field} {key}" for key, entity, shown in records() for field in facts[entity].keys() - shown.keys()
    }
    assert excused(found, {f"{name} *": reason for name, reason in ABSENT.items()}) == (set(), set())


def test_no_field_is_made_up() -> None:
    facts = REFERENCE["entities"]
    found = {
        f"{entity}.{field} {key}" for key, entity, shown in records() for field in shown.keys() - facts[entity].keys()
    }
    assert excused(found, {f"{name} *": reason for name, reason in EXTRA.items()}) == (set(), set())


def test_every_field_has_the_type_that_it_should() -> None:
    found = {
        f"{entity}.{field}"
        for _, entity, shown in records()
        for field, kind in REFERENCE["entities"][entity].items()
        if shown.get(field) is not None and JSON_TYPES[type(shown[field])] != kind
    }
    assert excused(found, TYPES) == (set(), set())


# Errors


def test_missing_and_wrong_parameters_are_told_as_grape_does_where_errors_are_as_observed() -> None:
    api = Api({**WORLD, "gitlab": {"errors": "observed"}})
    told = 0
    for operation in BUILT.values():
        for given in wrong(operation):
            answer = api.request(operation.method, re.sub(r"[:*]\w+", "1", operation.path), **given)
            assert answer.status in (400, 404), (operation.key, given, answer)
            if answer.status == 400 and operation.method != "HEAD":
                assert list(answer.json) == ["error"], (operation.key, given, answer)
                told += 1
    assert told > 60


def wrong(operation: dsl.Operation) -> Iterator[dict[str, Any]]:
    """Yield parameters that are not right: none where some are required, and a number that is none."""
    own = [
        param for name, param in operation.params.params.items() if name not in re.findall(r"[:*](\w+)", operation.path)
    ]
    now = [param for param in own if not param.since and not param.until]
    if operation.since or operation.edition or operation.until:
        return
    if any(param.required and param.name != operation.upload for param in now):
        yield {}
    number = next((param for param in now if param.type is int and not param.required), None)
    if number and operation.method != "DELETE":
        yield {**{param.name: "x" for param in now if param.required}, number.name: "many"}
