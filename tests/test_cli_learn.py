from pathlib import Path

import pytest

from mockgitlab.cli import main
from tests.playback.exchanges import got, recorded
from tests.playback.learning import ROCKET, ROOT, session

TEAM = ROOT / "scenarios" / "team.yaml"


def test_a_recording_is_learned_to_a_file_and_nothing_answers_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = session(tmp_path / "a.yaml", TEAM, [("GET", "/api/v4/user"), ("GET", f"{ROCKET}/labels")], "eve-token")
    assert main(["learn", recording.file, "-o", str(tmp_path / "new" / "b.yaml")]) == 0
    assert "2 exchanges replayed" in capsys.readouterr().err
    assert main(["lint", str(tmp_path / "new" / "b.yaml")]) == 0


def test_differences_are_listed_by_request_and_field_with_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = session(tmp_path / "a.yaml", TEAM, [("GET", f"{ROCKET}/issues/1")])
    assert main(["learn", recording.file, "-o", str(tmp_path / "b.yaml")]) == 3
    told = capsys.readouterr().err
    assert f"#1 GET {ROCKET}/issues/1\n" in told
    assert "body.user_notes_count: was 4, is 0" in told
    assert (tmp_path / "b.yaml").exists()


def test_without_a_file_the_scenario_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = session(tmp_path / "a.yaml", TEAM, [("GET", f"{ROCKET}/milestones")])
    main(["learn", recording.file])
    assert "milestones:" in capsys.readouterr().out


def test_a_recording_that_shows_nothing_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = recorded(tmp_path / "a.yaml", got("/elsewhere", {}))
    assert main(["learn", recording.file, "-o", str(tmp_path / "b.yaml")]) == 2
    assert "shows no user, group, project" in capsys.readouterr().err
    assert not (tmp_path / "b.yaml").exists()


def test_what_is_no_recording_is_refused_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", str(TEAM)]) == 2
    assert "team.yaml" in capsys.readouterr().err
