"""Members, access requests and invitations through python-gitlab, of groups and projects alike."""

from typing import Any

import gitlab
import pytest
from gitlab.const import AccessLevel

from tests.clients.python_gitlab_rig import Connect, refused

WHERE = pytest.mark.parametrize(("kind", "path"), [("groups", "acme"), ("projects", "acme/rocket")])


def roles(members: Any) -> dict[str, int]:
    return {member.username: member.access_level for member in members}


def find(client: Any, kind: str, path: str) -> Any:
    return getattr(client, kind).get(path)


def test_direct_members_and_those_inherited_are_listed(ada: Any) -> None:
    acme = {"ada": 50, "bob": 40, "eve": 30, "rex": 20, "gil": 10}
    people = [member for member in ada.groups.get("acme").members.list() if not member.username.startswith("group_")]
    assert roles(people) == acme
    engines = ada.groups.get("acme/engines")
    assert roles(engines.members.list()) == {"eve": 40}
    everybody = roles(engines.members_all.list(get_all=True))
    assert {name: everybody[name] for name in acme} == {**acme, "eve": 40}
    assert roles(engines.members_all.list(query="gil")) == {"gil": 10}
    assert engines.members_all.get(2).access_level == 50
    assert refused(gitlab.GitlabGetError, engines.members.get, 2) == (404, "404 Not found")


def test_members_of_a_project_come_from_its_groups_and_those_invited(ada: Any) -> None:
    rocket = ada.projects.get("acme/rocket")
    assert [member.name for member in rocket.members.list()] == ["rocket bot"]
    everybody = roles(rocket.members_all.list(get_all=True))
    assert (everybody["ada"], everybody["gil"], everybody["nora"]) == (50, 10, 20)
    assert {user.username for user in rocket.users.list(search="mo")} == {"eve"}


@WHERE
def test_a_member_is_added_changed_and_removed(ada: Any, connect: Connect, kind: str, path: str) -> None:
    members = find(ada, kind, path).members
    made = members.create({"user_id": 8, "access_level": AccessLevel.REPORTER, "expires_at": "2024-12-31"})
    assert (made.username, made.access_level, made.expires_at) == ("old", 20, "2024-12-31")
    assert made.created_by["username"] == "ada"
    made.access_level = AccessLevel.DEVELOPER
    made.save()
    assert members.get(8).access_level == 30
    made.delete()
    assert refused(gitlab.GitlabGetError, members.get, 8) == (404, "404 Not found")


@WHERE
def test_a_member_is_added_by_username(ada: Any, kind: str, path: str) -> None:
    made = find(ada, kind, path).members.create({"username": "old", "access_level": 10})
    assert (made.id, made.access_level) == (8, 10)


@WHERE
def test_members_that_cannot_be_are_refused(ada: Any, connect: Connect, kind: str, path: str) -> None:
    members = find(ada, kind, path).members
    members.create({"user_id": 8, "access_level": 20})
    assert refused(gitlab.GitlabCreateError, members.create, {"user_id": 8, "access_level": 20}) == (
        409,
        "Member already exists",
    )
    assert refused(gitlab.GitlabCreateError, members.create, {"user_id": 99, "access_level": 20}) == (
        404,
        "404 User Not Found",
    )
    assert refused(gitlab.GitlabCreateError, members.create, {"user_id": 9, "access_level": 33}) == (
        400,
        {"access_level": ["is not included in the list"]},
    )
    rex = find(connect("rex"), kind, path).members
    assert refused(gitlab.GitlabCreateError, rex.create, {"user_id": 9, "access_level": 10}) == (403, "403 Forbidden")


def test_the_last_owner_of_a_group_stays(ada: Any) -> None:
    status, _ = refused(gitlab.GitlabDeleteError, ada.groups.get("acme").members.delete, 2)
    assert status in (400, 403)
    assert roles(ada.groups.get("acme").members.list())["ada"] == 50


def test_who_is_no_member_any_more_sees_nothing(ada: Any, connect: Connect) -> None:
    rex = connect("rex")
    assert rex.groups.get("acme").path == "acme"
    ada.groups.get("acme").members.delete(5)
    assert refused(gitlab.GitlabGetError, rex.groups.get, "acme") == (404, "404 Group Not Found")


def test_a_membership_ends_on_its_day(mockgitlab: Any, ada: Any, connect: Connect) -> None:
    ada.groups.get("acme/ground").members.create({"user_id": 7, "access_level": 20, "expires_at": "2024-05-02"})
    nora = connect("nora")
    assert nora.groups.get("acme/ground").path == "ground"
    mockgitlab.advance("1d")
    assert refused(gitlab.GitlabGetError, nora.groups.get, "acme/ground")[0] == 404


@pytest.mark.parametrize(("kind", "path"), [("groups", "friends"), ("projects", "friends/website")])
def test_access_is_asked_for_and_granted_or_denied(connect: Connect, kind: str, path: str) -> None:
    eve, bob = find(connect("eve"), kind, path), find(connect("bob"), kind, path)
    asked = eve.accessrequests.create({})
    assert (asked.username, asked.requested_at) == ("eve", "2024-05-01T09:00:00.000Z")
    [request] = bob.accessrequests.list()
    request.approve(access_level=AccessLevel.REPORTER)
    assert bob.members.get(4).access_level == 20
    assert bob.accessrequests.list() == []
    find(connect("rex"), kind, path).accessrequests.create({})
    bob.accessrequests.list()[0].delete()
    assert bob.accessrequests.list() == []
    assert refused(gitlab.GitlabListError, eve.accessrequests.list) == (403, "403 Forbidden")


@WHERE
def test_people_without_an_account_are_invited(ada: Any, kind: str, path: str) -> None:
    invitations = find(ada, kind, path).invitations
    made = invitations.create({"email": ["friend@example.net"], "access_level": AccessLevel.DEVELOPER})
    assert made.status == "success"
    [invitation] = invitations.list()
    assert (invitation.invite_email, invitation.access_level, invitation.created_by_name) == (
        "friend@example.net",
        30,
        "Ada Lovelace",
    )
    invitations.update("friend@example.net", {"access_level": 20})
    assert invitations.list(query="friend@example.net")[0].access_level == 20
    invitations.delete("friend@example.net")
    assert invitations.list() == []
    assert refused(gitlab.GitlabDeleteError, invitations.delete, "friend@example.net")[0] == 404


def test_an_invitation_of_an_account_makes_a_member(ada: Any) -> None:
    acme = ada.groups.get("acme")
    assert acme.invitations.create({"user_id": "7", "access_level": 20}).status == "success"
    assert roles(acme.members.list(query="nora")) == {"nora": 20}


def test_an_invitation_that_fails_says_so_per_address(ada: Any) -> None:
    with pytest.raises(gitlab.GitlabInvitationError) as error:
        ada.groups.get("acme").invitations.create({"email": "no address", "access_level": 20})
    message: Any = error.value.error_message
    assert message == {"no address": "Invite email is invalid"}
