from typing import Any

import pytest

from tests.support import WORLD, Api

ACCEPTED = {"message": "202 Accepted"}


def accepted(api: Api, path: str, as_: str = "ada", **given: Any) -> None:
    answer = api.delete(path, as_, **given)
    assert (answer.status, answer.json) == (202, ACCEPTED)


def test_deleting_a_project_of_a_group_marks_it_under_another_path(api: Api) -> None:
    accepted(api, "projects/acme%2Frocket")
    found = api.get("projects/1", "ada").json
    assert (found["path"], found["name"]) == ("rocket-deleted-1", "rocket-deleted-1")
    assert found["marked_for_deletion_on"] == found["marked_for_deletion_at"] == "2024-05-01"
    assert api.get("projects/acme%2Frocket", "ada").status == 301
    accepted(api, "projects/1")
    assert api.get("projects/1", "ada").json["path"] == "rocket-deleted-1"


def test_owners_alone_delete_and_restore(api: Api) -> None:
    for method, path in (("DELETE", ""), ("POST", "/restore"), ("POST", "/archive"), ("POST", "/unarchive")):
        assert api.request(method, f"projects/1{path}", "bob").json == {"message": "403 Forbidden"}
        assert api.request(method, f"projects/1{path}", "nora").json == {"message": "404 Project Not Found"}
        assert api.request(method, f"projects/1{path}", None).json == {"message": "401 Unauthorized"}


def test_a_marked_project_is_deleted_at_once_by_its_full_path(api: Api) -> None:
    first = api.delete("projects/1", "ada", permanently_remove=True)
    assert (first.status, first.json) == (400, {"message": "Project must be marked for deletion first."})
    accepted(api, "projects/1")
    wrong = api.delete("projects/1", "ada", permanently_remove=True, full_path="acme/rocket")
    text = "`full_path` is incorrect. You must enter the complete path for the project."
    assert (wrong.status, wrong.json) == (400, {"message": text})
    accepted(api, "projects/1", permanently_remove=True, full_path="acme/rocket-deleted-1")
    assert api.get("projects/1", "ada").status == 404


def test_a_personal_project_is_deleted_at_once_with_all_in_it(api: Api) -> None:
    api.post("projects/3/issues", "ada", title="One")
    accepted(api, "projects/3")
    assert api.get("projects/3", "ada").status == 404
    assert api.get("issues", "ada", scope="all").json == []


def test_the_community_edition_deletes_at_once() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    accepted(api, "projects/1")
    assert api.get("projects/1").status == 404


def test_since_18_every_deletion_is_delayed() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0", "edition": "ce"}})
    accepted(api, "projects/3")
    assert api.get("projects/3", "ada").json["path"] == "notes-deletion_scheduled-3"


@pytest.mark.parametrize(("version", "status"), [("17.5.0", 202), ("18.0.0", 400)])
def test_since_gitlab_18_a_project_is_marked_once(version: str, status: int) -> None:
    api = Api({**WORLD, "gitlab": {"version": version}})
    accepted(api, "projects/1")
    again = api.delete("projects/1", "ada")
    assert again.status == status
    text = "202 Accepted" if status == 202 else "Project has been already marked for deletion"
    assert again.json == {"message": text}


def test_a_project_in_a_marked_group_is_left_as_it_is() -> None:
    group = {"path": "acme", "members": {"ada": "owner"}, "marked_for_deletion_on": "2024-04-01"}
    api = Api({**WORLD, "groups": [group], "projects": [{"path": "acme/rocket"}]})
    accepted(api, "projects/1")
    assert api.get("projects/1", "ada").json["path"] == "rocket"


def test_a_deleted_source_leaves_its_forks(api: Api) -> None:
    fork = api.post("projects/2/fork", "nora").json["id"]
    accepted(api, "projects/2", "root")
    accepted(api, "projects/2", "root", permanently_remove=True, full_path="open/source-deleted-2")
    assert "forked_from_project" not in api.get(f"projects/{fork}", "nora").json


def test_what_changed_since_is_not_deleted(api: Api) -> None:
    answer = api.request(
        "DELETE", "projects/1", "ada", headers={"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    )
    assert (answer.status, answer.json) == (412, {"message": "412 Precondition Failed"})


def test_restoring_gives_the_name_and_path_back(api: Api) -> None:
    api.delete("projects/1", "ada")
    answer = api.post("projects/1/restore", "ada")
    assert (answer.status, answer.json["path"], answer.json["name"]) == (201, "rocket", "rocket")
    assert answer.json["marked_for_deletion_on"] is None
    assert api.get("projects/acme%2Frocket", "ada").status == 200
    again = api.post("projects/1/restore", "ada")
    assert (again.status, again.json) == (400, {"message": "Project has not been marked for deletion"})


@pytest.mark.parametrize(("version", "archived"), [("17.5.0", True), ("18.0.0", False)])
def test_before_gitlab_18_a_marked_project_was_archived(version: str, archived: bool) -> None:
    api = Api({**WORLD, "gitlab": {"version": version}})
    api.delete("projects/1", "ada")
    assert api.get("projects/1", "ada").json["archived"] is archived
    assert api.post("projects/1/restore", "ada").json["archived"] is False


def test_a_path_taken_meanwhile_gets_an_ending(api: Api) -> None:
    api.delete("projects/1", "ada")
    api.post("projects", "ada", name="rocket", namespace_id=1)
    found = api.post("projects/1/restore", "ada").json
    assert found["path"].startswith("rocket-")
    assert len(found["path"]) == len("rocket-") + 5


def test_projects_are_archived_and_unarchived(api: Api) -> None:
    archived = api.post("projects/1/archive", "ada")
    assert (archived.status, archived.json["archived"]) == (201, True)
    unarchived = api.post("projects/1/unarchive", "ada")
    assert (unarchived.status, unarchived.json["archived"]) == (201, False)


def test_housekeeping_runs_once_at_a_time(api: Api) -> None:
    first = api.post("projects/1/housekeeping", "ada", task="prune")
    assert (first.status, first.json) == (201, None)
    again = api.post("projects/1/housekeeping", "ada")
    text = "Somebody already triggered housekeeping for this resource in the past 1440 minutes"
    assert (again.status, again.json) == (409, {"message": text})
    api.server.store.set_clock("2024-05-02T09:00:00Z")
    assert api.post("projects/1/housekeeping", "ada").status == 201
    assert api.post("projects/1/housekeeping", "ada", task="all").json == {"error": "task does not have a valid value"}
    assert api.post("projects/1/housekeeping", "bob").status == 403
