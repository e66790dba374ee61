"""Anything sent to operations of repositories and merge requests."""

from typing import Any

from mockgitlab.dsl import Operation
from tests.any_input.rig import is_of_code, of_each, send


@of_each(lambda api, path: api == "v4" and is_of_code(path))
def test_any_parameters_get_a_well_formed_answer(api: str, operation: Operation, data: Any) -> None:
    send(api, operation, data)
