"""What an older API's operation takes, said as a difference from the operation that it shares with a newer one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockgitlab.dsl.fields import MISSING, Constraints
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.params import Given, Param
from mockgitlab.dsl.signature import read_signature
from mockgitlab.dsl.validation import ParamSet


@dataclass(frozen=True)
class Renamed:
    """A parameter that an older API calls otherwise: ``to`` is its name in the newer one.

    Where its values differ too, ``type`` and ``enum`` are those of the older one, and ``read`` turns one into the
    newer's.
    """

    to: str
    read: Callable[[Any], Any] = lambda value: value
    type: Any = None
    enum: tuple[Any, ...] = ()

    def declared(self, name: str, known: Mapping[str, Param]) -> Param:
        """Return the parameter under its older name; raises ``KeyError`` when the newer operation has none such."""
        newer = known[self.to]
        if self.type is None:
            return replace(newer, name=name)
        return replace(
            newer, name=name, type=self.type, default=MISSING, constraints=Constraints(enum=self.enum), nested=()
        )


def renamed(given: Given, renames: Mapping[str, Renamed]) -> Given:
    """Return what was given under the newer names; of two older names for one, the first declared wins."""
    moved = Given()
    for old, name in renames.items():
        if given.get(old) is not None:
            moved.setdefault(name.to, name.read(given[old]))
        elif old in given:
            moved.setdefault(name.to, None)
    return Given({**given.without(*renames), **moved})


def adapted(
    source: Any,
    handler: Callable[..., Any] | None,
    takes: Iterable[str | Param] | None,
    renames: Mapping[str, Renamed],
    filters: Iterable[Filter] | None,
) -> dict[str, Any]:
    """Return the attributes in which an adopted operation differs from its source, as ``Api.adopt`` is told them."""
    kept = source.filters if filters is None else tuple(filters)
    gone = {param.name for one in source.filters for param in one.params}
    made: dict[str, Any] = {"filters": kept, "renames": renames}
    own: list[Param] = []
    if handler is not None:
        arguments, own, listed = read_signature(handler)
        made.update(handler=handler, arguments=arguments, listed=listed)
        gone |= {argument.name for argument in source.arguments if argument.source == "param"}
    known = [param for name, param in source.params.params.items() if name not in gone]
    in_path = [param for param in known if f":{param.name}" in source.path.split("/")]
    more = [*own, *in_path, *(param for one in kept for param in one.params)]
    params = adopted_params(known, takes, renames, more)
    return {**made, "params": still_there(source.params, params)}


def adopted_params(
    known: Iterable[Param],
    takes: Iterable[str | Param] | None,
    renames: Mapping[str, Renamed],
    more: Iterable[Param],
) -> tuple[Param, ...]:
    """Return the parameters of an adopted operation.

    They are those of ``known`` that ``takes`` names, all without it, under their older names, and ``more``. Raises
    ``KeyError`` for a name that is not known.
    """
    by_name = {param.name: param for param in known}
    older = {name: one.declared(name, by_name) for name, one in renames.items()}
    named = {**by_name, **older}
    replaced = {one.to for one in renames.values()}
    wanted = [*(name for name in by_name if name not in replaced), *older] if takes is None else takes
    return (*(named[one] if isinstance(one, str) else one for one in wanted), *more)


def still_there(source: ParamSet, params: Iterable[Param]) -> ParamSet:
    """Return the parameters with those constraints of the source all of whose parameters are among them."""
    found = tuple(params)
    names = {param.name for param in found}
    return ParamSet(found, [one for one in source.constraints if names.issuperset(one.names)])
