from mockgitlab.api.definitions import definitions
from mockgitlab.report.coverage import cover
from mockgitlab.report.statuses import documented
from tests.report.exchanges import exchanges
from tests.support import Api

TABLES = definitions().tables


def test_each_used_operation_has_its_statuses_and_parameters_counted(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="x", labels="bug")
    api.post("projects/1/issues", "ada", title="y")
    api.post("projects/1/issues", "gil")
    [use] = cover(exchanges(api), TABLES).used
    assert (use.api, use.key, use.requests, use.statuses) == ("v4", "POST /projects/:id/issues", 3, {201: 2, 400: 1})
    assert use.parameters == {"labels": 1, "title": 2}
    assert "milestone_id" in use.unused_parameters
    assert not {"id", "title"} & set(use.unused_parameters)


def test_statuses_that_no_request_has_produced_are_told(api: Api) -> None:
    api.delete("projects/1/issues/1", "ada")
    [use] = cover(exchanges(api), TABLES).used
    assert (use.statuses, use.unmet) == ({404: 1}, (204, 401, 403))


def test_operations_are_counted_against_all_that_their_api_has(api: Api) -> None:
    api.get("user")
    api.get("version")
    api.get("nowhere")
    found = cover(exchanges(api), TABLES).to_json()
    assert found["apis"] == {"v4": {"used": 2, "known": len(TABLES["v4"])}}
    assert (found["elsewhere"], [one["operation"] for one in found["operations"]]) == (1, ["GET /user", "GET /version"])


def test_of_an_operation_that_is_not_built_no_parameters_are_known(api: Api) -> None:
    api.get("geo_nodes")
    [use] = cover(exchanges(api), TABLES).used
    assert (use.statuses, use.known_parameters) == ({501: 1}, ())


def test_every_operation_has_documented_statuses_in_their_range() -> None:
    for table in TABLES.values():
        for operation in table:
            assert all(200 <= status < 600 for status in documented(operation)), operation.key


def test_where_no_errors_are_stated_they_follow_from_the_operation() -> None:
    by_key = {operation.key: operation for operation in TABLES["v4"]}
    assert documented(by_key["GET /user"]) == (200, 401)
    assert documented(by_key["GET /projects/:id/invited_groups"]) == (200, 400, 404)
