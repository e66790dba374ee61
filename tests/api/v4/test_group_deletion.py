import pytest

from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from tests.support import WORLD, Api, names

ACCEPTED = (202, {"message": "202 Accepted"})


def test_a_deleted_group_is_marked_and_stays(api: Api) -> None:
    answer = api.delete("groups/1", "ada")
    assert (answer.status, answer.json) == ACCEPTED
    assert api.get("groups/1", "ada").json["marked_for_deletion_on"] == "2024-05-01"
    assert names(api.get("groups", "ada", marked_for_deletion_on="2024-05-01")) == ["acme"]
    assert names(api.get("groups", "ada", active=False)) == ["acme", "labs"]
    assert names(api.get("groups", "ada", active=True)) == []


def test_a_group_is_marked_once(api: Api) -> None:
    api.delete("groups/1", "ada")
    answer = api.delete("groups/1", "ada")
    assert (answer.status, answer.json) == (400, {"message": "Group has been already marked for deletion"})


def test_below_a_marked_group_nothing_more_is_done(api: Api) -> None:
    api.delete("groups/1", "ada")
    answer = api.delete("groups/2", "ada")
    assert (answer.status, answer.json) == ACCEPTED
    assert api.get("groups/2", "ada").json["marked_for_deletion_on"] is None


def test_a_marked_group_is_restored(api: Api) -> None:
    answer = api.post("groups/1/restore", "ada")
    assert (answer.status, answer.json) == (400, {"message": "Group has not been marked for deletion"})
    api.delete("groups/1", "ada")
    restored = api.post("groups/1/restore", "ada")
    assert (restored.status, restored.json["marked_for_deletion_on"]) == (201, None)
    assert "projects" not in restored.json


def test_since_gitlab_18_a_marked_group_loses_its_path_until_it_is_restored() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0", "edition": "ce"}})
    api.delete("groups/1", "ada")
    marked = api.get("groups/1", "ada").json
    assert (marked["name"], marked["full_path"]) == ("acme-deletion_scheduled-1", "acme-deletion_scheduled-1")
    assert api.get("groups/2", "ada").json["full_path"] == "acme-deletion_scheduled-1/labs"
    assert api.get("groups/acme", "ada").status == 404
    restored = api.post("groups/1/restore", "ada")
    assert (restored.status, restored.json["name"], restored.json["full_path"]) == (201, "acme", "acme")
    assert restored.json["marked_for_deletion_on"] is None


def test_a_restored_group_whose_path_was_taken_gets_another() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0"}})
    api.delete("groups/1", "ada")
    assert api.post("groups", name="acme", path="acme").status == 201
    restored = api.post("groups/1/restore", "ada").json
    assert (restored["name"][:5], len(restored["path"])) == ("acme-", len("acme-12345"))


@pytest.mark.parametrize("path", ["groups/1", "projects/1"])
def test_the_community_edition_before_gitlab_18_restores_nothing(path: str) -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.5.0", "edition": "ce"}})
    answer = api.post(f"{path}/restore", "ada")
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})


def test_a_subgroup_is_deleted_for_good_when_it_is_marked_and_named(api: Api) -> None:
    texts = []
    for path, given in (
        ("groups/1", {}),
        ("groups/2", {}),
        ("groups/2", {"full_path": "labs"}),
        ("groups/2", {"full_path": "acme/labs"}),
    ):
        answer = api.delete(path, "ada", permanently_remove=True, **given)
        texts.append((answer.status, answer.json["message"]))
        if len(texts) == 2:
            api.delete("groups/2", "ada")
    assert texts == [
        (400, "`permanently_remove` option is only available for subgroups."),
        (400, "Group must be marked for deletion first."),
        (400, "`full_path` is incorrect. You must enter the complete path for the subgroup."),
        (202, "202 Accepted"),
    ]
    assert api.get("groups/2", "ada").status == 404


def test_the_community_edition_deletes_at_once_with_all_below() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    answer = api.delete("groups/1", "ada")
    assert (answer.status, answer.json) == ACCEPTED
    assert api.store[Group].get(1) is None
    assert api.store[Group].get(2) is None
    assert api.store[Project].get(1) is None
    assert not api.store[Member].where(source_type="Namespace", source_id=1).exists()
    assert api.get("projects/1").status == 404


@pytest.mark.parametrize("version", ["17.5.0", "18.0.0"])
def test_archiving_groups_came_with_gitlab_18(version: str) -> None:
    api = Api({**WORLD, "gitlab": {"version": version}})
    assert api.post("groups/1/archive", "ada").status == (200 if version == "18.0.0" else 404)


def test_an_archived_group_counts_with_all_below() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0"}})
    assert api.post("groups/1/archive", "ada").json["archived"] is True
    assert api.get("groups/2", "ada").json["archived"] is True
    assert names(api.get("groups", "ada", archived=True)) == ["acme", "labs"]
    assert names(api.get("groups", archived=False)) == ["open"]
    for path in ("groups/1/archive", "groups/2/archive"):
        again = api.post(path, "ada")
        assert (again.status, again.json) == (422, {"message": "Group is already archived!"})
    assert api.post("groups/1/unarchive", "ada").json["archived"] is False
    again = api.post("groups/1/unarchive", "ada")
    assert (again.status, again.json) == (422, {"message": "Group is already unarchived!"})


# Transfer


def test_a_group_moves_below_another_and_becomes_as_hidden(api: Api) -> None:
    api.post("groups/3/members", user_id=2, access_level=50)
    answer = api.post("groups/3/transfer", "ada", group_id=1)
    assert (answer.status, answer.json["full_path"], answer.json["visibility"]) == (201, "acme/open", "private")
    assert api.get("projects/2", "ada").json["path_with_namespace"] == "acme/open/source"
    assert api.get("projects/2", None).status == 404


def test_a_group_moves_to_the_top_and_gets_an_owner(api: Api) -> None:
    answer = api.post("groups/2/transfer", "ada")
    assert (answer.status, answer.json["full_path"], answer.json["parent_id"]) == (201, "labs", None)
    assert names(api.get("groups/2/members", "ada"), "username") == ["ada"]


@pytest.mark.parametrize(
    ("path", "given", "text"),
    [
        ("groups/1", {}, "Group is already a root group."),
        ("groups/2", {"group_id": 1}, "Group is already associated to the parent group."),
        ("groups/1", {"group_id": 3}, "You don't have enough permissions."),
        ("groups/2", {"group_id": 4}, "The parent group already has a subgroup or a project with the same path."),
        ("groups/1", {"group_id": 2}, "Cannot transfer group to one of its subgroup."),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(path: str, given: dict[str, int], text: str) -> None:
    more = [{"path": "other", "members": {"ada": "owner"}}, {"path": "other/labs"}]
    api = Api({**WORLD, "groups": [*WORLD["groups"], *more]})
    answer = api.post(f"{path}/transfer", "ada", **given)
    assert (answer.status, answer.json) == (400, {"message": f"Transfer failed: {text}"})


def test_a_hidden_new_parent_is_not_found(api: Api) -> None:
    api.post("groups", name="x", path="x")
    answer = api.post("groups/1/transfer", "ada", group_id=4)
    assert (answer.status, answer.json) == (404, {"message": "404 Group Not Found"})
