"""Projects through python-gitlab: listed, made, changed, archived, shared, starred, forked, moved, deleted."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


def paths(projects: Any) -> list[str]:
    return [project.path_with_namespace for project in projects]


def test_projects_are_listed_by_what_is_known_of_them(ada: Any, connect: Connect) -> None:
    def found(**filters: Any) -> list[str]:
        return paths(ada.projects.list(order_by="id", sort="asc", **filters))

    everything = ["acme/rocket", "acme/engines/ion", "friends/website", "ada/notes", "acme/relic"]
    assert found() == everything
    assert found(membership=True) == [path for path in everything if path != "friends/website"]
    assert found(archived=True) == ["acme/relic"]
    assert found(search="ion") == ["acme/engines/ion"]
    assert found(search="engines", search_namespaces=True) == ["acme/engines/ion"]
    assert found(starred=True) == ["acme/rocket"]
    assert found(topic="space,hardware") == ["acme/rocket"]
    assert found(visibility="public") == ["friends/website"]
    assert found(owned=True) == ["acme/rocket", "acme/engines/ion", "ada/notes", "acme/relic"]
    assert found(min_access_level=50) == found(owned=True)
    assert found(id_after=2, id_before=4) == ["friends/website"]
    assert paths(connect().projects.list()) == ["friends/website"]


def test_a_list_may_be_brief(ada: Any) -> None:
    brief = ada.projects.list(simple=True, search="rocket")[0]
    assert brief.name_with_namespace == "Acme / Rocket"
    assert "issues_enabled" not in brief.attributes


def test_a_project_is_shown_by_id_or_path(ada: Any, rocket: Any) -> None:
    assert rocket.id == ada.projects.get(1).id == ada.projects.get("ACME/Rocket").id == 1
    assert (rocket.description, rocket.topics, rocket.star_count) == ("To the moon", ["hardware", "space"], 2)
    assert rocket.namespace == {
        "id": 1,
        "name": "Acme",
        "path": "acme",
        "kind": "group",
        "full_path": "acme",
        "parent_id": None,
        "avatar_url": None,
        "web_url": f"{ada.url}/groups/acme",
    }
    assert (rocket.open_issues_count, rocket.visibility, rocket.archived) == (3, "private", False)
    assert rocket.permissions == {
        "project_access": None,
        "group_access": {"access_level": 50, "notification_level": 3},
    }
    assert rocket._links["issues"] == f"{ada.api_url}/projects/1/issues"


def test_a_project_is_created_in_a_group_or_at_home(ada: Any) -> None:
    home = ada.projects.create({"name": "My Diary"})
    assert (home.path_with_namespace, home.visibility, home.creator_id) == ("ada/my-diary", "private", 2)
    assert home.owner["username"] == "ada"
    probe = ada.projects.create(
        {"name": "Probe", "path": "probe-1", "namespace_id": 1, "topics": ["space"], "issues_access_level": "private"}
    )
    assert (probe.path_with_namespace, probe.topics, probe.issues_access_level) == (
        "acme/probe-1",
        ["space"],
        "private",
    )
    assert probe.created_at == "2024-05-01T09:00:00.000Z"


def test_a_project_that_cannot_be_is_refused(ada: Any, connect: Connect) -> None:
    taken = refused(
        gitlab.GitlabCreateError, ada.projects.create, {"name": "Rocket", "path": "rocket", "namespace_id": 1}
    )
    assert taken[0] == 400
    assert taken[1]["path"] == ["has already been taken"]
    assert refused(gitlab.GitlabCreateError, ada.projects.create, {}) == (
        400,
        "name, path are missing, at least one parameter must be provided",
    )
    assert refused(gitlab.GitlabCreateError, ada.projects.create, {"name": "x", "namespace_id": 99}) == (
        400,
        {"namespace": ["is not valid"]},
    )
    eve = connect("eve")
    assert refused(gitlab.GitlabUpdateError, eve.projects.update, 1, {"name": "Mine"}) == (403, "403 Forbidden")
    assert refused(gitlab.GitlabDeleteError, eve.projects.delete, 1) == (403, "403 Forbidden")


def test_a_project_is_changed(rocket: Any) -> None:
    rocket.description, rocket.topics, rocket.merge_method = "To Mars", ["red"], "ff"
    rocket.save()
    rocket.refresh()
    assert (rocket.description, rocket.topics, rocket.merge_method) == ("To Mars", ["red"], "ff")
    rocket.visibility = "public"
    status, message = refused(gitlab.GitlabUpdateError, rocket.save)
    assert status == 400
    assert "public is not allowed in a private group" in str(message)


def test_a_picture_is_uploaded_with_a_project(ada: Any, rocket: Any) -> None:
    ada.projects.update(rocket.id, {"avatar": b"\x89PNG\r\n\x1a\n"})
    assert ada.projects.get(1).avatar_url == f"{ada.url}/uploads/-/system/project/avatar/1/avatar.png"
    rocket.avatar = ""
    rocket.save()
    assert ada.projects.get(1).avatar_url is None


def test_a_project_marked_for_deletion_is_restored(ada: Any, rocket: Any) -> None:
    rocket.delete()
    assert ada.projects.get(1).marked_for_deletion_on == "2024-05-01"
    rocket.restore()
    assert ada.projects.get(1).marked_for_deletion_on is None


def test_an_archived_project_is_for_reading_only(rocket: Any) -> None:
    rocket.archive()
    assert rocket.archived is True
    assert refused(gitlab.GitlabCreateError, rocket.issues.create, {"title": "Late"}) == (403, "403 Forbidden")
    rocket.unarchive()
    assert rocket.issues.create({"title": "In time"}).iid == 46


def test_stars_are_given_once_and_taken_back(bob: Any, rocket: Any) -> None:
    mine = bob.projects.get(1)
    mine.star()
    assert mine.star_count == 3
    assert refused(gitlab.GitlabCreateError, mine.star) == (304, "")
    assert {one["user"]["username"] for one in bob.http_list("/projects/1/starrers")} == {"ada", "bob", "eve"}
    mine.unstar()
    assert bob.projects.get(1).star_count == 2


def test_a_project_is_shared_with_a_group(ada: Any, connect: Connect) -> None:
    ion, friends = ada.projects.get("acme/engines/ion"), ada.groups.get("friends")
    ion.share(friends.id, 20, "2024-12-31")
    assert ada.projects.get(ion.id).shared_with_groups == [
        {
            "group_id": friends.id,
            "group_name": "Friends of Rockets",
            "group_full_path": "friends",
            "group_access_level": 20,
            "expires_at": "2024-12-31",
        }
    ]
    assert connect("nora").projects.get(ion.id).name == "Ion Drive"
    ion.unshare(friends.id)
    assert refused(gitlab.GitlabGetError, connect("nora").projects.get, ion.id)[0] == 404


def test_the_groups_around_a_project_are_listed(ada: Any) -> None:
    ion = ada.projects.get("acme/engines/ion")
    assert [group.full_path for group in ion.groups.list()] == ["acme", "acme/engines"]


def test_a_project_is_transferred(ada: Any, rocket: Any) -> None:
    rocket.transfer("acme/ground")
    assert ada.projects.get(1).path_with_namespace == "acme/ground/rocket"
    assert ada.projects.get("acme/rocket").id == 1
    refusal = refused(gitlab.GitlabTransferProjectError, ada.projects.get(1).transfer, "acme/ground")
    assert refusal[0] == 400


def test_a_project_is_forked_and_the_relation_cut(ada: Any, rocket: Any) -> None:
    fork = rocket.forks.create({"path": "shuttle", "name": "Shuttle"})
    assert (fork.path_with_namespace, fork.forked_from_project["id"]) == ("ada/shuttle", 1)
    assert paths(rocket.forks.list()) == ["ada/shuttle"]
    assert ada.projects.get(1).forks_count == 1
    copy = ada.projects.get(fork.id)
    copy.delete_fork_relation()
    assert rocket.forks.list() == []
    copy.create_fork_relation(1)
    assert paths(rocket.forks.list()) == ["ada/shuttle"]
    assert refused(gitlab.GitlabCreateError, copy.create_fork_relation, 1)[0] == 409


def test_storage_housekeeping_and_custom_attributes(root: Any, ada: Any) -> None:
    project = root.projects.get(1)
    assert (project.storage.get().project_id, project.storage.get().repository_storage) == (1, "default")
    assert refused(gitlab.GitlabGetError, ada.projects.get(1).storage.get)[0] == 403
    assert project.housekeeping() is None
    project.customattributes.set("team", "red")
    assert paths(root.projects.list(custom_attributes={"team": "red"})) == ["acme/rocket"]


@pytest.mark.parametrize("call", ["clusters", "pagesdomains"])
def test_what_is_not_built_says_so(rocket: Any, call: str) -> None:
    status, message = refused(gitlab.GitlabListError, getattr(rocket, call).list)
    assert status == 501
    assert "mockgitlab does not answer it yet" in message
