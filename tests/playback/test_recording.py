import json
import random
from pathlib import Path

import pytest
import yaml

from mockgitlab.playback.exchange import Body, Exchange, Got, Sent
from mockgitlab.playback.recording import CHECKED_AT_ONCE, IN_PROGRESS, Recording, is_recording
from mockgitlab.playback.schema import PLACE, SCHEMA
from mockgitlab.playback.writer import RecordingWriter, remove_recording
from mockgitlab.scenario.problems import ScenarioError
from tests.playback.exchanges import UPSTREAM, every_kind, got, posted, recorded

HAND_MADE = """\
mockgitlab_recording: 1
exchanges:
  - request: {method: GET, path: /api/v4/user, query: {page: 2, all: true}}
    response: {status: 200, json: {id: 1}}
"""


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "all.yaml", *every_kind())
    assert list(recording) == every_kind()
    assert recording.upstream == UPSTREAM
    assert not recording.torn
    recording.check()


def test_a_recording_is_yaml_for_any_reader(tmp_path: Path) -> None:
    recorded(tmp_path / "all.yaml", *every_kind())
    data = yaml.safe_load((tmp_path / "all.yaml").read_text())
    assert data["exchanges"][1]["request"]["json"] == {"title": "a\nb\n"}
    assert data["exchanges"][0]["response"]["json"]["emoji"] == "😀"
    assert (tmp_path / data["exchanges"][4]["response"]["file"]).read_bytes() == b"\0\1\2"


def test_a_text_of_several_lines_stands_as_a_block(tmp_path: Path) -> None:
    recorded(tmp_path / "a.yaml", got("/a", {"description": "first 😀\nsecond\n"}))
    assert "description: |\n        first 😀\n        second\n" in (tmp_path / "a.yaml").read_text()


def test_a_recording_may_be_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(HAND_MADE)
    [exchange] = Recording(path)
    assert exchange.request == Sent("GET", "/api/v4/user", (("page", "2"), ("all", "true")))
    assert exchange.response == Got(200, (), Body("json", {"id": 1}))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("status: 200", "stats: 200", "4:16: exchanges[0].response.stats: is not a key known here; did you mean 'sta"),
        ("status: 200, ", "", "exchanges[0].response: needs status"),
        ("status: 200", "status: soon", "exchanges[0].response.status: must be integer, not 'soon'"),
        ("status: 200", "status: 99", "must be a status from 200 to 599, not 99"),
        ("method: GET", "method: get", "must be a method in capitals, not 'get'"),
        ("/api/v4/user", "user", "must be a path that begins with a slash"),
        ("{page: 2", "{page: {a: 1}", "exchanges[0].request.query.page: must be a text, or a list of texts"),
        ("recording: 1", "recording: 2", "mockgitlab_recording: must be 1, not 2"),
        ("json: {id: 1}", "json: {id: 1}, json_style: odd", "must be one of '', 'rails'"),
        ("json: {id: 1}", "file: none.bin", "there is no file 'none.bin'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(HAND_MADE.replace(old, new, 1))
    with pytest.raises(ScenarioError) as error:
        Recording(path).check()
    assert told in str(error.value)
    assert str(error.value).startswith(str(path))


def test_a_missing_recording_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    recorded(tmp_path / "issues.yaml")
    with pytest.raises(ScenarioError, match=r"did you mean '.*/issues\.yaml'"):
        Recording(tmp_path / "issue.yaml")


def large(path: Path) -> list[Exchange]:
    exchanges = [got(f"/api/v4/projects/1/issues/{n}", {"iid": n, "text": "x\n" * 200}) for n in range(3_000)]
    recorded(path, *exchanges)
    assert path.stat().st_size > CHECKED_AT_ONCE
    return exchanges


def test_of_a_large_recording_each_exchange_is_read_by_itself(tmp_path: Path) -> None:
    exchanges = large(tmp_path / "large.yaml")
    recording = Recording(tmp_path / "large.yaml")
    assert recording.heads()[2_000] == ("GET", "/api/v4/projects/1/issues/2000")
    assert recording[2_000] == exchanges[2_000]
    assert recording[-1] == exchanges[-1]
    assert len(recording) == len(exchanges)
    assert recording.meta == {"upstream": UPSTREAM}


def test_what_is_wrong_in_a_large_recording_is_told_when_it_is_read(tmp_path: Path) -> None:
    large(path := tmp_path / "large.yaml")
    path.write_text(
        path.read_text().replace("issues/2000\n  response:\n    status", "issues/2000\n  response:\n    stat")
    )
    recording = Recording(path)
    assert recording[0].response.status == 200
    with pytest.raises(ScenarioError, match=r"exchanges\[2000\].response.stat: is not a key known here"):
        recording[2_000]


def test_a_recording_cut_anywhere_while_in_progress_keeps_all_that_was_finished(tmp_path: Path) -> None:
    path, kinds, ends = tmp_path / "cut.yaml", every_kind(), []
    with RecordingWriter(path, {"upstream": UPSTREAM}) as writer:
        ends.append(path.stat().st_size)
        for exchange in kinds:
            writer.append(exchange)
            ends.append(path.stat().st_size)
        content = path.read_bytes()
    assert content.startswith(IN_PROGRESS)
    for cut in random.Random(7).sample(range(ends[0], len(content)), 150):
        path.write_bytes(content[:cut])
        recording = Recording(path)
        recording.check()
        assert list(recording) == kinds[: sum(end <= cut for end in ends) - 1]
        assert recording.torn == (cut not in ends)


def test_an_interrupted_recording_can_be_continued(tmp_path: Path) -> None:
    path = tmp_path / "more.yaml"
    RecordingWriter(path, {"upstream": UPSTREAM}).append(got("/a", 1))
    path.write_bytes(path.read_bytes() + b"- request:\n    meth")
    with RecordingWriter(path, append=True) as writer:
        writer.append(got("/b", 2))
    assert [one.request.path for one in Recording(path)] == ["/a", "/b"]
    assert not Recording(path).torn


def test_a_recording_made_by_hand_can_be_continued_when_its_list_is_at_the_margin(tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text("mockgitlab_recording: 1\nexchanges:\n- {request: {method: GET, path: /}, response: {status: 200}}")
    with RecordingWriter(path, append=True) as writer:
        writer.append(got("/b", 2))
    assert [one.request.path for one in Recording(path)] == ["/", "/b"]
    path.write_text(HAND_MADE)
    with pytest.raises(ValueError, match="whose items begin at the margin"):
        RecordingWriter(path, append=True)


def test_a_recording_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    recorded(tmp_path / "a.yaml")
    with pytest.raises(FileExistsError, match="append"):
        RecordingWriter(tmp_path / "a.yaml")


def test_removing_a_recording_removes_its_binaries_and_nothing_else(tmp_path: Path) -> None:
    recorded(tmp_path / "all.yaml", *every_kind())
    (tmp_path / "all" / "mine.txt").write_text("mine")
    remove_recording(tmp_path / "all.yaml")
    assert [path.name for path in tmp_path.rglob("*")] == ["all", "mine.txt"]


def test_a_recording_is_told_from_a_scenario(tmp_path: Path) -> None:
    recorded(tmp_path / "a.yaml", posted("/a", {}, {}))
    (tmp_path / "b.yaml").write_text("mockgitlab: 1\n")
    assert [is_recording(tmp_path / name) for name in ("a.yaml", "b.yaml", "none.yaml")] == [True, False, False]


def test_the_schema_that_is_shipped_is_the_one_that_is_checked() -> None:
    assert json.loads(PLACE.read_text()) == json.loads(json.dumps(SCHEMA))
