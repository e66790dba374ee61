"""Patterns of paths, as Ruby's File.fnmatch reads them."""

import time

import pytest

from mockgitlab.ci_config.globs import matches

FIT = [
    ("README.md", "README.md"),
    ("*.md", "README.md"),
    ("*", ".hidden"),
    ("docs/*", "docs/a.md"),
    ("docs/**/*", "docs/a.md"),
    ("docs/**/*", "docs/a/b/c.md"),
    ("docs/**/*.md", "docs/.x/b.md"),
    ("**/Dockerfile", "Dockerfile"),
    ("**/Dockerfile", "a/b/Dockerfile"),
    ("**/*.{rb,py}", "lib/a.py"),
    ("{src,lib}/**/*_test.{rb,{js,ts}}", "lib/a/b_test.ts"),
    ("a?c", "abc"),
    ("[a-c]x", "bx"),
    ("[!a-c]x", "dx"),
    ("[^a]x", "bx"),
    (r"\*.md", "*.md"),
    ("a**b", "axxb"),
    ("**/a/**/b", "x/a/y/a/z/b"),
    ("{a}", "a"),
    ("a{,b}", "ab"),
    ("a{,b}", "a"),
    ("a*b*c", "a1b2b3c"),
    ("[]]", "]"),
    ("[a&&b]", "&"),
    ("a\nb*", "a\nbc"),
]
UNFIT = [
    ("*.md", "docs/README.md"),
    ("docs/*", "docs/a/b.md"),
    ("docs/**", "docs/a/b.md"),
    ("docs", "docs/a.md"),
    ("**/*.rb", "a/b.py"),
    ("a?c", "a/c"),
    ("[a-c]x", "dx"),
    ("a[", "b["),
    ("[c-a]", "b"),
    ("A", "a"),
    ("", "a"),
    ("a*b*c", "a1c2b"),
]


@pytest.mark.parametrize(("glob", "path"), FIT)
def test_it_fits(glob: str, path: str) -> None:
    assert matches(glob, path)


@pytest.mark.parametrize(("glob", "path"), UNFIT)
def test_it_does_not_fit(glob: str, path: str) -> None:
    assert not matches(glob, path)


def test_no_pattern_takes_long() -> None:
    began = time.process_time()
    assert not matches("*a" * 60 + "b", "a" * 250)
    assert not matches("**/a/" * 30 + "b", "a/" * 120 + "c")
    matches("{a,b}" * 40, "ab" * 20)
    assert time.process_time() - began < 2
