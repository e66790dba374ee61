"""Secrets of every kind, in every place, said by a client and a server through the recorder: none reaches the disk."""

import base64
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab.playback.exchange import Exchange
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.verify import encoded
from mockgitlab.web.http import HttpServer
from tests.clients import playback_rig as rig
from tests.playback.planted import ALL, exchanges


def server(planted: list[Exchange]) -> Callable[..., Any]:
    """Return an application that answers with the planted secrets, in their order."""
    answers: Iterator[Exchange] = iter(planted)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        got = next(answers).response
        start_response(f"{got.status} ", list(got.headers))
        return [got.body.encoded()]

    return app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which a recorder ran, its temporary files too."""
    folder, planted = tmp_path_factory.mktemp("recorded"), exchanges()
    with HttpServer(server(planted)) as upstream, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
        patch.chdir(folder)
        with rig.command(
            "record", "--upstream", upstream.url, "-o", "all.yaml", "--normalise", "--keep-raw"
        ) as recorder:
            for exchange in planted:
                body, sent = encoded(exchange.request)
                answer = requests.request(
                    sent.method,
                    recorder.url + sent.target,
                    data=body,
                    headers=dict(sent.headers),
                    timeout=5,
                    allow_redirects=False,
                )
                assert answer.status_code == exchange.response.status
        assert recorder.code == 0, recorder.err
    return folder


@pytest.mark.parametrize("name", ALL)
def test_no_planted_secret_is_in_any_file(folder: Path, name: str) -> None:
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    encoded_parts = re.findall(rb"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", data)
    assert ALL[name].encode() not in data + b"".join(map(base64.b64decode, encoded_parts))


def test_everything_was_recorded(folder: Path) -> None:
    assert len(Recording(folder / "all.yaml")) == len(Recording(folder / "all.raw.yaml")) == len(exchanges())
