"""Groups, subgroups and namespaces through python-gitlab."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import Connect, refused


def paths(groups: Any) -> list[str]:
    return [group.full_path for group in groups]


def test_groups_are_listed_by_what_is_known_of_them(ada: Any, connect: Connect) -> None:
    assert paths(ada.groups.list()) == ["acme", "acme/engines", "acme/engines/fuel", "acme/ground"]
    assert paths(ada.groups.list(top_level_only=True, all_available=True)) == ["acme", "friends"]
    assert paths(ada.groups.list(search="fuel")) == ["acme/engines/fuel"]
    assert paths(ada.groups.list(owned=True, order_by="path")) == [
        "acme",
        "acme/engines",
        "acme/engines/fuel",
        "acme/ground",
    ]
    assert paths(ada.groups.list(skip_groups=[1, 2], order_by="id")) == ["acme/engines/fuel", "acme/ground"]
    assert paths(ada.groups.list(visibility="public", all_available=True)) == ["friends"]
    assert paths(connect().groups.list()) == ["friends"]


def test_a_group_is_shown_by_id_or_path(ada: Any) -> None:
    acme = ada.groups.get("acme")
    assert (acme.id, acme.name, acme.full_name, acme.visibility) == (1, "Acme", "Acme", "private")
    assert (acme.web_url, acme.parent_id) == (f"{ada.url}/groups/acme", None)
    fuel = ada.groups.get("acme/engines/fuel")
    assert (fuel.full_name, fuel.parent_id) == ("Acme / Engines / Fuel", ada.groups.get("acme/engines").id)
    assert [project["path"] for project in acme.attributes["projects"]] == ["relic", "rocket"]


def test_a_group_comes_without_its_projects_on_demand(ada: Any) -> None:
    assert "projects" not in ada.groups.get("acme", with_projects=False).attributes


def test_subgroups_and_all_descendants_are_listed(ada: Any) -> None:
    acme = ada.groups.get("acme")
    assert paths(acme.subgroups.list()) == ["acme/engines", "acme/ground"]
    assert paths(acme.descendant_groups.list(order_by="path")) == ["acme/engines", "acme/engines/fuel", "acme/ground"]


def test_a_group_is_created_changed_and_deleted(ada: Any) -> None:
    made = ada.groups.create({"name": "Lab", "path": "lab", "visibility": "internal", "description": "Smoke"})
    assert (made.full_path, made.visibility, made.description) == ("lab", "internal", "Smoke")
    assert [(one.username, one.access_level) for one in made.members.list()] == [("ada", 50)]
    made.name, made.description = "The Lab", ""
    made.save()
    assert (ada.groups.get("lab").name, ada.groups.get("lab").description) == ("The Lab", "")
    inner = ada.groups.create({"name": "Inner", "path": "inner", "parent_id": made.id})
    assert inner.full_path == "lab/inner"
    inner.delete()
    made.delete()


def test_a_group_that_cannot_be_is_refused(ada: Any, connect: Connect) -> None:
    status, message = refused(gitlab.GitlabCreateError, ada.groups.create, {"name": "Acme", "path": "acme"})
    assert (status, message) == (400, 'Failed to save group {:path=>["has already been taken"]}')
    assert refused(gitlab.GitlabCreateError, ada.groups.create, {"name": "x", "path": "not a path"})[0] == 400
    below = {"name": "Mine", "path": "mine", "parent_id": 1}
    assert refused(gitlab.GitlabCreateError, connect("eve").groups.create, below) == (403, "403 Forbidden")
    assert refused(gitlab.GitlabGetError, connect("nora").groups.get, "acme/engines") == (404, "404 Group Not Found")
    assert refused(gitlab.GitlabDeleteError, connect("bob").groups.delete, "acme") == (403, "403 Forbidden")


def test_a_group_marked_for_deletion_is_restored(ada: Any) -> None:
    ada.groups.delete("acme")
    acme = ada.groups.get("acme")
    assert acme.marked_for_deletion_on == "2024-05-01"
    acme.restore()
    assert ada.groups.get("acme").marked_for_deletion_on is None


def test_the_projects_of_a_group_are_listed(ada: Any) -> None:
    acme = ada.groups.get("acme")

    def names(**filters: Any) -> list[str]:
        return [project.path_with_namespace for project in acme.projects.list(**filters)]

    assert names(order_by="id", sort="asc") == ["acme/rocket", "acme/relic"]
    assert names(archived=False) == ["acme/rocket"]
    assert names(include_subgroups=True, order_by="id", sort="asc") == ["acme/rocket", "acme/engines/ion", "acme/relic"]
    assert names(search="rock") == ["acme/rocket"]
    friends = ada.groups.get("friends")
    assert {one.path for one in friends.projects.list()} == {"website", "rocket"}
    assert [one.path for one in friends.projects.list(with_shared=False)] == ["website"]
    assert [one.path for one in friends.shared_projects.list()] == ["rocket"]


def test_a_group_is_shared_with_another(ada: Any, connect: Connect) -> None:
    ground, friends = ada.groups.get("acme/ground"), ada.groups.get("friends")
    ground.share(friends.id, gitlab.const.AccessLevel.DEVELOPER, expires_at="2024-12-31")
    assert ground.shared_with_groups == [
        {
            "group_id": friends.id,
            "group_name": "Friends of Rockets",
            "group_full_path": "friends",
            "group_access_level": 30,
            "expires_at": "2024-12-31",
        }
    ]
    assert connect("nora").groups.get("acme/ground").full_path == "acme/ground"
    assert refused(gitlab.GitlabCreateError, ground.share, friends.id, 30)[0] == 409
    ground.unshare(friends.id)
    assert refused(gitlab.GitlabGetError, connect("nora").groups.get, "acme/ground")[0] == 404


def test_a_group_moves_below_another_and_out_again(ada: Any) -> None:
    fuel, ground = ada.groups.get("acme/engines/fuel"), ada.groups.get("acme/ground")
    fuel.transfer(ground.id)
    assert ada.groups.get(fuel.id).full_path == "acme/ground/fuel"
    ada.groups.get(fuel.id).transfer()
    assert ada.groups.get(fuel.id).full_path == "fuel"
    assert refused(gitlab.GitlabGroupTransferError, ada.groups.get(fuel.id).transfer)[0] == 400


def test_a_project_is_transferred_to_a_group(ada: Any, root: Any) -> None:
    root.groups.get("acme/ground").transfer_project(root.projects.get("ada/notes").id)
    assert ada.projects.get("acme/ground/notes").path == "notes"


def test_custom_attributes_of_groups_are_for_administrators(root: Any, ada: Any) -> None:
    attributes = root.groups.get("acme").customattributes
    attributes.set("cost-center", "42")
    assert attributes.get("cost-center").value == "42"
    attributes.delete("cost-center")
    assert attributes.list() == []
    assert refused(gitlab.GitlabListError, ada.groups.get("acme").customattributes.list)[0] == 403


def test_namespaces_are_groups_and_users(ada: Any) -> None:
    found = {(one.full_path, one.kind) for one in ada.namespaces.list()}
    assert found == {("ada", "user"), ("acme", "group")}
    assert [one.path for one in ada.namespaces.list(search="ACM")] == ["acme"]
    assert ada.namespaces.get("acme/engines").kind == "group"
    own = ada.namespaces.get("ada")
    assert (own.kind, own.name, own.web_url) == ("user", "Ada Lovelace", f"{ada.url}/ada")
    assert refused(gitlab.GitlabGetError, ada.namespaces.get, "nowhere") == (404, "404 Namespace Not Found")


def test_a_name_that_is_taken_comes_with_a_free_one(ada: Any) -> None:
    taken, free = ada.namespaces.exists("acme"), ada.namespaces.exists("sirius")
    assert (taken.exists, taken.suggests) == (True, ["acme1"])
    assert (free.exists, free.suggests) == (False, [])
    assert ada.namespaces.exists("engines").exists is False
    assert ada.namespaces.exists("engines", parent_id=1).exists is True
