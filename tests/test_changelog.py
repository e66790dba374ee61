"""The changelog, held against the package."""

from pathlib import Path

import mockgitlab

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def test_the_changelog_has_a_section_for_the_version() -> None:
    assert f"## [{mockgitlab.__version__}]" in CHANGELOG.read_text("utf-8")
