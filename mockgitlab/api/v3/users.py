"""Users, and the current one: their accounts, SSH keys and emails.

Source: GitLab 8's doc/api/users.md and lib/api/users.rb, GitLab 9's lib/api/v3/users.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.email import EMAIL, Email
from mockgitlab.api.models.key import SSH_KEY
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.models.user_profile import USER_WITH_ADMIN
from mockgitlab.api.services.accounts import remove_user, solely_owned_groups
from mockgitlab.api.services.private_tokens import private_token_of
from mockgitlab.api.user_filters import flag, for_admins
from mockgitlab.api.v3.base import era, forgiving, v3
from mockgitlab.api.v4 import base, user_email_addresses, user_keys
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.events import EVENT, list_user_events
from mockgitlab.errors import Forbidden, NotFound
from mockgitlab.store import Query

Users = Query[User]
AT = "users/:id"
USER_FULL = (
    USER_WITH_ADMIN.plus(skype=lambda user, view: user.skype, created_at=lambda user, view: user.created_at)
    .only(
        *("name", "username", "id", "state", "avatar_url", "web_url", "created_at", "is_admin", "bio", "location"),
        *("skype", "linkedin", "twitter", "website_url", "organization", "last_sign_in_at", "confirmed_at", "email"),
        *("theme_id", "color_scheme_id", "projects_limit", "current_sign_in_at", "identities", "can_create_group"),
        *("can_create_project", "two_factor_enabled", "external"),
    )
    .called("UserFull")
)
USER = USER_FULL.only(
    *("name", "username", "id", "state", "avatar_url", "web_url", "created_at", "is_admin", "bio", "location"),
    *("skype", "linkedin", "twitter", "website_url", "organization"),
).called("User")
USER_LOGIN = USER_FULL.plus(private_token=lambda user, view: private_token_of(user)).called("UserLogin")
v3.dialect.show({USER_WITH_ADMIN: USER_FULL, EMAIL: EMAIL.only("id", "email")})
v3.locator(AT)(base.find_user)


@v3.get("user", shape=USER_FULL)
def show_current_user(call: dsl.Call) -> User:
    """Show the current user, up to 8.11 with the private token."""
    shown: Any = dsl.present(access.me(call), USER_LOGIN if era(call.settings) < (8, 12) else USER_FULL)
    return shown  # type: ignore[no-any-return]


# Lists


def _narrowed(call: dsl.Call, users: Users) -> Users:
    """Return the users without what a username makes GitLab forget: all other filters."""
    username = call.given.get("username")
    return users.where(folded=username.lower()) if username else users


def _search(users: Users, text: str, call: dsl.Call) -> Users:
    wanted = text.lower()
    return users.filter(
        lambda user: any(wanted in one.lower() for one in (user.name, user.username, user.email)), ("search", wanted)
    )


def _unless_named(given: dsl.Filter) -> dsl.Filter:
    """Return a filter that does nothing where a username is given."""

    def narrow(users: Users, value: Any, call: dsl.Call) -> Users:
        return users if call.given.get("username") else given.narrow(users, value, call)

    return dsl.Filter(given.params, narrow)


FILTERS = [
    dsl.by("username", str, "The user with this username alone", lambda users, name, call: _narrowed(call, users)),
    *map(
        _unless_named,
        (
            dsl.by("search", str, "Users whose name, username or email holds this", _search),
            flag("active", "Only active users", lambda users: users.where(state="active")),
            flag("blocked", "Only blocked users", lambda users: users.among("state", ("blocked", "ldap_blocked"))),
            for_admins(flag("external", "Only external users", lambda users: users.where(external=True))),
        ),
    ),
]


@v3.get("users", shape=USER_BASIC, filters=FILTERS)
def list_users(call: dsl.Call) -> Users:
    """List users, to administrators with all that is known of them."""
    shape = USER_FULL if access.is_admin(call) else USER_BASIC
    return dsl.present(call.store[User].all(), shape)  # type: ignore[no-any-return]


@v3.get(f"{AT}/events", shape=EVENT)
def list_events(call: dsl.Call, user: User) -> Query[Any]:
    """List what a user did, the newest first."""
    return list_user_events(call, user).order_by("id", descending=True)


# Accounts


def show_user(call: dsl.Call, user: User) -> Any:
    """Show a user."""
    return dsl.present(user, USER_FULL if access.is_admin(call) else USER)


def block_user(call: dsl.Call, user: User) -> bool:
    """Block a user; tells whether there was something to do."""
    if user.state == "ldap_blocked":
        text = "LDAP blocked users cannot be modified by the API"
        raise Forbidden(text, reason=f"{user.username} is {user.state}")
    if user.blocked:
        return False
    call.store.update(user, state="blocked")
    return True


def delete_user(call: dsl.Call, user: User) -> None:
    """Delete a user, before 9.0 with all that the user wrote; the only owner of a group stays."""
    if not solely_owned_groups(call.store, user):
        remove_user(call.store, user, hard=era(call.settings) < (9,))


ATTRIBUTES = (
    *("skype", "linkedin", "twitter", "website_url", "organization", "projects_limit", "extern_uid", "provider"),
    *("bio", "location", "admin", "can_create_group", "external"),
)
PASSWORD = dsl.param("password", str, "The password of the user", required=True)


CONFIRM = {"confirm": dsl.Renamed("skip_confirmation", lambda confirm: not confirm, bool)}

v3.adopt(v4, "GET", AT, rule=access.USER, shape=USER, handler=show_user, takes=())
v3.adopt(v4, "POST", "users", takes=("email", PASSWORD, "name", "username", *ATTRIBUTES, *CONFIRM), renames=CONFIRM)
v3.adopt(v4, "PUT", AT, takes=("email", "password", "name", "username", *ATTRIBUTES))
v3.adopt(v4, "DELETE", AT, handler=delete_user, takes=(), gives_back=USER_FULL)
v3.adopt(v4, "POST", f"{AT}/block", at=f"PUT {AT}/block", handler=block_user)
v3.adopt(v4, "POST", f"{AT}/unblock", at=f"PUT {AT}/unblock")


# Keys and emails


def list_emails(call: dsl.Call) -> Query[Email]:
    """List the emails of a user besides the primary one."""
    user = user_keys.owner(call)
    other = call.store[Email].where(user_id=user.id)
    return other.filter(lambda email: email.folded_email != user.folded_email, ("not", user.folded_email))


def find_email(call: dsl.Call, value: str) -> Email:
    """Return the email of the user with this id, which is not the primary one."""
    email = user_email_addresses.find_email(call, value)
    if email.folded_email == user_keys.owner(call).folded_email:
        raise NotFound("Email", reason=f"{email.email} is the primary email, of which v3 does not speak")
    return email


def delete_email(call: dsl.Call, email: Email) -> bool | None:
    """Delete an email of a user; answers true where it was the public one as well, else null."""
    was_public = user_keys.owner(call).public_email == email.email
    user_email_addresses.delete_email(call, email)
    return True if was_public else None


TITLE_AND_KEY = ("title", "key")
FORGIVEN_UNTIL = (8, 15)
"""Since then one's own key or email that is not there is told to be missing when it is to be deleted."""

