"""Dependencies point one way, nothing but the store's clock knows the time, and modules stay small."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mockgitlab

ROOT = Path(mockgitlab.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
ROOMS = {
    "errors": set[str](),
    "collector": set[str](),
    "environment": set[str](),
    "store": set[str](),
    "git": {"store"},
    "dsl": {"store", "errors"},
    "ci_config": set[str](),
    "api": {"dsl", "store", "errors", "git", "ci_config", "collector"},
    "report": {"dsl", "store", ""},
    "web": {"dsl", "store", "errors", "report", ""},
    "intercept": set[str](),
    "traps": {"api", "dsl", "store", "web"},
    "scenario": {"dsl", "store", "errors", "web", "report", "traps", "collector"},
    "playback": {"", "dsl", "store", "errors", "web", "report", "scenario"},
    "server": {"api", "traps", "web", "report", "scenario", "store", "environment", "intercept", "playback"},
    "cli": {
        "",
        "server",
        "traps",
        "scenario",
        "environment",
        "web",
        "api",
        "report",
        "playback",
        "cli_learn",
        "cli_playback",
        "cli_sweep",
        "collector",
        "running",
    },
    "cli_playback": {"", "server", "playback", "scenario", "web", "running", "intercept"},
    "cli_learn": {"api", "server", "playback", "scenario"},
    "running": {"collector"},
    "sweep": {"environment", "server", "web"},
    "cli_sweep": {"server", "scenario", "sweep", "traps", "web"},
    "decorator": {"server", "scenario"},
    "pytest_plugin": {"", "server", "pytest_report", "pytest_playback"},
    "pytest_report": {"report", "web", "api", "server"},
    "pytest_playback": {"server", "playback"},
    "__main__": {"cli"},
    "": {"collector", "decorator", "server", "scenario"},
}
"""What each room may import; the package itself has no name."""
CROSSINGS = {
    ("scenario", "api.definitions"): "the definitions are put together where scenarios are loaded",
    ("scenario", "playback.declared"): "recordings are opened where the scenario that names them is loaded",
}
"""Imports that cross the house, from a room and of a module, each with its reason."""
TIME_AND_CHANCE = {
    "time",
    "random",
    "secrets",
    "uuid",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
}
ALLOWED_TIME = {
    "web/connection.py": "waits for the rest of a request it refuses",
    "web/turns.py": "closes connections that are silent for long",
    "web/response_writer.py": "the header Date is the machine's",
    "cli.py": "waits for a server",
    "playback/recorder.py": "waits between writes, and says when it recorded",
    "traps/limits.py": "clients wait for RateLimit-Reset by the machine's clock",
    "sweep/runs.py": "measures how long a command takes",
    "web/gateway.py": "measures for the journal how long an answer takes",
}
LONG: dict[str, str] = {}
"""Modules over 300 lines, each with its reason."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py").replace("__init__", "")


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield every module of the package that is imported at run time, without the package's name."""
    typing_only = {id(inner) for node in ast.walk(tree) if is_typing(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name[11:] for alias in node.names if alias.name.split(".")[0] == "mockgitlab")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "mockgitlab":
            below = (node.module or "")[11:]
            yield from ([below] if below else [alias.name for alias in node.names])


def is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_dependencies_point_one_way() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in MODULES
        for module in imported(parsed(path))
        if not may_import(room_of(path), module)
    ]
    assert wrong == []


def may_import(room: str, module: str) -> bool:
    target = "" if module.startswith("__") else module.split(".")[0]
    return target == room or target in ROOMS[room] or (room, module) in CROSSINGS


def test_every_room_is_known() -> None:
    assert {room_of(path) for path in MODULES} == set(ROOMS)


def test_time_and_chance_come_from_the_store() -> None:
    wrong = {name_of(path): found for path in MODULES if (found := names_used(parsed(path)) & TIME_AND_CHANCE)}
    assert wrong.keys() == ALLOWED_TIME.keys(), wrong


def names_used(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.add(f"{node.value.id}.{node.attr}")
    return names


def test_every_module_says_what_it_is() -> None:
    assert [name_of(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []


def test_modules_stay_under_300_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 300 and name not in LONG} == {}


def test_the_api_does_without_deferred_annotations() -> None:
    deferred = [
        name_of(path) for path in MODULES if room_of(path) == "api" and "__future__" in names_used(parsed(path))
    ]
    assert deferred == []
