import pytest

from mockgitlab.api.file_links import link_name, markdown_link


@pytest.mark.parametrize(
    ("filename", "link"),
    [
        ("dk.png", "![dk](/x)"),
        ("song.MP3", "![song](/x)"),
        ("notes.txt", "[notes.txt](/x)"),
        ("LICENSE", "[LICENSE](/x)"),
        ("a]b.pdf", "[a\\]b.pdf](/x)"),
    ],
)
def test_what_can_be_shown_is_embedded_and_the_rest_linked(filename: str, link: str) -> None:
    assert markdown_link(filename, "/x") == link


def test_a_link_to_a_picture_is_named_without_its_ending() -> None:
    assert (link_name("my.rocket.jpeg"), link_name("png")) == ("my.rocket", "png")
