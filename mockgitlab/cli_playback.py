"""The commands of recorded traffic: ``mockgitlab record``, ``play``, ``verify``, ``scan``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mockgitlab.running import port_number, run_server

PORT = 4747
Add = Callable[..., argparse.ArgumentParser]
Option = Callable[..., None]


def add_commands(commands: Any, command: Add, option: Option) -> None:
    """Add the commands; ``command`` and ``option`` are how the command line adds one."""
    _add_record(
        command(commands, "record", record, "record what clients say to a real GitLab, without secrets"), option
    )
    _add_play(command(commands, "play", play, "play recordings back"), option)
    text = "ask again what was recorded, and tell what has drifted; exit code 3 when something has"
    _add_verify(command(commands, "verify", verify, text), option)
    text = "look for secrets in files and folders; exit code 1 when there are any"
    scan_parser = command(commands, "scan", scan, text)
    scan_parser.add_argument("paths", metavar="PATH", nargs="+", help="a file, or a folder with all that is below it")


def _add_listening(parser: argparse.ArgumentParser, option: Option) -> None:
    option(parser, "-p", "--port", type=port_number, default=PORT, help=f"the port, 0 for a free one (default {PORT})")
    option(parser, "-H", "--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    option(parser, "--port-file", help="write the port to this file once requests are answered")


def _add_record(parser: argparse.ArgumentParser, option: Option) -> None:
    option(parser, "--upstream", metavar="URL", help="the base URL of the server that is recorded")
    option(parser, "-o", "--output", metavar="FILE", help="the recording, YAML; binaries are put beside it")
    _add_listening(parser, option)
    option(parser, "--append", action="store_true", help="go on with a recording that is there")
    option(parser, "--overwrite", action="store_true", help="replace a recording that is there")
    option(parser, "--git", action="store_true", help="record git over HTTP too, which is passed on in any case")
    text = "let at least so many seconds lie between two writes (default 0)"
    option(parser, "--throttle-writes", type=float, default=0.0, metavar="SECONDS", help=text)
    text = "give ids, shas, dates, the host and temporary names stable values, at the end"
    option(parser, "--normalise", action="store_true", help=text)
    text = "with --normalise: keep what was recorded beside it, as NAME.raw.yaml; without secrets all the same"
    option(parser, "--keep-raw", action="store_true", help=text)
    option(parser, "--upstream-ca", metavar="FILE", help="certificates by which to know the upstream")
    option(parser, "--from-har", metavar="FILE", help="do not listen: import a HAR file")
    option(parser, "--from-vcr", metavar="FILE", help="do not listen: import a cassette of VCR.py")


def record(given: argparse.Namespace) -> int:
    """Record until SIGINT or SIGTERM, or import."""
    from mockgitlab.playback.recorder import Recorder, new_meta
    from mockgitlab.playback.scrub import Scrubber
    from mockgitlab.playback.upstream import Upstream
    from mockgitlab.web.http import HttpServer

    _check(given)
    if given.from_har or given.from_vcr:
        return _import(given)
    from mockgitlab.playback.proxy import Proxy

    upstream = Upstream(given.upstream, ca_file=given.upstream_ca)
    with _writer(given, new_meta(upstream.url)) as writer:
        scrubber = Scrubber(first=writer.next_placeholder)
        recorder = Recorder(upstream, writer.append, scrubber, throttle=given.throttle_writes, git=given.git)
        server = HttpServer(Proxy(recorder), given.host, given.port)
        code = run_server(server, f"recording {upstream.url} to {given.output}", given.port_file)
    _finish(given)
    print(f"mockgitlab recorded {writer.count} exchanges to {given.output}")
    return code


def _finish(given: argparse.Namespace) -> None:
    if not given.normalise:
        return
    from mockgitlab.playback.normalise import normalise_file

    normalise_file(Path(given.output), keep_raw=given.keep_raw)


def _check(given: argparse.Namespace) -> None:
    if not given.output:
        raise ValueError("say where to record to: -o fixtures/NAME.yaml")
    if not (given.upstream or given.from_har or given.from_vcr):
        raise ValueError("say what to record: --upstream https://gitlab.example.com, --from-har or --from-vcr FILE")


def _writer(given: argparse.Namespace, meta: dict[str, Any]) -> Any:
    from mockgitlab.playback.writer import RecordingWriter, remove_recording

    if given.overwrite:
        remove_recording(given.output)
    return RecordingWriter(given.output, meta, append=given.append)


def _import(given: argparse.Namespace) -> int:
    from mockgitlab.playback.imports import import_har, import_vcr
    from mockgitlab.playback.recorder import new_meta
    from mockgitlab.playback.scrub import Scrubber

    read, source = (import_har, given.from_har) if given.from_har else (import_vcr, given.from_vcr)
    found = read(source, given.upstream or "")
    with _writer(given, new_meta(found.upstream, imported_from=Path(source).name)) as writer:
        scrubber = Scrubber(first=writer.next_placeholder)
        for exchange in found.exchanges:
            writer.append(scrubber.exchange(exchange))
    _finish(given)
    others = f"; {found.others} with other servers were passed over" if found.others else ""
    print(f"mockgitlab imported {len(found.exchanges)} exchanges with {found.upstream} to {given.output}{others}")
    return 0


def _add_play(parser: argparse.ArgumentParser, option: Option) -> None:
    parser.add_argument("recordings", metavar="FILE", nargs="+", help="a recording; of several, each has its own order")
    _add_listening(parser, option)
    text = "strict: one exchange after the other; match: in any order, each once (default strict)"
    option(parser, "--order", choices=("strict", "match"), default="strict", help=text)
    option(parser, "--repeat", action="store_true", help="with --order match: the last that fits again and again")
    option(parser, "--ignore", action="append", default=[], metavar="NAME", help="query.NAME or body.KEY; repeatable")
    text = "what must be as recorded (default method,path,query,body)"
    option(parser, "--on", default="method,path,query,body", metavar="LIST", help=text)
    text = "a scenario that answers what fits no exchange; repeatable"
    option(parser, "--behind", action="append", default=[], metavar="SCENARIO", help=text)
    text = "warn of exchanges that were not played, or fail with exit code 1"
    option(parser, "--strict", choices=("warn", "fail"), default="warn", help=text)


def play(given: argparse.Namespace) -> int:
    """Play recordings until SIGINT or SIGTERM, and tell what did not fit and what was not played."""
    from mockgitlab.playback.declared import playback
    from mockgitlab.scenario.problems import ScenarioError
    from mockgitlab.server import MockGitLab

    rules = {"order": given.order, "repeat": given.repeat, "behind": bool(given.behind)}
    rules |= {"ignore": given.ignore, "on": given.on.split(",")}
    listening = {"host": given.host, "port": given.port}
    try:
        played = playback([{"file": file, **rules} for file in given.recordings])
        gitlab = MockGitLab(*given.behind, playback=played, strict=given.strict, **listening)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    for one in played:
        if one.torn:
            print(f"{one.file}: the recorder was killed; what it was writing is left out", file=sys.stderr)
    run_server(gitlab.make_server(), f"playing {', '.join(given.recordings)}", given.port_file)
    found = gitlab.world.verify()
    print(found.told() or "mockgitlab played every exchange", file=sys.stderr)
    return 0 if found.ok else 1


def _add_verify(parser: argparse.ArgumentParser, option: Option) -> None:
    parser.add_argument("recordings", metavar="FILE", nargs="+", help="a recording")
    option(parser, "--upstream", metavar="URL", help="the server to ask; without it, mockgitlab itself")
    text = "without --upstream: what mockgitlab serves; repeatable"
    option(parser, "--scenario", action="append", default=[], metavar="SCENARIO", help=text)
    option(parser, "--token", default="", help="sent as PRIVATE-TOKEN in place of what was scrubbed")
    option(parser, "--writes", action="store_true", help="ask writes too; otherwise only reads")
    option(parser, "--upstream-ca", metavar="FILE", help="certificates by which to know the upstream")
    option(parser, "--junit", metavar="PATH", help="write the result as JUnit's XML")
    option(parser, "--json", action="store_true", help="print the result as JSON")


def verify(given: argparse.Namespace) -> int:
    """Ask what was recorded again, and tell what has drifted; exit code 3 when something has."""
    from mockgitlab.playback.recording import Recording, ScenarioError
    from mockgitlab.playback.verify import junit, verify

    headers = {"Private-Token": given.token} if given.token else {}
    try:
        recordings = [Recording(path) for path in given.recordings]
        asks = [_asker(given, recording.upstream) for recording in recordings]
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    against = given.upstream or "mockgitlab"
    pairs = zip(recordings, asks, strict=True)
    reports = [verify(one, ask, against, writes=given.writes, headers=headers) for one, ask in pairs]
    if given.junit:
        Path(given.junit).write_text(junit(reports), encoding="utf-8")
    print(json.dumps([one.to_json() for one in reports]) if given.json else "\n".join(map(str, reports)))
    return 0 if all(one.ok for one in reports) else 3


def _asker(given: argparse.Namespace, recorded: str) -> Any:
    """Return what asks the upstream, or mockgitlab itself without a socket."""
    from mockgitlab.playback.upstream import Upstream, UpstreamFailed

    if given.upstream:
        upstream = Upstream(given.upstream, ca_file=given.upstream_ca)

        def ask(sent: Any, body: bytes) -> Any:
            try:
                reply = upstream.send(sent.method, sent.target, dict(sent.headers), body)
                return reply.status, reply.headers, reply.read()
            except UpstreamFailed as failed:
                raise ConnectionError(str(failed)) from None

        return ask
    return _asking_itself(given.scenario, recorded)


def _asking_itself(scenarios: Sequence[str], recorded: str) -> Any:
    from mockgitlab.intercept.call import Request, call
    from mockgitlab.intercept.origin import Origin
    from mockgitlab.server import MockGitLab

    gitlab, origin = MockGitLab(*scenarios), Origin.of(recorded or "https://gitlab.example.com")
    assert origin is not None, "the upstream of a recording is a URL"

    def ask(sent: Any, body: bytes) -> Any:
        length = [("Content-Length", str(len(body)))] if body else []
        answer = call(gitlab.gateway, Request(sent.method, origin, sent.target, [*sent.headers, *length], body))
        return answer.status, tuple(answer.headers), answer.body

    return ask


def scan(given: argparse.Namespace) -> int:
    """Print every secret that stands in a file."""
    from mockgitlab.playback.scan import scan

    found = [print(leak) for leak in scan(given.paths)]
    if number := len(found):
        print(f"{number} secret{'s' * (number > 1)} found; a line with 'mockgitlab:allow' in it is passed over")
    return 1 if found else 0
