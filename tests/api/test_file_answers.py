"""What is in a file as an answer of its own."""

import pytest

from mockgitlab.api.file_answers import file_answer

PNG, MP4 = b"\x89PNG\r\n\x1a\n\0\0", b"\0\0\0\x18ftypmp42\0\0\0\0"
TEXT = "text/plain; charset=utf-8"
OTHER = "application/octet-stream"


@pytest.mark.parametrize(
    ("data", "kind", "disposition"),
    [
        (b"# Rocket\n", TEXT, "inline"),
        (b"", TEXT, "inline"),
        ("grün\n".encode("latin-1"), TEXT, "inline"),
        ("grün\n".encode("utf-16"), TEXT, "inline"),
        (PNG, "image/png", "inline"),
        (b"GIF89a\0", "image/gif", "inline"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "inline"),
        (MP4, "video/mp4", "inline"),
        (b"%PDF-1.7\n\0", "application/pdf", "inline"),
        (b"PK\x03\x04\0", OTHER, "attachment"),
        (b"\x7fELF\0", OTHER, "attachment"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'><path/></svg>\n", "image/svg+xml", "attachment"),
    ],
)
def test_what_browsers_show_is_to_be_looked_at_and_all_else_to_be_kept(
    data: bytes, kind: str, disposition: str
) -> None:
    answer = file_answer(data, "a.b")
    assert (answer.body, answer.content_type) == (data, kind)
    assert answer.headers["Content-Disposition"] == f"{disposition}; filename=\"a.b\"; filename*=UTF-8''a.b"


def test_what_a_browser_would_render_loses_its_name() -> None:
    for data in (b"<!doctype html><p>", b"\n<script >", b"<?xml version='1.0'?><a/>"):
        answer = file_answer(data, "a.html")
        assert (answer.content_type, answer.headers["Content-Disposition"]) == (TEXT, "inline; filename=blob")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "inline"),
        ("page.xhtml", "inline; filename=\"page\"; filename*=UTF-8''page"),
        ('ü "1".txt', "inline; filename=\"u %221%22.txt\"; filename*=UTF-8''%C3%BC%20%221%22.txt"),
        ("✂\udcff", "inline; filename=\"%3F%3F\"; filename*=UTF-8''%E2%9C%82%3F"),
        ("a\r\nb", "inline; filename=\"a%0D%0Ab\"; filename*=UTF-8''a%0D%0Ab"),
    ],
)
def test_a_name_is_told_as_rails_tells_it(name: str, told: str) -> None:
    assert file_answer(b"x", name, {"X": "y"}).headers == {"X": "y", "Content-Disposition": told}
