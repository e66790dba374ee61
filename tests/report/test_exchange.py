import json

import pytest

from mockgitlab.api.definitions import definitions
from mockgitlab.report.account import accounts_of_lines
from mockgitlab.report.exchange import lookup_in
from mockgitlab.report.journal import json_lines
from tests.report.exchanges import exchanges
from tests.support import Api

LOOKUP = lookup_in(definitions().tables)


def test_a_saved_journal_reads_as_what_happened(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="It explodes", labels="a,b")
    api.get("projects/1/issues", "nora", per_page=5)
    [account] = accounts_of_lines(json_lines(list(api.server.journal)), LOOKUP)
    created, refused = account.exchanges
    assert (created.key, created.status, created.user, created.scopes) == (
        "POST /projects/:id/issues",
        201,
        "ada",
        ("api",),
    )
    assert created.given("title") == "It explodes"
    assert json.loads(created.body)["title"] == "It explodes"
    assert created.header("private-token") == "***"
    assert created.etag
    assert (refused.passed, refused.query, refused.reason) == (False, {"per_page": "5"}, refused.reason)
    assert "nora" in refused.reason


def test_a_request_that_no_operation_has_is_called_by_its_path(api: Api) -> None:
    api.get("nothing/here")
    [one] = exchanges(api)
    assert (one.operation, one.key, one.passed) == (None, "GET /api/v4/nothing/here", False)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "5",
        "{}",
        '{"account": 5}',
        '{"entries": 1}',
        '{"id": "x", "method": "GET", "path": "/", "status": 200}',
    ],
)
def test_a_line_that_is_none_of_a_journal_is_told_with_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2: "):
        accounts_of_lines(f"\n{line}", LOOKUP)


def test_an_api_that_nobody_knows_has_no_operations() -> None:
    assert LOOKUP("v9", "GET /user") is None
