"""The command line: ``mockgitlab serve``, ``lint``, ``wait`` and others; recordings and traps have their own modules.

Every option can also be given as an environment variable: ``--port`` as ``MOCKGITLAB_PORT``. Exit codes: 0 all is
well, 1 a contract was broken, 2 a usage or scenario error.
"""

import argparse
import gc
import io
import os
import shlex
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockgitlab import __version__, cli_learn, cli_playback, cli_sweep, collector
from mockgitlab.running import port_number, run_server

if TYPE_CHECKING:
    from mockgitlab.server import MockGitLab

PORT = 4747
WATCH_EVERY = 0.3
COLLECT_AFTER = 20_000
"""The garbage collector runs after so many new objects."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter is no reason to give up
    parser = make_parser()
    words, behind = cli_sweep.split(sys.argv[1:] if arguments is None else arguments)
    given = parser.parse_args(words)
    given.behind = behind
    if given.command is None:
        parser.print_help()
        return 2
    try:
        code: int = given.command(given)
    except (OSError, ValueError, KeyError, ModuleNotFoundError) as problem:
        print(f"mockgitlab: {problem.args[0] if isinstance(problem, KeyError) else problem}", file=sys.stderr)
        return 2
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="mockgitlab", description="The GitLab that fits in a test.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_serve(_command(commands, "serve", serve, "serve scenarios as a GitLab until told to stop"))
    text = "say what is wrong with scenarios and recordings, and serve nothing"
    linting = _command(commands, "lint", lint, text)
    linting.add_argument("scenarios", metavar="SCENARIO", nargs="+", help=_SCENARIO)
    _add_wait(_command(commands, "wait", wait, "wait until a server answers requests"))
    _add_env(_command(commands, "env", env, "print the environment variables that point clients at a server"))
    cli_playback.add_commands(commands, _command, _option)
    cli_learn.add_commands(commands, _command, _option)
    _add_report(_command(commands, "report", report, "tell what the clients of a server did, and whether rightly"))
    cli_sweep.add_commands(commands, _command, _option)
    _command(commands, "coverage", coverage, "list the operations of GitLab, and which are built")
    return parser


def _command(commands: Any, name: str, run: Callable[[Any], int], help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help.capitalize() + ".")
    parser.set_defaults(command=run)
    return parser


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "store_true": lambda text: text.lower() in ("1", "true", "yes", "on"),
    "append": lambda text: [one for one in text.split(",") if one],
}


def _option(parser: argparse.ArgumentParser, *names: str, **options: Any) -> None:
    """Add an option whose default may stand in the environment."""
    variable = "MOCKGITLAB_" + names[-1].lstrip("-").replace("-", "_").upper()
    value = os.environ.get(variable)
    if value is not None:
        options["default"] = _FROM_TEXT.get(options.get("action", ""), str)(value)
    options["help"] = f"{options['help']} [{variable}]"
    parser.add_argument(*names, **options)


_SCENARIO = "a YAML file; several are loaded one on top of the other"


def _add_scenarios(parser: argparse.ArgumentParser) -> None:
    named = _FROM_TEXT["append"](os.environ.get("MOCKGITLAB_SCENARIOS", ""))
    text = f"{_SCENARIO} [MOCKGITLAB_SCENARIOS, separated by commas]"
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="*", default=named, help=text)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    _add_scenarios(parser)
    _option(parser, "-p", "--port", type=port_number, default=PORT, help=f"the port, 0 for a free one (default {PORT})")
    _option(parser, "-H", "--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    _option(parser, "--port-file", help="write the port to this file once requests are answered")
    text = "keep so many requests in the journal, 0 to switch it off (default 10000)"
    _option(parser, "--journal-max", type=int, default=10_000, metavar="N", help=text)
    text = "tell (warn) or fail on what GitLab would silently ignore: see /_mockgitlab/verify"
    _option(parser, "--strict", choices=("warn", "fail"), help=text)
    text = "set a trap, once or more often: see mockgitlab traps"
    _option(parser, "--trap", action="append", default=[], metavar="NAME", help=text)
    _option(parser, "--watch", action="store_true", help="load the scenarios again when their files change")


def _add_wait(parser: argparse.ArgumentParser) -> None:
    _option(parser, "--url", default=f"http://127.0.0.1:{PORT}", help="the server's address")
    _option(parser, "--timeout", type=float, default=30.0, help="give up after this many seconds (default 30)")


def _add_env(parser: argparse.ArgumentParser) -> None:
    _add_scenarios(parser)
    _option(parser, "--url", default=f"http://127.0.0.1:{PORT}", help="the server's address")
    _option(parser, "--user", default="root", help="whose token (default root)")


def _add_report(parser: argparse.ArgumentParser) -> None:
    from mockgitlab.report.options import add_options

    add_options(parser, _option, f"http://127.0.0.1:{PORT}")


# Commands


def serve(given: argparse.Namespace) -> int:
    """Serve scenarios until SIGINT or SIGTERM."""
    from mockgitlab.scenario.problems import ScenarioError

    try:
        with collector.paused():
            gitlab = _make(given)
    except ScenarioError as error:
        return _refuse(error)
    server = gitlab.make_server()
    _spare_the_collector()
    if given.watch:
        watched = (gitlab, given.scenarios, _stamps(gitlab.files))
        threading.Thread(target=_watch, args=watched, daemon=True).start()
    return run_server(server, _summary(gitlab, given.scenarios), given.port_file)


def _spare_the_collector() -> None:
    """Keep the garbage collector from walking through all that was loaded again and again: rows form no cycles."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 100)


