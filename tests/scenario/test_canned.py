from pathlib import Path

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.support import Api


def stub(request: object, response: object) -> dict[str, object]:
    return {"mockgitlab": 1, "stubs": [{"request": request, "response": response}]}


def test_a_stub_is_tried_before_the_api() -> None:
    api = Api(stub({"path": "/api/v4/version"}, {"json": {"version": "1"}, "headers": {"X-Mine": "yes"}}))
    answer = api.get("version", None)
    assert (answer.status, answer.json, answer.headers["X-Mine"]) == (200, {"version": "1"}, "yes")


def test_a_stub_may_stand_outside_the_api_and_give_any_status_and_text() -> None:
    api = Api(stub({"method": "POST", "path": "/hooks"}, {"status": 503, "body": "later"}), prefix="")
    answer = api.post("/hooks", None)
    assert (answer.status, answer.text, answer.headers["Content-Type"]) == (503, "later", "text/plain")
    assert api.get("/hooks", None).status == 404


def test_a_stub_with_a_query_answers_only_that_query() -> None:
    api = Api(stub({"path": "/api/v4/version?a=1"}, {"json": 1}))
    assert api.get("version", None, a=1, b=2).json == 1
    assert api.get("version", None, a=2).status == 401


def test_the_body_of_a_stub_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "fixtures" / "languages.json").write_text('{"Python": 100.0}')
    scenario = tmp_path / "scenarios" / "one.yaml"
    scenario.write_text(
        "mockgitlab: 1\nstubs:\n  - {request: {path: /x}, response: {file: ../fixtures/languages.json}}\n"
    )
    answer = Api(scenario, prefix="").get("/x", None)
    assert (answer.json, answer.headers["Content-Type"]) == ({"Python": 100.0}, "application/json")


@pytest.mark.parametrize(
    ("request_", "response", "text"),
    [
        ({"path": "x"}, {}, "stubs[0].request.path: must begin with a slash, not 'x'"),
        ({"path": "/x", "method": "GTE"}, {}, "stubs[0].request.method: must be one of"),
        ({"path": "/x"}, {"status": 99}, "stubs[0].response.status: must be a status from 200 to 599, not 99"),
        ({"path": "/x"}, {"file": "gone.json"}, "stubs[0].response.file"),
        ({"pat": "/x"}, {}, "did you mean 'path'?"),
        ({"path": "/x"}, [], "stubs[0].response: must be a mapping"),
    ],
)
def test_a_wrong_stub_is_told_of(request_: object, response: object, text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        Api(stub(request_, response))
    assert text in str(raised.value)
