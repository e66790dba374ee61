"""Which statuses an operation is documented to answer with."""

from functools import cache
from pathlib import Path

from mockgitlab.dsl import Operation
from mockgitlab.report.target import anonymous


def documented(operation: Operation) -> tuple[int, ...]:
    """Return the statuses of an operation, that of success first.

    Where GitLab's documents state no errors, they follow from the operation: 400 for parameters that may be wrong, 401
    where a user is needed, 403 where a rule may refuse him, 404 for a record that the path names.
    """
    stated = _stated().get((operation.api, anonymous(operation.key)))
    return (operation.success, *(stated if stated is not None else _derived(operation)))


def _derived(operation: Operation) -> tuple[int, ...]:
    possible = {
        400: any(param.required or param.type is not str for param in operation.params.params.values()),
        401: operation.rule.login,
        403: operation.rule.name not in ("anyone", "user"),
        404: bool(operation.locators),
    }
    return tuple(status for status, may_be in possible.items() if may_be)


@cache
def _stated() -> dict[tuple[str, str], tuple[int, ...]]:
    text = Path(__file__).with_name("statuses.txt").read_text("utf-8")
    rows = [line.split(" ") for line in text.splitlines() if not line.startswith("#")]
    return {(api, anonymous(f"{method} {path}")): tuple(map(int, rest)) for api, method, path, *rest in rows}