def _make(given: argparse.Namespace) -> "MockGitLab":
    from mockgitlab.server import MockGitLab

    options = {"journal_max": given.journal_max, "strict": given.strict, "traps": given.trap}
    return MockGitLab(*given.scenarios, host=given.host, port=given.port, **options)


def _summary(gitlab: "MockGitLab", scenarios: Sequence[str]) -> str:
    tokens = ", ".join(f"{token} of {username}" for username, token in gitlab.tokens().items())
    return f"{', '.join(scenarios) or 'no scenario'}; tokens: {tokens or 'none'}"


def _watch(gitlab: "MockGitLab", scenarios: Sequence[str], seen: dict[Path, tuple[int, int]]) -> None:
    """Load the scenarios again whenever a file of theirs changes; a wrong one is told of and the old one stays.

    ``seen`` is how the files were when they were loaded.
    """
    from mockgitlab.scenario.problems import ScenarioError

    pause = threading.Event()
    while not pause.wait(WATCH_EVERY):
        now = _stamps(gitlab.files)
        if now == seen:
            continue
        seen = now
        try:
            gitlab.load(*scenarios)
            print(f"mockgitlab loaded {', '.join(scenarios)} again", flush=True)
        except ScenarioError as error:
            _refuse(error)


def _stamps(files: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    found = {path: path.stat() for path in files if path.exists()}
    return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in found.items()}


def lint(given: argparse.Namespace) -> int:
    """Say what is wrong with scenarios and recordings."""
    from mockgitlab.playback.recording import Recording, is_recording
    from mockgitlab.scenario.loader import load_scenario
    from mockgitlab.scenario.problems import ScenarioError
    from mockgitlab.web.state import state_of

    recordings = [path for path in given.scenarios if is_recording(path)]
    scenarios = [path for path in given.scenarios if path not in recordings]
    try:
        for path in recordings:
            (recording := Recording(path)).check()
            print(f"{path}: no problems ({len(recording)} exchanges{', a cut one left out' * recording.torn})")
        scenario = load_scenario(*scenarios)
    except ScenarioError as error:
        return _refuse(error)
    counts = [f"{len(rows)} {name}" for name, rows in state_of(scenario.store).items()]
    if scenarios:
        print(f"{', '.join(scenarios)}: no problems ({', '.join(counts)})")
    return 0


def _refuse(error: Exception) -> int:
    print(error, file=sys.stderr, flush=True)
    return 2


def wait(given: argparse.Namespace) -> int:
    """Wait until a server is ready; exit code 2 when it is not in time."""
    import time
    import urllib.request
    from http.client import HTTPException

    end = time.monotonic() + given.timeout
    while True:
        try:
            with urllib.request.urlopen(f"{given.url}/_mockgitlab/ready", timeout=max(given.timeout, 0.1)):
                return 0
        except (OSError, HTTPException) as error:
            if time.monotonic() >= end:
                print(f"mockgitlab: {given.url} is not ready after {given.timeout:g} s: {error}", file=sys.stderr)
                return 2
        time.sleep(0.05)


def env(given: argparse.Namespace) -> int:
    """Print the variables as a shell reads them: ``eval "$(mockgitlab env scenarios/quickstart.yaml)"``."""
    from mockgitlab.environment import environment
    from mockgitlab.scenario.loader import load_scenario
    from mockgitlab.scenario.problems import ScenarioError
    from mockgitlab.server import find_job_token, find_token

    try:
        store = load_scenario(*given.scenarios).store
    except ScenarioError as error:
        return _refuse(error)
    variables = environment(given.url.rstrip("/"), find_token(store, given.user), job_token=find_job_token(store))
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def report(given: argparse.Namespace) -> int:
    """Tell what the clients of a server did."""
    from mockgitlab.api.definitions import definitions
    from mockgitlab.report.command import report

    return report(given, definitions().tables)


def coverage(given: argparse.Namespace) -> int:
    """List every operation, ``built`` or ``501``, and how many of each there are."""
    from mockgitlab.api.definitions import definitions

    for api, table in definitions().tables.items():
        for operation in sorted(table, key=lambda one: (one.path, one.method)):
            print(f"{api} {'built' if operation.built else '501  '} {operation.key}")
        built = sum(operation.built for operation in table)
        print(f"{api}: {built} of {len(table)} operations built")
    return 0
