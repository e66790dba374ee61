"""Which jobs reach a project with their tokens: the settings, the allowlists, and that they count."""

from typing import Any

import pytest

from tests.support import WORLD, Answer, Api, names, refused, seen

AT = "projects/3/job_token_scope"
PROJECTS, GROUPS = f"{AT}/allowlist", f"{AT}/groups_allowlist"
UNSEEN = (
    "400 Bad request - The target_{} that you are attempting to access does not exist or you don't have permission "
    "to perform this action"
)


@pytest.fixture
def api() -> Api:
    """A client of the usual world, with a job of ada in acme/rocket, and ada/notes (3) which it would reach."""
    job = {"token": "job", "kind": "job", "user": "ada", "project": "acme/rocket"}
    hidden = {"path": "nora/own"}
    return Api({**WORLD, "projects": [*WORLD["projects"], hidden], "tokens": [*WORLD["tokens"], job]})


def reaches(api: Api) -> int:
    return api.get("projects/3/merge_requests", None, headers={"Job-Token": "job"}).status


def patch(api: Api, who: str | None = "ada", /, **given: Any) -> Answer:
    return api.request("PATCH", AT, who, **given)


# Settings


def test_the_settings_are_shown_and_changed(api: Api) -> None:
    assert api.get(AT, "ada").json == {"inbound_enabled": True, "outbound_enabled": False}
    changed = patch(api, enabled=False)
    assert (changed.status, changed.text) == (204, "")
    assert api.get(AT, "ada").json["inbound_enabled"] is False
    assert reaches(api) == 200
    patch(api, enabled=True)
    assert reaches(api) == 403


def test_what_must_be_said(api: Api) -> None:
    assert refused(patch(api)) == '400 (Bad request) "enabled" not given'
    assert seen(patch(api, enabled="perhaps")) == (400, {"error": "enabled is invalid"})
    assert patch(api, enabled="").status == 400


def test_maintainers_alone_may(api: Api) -> None:
    at = "projects/1/job_token_scope"
    for who, status in (("bob", 403), ("nora", 404), (None, 401)):
        assert api.get(at, who).status == status
        assert api.request("PATCH", at, who, enabled=True).status == status
        for path, target in (("allowlist", "target_project_id"), ("groups_allowlist", "target_group_id")):
            assert api.get(f"{at}/{path}", who).status == status
            assert api.post(f"{at}/{path}", who, **{target: 3}).status == status
            assert api.delete(f"{at}/{path}/3", who).status == status


def test_who_removes_without_the_role_is_told_so(api: Api) -> None:
    told = {"message": "403 Forbidden - Insufficient permissions to modify the job token scope"}
    assert api.delete("projects/1/job_token_scope/allowlist/2", "bob").json == told


# Projects


def test_a_project_on_the_allowlist_lets_its_jobs_in(api: Api) -> None:
    added = api.post(PROJECTS, "ada", target_project_id=1)
    assert seen(added) == (201, {"source_project_id": 3, "target_project_id": 1})
    assert names(api.get(PROJECTS, "ada"), "path_with_namespace") == ["acme/rocket", "ada/notes"]
    assert "readme_url" in api.get(PROJECTS, "ada").json[0]
    assert reaches(api) == 200
    removed = api.delete(f"{PROJECTS}/1", "ada")
    assert (removed.status, removed.text) == (204, "")
    assert reaches(api) == 403
    assert names(api.get(PROJECTS, "ada"), "id") == [3]


def test_what_is_no_project_for_it(api: Api) -> None:
    assert api.post(PROJECTS, "ada", target_project_id=99).json == {
        "message": "404 target_project_id not found Not Found"
    }
    assert refused(api.post(PROJECTS, "ada", target_project_id=4)) == UNSEEN.format("project")
    assert refused(api.post(PROJECTS, "ada", target_project_id=3)) == (
        "400 Bad request - Validation failed: Target project can't be the same as the source project"
    )
    assert refused(api.post(PROJECTS, "ada")) == '400 (Bad request) "target_project_id" not given'
    assert api.post(PROJECTS, "ada", target_project_id="x").json == {"error": "target_project_id is invalid"}
    api.post(PROJECTS, "ada", target_project_id=1)
    again = api.post(PROJECTS, "ada", target_project_id=1)
    assert refused(again) == "400 Bad request - This project is already in the job token allowlist."


