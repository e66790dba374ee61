"""The options of ``mockgitlab report``: apart from the command itself, so that showing help loads nothing else."""

import argparse
from collections.abc import Callable

FORMAT_NAMES = ("text", "json", "markdown", "html", "junit", "pact")
FAILING = ("expectation", "budget", "contract")
"""The kinds of findings that break the contract unless told otherwise."""


def add_options(parser: argparse.ArgumentParser, option: Callable[..., None], url: str) -> None:
    """Add the options of the command; ``option`` adds one that may stand in the environment."""
    parser.add_argument(
        "journals", metavar="JOURNAL", nargs="*", help="a saved journal, JSON Lines, in place of a server"
    )
    option(parser, "--url", default=url, help=f"the server's address (default {url}); its sandboxes are read too")
    text = "write this file, in the format of its suffix (.xml is JUnit, .pact.json Pact); may be given several times"
    option(parser, "-o", "--output", action="append", metavar="FILE", help=text)
    option(parser, "--format", choices=FORMAT_NAMES, default="text", help="what to print when there is no --output")
    option(parser, "--baseline", metavar="FILE", help="findings that are known: only new ones break the contract")
    option(parser, "--update-baseline", action="store_true", help="write all findings to the baseline, and exit with 0")
    text = f"the kinds of findings that break the contract, with commas between (default {','.join(FAILING)})"
    option(parser, "--fail-on", metavar="KINDS", default=",".join(FAILING), help=text)
    option(parser, "--max-requests", metavar="N", type=int, help="how many requests the client may make")
