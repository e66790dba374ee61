import copy
import hashlib
from typing import Any

import pytest

from tests.support import WORLD, Api, a_file, names, refused, seen

AT = "projects/1/secure_files"
FORBIDDEN = (403, {"message": "403 Forbidden"})
GONE = (404, {"message": "404 Not found"})


def shown(id: int, name: str, content: bytes, **more: Any) -> dict[str, Any]:
    dates = {"created_at": "2024-05-01T09:00:00.000Z", "expires_at": None, "metadata": None}
    checksum = {"checksum": hashlib.sha256(content).hexdigest(), "checksum_algorithm": "sha256"}
    return {"id": id, "name": name, **checksum, **dates, "file_extension": name.rpartition(".")[2] or None, **more}


@pytest.fixture
def api() -> Api:
    """Acme/rocket has a secure file old.jks; ada owns acme, bob develops there."""
    world = copy.deepcopy(WORLD)
    old = {"name": "old.jks", "content": "old", "created_at": "2024-01-01T09:00:00Z"}
    world["projects"][0]["secure_files"] = [old]
    world["tokens"].append({"token": "glcbt-job", "kind": "job", "user": "bob", "project": "acme/rocket"})
    return Api(world)


def test_a_secure_file_is_added_shown_downloaded_and_deleted(api: Api) -> None:
    made = api.form("POST", AT, "ada", name="key.cer", file=a_file("x.cer", b"\0key"))
    file = shown(2, "key.cer", b"\0key")
    assert (made.status, made.json, list(made.json)) == (201, file, list(file))
    assert seen(api.get(f"{AT}/2", "bob")) == (200, file)
    old = shown(1, "old.jks", b"old", created_at="2024-01-01T09:00:00.000Z")
    assert seen(api.get(AT, "bob")) == (200, [file, old])
    fetched = api.get(f"{AT}/2/download", "bob")
    assert (fetched.status, fetched.text, fetched.headers["Content-Type"]) == (200, "\0key", "application/octet-stream")
    assert fetched.headers["Content-Disposition"] == "attachment; filename=key.cer"
    assert api.delete(f"{AT}/2", "ada").status == 204
    assert seen(api.get(f"{AT}/2", "ada")) == GONE
    assert seen(api.delete(f"{AT}/2", "ada")) == GONE


def test_a_job_fetches_secure_files(api: Api) -> None:
    fetched = api.get(f"{AT}/1/download", None, job_token="glcbt-job")
    assert (fetched.status, fetched.text) == (200, "old")


def test_developers_read_and_maintainers_write(api: Api) -> None:
    for path in (AT, f"{AT}/1", f"{AT}/1/download"):
        assert seen(api.get(path, "rex")) == FORBIDDEN
        assert api.get(path, "nora").status == 404
        assert api.get(path, None).status == 401
    assert seen(api.form("POST", AT, "bob", name="a", file=a_file("a"))) == FORBIDDEN
    assert seen(api.delete(f"{AT}/1", "bob")) == FORBIDDEN


def test_wrong_files_are_refused(api: Api) -> None:
    def told(**given: Any) -> Any:
        return api.form("POST", AT, "ada", **given)

    assert refused(told(name="old.jks", file=a_file("a"))) == {"name": ["has already been taken"]}
    assert refused(told(name="a", file=a_file("a", b""))) == {"file": ["can't be blank"]}
    assert refused(told(name="../a", file=a_file("a"))) == "Invalid path"
    assert refused(told(name="a")) == '400 (Bad request) "file" not given'
    assert refused(told(file=a_file("a"))) == '400 (Bad request) "name" not given'
    assert told(name="a", file="text").json == {"error": "file is invalid"}


def test_large_files_are_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockgitlab.api.v4.secure_files.BYTES_AT_MOST", 4)
    large = api.form("POST", AT, "ada", name="a", file=a_file("a", b"1234"))
    assert (large.status, names(api.get(AT, "ada"))) == (413, ["old.jks"])
    assert api.form("POST", AT, "ada", name="a", file=a_file("a", b"123")).status == 201


def test_a_project_has_a_hundred_secure_files_at_most() -> None:
    world = copy.deepcopy(WORLD)
    world["projects"][0]["secure_files"] = [{"name": "f{n}", "content": "x", "repeat": 100}]
    answer = Api(world).form("POST", AT, "ada", name="a", file=a_file("a"))
    assert refused(answer) == {"base": ["Maximum number of ci secure files (100) exceeded"]}
