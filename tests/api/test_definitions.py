"""What must hold of every operation that is declared, whatever its page."""

from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from mockgitlab import dsl
from mockgitlab.api.definitions import definitions

BUILT = [operation for table in definitions().tables.values() for operation in table if operation.built]


def test_every_parameter_has_a_type_that_json_schema_can_tell() -> None:
    for operation in BUILT:
        Draft202012Validator.check_schema(operation.params.schema())


def test_every_record_that_a_function_takes_is_named_by_its_path() -> None:
    def found(operation: dsl.Operation) -> set[Any]:
        returned = [get_type_hints(locator.find).get("return") for _, locator in operation.locators]
        return {kind for hint in returned for kind in (get_args(hint) or (hint,))}

    assert [
        f"{operation.key}: {argument.name}"
        for operation in BUILT
        for argument in operation.arguments
        if argument.kinds and not found(operation) & set(argument.kinds)
    ] == []


def test_every_operation_has_a_summary() -> None:
    assert [operation.key for operation in BUILT if not operation.summary] == []


@pytest.mark.parametrize("api", definitions().tables)
def test_no_operation_is_told_twice(api: str) -> None:
    keys = [operation.key for operation in definitions().tables[api]]
    assert len(keys) == len(set(keys))
