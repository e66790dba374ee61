"""Users through python-gitlab, as an administrator sees and changes them."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import Connect, refused


def usernames(users: Any) -> list[str]:
    return [user.username for user in users]


def test_users_are_found_by_what_is_known_of_them(root: Any) -> None:
    people = root.users.list(get_all=True, humans=True, order_by="id", sort="asc")
    assert usernames(people) == ["root", "ada", "bob", "eve", "rex", "gil", "nora", "old", "newt"]
    assert usernames(root.users.list(username="ADA")) == ["ada"]
    assert usernames(root.users.list(search="Money")) == ["eve"]
    assert usernames(root.users.list(blocked=True)) == ["old"]
    assert usernames(root.users.list(external=True)) == ["gil"]
    assert usernames(root.users.list(admins=True)) == ["root"]
    assert usernames(root.users.list(extern_uid="bob.kahn", provider="saml")) == ["bob"]
    assert usernames(root.users.list(created_before="2024-01-02T12:00:00Z", order_by="id", sort="asc")) == [
        "root",
        "ada",
    ]


def test_a_user_is_shown_with_more_to_administrators(root: Any, bob: Any) -> None:
    full, plain = root.users.get(2), bob.users.get(2)
    assert (full.email, full.is_admin, full.can_create_project) == ("ada@example.com", False, True)
    assert (plain.username, plain.public_email, plain.job_title) == ("ada", "ada@example.com", "Lead")
    assert (plain.local_time, plain.work_information) == ("10:00 AM", "Lead at Acme")
    assert not hasattr(plain, "email")
    assert refused(gitlab.GitlabGetError, bob.users.get, 99) == (404, "404 User Not Found")


def test_a_user_is_created_changed_and_deleted(root: Any) -> None:
    zoe = root.users.create(
        {"email": "zoe@example.com", "username": "zoe", "name": "Zoe", "password": "correct-horse-9"}
    )
    assert (zoe.state, zoe.confirmed_at, zoe.created_by["username"]) == ("active", None, "root")
    zoe.name, zoe.organization = "Zoe Z.", "Acme"
    zoe.save()
    assert (root.users.get(zoe.id).name, root.users.get(zoe.id).organization) == ("Zoe Z.", "Acme")
    zoe.delete()
    assert refused(gitlab.GitlabGetError, root.users.get, zoe.id) == (404, "404 User Not Found")


def test_a_user_that_cannot_be_is_refused(root: Any, ada: Any) -> None:
    new = {"email": "new@example.com", "username": "new", "name": "New", "reset_password": True}
    taken_name, taken_email = {**new, "username": "ada"}, {**new, "email": "ada@example.com"}
    assert refused(gitlab.GitlabCreateError, root.users.create, taken_name) == (409, "Username has already been taken")
    assert refused(gitlab.GitlabCreateError, root.users.create, taken_email) == (409, "Email has already been taken")
    assert refused(gitlab.GitlabCreateError, root.users.create, {"username": "x"})[0] == 400
    assert refused(gitlab.GitlabCreateError, ada.users.create, new) == (403, "403 Forbidden")
    assert refused(gitlab.GitlabUpdateError, root.users.update, 2, {"username": "bob"})[0] == 409


def test_a_user_is_blocked_and_unblocked(root: Any) -> None:
    eve = root.users.get(4)
    assert eve.block() is True
    assert (eve.state, root.users.get(4).state) == ("blocked", "blocked")
    assert eve.unblock() is True
    assert root.users.get(4).state == "active"


def test_a_blocked_user_is_refused_by_403(root: Any, connect: Connect) -> None:
    eve = connect("eve")
    root.users.get(4).block()
    assert refused(gitlab.GitlabGetError, eve.auth) == (403, "403 Forbidden - Your account has been blocked.")


def test_a_user_is_banned_and_unbanned(root: Any) -> None:
    eve = root.users.get(4)
    eve.ban()
    assert (eve.state, root.users.get(4).state) == ("banned", "banned")
    assert refused(gitlab.GitlabBanError, eve.ban) == (403, "You cannot ban banned users.")
    eve.unban()
    assert root.users.get(4).state == "active"


def test_a_user_long_away_is_deactivated_and_activated(root: Any) -> None:
    nora = root.users.create({"email": "x@example.com", "username": "xen", "name": "X", "password": "correct-horse-9"})
    nora.deactivate()
    assert root.users.get(nora.id).state == "deactivated"
    nora.activate()
    assert root.users.get(nora.id).state == "active"


def test_newcomers_are_approved_or_rejected(root: Any) -> None:
    newt = root.users.get(9)
    assert newt.approve() == {"message": "Success"}
    assert root.users.get(9).state == "active"
    assert refused(gitlab.GitlabUserApproveError, newt.approve)[0] == 409
    assert refused(gitlab.GitlabUserRejectError, newt.reject) == (409, "User does not have a pending request")


def test_users_follow_each_other(ada: Any, bob: Any) -> None:
    followed = ada.users.get(3).follow()
    assert isinstance(followed, dict)
    assert followed["username"] == "bob"
    assert usernames(bob.users.get(3).followers_users.list()) == ["ada"]
    assert usernames(bob.users.get(2).following_users.list()) == ["root", "bob"]
    ada.users.get(3).unfollow()
    assert bob.users.get(3).followers_users.list() == []


def test_the_status_of_anybody_is_shown(bob: Any) -> None:
    status = bob.users.get(2).status.get()
    assert (status.emoji, status.message, status.availability) == ("rocket", "Counting down", "busy")


def test_memberships_are_shown_to_administrators(root: Any, ada: Any) -> None:
    memberships = root.users.get(4).memberships.list()
    assert [(one.source_name, one.source_type, one.access_level) for one in memberships] == [
        ("Acme", "Namespace", 30),
        ("Engines", "Namespace", 40),
    ]
    assert root.users.get(4).memberships.list(type="Project") == []
    assert refused(gitlab.GitlabListError, ada.users.get(4).memberships.list)[0] == 403


def test_the_projects_of_a_user_are_owned_starred_or_contributed_to(root: Any, ada: Any) -> None:
    mine = ada.users.get(2)
    assert [project.path_with_namespace for project in mine.projects.list()] == ["ada/notes"]
    assert [project.path for project in mine.starred_projects.list()] == ["rocket"]
    assert [project.path for project in ada.users.get(5).contributed_projects.list()] == ["rocket"]
    made = root.users.get(2).projects.create({"name": "Diary"})
    assert root.projects.get(made.id).path_with_namespace == "ada/Diary"


def test_what_a_user_did_is_listed(ada: Any) -> None:
    [event] = ada.users.get(5).events.list()
    assert (event.action_name, event.target_type, event.target_title) == ("opened", "Issue", "It explodes")


def test_an_identity_at_another_service_is_forgotten(root: Any) -> None:
    bob = root.users.get(3)
    assert bob.identities == [{"provider": "saml", "extern_uid": "bob.kahn", "saml_provider_id": None}]
    bob.identityproviders.delete("saml")
    assert root.users.get(3).identities == []


def test_custom_attributes_are_set_listed_and_removed(root: Any, ada: Any) -> None:
    attributes = root.users.get(3).customattributes
    attributes.set("team", "red")
    assert [(one.key, one.value) for one in attributes.list()] == [("team", "red")]
    assert usernames(root.users.list(custom_attributes={"team": "red"})) == ["bob"]
    attributes.get("team").delete()
    assert attributes.list() == []
    assert refused(gitlab.GitlabListError, ada.users.get(3).customattributes.list)[0] == 403


def test_the_days_on_which_users_were_active_are_told(root: Any, ada: Any) -> None:
    ada.http_get("/user")
    active = root.user_activities.list(**{"from": "2024-05-01"}, get_all=True)
    assert ("ada", "2024-05-01") in [(one.username, one.last_activity_on) for one in active]
