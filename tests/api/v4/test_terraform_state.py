import base64
import json
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.support import Api, seen

AT = "projects/1/terraform/state/prod"
INFO = {
    "ID": "one",
    "Operation": "OperationTypePlan",
    "Info": "",
    "Who": "ada@laptop",
    "Version": "1.9.0",
    "Created": "2024-05-01T09:00:00Z",
    "Path": "",
}


def call(
    api: Api, method: str, path: str = "", as_: str | None = "ada", data: bytes = b"", **given: str
) -> TestResponse:
    """Ask as Terraform's backend does: a name and a token as basic authentication, the state as the body."""
    secret = base64.b64encode(f"{as_}:{as_}-token".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"} if as_ else {}
    client = Client(api.server.app)
    return client.open(f"/api/v4/{AT}{path}", method=method, headers=headers, data=data, query_string=given)


def state(serial: int = 1, **more: Any) -> bytes:
    return json.dumps({"version": 4, "serial": serial, **more}).encode()


def test_a_state_is_written_and_read_again(api: Api) -> None:
    assert call(api, "GET").status_code == 404
    written = call(api, "POST", data=state(1))
    assert (written.status_code, written.data) == (200, b"")
    call(api, "POST", data=state(2, lineage="x"))
    read = call(api, "GET")
    assert (read.status_code, read.data, read.mimetype) == (200, state(2, lineage="x"), "application/octet-stream")
    assert call(api, "GET", as_="bob").status_code == 200
    assert api.get(AT, "ada").text == state(2, lineage="x").decode()


def test_states_of_other_names_are_others(api: Api) -> None:
    call(api, "POST", data=state())
    assert api.get("projects/1/terraform/state/test", "ada").json == {"message": "404 Not found"}


def test_only_who_holds_the_lock_writes(api: Api) -> None:
    locked = call(api, "POST", "/lock", data=json.dumps(INFO).encode())
    told = {**INFO, "Who": "ada", "Created": "2024-05-01T09:00:00.000Z"}
    assert (locked.status_code, json.loads(locked.data)) == (200, told)
    assert call(api, "GET").status_code == 204
    again = call(api, "POST", "/lock", as_="root", data=json.dumps({**INFO, "ID": "two"}).encode())
    assert (again.status_code, json.loads(again.data)) == (409, told)
    for given in ({}, {"ID": "two"}):
        assert call(api, "POST", data=state(), **given).status_code == 409
    assert call(api, "POST", data=state(), ID="one").status_code == 200
    assert call(api, "DELETE", "/lock", ID="two").status_code == 409
    assert call(api, "DELETE", "/lock", ID="one").status_code == 200
    assert call(api, "POST", data=state(2)).status_code == 200


def test_a_lock_is_taken_away_by_force(api: Api) -> None:
    call(api, "POST", "/lock", data=json.dumps(INFO).encode())
    assert call(api, "DELETE", "/lock").status_code == 200
    assert call(api, "POST", data=state()).status_code == 200


def test_a_state_that_is_not_there_has_no_lock(api: Api) -> None:
    assert call(api, "DELETE", "/lock").status_code == 200
    assert call(api, "DELETE", "/lock", ID="one").status_code == 409
    assert call(api, "GET").status_code == 404


def test_a_lock_says_what_terraform_says(api: Api) -> None:
    assert api.post(f"{AT}/lock", "ada", ID="one").status == 400
    assert api.post(f"{AT}/lock", "ada", **{**INFO, "ID": "x" * 256}).status == 400


def test_a_locked_state_is_not_deleted(api: Api) -> None:
    call(api, "POST", data=state())
    call(api, "POST", "/lock", data=json.dumps(INFO).encode())
    assert call(api, "DELETE").status_code == 200
    assert call(api, "GET").status_code == 200
    call(api, "DELETE", "/lock", ID="one")
    assert call(api, "DELETE").status_code == 200
    assert call(api, "GET").status_code == 404
    assert call(api, "DELETE").status_code == 404
    assert call(api, "POST", data=state()).status_code == 200


def test_versions_are_kept_and_deleted(api: Api) -> None:
    call(api, "POST", data=state(1))
    call(api, "POST", data=state(7))
    assert call(api, "GET", "/versions/1", as_="bob").data == state(1)
    assert call(api, "DELETE", "/versions/7").status_code == 204
    assert call(api, "GET").data == state(1)
    assert seen(api.get(f"{AT}/versions/7", "ada")) == (404, {"message": "404 Not Found"})
    assert call(api, "DELETE", "/versions/1", as_="bob").status_code == 403


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        (b"{", 422, "invalid JSON"),
        (b"{}", 422, "No serial in payload"),
        (b"[]", 422, "No serial in payload"),
        (b'{"serial": true}', 422, "No serial in payload"),
        (state(1), 422, "Validation failed: Version has already been taken"),
    ],
)
def test_what_is_no_new_state_is_refused(api: Api, data: bytes, status: int, told: str) -> None:
    call(api, "POST", data=state(1))
    answer = call(api, "POST", data=data)
    assert (answer.status_code, answer.json) == (status, {"message": told})


def test_a_state_without_content_is_not_kept_and_a_big_one_refused(api: Api) -> None:
    assert call(api, "POST").status_code == 204
    assert call(api, "GET").status_code == 404
    api.put("application/settings", max_terraform_state_size_bytes=10)
    assert call(api, "POST", data=state()).status_code == 413


def test_developers_read_and_maintainers_write(api: Api) -> None:
    assert call(api, "POST", as_="bob", data=state()).status_code == 403
    assert call(api, "POST", "/lock", as_="bob", data=json.dumps(INFO).encode()).status_code == 403
    call(api, "POST", data=state())
    for who, status in (("rex", 403), ("nora", 404), (None, 401)):
        assert call(api, "GET", as_=who).status_code == status
    api.put("projects/1", infrastructure_access_level="disabled")
    assert call(api, "GET").status_code == 403