for _whose, _name, _find in (
    *((whose, "key_id", user_keys.find_key) for whose in ("user", AT)),
    *((whose, "email_id", find_email) for whose in ("user", AT)),
):
    v3.locator(f"{_whose}/{_name.removesuffix('_id')}s/:{_name}", integer=True)(_find)


def _declare(whose: str, rule: dsl.Rule, until: tuple[int, ...]) -> None:
    key, email = (
        ((name, dsl.Locator(forgiving(find, until), integer=True)),)
        for name, find in (("key_id", user_keys.find_key), ("email_id", find_email))
    )
    v3.adopt(v4, "GET", f"{whose}/keys", rule=rule, paginated=False, locators=())
    v3.adopt(v4, "POST", f"{whose}/keys", takes=TITLE_AND_KEY)
    v3.adopt(v4, "DELETE", f"{whose}/keys/:key_id", gives_back=SSH_KEY, locators=key)
    v3.adopt(v4, "GET", f"{whose}/emails", handler=list_emails, paginated=False)
    v3.adopt(v4, "POST", f"{whose}/emails", takes=("email",))
    v3.adopt(v4, "DELETE", f"{whose}/emails/:email_id", handler=delete_email, locators=email)


_declare("user", access.USER, FORGIVEN_UNTIL)
_declare(AT, access.ADMIN_AFTER_PARAMETERS, ())
v3.adopt(v4, "GET", "user/keys/:key_id")
v3.adopt(v4, "GET", "user/emails/:email_id")
