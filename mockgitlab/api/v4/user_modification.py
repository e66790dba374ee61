"""Users: creating and modifying them, which only administrators may do. Source: https://docs.gitlab.com/api/users/."""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.api.models.user_profile import USER_WITH_ADMIN
from mockgitlab.api.models.user_settings import set_preferences
from mockgitlab.api.services.accounts import add_user, change_user, email_owner
from mockgitlab.api.services.application_settings import defaults_of_users
from mockgitlab.api.services.avatars import avatar_columns
from mockgitlab.api.services.paths import TAKEN
from mockgitlab.api.services.user_rules import Problems, problems_of
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, ValidationFailed

COLUMNS = (
    "skype",
    "linkedin",
    "twitter",
    "discord",
    "github",
    "website_url",
    "organization",
    "projects_limit",
    "bio",
    "location",
    "pronouns",
    "public_email",
    "commit_email",
    "can_create_group",
    "external",
    "theme_id",
    "color_scheme_id",
    "private_profile",
    "note",
    "shared_runners_minutes_limit",
    "extra_shared_runners_minutes_limit",
)
OTHERS = ("name", "username", "email", "password", "admin", "auditor")


def _column(name: str) -> dsl.Param:
    field = User.fields[name]
    return dsl.param(name, field.type, field.description, since=field.since, until=field.until)


COMMON = [
    *map(_column, COLUMNS),
    dsl.param("admin", bool, "Whether the user is an administrator"),
    dsl.param("auditor", bool, "Whether the user is an auditor"),
    dsl.param("avatar", dsl.File, "The picture of the user"),
    dsl.param("view_diffs_file_by_file", bool, "Whether the user sees one file of a diff on each page"),
    dsl.param("extern_uid", str, "The user's name at another service"),
    dsl.param("provider", str, "The other service"),
    dsl.param("group_id_for_saml", int, "The ID of the group whose SAML provider knows the user"),
]
TOGETHER = dsl.all_or_none_of("extern_uid", "provider")


@v4.post(
    "users",
    rule=access.ADMIN_AFTER_PARAMETERS,
    shape=USER_WITH_ADMIN,
    params=[
        dsl.param("email", str, "The email of the user", required=True),
        dsl.param("password", str, "The password of the user"),
        dsl.param("reset_password", bool, "Whether the user is sent a link to set the password"),
        dsl.param("force_random_password", bool, "Whether the password is made up"),
        dsl.param("skip_confirmation", bool, "Whether the email counts as confirmed"),
        dsl.param("name", str, "The name of the user", required=True),
        dsl.param("username", str, "The username of the user", required=True),
        *COMMON,
    ],
    constraints=[dsl.at_least_one_of("password", "reset_password", "force_random_password"), TOGETHER],
)
def create_user(call: dsl.Call, given: dsl.Given) -> User:
    """Create a user, with the personal namespace."""
    columns = _columns(given)
    columns["confirmed_at"] = call.now if given.get("skip_confirmation") else None
    columns["created_by_id"] = access.me(call).id
    if given.get("reset_password") or given.get("force_random_password"):
        columns["password"] = call.store.mint()
    _refuse_new(call.store, problems_of(call.store, columns), columns)
    user = add_user(call.store, {**defaults_of_users(call.store), **columns})
    _set_related(call.store, user, given)
    return user


def _refuse_new(store: dsl.Store, problems: Problems, columns: Mapping[str, Any]) -> None:
    """Raise ``Conflict`` for what somebody else has, when there is any problem; else ``ValidationFailed``."""
    if problems:
        _refuse_taken(store, columns, None)
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")


def _refuse_taken(store: dsl.Store, columns: Mapping[str, Any], itself: User | None) -> None:
    owner = email_owner(store, columns.get("email") or "")
    if owner is not None and owner != itself:
        raise Conflict("Email has already been taken", reason=f"{columns['email']} is the email of {owner.username}")
    namesake = store[User].find(folded=(columns.get("username") or "").lower())
    if namesake is not None and namesake != itself:
        raise Conflict("Username has already been taken", reason=f"user {namesake.id} is called {namesake.username}")


@v4.put(
    "users/:id",
    rule=access.ADMIN_AFTER_PARAMETERS,
    shape=USER_WITH_ADMIN,
    params=[
        dsl.param("email", str, "The email of the user"),
        dsl.param("password", str, "The password of the user"),
        dsl.param("skip_reconfirmation", bool, "Whether a new email counts as confirmed"),
        dsl.param("name", str, "The name of the user"),
        dsl.param("username", str, "The username of the user"),
        *COMMON,
    ],
    constraints=[TOGETHER],
)
def modify_user(call: dsl.Call, user: User, given: dsl.Given) -> User:
    """Modify a user; a new email waits for its confirmation, a new password has to be changed by the user."""
    columns = _columns(given)
    _refuse_taken(call.store, columns, user)
    if problems := problems_of(call.store, columns, user):
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")
    columns |= _limits(user, columns)
    if columns.get("password"):
        columns["password_expires_at"] = call.now if access.me(call).id != user.id else None
    if "email" in columns and columns["email"].lower() != user.folded_email:
        columns |= _new_email(call, user, columns.pop("email"))
    changed = change_user(call.store, user, columns)
    _set_related(call.store, changed, given)
    return changed


def _columns(given: dsl.Given) -> dict[str, Any]:
    """Return the columns that are given; null means the default."""
    columns = given.only(*OTHERS, *COLUMNS)
    for name, value in columns.items():
        field = User.fields[name]
        if value is None and field.default is not dsl.MISSING:
            columns[name] = field.default
    if "avatar" in given:
        columns |= avatar_columns(given["avatar"])
    return columns


def _limits(user: User, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what becoming external, or ceasing to be, does to what a user may create."""
    external = columns.get("external", user.external)
    if external == user.external:
        return {}
    if external:
        return {"projects_limit": 0, "can_create_group": False}
    defaults = {"projects_limit": User.projects_limit, "can_create_group": User.can_create_group}
    return {name: value for name, value in defaults.items() if name not in columns}


def _new_email(call: dsl.Call, user: User, email: str) -> dict[str, Any]:
    """Return the columns that a new email changes; one that is confirmed takes the place of the old one."""
    if not call.given.get("skip_reconfirmation"):
        return {"unconfirmed_email": email}
    for row in call.store[Email].where(user_id=user.id, folded_email=user.folded_email):
        call.store.update(row, email=email)
    return {"email": email, "unconfirmed_email": None, "confirmed_at": user.confirmed_at or call.now}


def _set_related(store: dsl.Store, user: User, given: dsl.Given) -> None:
    if given.get("view_diffs_file_by_file") is not None:
        set_preferences(store, user.id, view_diffs_file_by_file=given["view_diffs_file_by_file"])
    if given.get("provider"):
        _set_identity(store, user, given)


def _set_identity(store: dsl.Store, user: User, given: dsl.Given) -> None:
    provider, extern_uid = given["provider"], given["extern_uid"]
    owner = store[Identity].where(provider=provider, extern_uid=extern_uid).first()
    if owner is not None and owner.user_id != user.id:
        name = store[User][owner.user_id].username
        raise ValidationFailed({"extern_uid": [TAKEN]}, reason=f"{extern_uid} at {provider} is {name}")
    columns = {"extern_uid": extern_uid, "saml_provider_id": given.get("group_id_for_saml")}
    identity = store[Identity].where(provider=provider, user_id=user.id).first()
    if identity is None:
        store.insert(Identity(user_id=user.id, provider=provider, **columns))
    else:
        store.update(identity, **columns)
