"""Reading a handler's signature: where each of its arguments comes from, and which parameters they declare."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from mockgitlab.dsl.call import Call
from mockgitlab.dsl.fields import MISSING
from mockgitlab.dsl.params import Given, Param, of_signature
from mockgitlab.store import Query, Row


@dataclass(frozen=True)
class Argument:
    """One argument of a handler and where it comes from: ``call``, ``given``, ``record`` or ``param``."""

    name: str
    source: str
    kinds: tuple[type[Row], ...] = ()
    default: Any = None

    def value(self, call: Call) -> Any:
        """Return what the handler gets."""
        if self.source == "param":
            return call.given.get(self.name, self.default)
        if self.source == "record":
            for kind in self.kinds:
                if kind in call.located:
                    return call.at(kind)
            return None
        return call if self.source == "call" else call.given


def read_signature(handler: Callable[..., Any]) -> tuple[tuple[Argument, ...], list[Param], bool]:
    """Return a handler's arguments, the parameters that they declare, and whether it returns a list."""
    hints = get_type_hints(handler, include_extras=True)
    arguments, params = [], []
    for name, default in _arguments(handler):
        hints[name] = _noted(hints.get(name, str))
        source, kinds = _source(hints[name])
        arguments.append(Argument(name, source, kinds, None if default is MISSING else default))
        if source == "param":
            params.append(of_signature(name, hints[name], default))
    return tuple(arguments), params, get_origin(hints.get("return")) in (Query, list)


def _arguments(handler: Any) -> list[tuple[str, Any]]:
    """Return the names of a function's arguments and their defaults; ``inspect.signature`` takes ten times as long."""
    code, defaults = handler.__code__, handler.__defaults__ or ()
    names, count = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount], code.co_argcount
    known = dict(zip(names[count - len(defaults) : count], defaults, strict=True)) | (handler.__kwdefaults__ or {})
    return [(name, known.get(name, MISSING)) for name in names]


def _noted(hint: Any) -> Any:
    """Return what is annotated, which Python 3.10 hides in an ``Optional`` where the default is ``None``."""
    noted = [one for one in get_args(hint) if get_origin(one) is Annotated] if get_origin(hint) is Union else []
    return noted[0] if noted else hint


def _source(hint: Any) -> tuple[str, tuple[type[Row], ...]]:
    if hint is Call or hint is Given:
        return hint.__name__.lower(), ()
    members: Sequence[Any] = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = tuple(member for member in members if isinstance(member, type) and issubclass(member, Row))
    return ("record", kinds) if kinds else ("param", ())
