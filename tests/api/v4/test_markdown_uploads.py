"""The pages on files uploaded to projects and groups."""

from typing import Any

import pytest

from tests.support import WORLD, Answer, Api, a_file, names

SECRET = "0123456789abcdef" * 2
FILES = [
    {"filename": "old.txt", "content": "old", "user": "bob", "created_at": "2024-04-01T00:00:00Z"},
    {"filename": "dk.png", "base64": "AQID", "secret": SECRET},
]
SCENE = {
    **WORLD,
    "groups": [{**WORLD["groups"][0], "uploads": FILES[1:]}, *WORLD["groups"][1:]],
    "projects": [{"path": "acme/rocket", "uploads": FILES}, {"path": "open/source", "visibility": "public"}],
}


def make(**settings: Any) -> Api:
    return Api({**SCENE, "gitlab": settings})


@pytest.fixture
def api() -> Api:
    return make()


def upload(api: Api, who: str | None = "gil", project: int = 1, **given: Any) -> Answer:
    return api.form("POST", f"projects/{project}/uploads", who, **given)


def test_a_file_is_uploaded(api: Api) -> None:
    made = upload(api, file=a_file("my rocket.png"))
    assert made.status == 201
    url = made.json["url"]
    assert url.startswith("/uploads/")
    assert len(url.split("/")[2]) == 32
    assert made.json == {
        "id": 4,
        "alt": "my_rocket",
        "url": url,
        "full_path": f"/-/project/1{url}",
        "markdown": f"![my_rocket]({url})",
    }
    assert api.get(f"projects/1{url}", "gil").text == "\1\2"


def test_a_file_that_is_not_shown_is_linked_by_its_whole_name(api: Api) -> None:
    made = upload(api, file=a_file("../a b.txt")).json
    assert (made["alt"], made["markdown"]) == ("a_b.txt", f"[a_b.txt]({made['url']})")


def test_older_versions_tell_the_path_of_the_project_and_no_id() -> None:
    made = upload(make(version="16.11.0"), file=a_file("my rocket.png")).json
    assert "id" not in made
    assert made["full_path"] == f"/acme/rocket{made['url']}"


def test_uploads_are_checked(api: Api) -> None:
    assert upload(api).json == {"message": '400 (Bad request) "file" not given'}
    assert upload(api, file="x").json == {"error": "file is invalid"}
    assert upload(api, None, 2, file=a_file("my rocket.png")).status == 401
    assert upload(api, "nora", file=a_file("my rocket.png")).status == 404
    assert api.post("projects/1/uploads/authorize").json == {"message": "403 Forbidden"}


@pytest.mark.parametrize("at", ["projects/1", "groups/1"])
def test_maintainers_list_download_and_delete_by_id(api: Api, at: str) -> None:
    newest = api.get(f"{at}/uploads", "ada").json[0]
    assert {key: newest[key] for key in ("size", "filename", "uploaded_by")} == {
        "size": 3,
        "filename": "dk.png",
        "uploaded_by": None,
    }
    path = f"{at}/uploads/{newest['id']}"
    answer = api.get(path, "ada")
    assert (answer.text, answer.headers["Content-Type"]) == ("\1\2\3", "application/octet-stream")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dk.png"'
    for method in ("GET", "DELETE"):
        assert api.request(method, path, "bob").json == {"message": "403 Forbidden"}
        assert api.request(method, f"{at}/uploads/99", "ada").json == {"message": "404 Not found"}
    assert api.get(f"{at}/uploads", "bob").status == 403
    assert api.delete(path, "ada").status == 204
    assert "dk.png" not in names(api.get(f"{at}/uploads", "ada"), "filename")


def test_the_newest_come_first_with_who_uploaded_them(api: Api) -> None:
    assert names(api.get("projects/1/uploads"), "filename") == ["dk.png", "old.txt"]
    old = api.get("projects/1/uploads").json[1]
    assert old["uploaded_by"] == {"id": 3, "username": "bob", "public_email": None, "name": "Bob Kahn"}


@pytest.mark.parametrize("at", ["projects/1", "groups/1"])
def test_guests_download_by_secret_and_maintainers_delete(api: Api, at: str) -> None:
    path = f"{at}/uploads/{SECRET}/dk.png"
    assert api.get(path, "gil").text == "\1\2\3"
    assert api.get(f"{at}/uploads/{SECRET}/no.png", "gil").json == {"message": "404 Not Found"}
    assert api.get(f"{at}/uploads/{SECRET}/..%2Fx", "gil").json == {"error": "filename should be a valid file path"}
    assert api.get(path, "nora").status == 404
    assert api.delete(path, "bob").status == 403
    assert api.delete(path, "ada").status == 204
    answer = api.delete(path, "ada")
    assert answer.status == 400
    assert answer.json["message"].startswith("400 Bad request - The resource that you are attempting to access does")


def test_files_of_a_public_project_are_for_users(api: Api) -> None:
    url = upload(api, "nora", 2, file=a_file("my rocket.png")).json["url"]
    assert api.get(f"projects/2{url}", "bob").status == 200
    assert api.get(f"projects/2{url}", None).status == 403


def test_older_versions_have_no_more_than_the_upload() -> None:
    assert make(version="17.1.0").get("projects/1/uploads").status == 405
    assert make(version="17.3.0").get(f"projects/1/uploads/{SECRET}/dk.png").status == 404


def test_a_rendered_link_leads_to_the_file(api: Api) -> None:
    text = f"![dk](/uploads/{SECRET}/dk.png)"
    html = api.post("markdown", "gil", text=text, gfm=True, project="acme/rocket").json["html"]
    address = f"http://localhost/-/project/1/uploads/{SECRET}/dk.png"
    assert f'src="{address}"' in html
