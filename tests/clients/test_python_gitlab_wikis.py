"""Wikis driven with python-gitlab, as its users drive them."""

from pathlib import Path
from typing import Any

import gitlab
import pytest

from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


@pytest.mark.parametrize("of", ["projects", "groups"])
def test_pages(ada: Any, of: str, tmp_path: Path) -> None:
    at = getattr(ada, of).get(1)
    made = at.wikis.create({"title": "guides/First steps", "content": "One"})
    found = at.wikis.get(made.slug)
    found.content = "Two"
    found.save()
    assert [(one.slug, one.title) for one in at.wikis.list(get_all=True)] == [("guides/First-steps", "First steps")]
    assert at.wikis.get(made.slug, render_html=True).content == '<p dir="auto">Two</p>'
    picture = tmp_path / "dk.png"
    picture.write_bytes(b"png")
    assert made.upload("dk.png", filepath=str(picture))["file_name"] == "dk.png"
    found.delete()
    with pytest.raises(gitlab.GitlabGetError) as error:
        at.wikis.get(made.slug)
    assert error.value.error_message == "404 Wiki Page Not Found"
