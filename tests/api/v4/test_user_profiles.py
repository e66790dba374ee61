import pytest

from tests.support import WORLD, Api

GRAVATAR = "https://www.gravatar.com/avatar/"
ADA = {
    "id": 2,
    "username": "ada",
    "public_email": None,
    "name": "Ada Lovelace",
    "state": "active",
    "locked": False,
    "avatar_url": f"{GRAVATAR}b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72?s=80&d=identicon",
    "web_url": "http://localhost/ada",
    "created_at": "2024-05-01T09:00:00.000Z",
    "bio": "",
    "location": "",
    "skype": "",
    "linkedin": "",
    "twitter": "",
    "discord": "",
    "website_url": "",
    "job_title": "",
    "pronouns": None,
    "organization": "",
    "bot": False,
    "work_information": None,
    "local_time": None,
}
FOLLOWERS = {"followers": 0, "following": 0, "is_followed": False}
OWN: dict[str, object] = {
    "last_sign_in_at": None,
    "confirmed_at": "2024-05-01T09:00:00.000Z",
    "last_activity_on": "2024-05-01",
    "email": "ada@example.com",
    "theme_id": 1,
    "color_scheme_id": 1,
    "projects_limit": 100000,
    "current_sign_in_at": None,
    "identities": [],
    "can_create_group": True,
    "can_create_project": True,
    "two_factor_enabled": False,
    "external": False,
    "private_profile": False,
    "commit_email": "ada@example.com",
    "preferred_language": "en",
    "shared_runners_minutes_limit": None,
    "extra_shared_runners_minutes_limit": None,
    "scim_identities": [],
}
OF_ADMINS = {
    "is_admin": False,
    "note": None,
    "created_by": None,
    "email_reset_offered_at": None,
    "using_license_seat": True,
    "is_auditor": False,
    "provisioned_by_group_id": None,
    "enterprise_group_id": None,
    "enterprise_group_associated_at": None,
}
DETAILS = {
    "highest_role": 50,
    "current_sign_in_ip": None,
    "last_sign_in_ip": None,
    "plan": "default",
    "trial": False,
    "sign_in_count": 0,
}


def of(**user: object) -> Api:
    """Return an instance whose seventh user is of this kind."""
    return Api({**WORLD, "users": [*WORLD["users"], {"username": "zoe", **user}]})


def test_the_current_user_sees_the_whole_account(api: Api) -> None:
    answer = api.get("user", "ada")
    assert (answer.status, answer.json) == (200, {**ADA, **OWN})
    assert list(answer.json) == [*ADA, *OWN]


def test_a_user_sees_the_profile_of_another(api: Api) -> None:
    answer = api.get("users/2", "nora")
    assert (answer.status, answer.json) == (200, {**ADA, **FOLLOWERS})


def test_administrators_see_everything_of_a_user(api: Api) -> None:
    api.get("user", "ada")
    shown = api.get("users/2").json
    assert shown.pop("namespace_id") == api.get("namespaces/ada").json["id"]
    assert shown == {**ADA, **FOLLOWERS, **OWN, **OF_ADMINS, **DETAILS}


def test_an_administrator_sees_as_much_of_himself(api: Api) -> None:
    shown = api.get("user").json
    assert (shown["is_admin"], shown["username"]) == (True, "root")
    assert "highest_role" not in shown


def test_sudo_shows_the_other_user(api: Api) -> None:
    assert api.get("user", sudo="ada").json == {**ADA, **OWN, "last_activity_on": None}


def test_the_community_edition_has_no_properties_of_the_enterprise_edition() -> None:
    shown = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("users/2").json
    assert not {"plan", "using_license_seat", "shared_runners_minutes_limit", "scim_identities"} & set(shown)


def test_properties_come_and_go_with_versions() -> None:
    new = Api({**WORLD, "gitlab": {"version": "18.1.0"}}).get("user").json
    assert "github" in new
    assert "skype" not in new


