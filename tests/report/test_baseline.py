from pathlib import Path

import pytest

from mockgitlab.report.baseline import with_baseline, write_baseline
from tests.support import Api


def test_what_a_baseline_knows_breaks_nothing_and_what_is_new_does(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    api.get("projects/1/issues", "ada", stat="opened")
    write_baseline(api.server.report(), file)
    api.get("projects/1/issues", "ada", stat="closed")
    assert with_baseline(api.server.report(), file).ok
    api.get("projects/1/issues", "ada", sate="closed")
    found = with_baseline(api.server.report(), file)
    assert [one.text for one in found.findings if one.breaks] == [
        "GET /projects/:id/issues has no parameter sate, GitLab ignores it; did you mean state?"
    ]


def test_counts_do_not_make_a_finding_new_but_statuses_do(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    for _ in range(2):
        api.get("projects/1", "ada")
    api.get("projects/99", "ada")
    write_baseline(api.server.report(), file)
    api.server.reset()
    for _ in range(4):
        api.get("projects/1", "ada")
    new = [one for one in with_baseline(api.server.report(), file).findings if not one.known]
    assert [(one.kind, one.text) for one in new] == [("coverage", "no request has met 404")]


def test_a_baseline_is_one_finding_a_line_and_the_same_each_time(api: Api, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    api.get("projects/1", "ada", colour="red")
    for file in (first, second):
        write_baseline(api.server.report(), file)
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_text().splitlines()) == 2 + len(api.server.report().findings)


@pytest.mark.parametrize("text", [None, "{", "[]", '{"baseline": 9, "findings": []}', '{"baseline": 1}'])
def test_a_file_that_is_no_baseline_is_told_with_the_way_out(api: Api, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "baseline.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ValueError, match=r"baseline.*--update-baseline"):
        with_baseline(api.server.report(), file)
