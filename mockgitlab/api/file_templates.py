"""Templates of files that come with the instance: licenses, .gitignore, .gitlab-ci.yml, Dockerfiles.

There are fewer of them than GitLab has, and what is in those that are no licenses is our own. Source: GitLab's
app/models/license_template.rb and lib/gitlab/template/.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

KINDS = ("dockerfiles", "gitignores", "gitlab_ci_ymls")
_YEAR = re.compile(r"[<{\[](year|yyyy)[>}\]]", re.IGNORECASE)
_PROJECT = re.compile(r"[<{\[](project|description|one\sline\s.+\swhat\sit\sdoes\.)[>}\]]", re.IGNORECASE)
_FULL_NAME = re.compile(r"[<{\[](fullname|name\sof\s(author|copyright\sowner))[>}\]]", re.IGNORECASE)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_text(f"templates/{name}.json"))
    return found


@cache
def _text(path: str) -> str:
    return (Path(__file__).parent / path).read_text("utf-8")


def names_of(kind: str) -> list[str]:
    """Return the names of the templates of a kind, such as ``gitignores``."""
    return sorted(_read(kind))


def content_of(kind: str, name: str) -> str | None:
    """Return what is in a template, if there is one of this name."""
    found: str | None = _read(kind).get(name)
    return found


def licenses(*, popular: bool = False) -> list[dict[str, Any]]:
    """Return the licenses with their texts, by key; ``popular`` ones alone."""
    return [
        license_of(key) or {} for key, facts in sorted(_read("licenses").items()) if facts["popular"] or not popular
    ]


def license_of(key: str) -> dict[str, Any] | None:
    """Return a license with its text, letters' case aside; nothing where there is none."""
    facts = _read("licenses").get(key.lower())
    if facts is None:
        return None
    return {
        "key": key.lower(),
        "name": facts["name"],
        "nickname": facts["nickname"],
        "html_url": f"http://choosealicense.com/licenses/{key.lower()}/",
        "source_url": facts["source_url"],
        "popular": facts["popular"],
        "description": facts["description"],
        "conditions": facts["conditions"],
        "permissions": facts["permissions"],
        "limitations": facts["limitations"],
        "content": _text(f"templates/licenses/{key.lower()}.txt"),
    }


def filled_in(text: str, year: str, project: str | None, fullname: str | None) -> str:
    """Return the text of a license with the year, the project and the holder of the copyright in their places."""
    text = _YEAR.sub(year, text)
    text = _PROJECT.sub(lambda _: project or "", text) if project else text
    return _FULL_NAME.sub(lambda _: fullname or "", text) if fullname else text
