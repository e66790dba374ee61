"""Anything sent to operations of groups."""

from typing import Any

from mockgitlab.dsl import Operation
from tests.any_input.rig import of_each, send


@of_each(lambda api, path: api == "v4" and path.startswith("groups"))
def test_any_parameters_get_a_well_formed_answer(api: str, operation: Operation, data: Any) -> None:
    send(api, operation, data)
