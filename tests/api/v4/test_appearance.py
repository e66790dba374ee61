from typing import Any

import pytest
from werkzeug.test import Client

from tests.support import WORLD, Api, a_file, refused, seen

PATH = "application/appearance"
DEFAULTS = {
    "title": "",
    "description": "",
    "pwa_name": "",
    "pwa_short_name": "",
    "pwa_description": "",
    "logo": None,
    "pwa_icon": None,
    "header_logo": None,
    "favicon": None,
    "member_guidelines": "",
    "new_project_guidelines": "",
    "profile_image_guidelines": "",
    "header_message": "",
    "footer_message": "",
    "message_background_color": "#E75E40",
    "message_font_color": "#FFFFFF",
    "email_header_and_footer_enabled": False,
}


@pytest.fixture
def api() -> Api:
    return Api()


def test_texts_and_colors_are_changed(api: Api) -> None:
    assert seen(api.get(PATH)) == (200, DEFAULTS)
    assert list(api.get(PATH).json) == list(DEFAULTS)
    given = {"title": "Acme", "header_message": "Hi", "message_font_color": "#000000", "pwa_name": "A"}
    changed = api.put(PATH, **given, email_header_and_footer_enabled=True)
    assert seen(changed) == (200, {**DEFAULTS, **given, "email_header_and_footer_enabled": True})
    assert api.get(PATH).json == changed.json


@pytest.mark.parametrize(
    ("name", "file", "kind"),
    [
        ("logo", "logo.png", "image/png"),
        ("header_logo", "header.jpg", "image/jpeg"),
        ("pwa_icon", "icon.png", "image/png"),
        ("favicon", "favicon.ico", "image/vnd.microsoft.icon"),
    ],
)
def test_a_picture_is_given_shown_and_taken_away(api: Api, name: str, file: str, kind: str) -> None:
    changed = api.form("PUT", PATH, **{name: a_file(file, b"picture")})
    address = f"/uploads/-/system/appearance/{name}/1/{file}"
    assert seen(changed) == (200, {**DEFAULTS, name: address})
    shown = Client(api.server.app).get(address)
    assert (shown.status_code, shown.data, shown.content_type) == (200, b"picture", kind)
    assert api.put(PATH, **{name: ""}).json == DEFAULTS
    assert Client(api.server.app).get(address).status_code == 404


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"message_font_color": "bluish"}, {"message_font_color": ["must be a valid color code"]}),
        ({"member_guidelines": "x" * 4097}, {"member_guidelines": ["is too long (maximum is 4096 characters)"]}),
    ],
)
def test_what_is_not_valid_is_refused(api: Api, given: Any, problems: Any) -> None:
    assert refused(api.put(PATH, **given)) == problems


def test_pictures_that_are_too_big_or_none_are_refused(api: Api) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    form = {"data": head + b"x" * (2**20 + 1) + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    big = Client(api.server.app).put(f"/api/v4/{PATH}", headers={"Private-Token": "root-token"}, **form)
    assert big.json == {"message": {"logo": ["is too big (should be at most 1 MiB)"]}}
    wrong = 'You are not allowed to upload "txt" files, allowed types: png, ico'
    assert refused(api.form("PUT", PATH, favicon=a_file("a.txt"))) == {"favicon": [wrong]}
    assert seen(api.put(PATH, logo="logo.png")) == (400, {"error": "logo is invalid"})


def test_the_appearance_is_for_administrators(api: Api) -> None:
    for method in ("GET", "PUT"):
        assert seen(api.request(method, PATH, "ada")) == (403, {"message": "403 Forbidden"})
        assert api.request(method, PATH, None).status == 401
    old = Api({**WORLD, "gitlab": {"version": "15.0.0"}})
    newer = {"pwa_name", "pwa_short_name", "pwa_description", "member_guidelines", "pwa_icon"}
    assert DEFAULTS.keys() - old.get(PATH).json.keys() == newer - {"pwa_icon"}
