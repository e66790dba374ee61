from typing import Any

import pytest

from mockgitlab import load_scenario
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api

AT = "application/settings"
THROTTLE = "throttle_authenticated_api_"


def begun_with(of: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {**WORLD, "gitlab": {**WORLD.get("gitlab", {}), **(of or {}), "settings": settings}}


def test_only_administrators_see_and_change_settings(api: Api) -> None:
    assert (api.get(AT, "ada").status, api.put(AT, "ada", signup_enabled=False).status) == (403, 403)
    assert api.get(AT, None).status == 401


def test_settings_are_shown_with_gitlab_s_defaults(api: Api) -> None:
    shown = api.get(AT, "root")
    assert shown.status == 200
    expected = {
        "id": 1,
        "default_projects_limit": 100000,
        "signup_enabled": True,
        "default_branch_protection": 2,
        "restricted_visibility_levels": [],
        "password_authentication_enabled_for_web": True,
        "password_authentication_enabled": True,
        "signin_enabled": True,
        "default_project_visibility": "private",
        "domain_allowlist": [],
        "domain_allowlist_raw": "",
        "deletion_adjourned_period": 7,
        "housekeeping_bitmaps_enabled": True,
        "performance_bar_allowed_group_id": None,
        "polling_interval_multiplier": 1.0,
        "repository_storages_weighted": {"default": 100},
        "throttle_unauthenticated_web_enabled": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
    }
    assert {name: shown.json[name] for name in expected} == expected


def test_settings_are_changed_and_stay_so(api: Api) -> None:
    before = api.get(AT, "root").json
    changes = {"signup_enabled": False, "default_project_visibility": "internal", "max_import_size": 50}
    changed = api.put(AT, "root", **changes)
    assert changed.status == 200
    assert changed.json == {**before, **changes}
    assert api.get(AT, "root").json == changed.json
    assert api.put(AT, "root", max_export_size=1).json == {**before, **changes, "max_export_size": 1}


def test_a_list_may_be_one_text_with_commas(api: Api) -> None:
    shown = api.put(AT, "root", domain_allowlist="a.com, b.com").json
    assert (shown["domain_allowlist"], shown["domain_allowlist_raw"]) == (["a.com", "b.com"], "a.com\nb.com")
    assert api.put(AT, "root", domain_allowlist=None).json["domain_allowlist"] == []


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("signin_enabled", False, "password_authentication_enabled_for_web"),
        ("password_authentication_enabled", False, "password_authentication_enabled_for_web"),
        ("admin_notification_email", "abuse@example.com", "abuse_notification_email"),
        ("asset_proxy_whitelist", ["a.com"], "asset_proxy_allowlist"),
        (
            "allow_local_requests_from_hooks_and_services",
            True,
            "allow_local_requests_from_web_hooks_and_services",
        ),
        ("throttle_unauthenticated_web_enabled", True, "throttle_unauthenticated_enabled"),
        ("housekeeping_optimize_repository_period", 7, "housekeeping_incremental_repack_period"),
    ],
)
def test_an_older_name_sets_the_newer(api: Api, old: str, value: Any, new: str) -> None:
    assert api.put(AT, "root", **{old: value}).json[new] == value


def test_the_group_of_the_performance_bar_is_given_by_path_and_shown_by_id(api: Api) -> None:
    shown = api.put(AT, "root", performance_bar_allowed_group_id="acme").json
    assert shown["performance_bar_allowed_group_id"] == api.get("groups/acme", "root").json["id"]
    assert "performance_bar_allowed_group_path" not in shown
    assert (
        api.put(AT, "root", performance_bar_allowed_group_path="nowhere").json["performance_bar_allowed_group_id"]
        is None
    )


