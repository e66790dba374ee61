"""The commands of traps: ``mockgitlab traps``, ``mockgitlab sweep``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockgitlab.server import MockGitLab
    from mockgitlab.sweep.runs import Run

Add = Callable[..., argparse.ArgumentParser]
Option = Callable[..., None]
USAGE = "mockgitlab sweep [options] [SCENARIO ...] -- COMMAND ..."
NO_REQUESTS = (
    "mockgitlab: the command asked nothing of GITLAB_URL; does it read it? "
    "(tests with the fixture mockgitlab are trapped by MOCKGITLAB_TRAP, their worlds are not compared)"
)


def add_commands(commands: Any, command: Add, option: Option) -> None:
    """Add the commands; ``command`` and ``option`` are how the command line adds one."""
    command(commands, "traps", traps, "list the traps: what the real GitLab does that breaks clients")
    parser = command(commands, "sweep", sweep, "run a command once in each trap, and tell which break it")
    parser.usage = USAGE
    parser.add_argument("scenarios", metavar="SCENARIO", nargs="*", help="a YAML file that each run begins with")
    text = "the traps to try, with commas between or given several times (default all that there are)"
    option(parser, "--only", action="append", default=[], metavar="NAME", help=text)
    text = "take a command for hung after so many seconds (default 120)"
    option(parser, "--timeout", type=float, default=120.0, metavar="SECONDS", help=text)
    option(parser, "--user", default="root", help="whose token the command gets (default root)")
    option(parser, "--json", action="store_true", help="print the outcome as JSON")


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the arguments of a sweep, and the command behind ``--``; of anything else all, and no command."""
    given = list(arguments)
    if given[:1] != ["sweep"] or "--" not in given:
        return given, []
    place = given.index("--")
    return given[:place], given[place + 1 :]


def traps(given: argparse.Namespace) -> int:
    """List the traps, each with what GitLab does and what breaks by it."""
    from mockgitlab.traps import TRAPS

    for trap in TRAPS.values():
        waits = f" (waits for {trap.waits_for})" if trap.waits_for else ""
        print(f"{trap.name}{waits}\n    {trap.told};\n    {trap.why}")
    return 0


def sweep(given: argparse.Namespace) -> int:
    """Run the command in every trap; exit code 1 when one breaks what passes without."""
    from mockgitlab.scenario.problems import ScenarioError
    from mockgitlab.server import MockGitLab
    from mockgitlab.sweep.matrix import matrix, to_json
    from mockgitlab.traps import TRAPS

    if not given.behind:
        raise ValueError(f"say which command to run: {USAGE}")
    try:
        gitlab = MockGitLab(*given.scenarios)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    names = _chosen(given.only, gitlab)
    with gitlab:
        runs = _run_all(gitlab, given, names)
    print(json.dumps(to_json(given.behind, runs), indent=1) if given.json else matrix(runs, TRAPS))
    if runs[0].broken:
        print(f"mockgitlab: the command {runs[0].outcome} without traps: mend that first", file=sys.stderr)
        return 2
    return int(any(run.broken for run in runs))


def _chosen(only: Sequence[str], gitlab: "MockGitLab") -> list[str]:
    """Return the names of the traps to try; the style of errors that the scenario has is none."""
    from mockgitlab.traps import TRAPS
    from mockgitlab.web.trap import find_trap

    wanted = [name for names in only for name in names.split(",") if name]
    if wanted:
        return [find_trap(TRAPS, name).name for name in dict.fromkeys(wanted)]
    own = f"{gitlab.store.settings.errors}_errors"
    return [name for name, trap in TRAPS.items() if not trap.waits_for and name not in (own, *gitlab.traps)]


def _run_all(gitlab: "MockGitLab", given: argparse.Namespace, names: Sequence[str]) -> "list[Run]":
    """Return the run without traps and, when that passes, one in each trap."""
    from mockgitlab.sweep.progress import progress
    from mockgitlab.sweep.runs import Sweep

    one = Sweep(gitlab, given.behind, user=given.user, timeout=given.timeout)
    with progress(len(names) + 1) as tell:
        runs: list[Run] = []
        for name in ("", *names):
            tell(name or "without traps", None)
            runs.append(one.run(name, runs[0] if runs else None))
            tell(name or "without traps", runs[-1])
            if runs[0].broken:
                break
    if not runs[0].requests:
        print(NO_REQUESTS, file=sys.stderr)
    return runs
