"""Strict mode: what GitLab would let pass, and should not."""

from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api

STUB = {"request": {"path": "/x"}, "response": {}}


def findings(api: Api) -> list[str]:
    return api.server.journal[-1].findings


@pytest.mark.parametrize(
    ("method", "path", "sent", "found"),
    [
        ("GET", "projects/1/issues", {"stat": "opened"}, ["no parameter stat, GitLab ignores it; did you mean state?"]),
        ("POST", "projects/1/issues", {"title": "x", "lable": "bug"}, ["no parameter lable,", "did you mean labels?"]),
        ("POST", "projects/1/issues", {"title": "x", "zzzz": 1}, ["no parameter zzzz, GitLab ignores it"]),
        ("PUT", "projects/1", {"tag_list": "a"}, ["parameter tag_list of PUT /projects/:id is deprecated: Use topics"]),
        ("PUT", "projects/1/labels", {"name": "bug", "color": "red"}, ["PUT /projects/:id/labels is deprecated: "]),
        ("GET", "projects/1/issues/10001", {}, ["issue_iid is 10001, which looks like an id: the path takes the iid"]),
        ("GET", "projects", {"private_token": "ada-token"}, ["the token is in the query as private_token"]),
        ("GET", "nothing", {"access_token": "ada-token"}, ["the token is in the query as access_token"]),
    ],
)
def test_what_gitlab_lets_pass_is_found(
    api: Api, method: str, path: str, sent: dict[str, Any], found: list[str]
) -> None:
    api.request(method, path, "root", **sent)
    [text] = findings(api)
    assert all(part in text for part in found), text


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "projects/1/issues", {"per_page": 5, "page": 1, "order_by": "id", "state": "opened", "sudo": "ada"}),
        ("POST", "projects/1/issues", {"title": "x", "labels": "bug"}),
        ("GET", "projects/1/issues/9", {}),
        ("GET", "nothing", {"whatever": 1}),
        ("GET", "projects/1/pipeline_schedules", {"whatever": 1}),
    ],
)
def test_what_is_right_or_unknown_is_no_finding(api: Api, method: str, path: str, sent: dict[str, Any]) -> None:
    api.request(method, path, "root", **sent)
    assert findings(api) == []


def test_warn_tells_findings_and_fail_fails_on_them_and_on_what_was_not_used() -> None:
    for strict in ("warn", "fail"):
        api = Api(WORLD, {"mockgitlab": 1, "strict": strict, "stubs": [STUB]})
        api.get("projects/1/issues", stat="opened")
        told = api.server.world.verify().to_json()
        assert (told["ok"], told["strict"], told["unused_stubs"]) == (strict == "warn", strict, ["GET /x"])
        assert told["findings"][0].startswith("#1 GET /projects/:id/issues has no parameter stat")
    with pytest.raises(
        AssertionError, match=r"#1 GET /projects/:id/issues has no parameter stat(.|\n)*unused stub: GET /x"
    ):
        api.server.verify()


def test_without_strict_findings_stand_in_the_journal_alone(api: Api) -> None:
    api.get("projects/1/issues", stat="opened")
    assert api.server.journal[0].to_json()["findings"] != []
    assert api.server.world.verify().to_json()["findings"] == []
    api.server.verify()


def test_a_server_may_be_stricter_than_its_scenario_and_stays_so() -> None:
    server = MockGitLab(WORLD, {"mockgitlab": 1, "strict": "warn"}, strict="fail")
    assert server.world.strict == "fail"
    server.reset()
    assert (server.world.strict, server.sandbox("box").world.strict) == ("fail", "fail")


def test_strict_is_warn_or_fail() -> None:
    with pytest.raises(ScenarioError, match="strict: must be warn or fail, not 'very'"):
        MockGitLab({"mockgitlab": 1, "strict": "very"})
    with pytest.raises(ValueError, match="strict must be warn or fail, not 'very'"):
        MockGitLab(strict="very")  # type: ignore[arg-type]
