import base64
import re
from pathlib import Path

import pytest

from mockgitlab.playback.exchange import Body, Exchange, Got, Sent
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scan import scan
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.secrets import find, is_secret_name
from mockgitlab.playback.writer import write_recording
from tests.playback.planted import ALL, BY_PLACE, BY_PREFIX, PRIVATE_KEY, exchanges


@pytest.fixture(scope="module")
def scrubbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a recording in which secrets of every kind were planted."""
    scrubber = Scrubber()
    folder = tmp_path_factory.mktemp("scrubbed")
    write_recording(folder / "all.yaml", map(scrubber.exchange, exchanges()), {})
    return folder


@pytest.fixture(scope="module")
def disk(scrubbed: Path) -> bytes:
    """Return the bytes of every file, those behind base64 too."""
    data = b"".join(path.read_bytes() for path in scrubbed.rglob("*") if path.is_file())
    encoded = re.findall(rb"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", data)
    return data + b"".join(map(base64.b64decode, encoded))


@pytest.mark.parametrize("name", ALL)
def test_no_planted_secret_reaches_the_disk(disk: bytes, name: str) -> None:
    assert len(ALL) > 30
    assert ALL[name].encode() not in disk


def test_what_is_scrubbed_has_nothing_left_to_scan(scrubbed: Path) -> None:
    assert list(scan([scrubbed])) == []


def test_every_planted_secret_is_found_by_a_scan_of_what_was_not_scrubbed(tmp_path: Path) -> None:
    write_recording(tmp_path / "raw.yaml", exchanges(), {})
    found = "\n".join(leak.secret for leak in scan([tmp_path / "raw.yaml"]))
    assert [name for name, secret in ALL.items() if secret.removeprefix("acme-") not in found] == []


def test_one_secret_has_one_placeholder_everywhere(scrubbed: Path) -> None:
    _, minted, used, *_, last = Recording(scrubbed / "all.yaml")
    token = minted.response.body.value["access_token"]
    assert re.fullmatch(r"SCRUBBED-\d+", token)
    assert dict(used.request.headers)["Authorization"] == f"Bearer {token}"
    assert used.response.body.value["note"] == f"the token is {token}"
    assert f"glpat-{'SCRUBBED'}-" in last.response.body.value


def test_a_placeholder_keeps_the_prefix_of_the_token() -> None:
    scrubber = Scrubber()
    kept = {scrubber.text(secret).partition("SCRUBBED-")[0] for secret in BY_PREFIX.values()}
    assert kept == set(BY_PREFIX)


def test_basic_credentials_stay_well_formed() -> None:
    value = base64.b64encode(b"ada:glpat-abcdefghij0123456789").decode()
    exchange = Scrubber().exchange(Exchange(Sent("GET", "/", (), (("Authorization", f"Basic {value}"),)), Got(200)))
    credentials = dict(exchange.request.headers)["Authorization"].partition(" ")[2]
    assert base64.b64decode(credentials) == b"ada:glpat-SCRUBBED-1"


def test_a_file_in_base64_is_scrubbed_inside() -> None:
    body = {"encoding": "base64", "content": base64.b64encode(PRIVATE_KEY.encode()).decode()}
    exchange = Scrubber().exchange(Exchange(Sent("GET", "/"), Got(200, (), Body("json", body))))
    assert b"BEGIN RSA PRIVATE KEY-----\nSCRUBBED-1\n" in base64.b64decode(exchange.response.body.value["content"])


def test_a_binary_keeps_its_length() -> None:
    data = b"\xff\0" + BY_PREFIX["glpat-"].encode() + b"\xfe"
    scrubbed = Scrubber().data(data)
    assert len(scrubbed) == len(data)
    assert scrubbed.startswith(b"\xff\0glpat-SCRUBBED-1.")


def test_scrubbing_what_is_scrubbed_changes_nothing(scrubbed: Path) -> None:
    recording = list(Recording(scrubbed / "all.yaml"))
    assert [Scrubber().exchange(one) for one in recording] == recording


@pytest.mark.parametrize(
    "text",
    [
        "a comma-separated list of tokens",
        "git@gitlab.example.com:acme/rocket.git",
        "PRIVATE-TOKEN: $TOKEN",
        "https://$USER:$PASSWORD@example.com",
        "https://gitlab.example.com/acme/rocket/-/issues/1",
        "glpat-xxxxxxxxxxxxxxxxxxxx"[:6],
        "token=",
        "password=***",
        "the glossary-of-terms-and-everything",
        "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Scrubber().text(text) == text


def test_a_short_word_in_the_place_of_a_secret_is_replaced_only_there() -> None:
    body = Body("json", {"password": "production", "environment": "production"})
    exchange = Scrubber().exchange(Exchange(Sent("POST", "/", (), (), body), Got(201)))
    assert exchange.request.body.value == {"password": "SCRUBBED-1", "environment": "production"}


def test_names_of_secrets_are_told_from_others() -> None:
    secret = [
        "private_token",
        "user[password]",
        "clientSecret",
        "X-Gitlab-Token",
        "runners_token",
        "ssh_private_key",
        "sig",
    ]
    other = ["token_type", "page_token", "title", "key", "password_expires_at", "tokens_count", "signed", "secretary"]
    assert [is_secret_name(name) for name in [*secret, *other]] == [True] * len(secret) + [False] * len(other)


def test_a_scan_tells_file_line_column_and_kind(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"first\n  x = '{BY_PREFIX['gldt-']}'\n{BY_PREFIX['glft-']} # mockgitlab:allow\n")
    (tmp_path / "b.bin").write_bytes(b"\0\xff\n" + BY_PREFIX["glrt-"].encode())
    assert [str(leak) for leak in scan([tmp_path])] == [
        f"{tmp_path}/a.py:2:8: deploy token: gldt-x…",
        f"{tmp_path}/b.bin:2:1: runner authentication token: glrt-x…",
    ]


def test_a_scan_does_not_take_code_for_secrets(tmp_path: Path) -> None:
    code = "token = make_token()\npassword: str = ''\nurl = f'{base}?private_token={token}'\nauthor ada@example.org\n"
    (tmp_path / "a.py").write_text(code)
    assert list(scan([tmp_path / "a.py"])) == []


def test_a_long_text_is_looked_through_in_linear_time() -> None:
    for piece in ("a.", "a-", "token_", "eyJ", "x@", "a://", "-----BEGIN PRIVATE KEY-----"):
        assert list(find(piece * 20_000))[1:] == []


def test_every_place_is_planted_once() -> None:
    assert len(set(ALL.values())) == len(ALL)
    assert BY_PLACE.keys() <= ALL.keys()
