"""The pages on templates of files."""

import pytest

from mockgitlab.api import file_templates
from tests.support import Api, names

KINDS = {"gitignores": "Python", "gitlab_ci_ymls": "Ruby", "dockerfiles": "Binary"}


@pytest.mark.parametrize("kind", KINDS)
def test_templates_are_listed_for_anybody(api: Api, kind: str) -> None:
    answer = api.get(f"templates/{kind}", None, per_page=100)
    assert {"key": KINDS[kind], "name": KINDS[kind]} in answer.json
    assert names(answer) == sorted(names(answer))
    assert answer.headers["X-Total"] == str(len(answer.json))


@pytest.mark.parametrize(("kind", "name"), KINDS.items())
def test_a_template_is_shown(api: Api, kind: str, name: str) -> None:
    shown = api.get(f"templates/{kind}/{name}", None).json
    assert shown.keys() == {"name", "content"}
    assert (shown["name"], shown["content"][-1]) == (name, "\n")
    answer = api.get(f"templates/{kind}/none")
    assert (answer.status, answer.json) == (404, {"message": f"404 {kind[:-1]} Not Found"})


def test_a_name_may_have_signs(api: Api) -> None:
    for path in ("templates/gitignores/C++", "templates/gitignores/C%2B%2B"):
        assert api.get(path).json["name"] == "C++"


def test_licenses_are_listed(api: Api) -> None:
    found = api.get("templates/licenses", None).json
    assert [one["key"] for one in found if one["popular"]] == ["apache-2.0", "gpl-3.0", "mit"]
    assert names(api.get("templates/licenses", popular=True), "key") == ["apache-2.0", "gpl-3.0", "mit"]
    assert names(api.get("templates/licenses", per_page=1, page=2), "key") == ["apache-2.0"]


def test_a_license_is_shown_with_its_facts(api: Api) -> None:
    shown = api.get("templates/licenses/mit", None).json
    assert shown.pop("content").startswith(
        "MIT License\n\nCopyright (c) 2024 [fullname]\n\nPermission is hereby granted"
    )
    assert shown.pop("description")
    assert shown == {
        "key": "mit",
        "name": "MIT License",
        "nickname": None,
        "html_url": "http://choosealicense.com/licenses/mit/",
        "source_url": "https://opensource.org/licenses/MIT",
        "popular": True,
        "conditions": ["include-copyright"],
        "permissions": ["commercial-use", "modifications", "distribution", "private-use"],
        "limitations": ["liability", "warranty"],
    }


def test_the_places_in_a_license_are_filled_in(api: Api) -> None:
    assert "Copyright (c) 2024 Ada Lovelace\n" in api.get("templates/licenses/mit", "ada").json["content"]
    given = {"project": "Rocket \\1", "fullname": "ACME"}
    text = api.get("templates/licenses/gpl-3.0", None, **given).json["content"]
    assert "    Rocket \\1\n    Copyright (C) 2024  ACME\n" in text
    assert "Copyright 2024 ACME\n" in api.get("templates/licenses/APACHE-2.0", **given).json["content"]


def test_a_license_that_is_not_there(api: Api) -> None:
    assert api.get("templates/licenses/wtfpl").json == {"message": "404 License Not Found"}


def test_every_license_has_a_text_and_every_kind_its_templates() -> None:
    assert all(len(one["content"]) > 500 for one in file_templates.licenses())
    assert all(len(file_templates.names_of(kind)) > 10 for kind in KINDS)
