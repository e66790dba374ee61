"""``@mock_gitlab``: a fake GitLab that serves while a test runs."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from mockgitlab.scenario.loader import Source
from mockgitlab.server import MockGitLab

T = TypeVar("T", bound=Callable[..., Any])
Serve = Callable[[], MockGitLab]
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def mock_gitlab(*scenarios: Source, **options: Any) -> Callable[[T], T]:
    """Decorate a function so that a fake GitLab serves scenarios while it runs, and is given to it.

    It is given as the argument annotated ``MockGitLab``, or else as the last one; to a function without arguments it is
    not given. The options are those of ``MockGitLab``: ``@mock_gitlab("a.yaml", intercept="https://gitlab.com")``.
    Coroutines and generators may be decorated too, and tests and fixtures of pytest, which then asks for the other
    arguments alone. Of a class every method whose name begins with ``test`` is decorated.
    """

    def decorate(target: T) -> T:
        def serve() -> MockGitLab:
            return MockGitLab(*scenarios, **options)

        return _decorate_class(target, serve) if isinstance(target, type) else cast("T", _decorated(target, serve))

    return decorate


def _decorate_class(target: T, serve: Serve) -> T:
    for name, member in list(vars(target).items()):
        if not name.startswith("test"):
            continue
        if isinstance(member, staticmethod):
            setattr(target, name, staticmethod(_decorated(member.__func__, serve)))
        elif inspect.isfunction(member):
            setattr(target, name, _decorated(member, serve))
    return target


def _decorated(function: Callable[..., Any], serve: Serve) -> Callable[..., Any]:
    signature = inspect.signature(function)
    wanted = _wanted(signature)
    run = _wrapper(function, serve, wanted)
    others = [one for name, one in signature.parameters.items() if name != wanted]
    run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return run


def _wanted(signature: inspect.Signature) -> str | None:
    """Return the name of the argument that is to be the fake GitLab, nothing when there is none."""
    names = [name for name, one in signature.parameters.items() if one.kind in _BY_NAME and name not in ("self", "cls")]
    for name in names:
        if signature.parameters[name].annotation in (MockGitLab, "MockGitLab", "mockgitlab.MockGitLab"):
            return name
    return names[-1] if names else None


def _wrapper(function: Callable[..., Any], serve: Serve, wanted: str | None) -> Callable[..., Any]:
    """Return what calls a function while the fake GitLab serves, of the same kind as the function."""

    def given(gitlab: MockGitLab, kwargs: dict[str, Any]) -> dict[str, Any]:
        return {**kwargs, wanted: gitlab} if wanted else kwargs

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with serve() as gitlab:
            return function(*args, **given(gitlab, kwargs))

    @functools.wraps(function)
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        with serve() as gitlab:
            return await function(*args, **given(gitlab, kwargs))

    @functools.wraps(function)
    def generate(*args: Any, **kwargs: Any) -> Any:
        with serve() as gitlab:
            return (yield from function(*args, **given(gitlab, kwargs)))

    @functools.wraps(function)
    async def generate_async(*args: Any, **kwargs: Any) -> Any:
        with serve() as gitlab:
            async for one in function(*args, **given(gitlab, kwargs)):
                yield one

    if inspect.isasyncgenfunction(function):
        return generate_async
    if inspect.isgeneratorfunction(function):
        return generate
    return run_async if inspect.iscoroutinefunction(function) else run
