"""The page on templates of projects."""

from typing import Any

import pytest

from tests.support import WORLD, Api, names

FILES = {
    ".gitlab/issue_templates/Bug.md": "What happens?\n",
    ".gitlab/issue_templates/(test).md": "x",
    ".gitlab/issue_templates/notes.txt": "no",
    ".gitlab/merge_request_templates/Feature.md": "Why?\n",
}
OTHER = {".gitlab/issue_templates/Bug.md": "Elsewhere\n"}
AT = "projects/1/templates"


@pytest.fixture
def api() -> Api:
    rocket = {"path": "acme/rocket", "repository": {"branches": {"main": FILES}}}
    source = {"path": "open/source", "visibility": "public", "repository": {"branches": {"main": OTHER}}}
    return Api({**WORLD, "projects": [rocket, source]})


@pytest.mark.parametrize(
    ("kind", "name"),
    [("dockerfiles", "Binary"), ("gitignores", "C++"), ("gitlab_ci_ymls", "Bash"), ("licenses", "MIT License")],
)
def test_projects_have_the_templates_of_the_instance(api: Api, kind: str, name: str) -> None:
    found = api.get(f"{AT}/{kind}", "rex", per_page=100).json
    assert name in [one["name"] for one in found]
    assert found[0].keys() == {"key", "name"}


def test_templates_of_descriptions_lie_in_the_repository(api: Api) -> None:
    assert api.get(f"{AT}/issues", "rex").json == [{"key": name, "name": name} for name in ("(test)", "Bug")]
    assert api.get(f"{AT}/issues/Bug", "rex").json == {"name": "Bug", "content": "What happens?\n"}
    assert api.get(f"{AT}/issues/(test)", "rex").json["content"] == "x"
    assert names(api.get(f"{AT}/merge_requests", "rex")) == ["Feature"]
    assert api.get(f"{AT}/merge_requests/Feature", "rex").json["content"] == "Why?\n"
    assert api.get("projects/2/templates/merge_requests").json == []


def test_a_template_may_come_from_another_project(api: Api) -> None:
    other = {"source_template_project_id": 2}
    assert api.get(f"{AT}/issues/Bug", "rex", **other).json["content"] == "Elsewhere\n"
    hidden = api.get("projects/2/templates/issues/Bug", "nora", source_template_project_id=1)
    assert hidden.json["content"] == "Elsewhere\n"


def test_a_template_is_shown(api: Api) -> None:
    assert api.get(f"{AT}/gitignores/C%2B%2B", "rex").json["name"] == "C++"
    shown: Any = api.get(f"{AT}/licenses/mit", "rex", project="Rocket", fullname="ACME").json
    assert "Copyright (c) 2024 ACME\n" in shown["content"]
    assert api.get(f"{AT}/licenses/mit", "rex").json["content"].split("\n")[2] == "Copyright (c) 2024 Rex Porter"


def test_what_is_not_there(api: Api) -> None:
    for path in ("issues/none", "licenses/none", "dockerfiles/none"):
        assert api.get(f"{AT}/{path}", "rex").json == {"message": "404 Template Not Found"}
    assert api.get(f"{AT}/unknown").json == {"error": "type does not have a valid value"}
    assert api.get(f"{AT}/licenses", None).status == 404


def test_guests_of_a_private_project_see_the_templates_of_issues_alone(api: Api) -> None:
    answer = api.get(f"{AT}/licenses", "gil")
    assert answer.status == 403
    assert answer.json["message"] == (
        "403 Forbidden - Your current role does not have the required permissions to access the licenses template. "
        "Contact your project administrator for assistance."
    )
    assert len(api.get(f"{AT}/issues", "gil").json) == 2