def test_secrets_are_taken_and_never_shown(api: Api) -> None:
    aws = {"eks_account_id": "1" * 12, "eks_access_key_id": "A" * 16, "eks_secret_access_key": "hush"}
    shown = api.put(AT, "root", eks_integration_enabled=True, elasticsearch_password="hush", **aws)
    assert shown.status == 200
    assert "hush" not in shown.text


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"akismet_enabled": True}, {"message": '400 (Bad request) "akismet_api_key" not given'}),
        ({"elasticsearch_aws": True}, {"message": '400 (Bad request) "elasticsearch_aws_region" not given'}),
        ({"enforce_terms": True}, {"message": {"terms": ["You need to set terms to be enforced"]}}),
        (
            {"domain_denylist_enabled": True},
            {"message": {"domain_denylist": ["Domain denylist cannot be empty if denylist is enabled."]}},
        ),
        ({"plantuml_enabled": True, "plantuml_url": " "}, {"message": {"plantuml_url": ["can't be blank"]}}),
        (
            {"deletion_adjourned_period": 0},
            {"message": {"deletion_adjourned_period": ["must be greater than or equal to 1"]}},
        ),
        (
            {"deletion_adjourned_period": 91},
            {"message": {"deletion_adjourned_period": ["must be less than or equal to 90"]}},
        ),
        ({"max_attachment_size": 0}, {"message": {"max_attachment_size": ["must be greater than 0"]}}),
        ({"max_attachment_size": None}, {"message": {"max_attachment_size": ["is not a number"]}}),
        ({"admin_mode": None}, {"message": {"admin_mode": ["must be a boolean value"]}}),
        ({"gitaly_timeout_medium": 5}, {"message": {"gitaly_timeout_medium": ["must be greater than or equal to 10"]}}),
        (
            {"home_page_url": "nowhere"},
            {"message": {"home_page_url": ["is blocked: Only allowed schemes are http, https"]}},
        ),
        (
            {"rate_limiting_response_text": "x" * 256},
            {"message": {"rate_limiting_response_text": ["is too long (maximum is 255 characters)"]}},
        ),
        ({"abuse_notification_email": "nobody"}, {"message": {"abuse_notification_email": ["is invalid"]}}),
        (
            {"default_ci_config_path": "/x"},
            {"message": {"default_ci_config_path": ["cannot include leading slash or directory traversal."]}},
        ),
        ({"default_project_visibility": "secret"}, {"error": "default_project_visibility does not have a valid value"}),
        ({"import_sources": ["paper"]}, {"error": "import_sources does not have a valid value"}),
        ({"rsa_key_restriction": 7}, {"error": "rsa_key_restriction does not have a valid value"}),
        ({"signup_enabled": "maybe"}, {"error": "signup_enabled is invalid"}),
        (
            {"signin_enabled": True, "password_authentication_enabled": True},
            {"error": "password_authentication_enabled, signin_enabled are mutually exclusive"},
        ),
        (
            {"housekeeping_enabled": True, "housekeeping_gc_period": 5, "housekeeping_optimize_repository_period": 5},
            {
                "error": "housekeeping_full_repack_period, housekeeping_gc_period, "
                "housekeeping_incremental_repack_period provide all or none of parameters"
            },
        ),
        (
            {"restricted_visibility_levels": ["private"]},
            {
                "message": {
                    "default_project_visibility": ["cannot be set to a restricted visibility level"],
                    "default_group_visibility": ["cannot be set to a restricted visibility level"],
                }
            },
        ),
        (
            {"valid_runner_registrars": ["moon"]},
            {"message": {"valid_runner_registrars": ['["moon"] is not included in the list']}},
        ),
    ],
)
def test_what_is_not_valid_is_refused(api: Api, given: dict[str, Any], body: Any) -> None:
    before = api.get(AT, "root").json
    refused = api.put(AT, "root", **given)
    assert (refused.status, refused.json) == (400, body)
    assert api.get(AT, "root").json == before


def test_something_must_be_given(api: Api) -> None:
    refused = api.put(AT, "root", nothing=1)
    assert refused.status == 400
    assert refused.json["error"].endswith(" are missing, at least one parameter must be provided")


@pytest.mark.mockgitlab(scenario=begun_with(of={"edition": "ce"}))
def test_settings_of_the_enterprise_edition_are_ignored_without_it(api: Api) -> None:
    assert "maintenance_mode" not in api.put(AT, "root", maintenance_mode=True, signup_enabled=False).json


@pytest.mark.mockgitlab(scenario=begun_with(of={"version": "15.11.0"}))
def test_a_version_has_its_own_settings(api: Api) -> None:
    shown = api.get(AT, "root").json
    assert shown["user_email_lookup_limit"] == 60
    assert not shown.keys() & {"allow_account_deletion", "default_branch_protection_defaults"}