def test_nobody_sees_a_user_without_signing_in(api: Api) -> None:
    refused = (403, {"message": "403 Forbidden - Not authorized!"})
    assert (api.get("users/2", None).status, api.get("users/2", None).json) == refused
    assert api.get("users/99", None).status == 403
    assert api.get("user", None).status == 401


def test_an_unknown_user_is_not_found(api: Api) -> None:
    answer = api.get("users/99")
    assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})


def test_a_single_user_is_named_by_number_alone(api: Api) -> None:
    answer = api.get("users/ada")
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})


def test_a_private_profile_says_less_to_others() -> None:
    api = of(private_profile=True)
    hidden = {"created_at", "followers", "following", "is_followed"}
    assert not hidden & set(api.get("users/7", "ada").json)
    assert hidden <= set(api.get("users/7").json)


def test_work_information_joins_job_and_organization() -> None:
    assert of(job_title="Pilot", organization="Apollo").get("users/7").json["work_information"] == "Pilot at Apollo"
    assert of(organization="Apollo").get("users/7").json["work_information"] == "Apollo"


@pytest.mark.parametrize(("zone", "time"), [("UTC", "9:00 AM"), ("Nowhere/None", None), ("", None)])
def test_the_local_time_is_that_of_the_users_time_zone(zone: str, time: str | None) -> None:
    assert of(timezone=zone).get("users/7").json["local_time"] == time


def test_a_private_commit_email_is_made_of_id_and_name() -> None:
    assert of(commit_email="_private").get("users/7").json["commit_email"] == "7-zoe@users.noreply.localhost"


def test_an_external_user_creates_nothing() -> None:
    shown = of(external=True).get("users/7").json
    assert (shown["can_create_group"], shown["projects_limit"], shown["can_create_project"]) == (False, 0, False)


def test_projects_count_against_the_limit() -> None:
    users = [*WORLD["users"][:1], {**WORLD["users"][1], "projects_limit": 1}, *WORLD["users"][2:]]
    assert Api({**WORLD, "users": users}).get("user", "ada").json["can_create_project"] is False


def test_identities_are_shown_to_their_user() -> None:
    api = of(identities=[{"provider": "saml", "extern_uid": "z"}])
    shown = [{"provider": "saml", "extern_uid": "z", "saml_provider_id": None}]
    assert api.get("users/7").json["identities"] == shown


def test_who_made_an_account_is_shown(api: Api) -> None:
    made = api.post("users", name="Zoe", username="zoe", email="z@z.org", reset_password=True)
    assert made.json["created_by"]["username"] == "root"


# Parts of an account


def test_an_identity_is_deleted() -> None:
    api = of(identities=[{"provider": "saml", "extern_uid": "z"}])
    assert api.delete("users/7/identities/saml").status == 204
    assert api.get("users/7").json["identities"] == []
    again = api.delete("users/7/identities/saml")
    assert (again.status, again.json) == (404, {"message": "404 Identity Not Found"})
    assert api.delete("users/7/identities/saml", "ada").json == {"message": "403 Forbidden"}
    assert api.delete("users/99/identities/saml").json == {"message": "404 User Not Found"}


def test_two_factor_authentication_is_disabled() -> None:
    api = of(two_factor_enabled=True)
    path = "users/7/disable_two_factor"
    assert api.request("PATCH", path, "ada").status == 403
    assert api.request("PATCH", path).status == 204
    assert api.get("users/7").json["two_factor_enabled"] is False
    again = api.request("PATCH", path)
    assert again.status == 400
    message = "400 Bad request - Two-factor authentication is not enabled for this user"
    assert again.json == {"message": message}


def test_two_factor_authentication_of_administrators_stays(api: Api) -> None:
    answer = api.request("PATCH", "users/1/disable_two_factor")
    text = "Two-factor authentication for admins cannot be disabled via the API. Use the Rails console"
    assert (answer.status, answer.json) == (403, {"message": f"403 Forbidden - {text}"})
