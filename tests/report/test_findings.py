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
        (
            "PUT",
            "projects/1",
            {"tag_list": "a"},
            ["parameter tag_list of PUT /projects/:id is deprecated: since 14.0, API v5 removes it: send topics"],
        ),
        ("PUT", "projects/1/labels", {"name": "bug", "color": "red"}, ["PUT /projects/:id/labels is deprecated: "]),
        ("PUT", "projects/1", {"default_branch_protection": 1}, ["PUT /projects/:id has no parameter default_br"]),
        (
            "PUT",
            "projects/1",
            {"operations_access_level": "enabled"},
            ["GitLab ignores it since 16.0; send monitor_ac"],
        ),
        ("POST", "projects", {"name": "x", "build_coverage_regex": "x"}, ["ignores it since 15.0; send coverage in"]),
        (
            "GET",
            "users",
            {"username": "ada", "blocked": "yes"},
            ['blocked as "yes", a string, which GitLab reads as tr'],
        ),
        ("POST", "projects/1/issues", {"title": 7}, ['title as 7, a number, which GitLab reads as "7": send "7"']),
        (
            "POST",
            "projects/1/issues",
            {"title": "x", "milestone_id": "1"},
            ['as "1", a string, which GitLab reads as 1'],
        ),
        (
            "POST",
            "projects/1/issues",
            {"title": "x", "weight": 1.9},
            ["weight as 1.9, a number, which GitLab reads as 1:"],
        ),
        ("POST", "projects/1/issues", {"title": "x", "confidential": 1}, ["GitLab reads as true: send true"]),
        (
            "POST",
            "projects/1/issues",
            {"title": "x", "assignee_ids": "ada"},
            ["as [0]: send ids, which are"],
        ),
        (
            "GET",
            "projects/1/issues",
            {"created_after": "2024-05-01T00:00:00 02:00"},
            ['which GitLab reads as "2024-05-01T00:00:00.000Z": write the + of the offset as %2B'],
        ),
        ("POST", "projects/1/issues", {"title": "x", "assignee_ids": 2}, ["which GitLab reads as []: send [2]"]),
        (
            "POST",
            "projects/1/issues",
            {"title": "x", "assignee_ids": ["2"]},
            ['["2"], a list, which GitLab reads as [2]'],
        ),
        (
            "PUT",
            "projects/1/issues/1",
            {"state_event": "Closed"},
            ['not "Closed": GitLab refuses it; did you mean close?'],
        ),
        ("GET", "projects/1/issues", {"state": "open"}, ["takes opened, closed", "did you mean opened?"]),
        ("POST", "projects/1/issues", {"title": "x", "per_page": 5}, ["answers no list, GitLab ignores per_page"]),
        ("GET", "projects/1/custom_attributes", {"page": 2}, ["does not page its list, GitLab ignores page"]),
        (
            "GET",
            "projects/1/issues",
            {"iids": [1, 2]},
            ["iids 2 times in its query, GitLab takes the last alone"],
        ),
        (
            "PUT",
            "projects/1",
            {"id": 2, "name": "y"},
            ["PUT /projects/:id takes id from its path, GitLab ignores the 2"],
        ),
        (
            "POST",
            "projects/1/repository/commits",
            {"branch": "main", "commit_message": "m", "actions": [{"action": "create", "file_pat": "x"}]},
            ["has no file_pat in actions[0], GitLab ignores it; did you mean file_path?"],
        ),
        (
            "GET",
            "projects/1/merge_requests/1/changes",
            {},
            ["merge_request_iid/changes is deprecated: since 15.7, API v5 removes it: take .../diffs"],
        ),
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


def test_the_body_of_a_get_is_found(api: Api) -> None:
    client = api.server.app.test_client()
    path, headers = "/api/v4/projects/1/issues", {"Private-Token": "ada-token"}
    client.get(path, json={"state": "closed"}, headers=headers)
    assert findings(api) == [
        "GET /projects/:id/issues was sent with a JSON body, which GitLab ignores (19 bytes): "
        "write the parameters in the query"
    ]
    client.get(path, data={"state": "closed"}, headers=headers)
    assert findings(api) == [
        "GET /projects/:id/issues has state in its body, which proxies drop from a GET: write it in the query"
    ]


def test_an_empty_file_in_a_multipart_body_is_the_librarys_padding(api: Api) -> None:
    client, headers = api.server.app.test_client(), {"Private-Token": "root-token"}
    for name, found in (("file", 0), ("flie", 1)):
        client.put(
            "/api/v4/projects/1", data={name: "", "name": "x"}, content_type="multipart/form-data", headers=headers
        )
        assert len(findings(api)) == found


def test_a_parameter_of_a_later_release_is_unknown_to_an_earlier_one() -> None:
    api = Api(WORLD, {"mockgitlab": 1, "gitlab": {"version": "16.0.0"}})
    api.get("projects/1/repository/commits/main/diff", unidiff="true")
    [text] = findings(api)
    assert text.endswith("has no parameter unidiff, GitLab ignores it: it came with 16.5")


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        (
            "GET",
            "projects/1/issues",
            {"per_page": 5, "page": 1, "order_by": "created_at", "state": "opened", "sudo": "ada"},
        ),
        ("POST", "projects/1/issues", {"title": "x", "labels": "bug"}),
        ("POST", "projects/1/issues", {"title": "x", "labels": ["bug"], "assignee_ids": [2], "confidential": True}),
        ("POST", "projects/1/issues", {"title": "x", "assignee_ids": "2,3", "milestone_id": None, "due_date": ""}),
        ("GET", "projects", {"archived": "False", "simple": "true", "id_after": 1}),
        ("PUT", "projects/1", {"id": 1, "name": "y"}),
        ("POST", "projects/1/issues/1/links", {"target_project_id": 1, "target_issue_iid": 2}),
        ("GET", "projects/1/issues", {"iids[]": [1, 2], "not[iids][]": 3, "not[author_id]": 2}),
        ("GET", "projects/1/issues/9", {}),
        ("GET", "nothing", {"whatever": 1}),
        ("GET", "geo_nodes", {"whatever": 1}),
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
