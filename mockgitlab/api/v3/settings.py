"""The application settings, for administrators.

Source: GitLab 8's doc/api/settings.md, lib/api/settings.rb and GitLab 9's lib/api/v3/settings.rb. What is taken and
never shown, such as the settings of metrics, is ignored where newer versions have it no more.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models import application_setting
from mockgitlab.api.services import application_settings
from mockgitlab.api.v3.base import LEVELS, NUMBERS, v3
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import MissingParameters, ValidationFailed

STORAGE = "default"
VISIBILITIES = ("default_project_visibility", "default_snippet_visibility", "default_group_visibility")
SHOWN = (
    *("default_projects_limit", "signup_enabled", "signin_enabled", "gravatar_enabled", "sign_in_text"),
    *("after_sign_up_text", "created_at", "updated_at", "home_page_url", "default_branch_protection"),
    *("restricted_visibility_levels", "max_attachment_size", "session_expire_delay", *VISIBILITIES),
    *("domain_whitelist", "domain_blacklist_enabled", "domain_blacklist", "user_oauth_applications"),
    *("after_sign_out_path", "container_registry_token_expire_delay", "repository_storage", "repository_storages"),
    *("koding_enabled", "koding_url", "plantuml_enabled", "plantuml_url"),
)
OWN = {"sign_in_text": None, "koding_enabled": False, "koding_url": None}
"""What v4 has no more, with its defaults."""


def _same(name: str, read: Any, type: Any, enum: tuple[Any, ...] = ()) -> dict[str, dsl.Renamed]:
    """Return a parameter of the same name with other values."""
    return {name: dsl.Renamed(name, read, type, enum)}


RENAMES = {
    "domain_whitelist": dsl.Renamed("domain_allowlist"),
    "domain_blacklist": dsl.Renamed("domain_denylist"),
    "domain_blacklist_enabled": dsl.Renamed("domain_denylist_enabled"),
    **_same("default_branch_protection", int, int, (0, 1, 2)),
    **_same("enabled_git_access_protocol", lambda name: name if name != "nil" else None, str, ("ssh", "http", "nil")),
    **{name: one for each in VISIBILITIES for name, one in _same(each, LEVELS.get, int, tuple(LEVELS)).items()},
    **_same(
        "restricted_visibility_levels",
        lambda levels: [LEVELS.get(int(one), one) if one.isdecimal() else one for one in levels],
        dsl.CommaList,
    ),
}
TAKEN: tuple[str | dsl.Param, ...] = (
    *RENAMES,
    *("import_sources", "disabled_oauth_sign_in_sources", "gravatar_enabled", "default_projects_limit"),
    *("max_attachment_size", "session_expire_delay", "user_oauth_applications", "user_default_external"),
    *("signup_enabled", "send_user_confirmation_email", "after_sign_up_text", "signin_enabled"),
    *("require_two_factor_authentication", "two_factor_grace_period", "home_page_url", "after_sign_out_path"),
    *("help_page_text", "shared_runners_enabled", "shared_runners_text", "max_artifacts_size"),
    *("container_registry_token_expire_delay", "recaptcha_enabled", "recaptcha_site_key", "recaptcha_private_key"),
    *("akismet_enabled", "akismet_api_key", "admin_notification_email", "repository_checks_enabled"),
    *("plantuml_enabled", "plantuml_url", "version_check_enabled", "email_author_in_body", "html_emails_enabled"),
    *("housekeeping_enabled", "housekeeping_incremental_repack_period", "housekeeping_full_repack_period"),
    "housekeeping_gc_period",
    dsl.param("repository_storage", str, "The storage of new projects: default is the only one"),
    dsl.param("sign_in_text", str, "The text on the page where users sign in"),
    dsl.param("koding_enabled", bool, "Whether Koding is offered"),
    dsl.param("koding_url", str, "Where Koding is"),
)


def _shown(store: dsl.Store) -> dict[str, Any]:
    now = {**OWN, **application_setting.shown(store), **application_setting.values(store)}
    now |= {"repository_storage": STORAGE, "repository_storages": [STORAGE]}
    now |= {name: now[one.to] for name, one in RENAMES.items()}
    now["signin_enabled"] = now["password_authentication_enabled_for_web"]
    now |= {name: NUMBERS[now[name]] for name in VISIBILITIES}
    now["restricted_visibility_levels"] = [NUMBERS[one] for one in now["restricted_visibility_levels"] or ()]
    return {"id": 1, **{name: now[name] for name in SHOWN}}


def _check(given: Mapping[str, Any]) -> None:
    if given.get("koding_enabled") and "koding_url" not in given:
        raise MissingParameters(["koding_url"], reason="Koding is enabled together with its address")
    storage = given.get("repository_storage", STORAGE)
    if storage != STORAGE:
        raise ValidationFailed(
            {"repository_storages": [f"can't include: {storage}"]}, reason=f"there is {STORAGE} alone"
        )


def show_application_settings(call: dsl.Call) -> dict[str, Any]:
    """Show the settings of the instance."""
    return _shown(call.store)


def update_application_settings(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    """Change settings of the instance."""
    _check(given)
    application_settings.update(call.store, given.without(*OWN, "repository_storage"))
    application_settings.keep(call.store, given.only(*OWN))
    return _shown(call.store)


v3.adopt(v4, "GET", "application/settings", handler=show_application_settings)
v3.adopt(v4, "PUT", "application/settings", handler=update_application_settings, takes=TAKEN, renames=RENAMES)