@pytest.mark.mockgitlab(scenario=begun_with(signin_enabled=False, terms="Be kind", enforce_terms=True))
def test_a_scenario_sets_them(api: Api) -> None:
    shown = api.get(AT, "root").json
    assert (shown["password_authentication_enabled_for_web"], shown["terms"]) == (False, "Be kind")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sigup_enabled": True}, "signup_enabled"),
        ({"signup_enabled": "often"}, "signup_enabled.*must be true or false"),
        ({"deletion_adjourned_period": 99}, "must be less than or equal to 90"),
        ({"enforce_terms": True}, "terms You need to set terms to be enforced"),
        (3, "must be a mapping"),
    ],
)
def test_a_scenario_with_wrong_settings_is_refused(settings: Any, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load_scenario({"mockgitlab": 1, "gitlab": {"settings": settings}})


# What they cause


def test_new_projects_and_groups_get_the_default_visibility_and_branch(api: Api) -> None:
    changes = {
        "default_project_visibility": "internal",
        "default_group_visibility": "public",
        "default_branch_name": "trunk",
    }
    api.put(AT, "root", **changes)
    project = api.post("projects", "ada", name="Fresh", initialize_with_readme=True).json
    assert (project["visibility"], project["default_branch"]) == ("internal", "trunk")
    assert api.post("groups", "ada", name="Fresh", path="fresh").json["visibility"] == "public"


def test_a_restricted_visibility_is_for_administrators(api: Api) -> None:
    api.put(AT, "root", restricted_visibility_levels=["public"])
    told = "public has been restricted by your GitLab administrator"
    refused = api.post("projects", "ada", name="Fresh", visibility="public")
    assert (refused.status, refused.json) == (400, {"message": {"visibility_level": [told]}})
    assert told in api.post("groups", "ada", name="Fresh", path="fresh", visibility="public").text
    assert api.post("projects", "root", name="Fresh", visibility="public").status == 201


def test_new_users_are_as_the_settings_say(api: Api) -> None:
    api.put(AT, "root", default_projects_limit=3, can_create_group=False, user_defaults_to_private_profile=True)
    given = {"name": "Eve", "username": "eve", "email": "eve@example.com", "force_random_password": True}
    made = api.post("users", "root", **given).json
    assert (made["projects_limit"], made["can_create_group"], made["private_profile"]) == (3, False, True)


def test_tokens_have_the_prefix_and_the_lifetime(api: Api) -> None:
    api.put(AT, "root", personal_access_token_prefix="acme-", max_personal_access_token_lifetime=30)
    at = "users/2/personal_access_tokens"
    made = api.post(at, "root", name="ci", scopes=["api"])
    assert (made.status, made.json["token"][:5], made.json["expires_at"]) == (201, "acme-", "2024-05-31")
    late = api.post(at, "root", name="ci", scopes=["api"], expires_at="2024-06-01")
    assert late.status in (400, 422)


def test_requests_are_throttled_until_the_period_is_over(api: Api) -> None:
    limits = {f"{THROTTLE}enabled": True, f"{THROTTLE}requests_per_period": 2, f"{THROTTLE}period_in_seconds": 3}
    api.put(AT, "root", **limits)
    assert [api.get("user", "ada").status for _ in range(3)] == [200, 200, 429]
    refused = api.get("user", "ada")
    assert (refused.text, refused.headers["Retry-After"]) == ("Retry later\n", "3")
    assert refused.headers["Content-Type"] == "text/plain"
    assert api.get("projects", "bob").status == 200
    api.put(AT, "root", rate_limiting_response_text="Slow down")
    assert api.get("user", "ada").text == "Slow down\n"
    api.put(AT, "root", **{f"{THROTTLE}enabled": False})
    assert api.get("user", "ada").status == 200


@pytest.mark.mockgitlab(
    scenario=begun_with(throttle_unauthenticated_api_enabled=True, throttle_unauthenticated_api_requests_per_period=1)
)
def test_who_is_not_known_has_a_limit_of_his_own(api: Api) -> None:
    assert [api.get("projects", None).status for _ in range(2)] == [200, 429]
    assert api.get("projects", "nobody").headers["RateLimit-Name"] == "throttle_unauthenticated_api"
    assert [api.get("projects", "ada").status for _ in range(2)] == [200, 200]
