"""Addresses of uploaded files and pictures."""

import pytest

from tests.api.v4.test_markdown_uploads import SCENE, SECRET
from tests.support import Api, a_file


@pytest.fixture
def api() -> Api:
    return Api(SCENE, prefix="/")


@pytest.mark.parametrize("at", ["-/project/1", "-/group/1", "acme/rocket"])
def test_an_uploaded_picture_is_shown(api: Api, at: str) -> None:
    answer = api.get(f"{at}/uploads/{SECRET}/dk.png", "gil")
    assert (answer.status, answer.text) == (200, "\1\2\3")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'inline; filename="dk.png"'
    assert api.get(f"{at}/uploads/{SECRET}/dk.png", "nora").status == 404
    assert api.get(f"{at}/uploads/{SECRET}/no.png", "gil").json == {"error": "404 Not Found"}


def test_other_files_are_to_be_kept(api: Api) -> None:
    made = api.form("POST", "api/v4/projects/1/uploads", "gil", file=a_file("a.html", b"<b>"))
    answer = api.get(made.json["full_path"].lstrip("/"), "gil")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("path", ["user/avatar", "projects/1", "groups/1"])
def test_a_picture_is_where_its_address_says(api: Api, path: str) -> None:
    answer = api.form("PUT", f"api/v4/{path}", "ada", avatar=a_file("me.png", b"png"))
    address = answer.json["avatar_url"].removeprefix("http://localhost/")
    shown = api.get(address, "ada")
    assert (shown.status, shown.text, shown.headers["Content-Type"]) == (200, "png", "image/png")
    assert api.get(address.replace("me.png", "you.png"), "ada").status == 404
