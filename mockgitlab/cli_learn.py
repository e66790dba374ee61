"""The command ``mockgitlab learn``: from a recording to a scenario that answers as was recorded."""

import argparse
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockgitlab.playback.exchange import Fields, Pairs, Sent
    from mockgitlab.playback.learn import Learned
    from mockgitlab.playback.learn_replay import Ask, Replayed
    from mockgitlab.playback.recording import Recording

DRIFT = 3


def add_commands(commands: Any, command: Callable[..., argparse.ArgumentParser], option: Callable[..., None]) -> None:
    """Add the command; ``command`` and ``option`` are how the command line adds one."""
    text = "make a scenario of a recording, replay it, and list where the answers differ; exit code 3 when they do"
    parser = command(commands, "learn", learn, text)
    parser.add_argument("recording", metavar="FILE", help="a recording")
    option(parser, "-o", "--output", metavar="FILE", help="the scenario, YAML; without it, it is printed")


def learn(given: argparse.Namespace) -> int:
    """Write the scenario that a recording shows, and print where it answers otherwise."""
    from mockgitlab.api.definitions import definitions
    from mockgitlab.playback.learn import learn
    from mockgitlab.playback.recording import Recording
    from mockgitlab.scenario.problems import ScenarioError

    try:
        recording = Recording(given.recording)
        learned = learn(recording, definitions())
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    _write(learned, given)
    try:
        replayed = replay(recording, learned)
    except ScenarioError as error:
        print(f"mockgitlab: the scenario cannot be loaded as it is; mend it by hand\n{error}", file=sys.stderr)
        return DRIFT
    return _told(replayed, given.output or "the scenario")


def _write(learned: "Learned", given: argparse.Namespace) -> None:
    text = learned.text(given.recording)
    if not given.output:
        print(text, end="")
        return
    place = Path(given.output)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def _told(replayed: "list[Replayed]", scenario: str) -> int:
    different = [one for one in replayed if one.differences]
    for one in different:
        print(one, file=sys.stderr)
    told = f"{len(replayed)} exchanges replayed on {scenario}"
    print(f"mockgitlab: {told}, {len(different) or 'none'} answered otherwise", file=sys.stderr)
    return DRIFT if different else 0


def replay(recording: "Recording", learned: "Learned") -> "list[Replayed]":
    """Replay a recording on the scenario learned from it; raises ``ScenarioError`` when that cannot be loaded."""
    from mockgitlab.playback.learn_replay import replay
    from mockgitlab.server import MockGitLab

    url = {"mockgitlab": 1, "gitlab": {"url": learned.upstream}}
    gitlab = MockGitLab(learned.scenario, *([url] if learned.upstream else []), journal_max=0)
    return replay(recording, asking(gitlab.gateway), gitlab.store.now)


def asking(application: Any) -> "Ask":
    """Return what asks a WSGI application, without a socket."""
    from werkzeug.test import Client

    client = Client(application, use_cookies=False)

    def ask(sent: "Sent") -> "tuple[int, Pairs, bytes]":
        headers = [pair for pair in sent.headers if pair[0].lower() not in ("content-length", "host")]
        uri = {"REQUEST_URI": sent.target, "RAW_URI": sent.target}
        options: dict[str, Any] = {"headers": headers, "query_string": sent.target.partition("?")[2], **_body(sent)}
        answer = client.open(sent.path, method=sent.method, environ_overrides=uri, **options)
        return answer.status_code, tuple(answer.headers.items()), answer.get_data()

    return ask


def _body(sent: "Sent") -> dict[str, Any]:
    from mockgitlab.playback.exchange import header

    kind = header(sent.headers, "content-type")
    if sent.body.kind == "form" and kind.startswith("multipart/"):
        return {"data": _multipart(sent.body.value), "content_type": "multipart/form-data"}
    return {"data": sent.body.encoded(), "content_type": kind} if sent.body.kind else {}


def _multipart(fields: "Fields") -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, value in fields:
        part = value if isinstance(value, str) else (BytesIO(value.data), value.filename, value.content_type)
        found.setdefault(name, []).append(part)
    return found
