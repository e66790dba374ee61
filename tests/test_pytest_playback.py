from pathlib import Path

import pytest

from mockgitlab import MockGitLab
from mockgitlab.playback.recording import Recording
from tests.playback.exchanges import got, recorded

pytest_plugins = ["pytester"]
TEST = """
import pytest, requests

@pytest.mark.mockgitlab(playback={playback})
def test_it(mockgitlab):
    for path in {paths}:
        url, headers = f"{{mockgitlab.url}}/api/v4/{{path}}", {{"PRIVATE-TOKEN": "ada-token"}}
        answer = requests.get(url, headers=headers, timeout=5)
        assert answer.status_code == 200, answer.text
        assert mockgitlab.url in answer.text or path == "version"
    assert {passes}
"""
SCENARIOS = Path(__file__).parents[1] / "scenarios"
PROJECT, VERSION = "projects/acme%2Frocket", "version"


def write(pytester: pytest.Pytester, *paths: str, playback: object = "tape.yaml", passes: bool = True) -> None:
    pytester.makepyfile(test_a=TEST.format(playback=repr(playback), paths=paths, passes=passes))


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def record(pytester: pytest.Pytester, mode: str) -> tuple[pytest.RunResult, str]:
    with MockGitLab(SCENARIOS / "quickstart.yaml") as gitlab:
        result = run(pytester, f"--mockgitlab-record-mode={mode}", f"--mockgitlab-upstream={gitlab.url}")
        return result, gitlab.url


def paths(pytester: pytest.Pytester, name: str = "tape.yaml") -> list[str]:
    return [one.request.path.removeprefix("/api/v4/") for one in Recording(pytester.path / name)]


def test_once_records_what_is_not_there_and_plays_it_afterwards(pytester: pytest.Pytester) -> None:
    write(pytester, PROJECT, VERSION)
    result, url = record(pytester, "once")
    result.assert_outcomes(passed=1)
    assert paths(pytester) == [PROJECT, VERSION]
    assert Recording(pytester.path / "tape.yaml").upstream == url
    assert "ada-token" not in (pytester.path / "tape.yaml").read_text()
    run(pytester).assert_outcomes(passed=1)
    run(pytester, "--mockgitlab-record-mode=once").assert_outcomes(passed=1)


def test_the_name_of_a_recording_may_be_left_to_the_test(pytester: pytest.Pytester) -> None:
    write(pytester, PROJECT, playback=True)
    record(pytester, "once")[0].assert_outcomes(passed=1)
    assert paths(pytester, "recordings/test_a/test_it.yaml") == [PROJECT]
    run(pytester).assert_outcomes(passed=1)


def test_the_recording_of_a_failed_test_is_not_kept(pytester: pytest.Pytester) -> None:
    write(pytester, PROJECT, passes=False)
    record(pytester, "once")[0].assert_outcomes(failed=1)
    assert not list(pytester.path.rglob("tape*"))


def test_none_plays_only(pytester: pytest.Pytester) -> None:
    write(pytester, PROJECT)
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no recording */tape.yaml: record it with --mockgitlab-record-mode=once*"])


def test_to_record_one_must_say_whom(pytester: pytest.Pytester) -> None:
    write(pytester, PROJECT)
    result = run(pytester, "--mockgitlab-record-mode=once")
    result.stdout.fnmatch_lines(["*is to be recorded, and nobody knows whom: say --mockgitlab-upstream=URL*"])


def test_new_episodes_plays_what_is_there_and_records_the_rest(pytester: pytest.Pytester) -> None:
    recorded(pytester.path / "tape.yaml", got("/api/v4/version", {"version": "recorded"}))
    write(pytester, PROJECT, VERSION)
    record(pytester, "new_episodes")[0].assert_outcomes(passed=1)
    assert paths(pytester) == [VERSION, PROJECT]
    assert Recording(pytester.path / "tape.yaml")[0].response.body.value == {"version": "recorded"}


def test_all_records_everything_beside_what_is_there(pytester: pytest.Pytester) -> None:
    recorded(pytester.path / "tape.yaml", got("/api/v4/version", {"version": "recorded"}))
    write(pytester, VERSION)
    record(pytester, "all")[0].assert_outcomes(passed=1)
    assert paths(pytester) == [VERSION, VERSION]


def test_rewrite_records_everything_in_place_of_what_is_there(pytester: pytest.Pytester) -> None:
    recorded(pytester.path / "tape.yaml", got("/api/v4/version", {"version": "recorded"}), got("/old", 1))
    write(pytester, VERSION)
    record(pytester, "rewrite")[0].assert_outcomes(passed=1)
    assert paths(pytester) == [VERSION]
    assert Recording(pytester.path / "tape.yaml")[0].response.body.value["version"] == "17.5.0-ee"


def test_a_request_that_was_not_recorded_fails_the_test_with_what_was_expected(pytester: pytest.Pytester) -> None:
    recorded(pytester.path / "tape.yaml", got("/api/v4/user", {"id": 1}))
    write(pytester, VERSION)
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET /api/v4/version fits no exchange that is left*", "*✗ path /api/v4/user: came*"])


def test_rules_stand_in_the_mark(pytester: pytest.Pytester) -> None:
    url = "https://gitlab.example.com"
    recorded(pytester.path / "tape.yaml", got(f"/api/v4/{PROJECT}", {"web_url": url}), got("/api/v4/version", 1))
    write(pytester, VERSION, PROJECT, VERSION, playback={"file": "tape.yaml", "order": "match", "repeat": True})
    run(pytester).assert_outcomes(passed=1)
    write(pytester, VERSION, playback={"file": "tape.yaml", "order": "any"})
    run(pytester).stdout.fnmatch_lines(["*order must be strict or match, not 'any'*"])