def test_what_is_not_removed(api: Api) -> None:
    assert api.delete(f"{PROJECTS}/99", "ada").json == {"message": "404 Project Not Found"}
    assert refused(api.delete(f"{PROJECTS}/1", "ada")) == (
        "400 Bad request - Target project is not in the job token scope"
    )
    assert refused(api.delete(f"{PROJECTS}/3", "ada")) == (
        "400 Bad request - Source project cannot be removed from the job token scope"
    )
    assert api.delete(f"{PROJECTS}/4", "ada").status == 403


def test_no_more_than_200_are_on_it() -> None:
    many = {"path": "ada/p{n}", "repeat": 201}
    full = Api({**WORLD, "projects": [*WORLD["projects"], many]})
    ids = [one["id"] for page in (1, 2, 3) for one in full.get("users/2/projects", per_page=100, page=page).json]
    answers = [full.post(PROJECTS, "ada", target_project_id=one) for one in sorted(ids) if one != 3]
    assert [one.status for one in answers] == [201] * 200 + [400]
    assert refused(answers[-1]) == (
        "400 Bad request - Validation failed: "
        "Source project exceeds the allowable number of project links in this direction"
    )


# Groups


def test_a_group_on_the_allowlist_lets_in_the_jobs_of_all_below_it(api: Api) -> None:
    added = api.post(GROUPS, "ada", target_group_id=1)
    assert seen(added) == (201, {"source_project_id": 3, "target_group_id": 1})
    assert api.get(GROUPS, "ada").json == [{"id": 1, "web_url": "http://localhost/groups/acme", "name": "acme"}]
    assert reaches(api) == 200
    assert api.delete(f"{GROUPS}/1", "ada").status == 204
    assert (reaches(api), api.get(GROUPS, "ada").json) == (403, [])


def test_what_is_no_group_for_it(api: Api) -> None:
    assert api.post(GROUPS, "ada", target_group_id=99).json == {"message": "404 target_group_id not found Not Found"}
    personal = api.get("namespaces", "ada", search="ada").json[0]["id"]
    assert api.post(GROUPS, "ada", target_group_id=personal).status == 404
    api.post("groups", "root", name="Hidden", path="hidden")
    hidden = api.get("groups/hidden").json["id"]
    assert refused(api.post(GROUPS, "ada", target_group_id=hidden)) == UNSEEN.format("group")
    api.post(GROUPS, "ada", target_group_id=1)
    again = api.post(GROUPS, "ada", target_group_id=1)
    assert refused(again) == "400 Bad request - This group is already in the job token allowlist."
    assert refused(api.delete(f"{GROUPS}/3", "ada")) == "400 Bad request - Target group is not in the job token scope"
    assert api.delete(f"{GROUPS}/99", "ada").json == {"message": "404 target_group_id not found Not Found"}


def test_an_allowlist_forgets_what_is_deleted(api: Api) -> None:
    api.post(PROJECTS, "ada", target_project_id=1)
    api.post(GROUPS, "ada", target_group_id=3)
    assert len(api.server.state()["JobTokenScopeLink"]) == 2
    for path in ("projects/1", "projects/2", "groups/3"):
        api.delete(path)
        api.delete(path, permanently_remove=True, full_path=path)
    assert names(api.get(PROJECTS, "ada"), "id")[-1] == 3
    assert api.get(GROUPS, "ada").status == 200


@pytest.mark.parametrize(("version", "path", "status"), [("15.11.0", AT, 404), ("16.9.0", GROUPS, 404)])
def test_the_operations_came_with_16(version: str, path: str, status: int) -> None:
    assert Api({**WORLD, "gitlab": {"version": version}}).get(path, "ada").status == status
