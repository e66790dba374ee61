"""Values that are plainly right: the validator, which costs more than all the rest of reading, need not be asked."""

from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin

from mockgitlab.dsl.kinds import CommaList, IdList
from mockgitlab.dsl.params import Param

Test = Callable[[Any], bool]
_ITEMS: dict[Any, type] = {CommaList: str, IdList: int}


def plain_test(param: Param) -> Test | None:
    """Return a quick test of a read value; what passes it keeps to the parameter's JSON Schema.

    What fails it may be right all the same. Returns nothing for a parameter that only the validator can judge.
    """
    limits = param.constraints
    if param.nested or limits.pattern or limits.minimum is not None or limits.maximum is not None:
        return None
    of_type = _of_type(param.type)
    if of_type is None:
        return None
    enum, shortest, longest = limits.enum, 1 if limits.present else limits.min_length, limits.max_length
    if enum:
        return (lambda value: value in enum and of_type(value)) if param.type in (str, int) else None
    if shortest is None and longest is None:
        return of_type
    least, most = shortest or 0, float("inf") if longest is None else longest
    return lambda value: type(value) is str and least <= len(value) <= most


def _of_type(kind: Any) -> Test | None:
    members = [one for one in get_args(kind) if one is not type(None)] if get_origin(kind) in _UNIONS else [kind]
    if len(members) != 1:
        return None
    [member] = members
    if member in (str, int, bool):
        return lambda value: type(value) is member
    if get_origin(member) is Literal:
        words = frozenset(get_args(member))
        return lambda value: type(value) is str and value in words
    item = _ITEMS.get(member) or (get_args(member)[0] if get_origin(member) is list else None)
    if item in (str, int):
        return lambda value: type(value) is list and all(type(one) is item for one in value)
    return None


_UNIONS = (Union, type(int | str))
