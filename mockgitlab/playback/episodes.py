"""Recording while a test runs: what is not played is asked of the upstream, and kept if the test passes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockgitlab.playback.bodies import decompressed
from mockgitlab.playback.declared import rules_of
from mockgitlab.playback.exchange import Exchange, Sent, header, is_textual
from mockgitlab.playback.hosts import Rehost
from mockgitlab.playback.matching import Asked
from mockgitlab.playback.proxy import client_headers, homeward
from mockgitlab.playback.recorder import Recorder, new_meta, without
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.tape import PlayedRecording
from mockgitlab.playback.upstream import Reply, Upstream, UpstreamFailed
from mockgitlab.playback.writer import RecordingWriter, next_placeholder, write_recording
from mockgitlab.web.answer import Answer
from mockgitlab.web.playing import Mismatch, Playable, Played, played
from mockgitlab.web.reasons import header_text
from mockgitlab.web.request import Request


class Cassette:
    """The recording of one test: played, recorded, or both, as the mode says.

    ``none`` plays only, ``once`` records where there is no recording, ``new_episodes`` what is new, ``all`` everything
    beside what is there, ``rewrite`` everything in place of it.

    Raises ``ValueError`` where something is to be played that is not there, or recorded of nobody knows whom;
    ``ScenarioError`` for a file that is no recording.
    """

    def __init__(self, path: Path, mode: str, upstream: str, rules: Mapping[str, Any]) -> None:
        self.path = path
        self._replaces = mode == "rewrite"
        self._new: list[Exchange] = []
        self._upstream = upstream
        self._rules = rules
        self.playables = self._playables(mode)

    def _playables(self, mode: str) -> list[Playable]:
        known = self.path.exists()
        if mode == "none" or (mode == "once" and known):
            return [self._played(self._rules)]
        if mode == "new_episodes" and known:
            return [self._played({**self._rules, "order": "match"}), self._recording()]
        return [self._recording()]

    def _played(self, rules: Mapping[str, Any]) -> PlayedRecording:
        if not self.path.exists():
            hint = "record it with --mockgitlab-record-mode=once --mockgitlab-upstream=URL"
            raise ValueError(f"there is no recording {self.path}: {hint}")
        return PlayedRecording(Recording(self.path), rules_of(rules))

    def _recording(self) -> "Episodes":
        if not self._upstream:
            hint = "--mockgitlab-upstream=URL, or the ini value mockgitlab_upstream"
            raise ValueError(f"{self.path} is to be recorded, and nobody knows whom: say {hint}")
        first = next_placeholder(self.path.read_bytes()) if self.path.exists() and not self._replaces else 1
        recorder = Recorder(Upstream(self._upstream), self._new.append, Scrubber(first))
        return Episodes(str(self.path), recorder)

    def keep(self) -> None:
        """Write what was recorded."""
        meta = new_meta(self._upstream.rstrip("/"))
        if self._replaces:
            write_recording(self.path, self._new, meta)
        elif self._new:
            with RecordingWriter(self.path, meta, append=True) as writer:
                for exchange in self._new:
                    writer.append(exchange)


class Episodes:
    """The upstream as something to be played: it answers every request, and the exchange is kept."""

    behind = torn = False

    def __init__(self, file: str, recorder: Recorder) -> None:
        self.file = file
        self._recorder = recorder

    def fresh(self) -> "Episodes":
        """Return itself: the upstream has no beginning."""
        return self

    def take(self, request: Request, body: bytes) -> Answer:
        """Return what the upstream answers; 502 when it does not."""
        asked, away = Asked(request, body, ""), Rehost(self._recorder.upstream.url, request.base)
        sent = Sent(asked.method, asked.path, asked.query, asked.headers)
        body = homeward(sent, body, Rehost(away.new, away.old))
        try:
            reply = self._recorder.send(sent, f"{asked.path}?{request.query}" if request.query else asked.path, body)
            data = reply.read()
        except UpstreamFailed as failed:
            told = {"X-Mockgitlab-Reason": header_text(str(failed))}
            return Answer(502, b'{"message":"502 Bad Gateway"}', headers=told, reason=str(failed))
        self._recorder.keep(sent, body, reply, data)
        return _passed_on(reply, data, away, f"recorded {sent}")

    def mismatch(self, request: Request, body: bytes) -> Mismatch:
        """Say that everything fits."""
        return Mismatch(f"{request.method} {request.path} was not answered by {self._recorder.upstream.url}")

    def unused(self) -> list[str]:
        """Return nothing: whatever was recorded was played."""
        return []


def _passed_on(reply: Reply, data: bytes, away: Rehost, name: str) -> Played:
    headers = client_headers(reply.headers, away)
    plain = decompressed(data, header(headers, "content-encoding"))
    if plain is not None:
        data = away.data(plain) if is_textual(header(headers, "content-type")) else plain
        headers = without(headers, {"content-encoding"})
    if data:
        headers = without(headers, {"content-length"})
    return played(reply.status, headers, data, name)
