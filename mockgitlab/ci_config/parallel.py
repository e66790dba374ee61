"""``parallel``: one job as several, by number or for each combination of variables.

Source: https://docs.gitlab.com/ci/yaml/#parallel and GitLab's lib/gitlab/ci/config/normalizer/*.rb,
lib/gitlab/ci/config/entry/product/*.rb.
"""

from itertools import product
from typing import Any

AT_MOST = 200


def parallel_problem(given: Any) -> str:
    """Tell what is wrong with ``parallel``; nothing where it is fine, or not given."""
    if given is None:
        return ""
    if isinstance(given, dict):
        return _matrix_problem(given)
    if isinstance(given, bool) or not isinstance(given, int):
        return "should be an integer or a hash"
    if given < 1:
        return "must be greater than or equal to 1"
    return f"must be less than or equal to {AT_MOST}" if given > AT_MOST else ""


def _matrix_problem(given: dict[Any, Any]) -> str:
    matrix = given.get("matrix")
    if list(given) != ["matrix"]:
        return "missing required keys: matrix" if matrix is None else "contains unknown keys"
    if not isinstance(matrix, list) or not matrix or not all(isinstance(one, dict) and one for one in matrix):
        return "matrix should be an array of hashes"
    if not all(_is_value(value) for one in matrix for value in one.values()):
        return "matrix should be a hash of key value pairs, value can be an array"
    total = sum(_size(one) for one in matrix)
    return f"generates too many jobs (maximum is {AT_MOST})" if total > AT_MOST else ""


def _is_value(value: Any) -> bool:
    inner = value if isinstance(value, list) else [value]
    return bool(inner) and all(isinstance(one, (str, int, float)) and not isinstance(one, bool) for one in inner)


def _size(one: dict[Any, Any]) -> int:
    size = 1
    for value in one.values():
        size *= len(value) if isinstance(value, list) else 1
    return size


def copies(name: str, given: Any) -> list[tuple[str, dict[str, str]]]:
    """Return the jobs that one becomes: their names, and the variables that each has."""
    if isinstance(given, dict):
        return [(f"{name}: [{', '.join(one.values())}]", one) for one in _combinations(given["matrix"])]
    if isinstance(given, int):
        total = {"CI_NODE_TOTAL": str(given)}
        return [(f"{name} {place}/{given}", {"CI_NODE_INDEX": str(place), **total}) for place in range(1, given + 1)]
    return [(name, {})]


def _combinations(matrix: list[dict[Any, Any]]) -> list[dict[str, str]]:
    found = []
    for one in matrix:
        names = [str(name) for name in one]
        values = [value if isinstance(value, list) else [value] for value in one.values()]
        found += [dict(zip(names, map(str, chosen), strict=True)) for chosen in product(*values)]
    return found
