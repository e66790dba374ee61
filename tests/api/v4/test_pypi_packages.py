import copy
import hashlib
from typing import Any

import pytest
from werkzeug.test import Client

from tests.support import WORLD, Answer, Api, a_file, names, refused, seen

AT = "projects/1/packages/pypi"
FORBIDDEN = (403, {"message": "403 Forbidden"})
CONTENT = b"a wheel"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FILE = "my_app-1.0-py3-none-any.whl"


@pytest.fixture
def api() -> Api:
    """Ada owns acme, bob develops acme/rocket, rex reports there."""
    world = copy.deepcopy(WORLD)
    world["tokens"] += [
        {"token": "reads", "kind": "deploy", "group": "acme", "scopes": ["read_package_registry"]},
        {"token": "others", "kind": "deploy", "group": "open", "scopes": ["read_package_registry"]},
        {"token": "fetches", "kind": "deploy", "group": "acme", "scopes": ["read_repository"]},
    ]
    return Api(world)


def upload(api: Api, as_: str | None = "bob", name: str = "My.App", version: str = "1.0", **more: Any) -> Answer:
    given = {"content": a_file(FILE, CONTENT), **more}
    return api.form("POST", AT, as_, name=name, version=version, **given)


def page(title: str, *links: tuple[str, str, str]) -> str:
    title = f"Links for {title}"
    anchors = [f'<a href="{url}" data-requires-python="{python}">{text}</a>' for url, python, text in links]
    head = ["<!DOCTYPE html>", "<html>", "<head>", f"<title>{title}</title>", "</head>"]
    return "\n".join([*head, "<body>", f"<h1>{title}</h1>", *anchors, "</body>", "</html>", ""])


def test_a_package_is_uploaded_listed_and_downloaded(api: Api) -> None:
    assert seen(upload(api, requires_python=">=3.7", sha256_digest=DIGEST)) == (201, {"message": "201 Created"})
    index = api.get(f"{AT}/simple", "rex")
    base = f"http://localhost/api/v4/{AT}"
    assert index.text == page("rocket", (f"{base}/simple/my-app", "&gt;=3.7", "My.App"))
    assert index.headers["Content-Type"] == "text/html; charset=utf-8"
    address = f"{base}/files/{DIGEST}/{FILE}#sha256={DIGEST}"
    for name in ("My.App", "my-app/", "MY_APP"):
        assert api.get(f"{AT}/simple/{name}", "rex").text == page("My.App", (address, "&gt;=3.7", FILE))
    fetched = api.get(f"{AT}/files/{DIGEST}/{FILE}", "rex")
    assert (fetched.status, fetched.text) == (200, "a wheel")
    [package] = api.get("projects/1/packages", "rex").json
    told = tuple(package[name] for name in ("name", "version", "package_type", "last_downloaded_at"))
    assert told == ("My.App", "1.0", "pypi", "2024-05-01T09:00:00.000Z")


def test_a_group_has_the_packages_of_its_projects(api: Api) -> None:
    upload(api)
    base = "http://localhost/api/v4/groups/1/-/packages/pypi"
    assert api.get("groups/1/-/packages/pypi/simple", "rex").text == page(
        "acme", (f"{base}/simple/my-app", "", "My.App")
    )
    address = f"{base}/files/{DIGEST}/{FILE}#sha256={DIGEST}"
    assert api.get("groups/1/-/packages/pypi/simple/my-app", "rex").text == page("My.App", (address, "", FILE))
    assert api.get(f"groups/1/-/packages/pypi/files/{DIGEST}/{FILE}", "rex").text == "a wheel"
    assert seen(api.get("groups/1/-/packages/pypi/simple", "gil")) == FORBIDDEN


def test_several_versions_and_files_are_of_one_package(api: Api) -> None:
    upload(api)
    upload(api, content=a_file("my_app-1.0.tar.gz", b"source"))
    upload(api, version="1.1rc1", content=a_file("my_app-1.1rc1.tar.gz", b"newer"))
    assert names(api.get("projects/1/packages", "rex"), "version") == ["1.0", "1.1rc1"]
    listed = api.get(f"{AT}/simple/my-app", "rex").text
    assert [listed.count(name) for name in (f">{FILE}<", ">my_app-1.0.tar.gz<", ">my_app-1.1rc1.tar.gz<")] == [1, 1, 1]
    assert api.get(f"{AT}/simple", "rex").text.count("<a ") == 1


def test_wrong_uploads_are_refused(api: Api) -> None:
    upload(api)
    taken = "400 Bad request - Validation failed: File name has already been taken"
    assert refused(upload(api)) == taken
    assert refused(upload(api, version="one")) == "400 Bad request - Validation failed: Version is invalid"
    assert seen(upload(api, sha256_digest="x")) == (400, {"error": "sha256_digest is invalid"})
    assert seen(upload(api, content="text")) == (400, {"error": "content is invalid"})
    assert refused(api.form("POST", AT, "bob", name="a", version="1")) == '400 (Bad request) "content" not given'


def test_what_is_not_there_may_be_in_the_index_of_python(api: Api) -> None:
    forwarded = api.get(f"{AT}/simple/Requests_Oauth", "rex")
    assert (forwarded.status, forwarded.headers["Location"]) == (302, "https://pypi.org/simple/requests-oauth/")
    upload(api)
    for path in (f"files/{'0' * 64}/{FILE}", f"files/{DIGEST}/other.whl"):
        assert seen(api.get(f"{AT}/{path}", "rex")) == (404, {"message": "404 Package Not Found"})


def test_who_uploads_and_installs(api: Api) -> None:
    assert seen(upload(api, "rex")) == FORBIDDEN
    nobody = upload(api, None)
    assert (nobody.status, nobody.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab Packages Registry"')
    assert seen(api.get(f"{AT}/simple", "gil")) == FORBIDDEN
    assert seen(api.post(f"{AT}/authorize", "bob")) == FORBIDDEN


@pytest.mark.parametrize("path", ["projects/1/packages/pypi/simple", "groups/1/-/packages/pypi/simple"])
@pytest.mark.parametrize(
    ("secret", "status"), [("rex-token", 200), ("reads", 200), ("others", 404), ("fetches", 403), ("none", 401)]
)
def test_tokens_are_passwords(api: Api, path: str, secret: str, status: int) -> None:
    answer = Client(api.server.app).get(f"/api/v4/{path}", auth=("name", secret))
    assert answer.status_code == status
