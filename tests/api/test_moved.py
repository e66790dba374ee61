"""Projects under a path that they had before."""

import pytest

from tests.support import WORLD, Api

pytestmark = pytest.mark.mockgitlab(
    scenario={**WORLD, "projects": [{"path": "acme/rocket", "moved_from": ["acme/old"]}]}
)


def test_reading_is_sent_to_the_project_in_plain_text(api: Api) -> None:
    answer = api.get("projects/acme%2Fold", "ada")
    url = "http://localhost/api/v4/projects/1"
    assert (answer.status, answer.headers["Location"]) == (301, url)
    assert answer.text == f"This resource has been moved permanently to {url}"
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_the_rest_of_the_path_and_the_query_are_kept(api: Api) -> None:
    answer = api.get("projects/acme%2Fold/labels/a%2Fb%20c", "ada", search="x y")
    assert answer.headers["Location"] == "http://localhost/api/v4/projects/1/labels/a%2Fb%20c?search=x+y"


def test_head_is_no_get(api: Api) -> None:
    assert api.request("HEAD", "projects/acme%2Fold", "ada").status == 405


def test_v3_knows_of_no_moves() -> None:
    moved = {"path": "acme/rocket", "moved_from": ["acme/old"]}
    api = Api({**WORLD, "gitlab": {"api": ["v3"]}, "projects": [moved]}, prefix="/api/v3/")
    assert api.get("projects/acme%2Fold", "ada").json == {"message": "404 Project Not Found"}


def test_writing_is_refused(api: Api) -> None:
    answer = api.put("projects/acme%2Fold", "ada", description="x")
    assert (answer.status, answer.json) == (405, {"message": "Non GET methods are not allowed for moved projects"})


def test_who_may_not_know_of_the_project_is_not_told_where_it_is(api: Api) -> None:
    assert api.get("projects/acme%2Fold", "nora").status == 404
