"""What GitLab demands of a user's data, and what it says of data that falls short.

Source: GitLab's app/models/user.rb, user_detail.rb, namespace.rb and lib/gitlab/path_regex.rb.
"""

import re
from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.user import PRIVATE_EMAIL, User
from mockgitlab.api.services.accounts import email_owner
from mockgitlab.api.services.paths import FORMAT, RESERVED_AT_TOP, TAKEN

Problems = dict[str, list[str]]

BLANK = "can't be blank"
NOT_OWNED = "is not an email you own"
CONSECUTIVE = "must not start or end with a special character and must not contain consecutive special characters."
EXTENSION = "ending with a reserved file extension is not allowed."
WEAK = "must not contain commonly used combinations of words and letters"
EXTENSION_NAMES = re.compile(
    r"\.(atom|avi|bmp|css|csv|doc|gif|gz|html|ics|jpe?g|js|json|md|mp[34]|mpeg|pdf|png|rss|svg|tar|tiff|txt|webm|xml|ya?ml|zip)\Z",
    re.IGNORECASE,
)
COMMON_PASSWORDS = re.compile(
    r"p[a4]ssw[o0]rd\d*|(0?123456789?0?|12345678)|qwerty(ui|uiop)|1{8}|iloveyou|sunshine|princess|football|baseball|"
    r"superman|trustno1|letmein1|welcome1|changeme"
)
FORBIDDEN_WORDS = ("gitlab", "devops")
THEMES, COLOR_SCHEMES = range(1, 12), range(1, 7)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)*\Z")
_USERNAME = re.compile(r"[a-zA-Z0-9_.][a-zA-Z0-9_\-.]*(?<!\.git)(?<!\.atom)(?<!\.)\Z")
_PLAIN = re.compile(r"[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*\Z")


def problems_of(store: dsl.Store, columns: dict[str, Any], itself: User | None = None) -> Problems:
    """Return what is wrong with the columns to be written, by column; ``itself`` is the user that they change."""
    found: Problems = {}
    for name, value in columns.items():
        rule = _RULES.get(name)
        texts = rule(store, value, itself) if rule else []
        if texts := texts + _beyond_limits(name, value):
            found[name] = texts
    if columns.get("password") and "password" not in found and _is_weak(columns, itself):
        found["password"] = [WEAK]
    return found


def _beyond_limits(name: str, value: Any) -> list[str]:
    field = User.fields.get(name)
    limits = field.constraints if field else dsl.Constraints()
    if limits.max_length is not None and len(value or "") > limits.max_length:
        return [f"is too long (maximum is {limits.max_length} characters)"]
    if limits.minimum is not None and value is not None and value < limits.minimum:
        return [f"must be greater than or equal to {limits.minimum}"]
    return []


def _name(store: dsl.Store, name: str, itself: User | None) -> list[str]:
    return [] if (name or "").strip() else [BLANK]


def _username(store: dsl.Store, username: str, itself: User | None) -> list[str]:
    if not (username or "").strip():
        return [BLANK]
    found = []
    if len(username) < 2:
        found.append("is too short (minimum is 2 characters)")
    if username.lower() in RESERVED_AT_TOP:
        found.append(f"{username} is a reserved name")
    if not _USERNAME.match(username):
        found.append(FORMAT)
    if not _PLAIN.match(username):
        found.append(CONSECUTIVE)
    if EXTENSION_NAMES.search(username):
        found.append(EXTENSION)
    return found or ([TAKEN] if _path_taken(store, username, itself) else [])


def _path_taken(store: dsl.Store, username: str, itself: User | None) -> bool:
    folded = username.lower()
    at_top = store[Group].where(parent_id=None).filter(lambda one: one.path.lower() == folded, ("path", folded))
    return any(itself is None or namespace.owner_id != itself.id for namespace in at_top)


def _email(store: dsl.Store, email: str, itself: User | None) -> list[str]:
    if not (email or "").strip():
        return [BLANK]
    if not _EMAIL.match(email):
        return ["is invalid"]
    return [TAKEN] if email_taken(store, email, itself) else []


def email_taken(store: dsl.Store, email: str, itself: User | None = None) -> bool:
    """Tell whether an email is somebody else's, be it unconfirmed."""
    owners = {row.user_id for row in store[Email].where(folded_email=email.lower())}
    primary = email_owner(store, email)
    return bool({*owners, *([primary.id] if primary else [])} - {itself.id if itself else None})


def _public_email(store: dsl.Store, email: str | None, itself: User | None) -> list[str]:
    if not email:
        return []
    if any(user.id != (itself.id if itself else None) for user in store[User].where(public_email=email)):
        return [TAKEN]
    return [] if itself is None or _owns(store, email, itself) else [NOT_OWNED]


def _commit_email(store: dsl.Store, email: str | None, itself: User | None) -> list[str]:
    free = not email or email == PRIVATE_EMAIL
    return [] if free or (itself is not None and _owns(store, str(email), itself)) else [NOT_OWNED]


def _owns(store: dsl.Store, email: str, user: User) -> bool:
    owner = email_owner(store, email)
    return owner is not None and owner.id == user.id


def _password(store: dsl.Store, password: str | None, itself: User | None) -> list[str]:
    if not password:
        return [BLANK]
    if len(password) < 8:
        return ["is too short (minimum is 8 characters)"]
    return ["is too long (maximum is 128 characters)"] if len(password) > 128 else []


def _is_weak(columns: dict[str, Any], itself: User | None) -> bool:
    """Tell whether a password is a common one, or has a word of the user's own name, username or email in it."""
    password = str(columns["password"]).lower()
    own = [str(columns.get(name) or getattr(itself, name, None) or "") for name in ("name", "username", "email")]
    words = {part for text in own for part in (text.lower(), *re.split(r"[\s@.]+", text.lower())) if len(part) >= 4}
    return bool(COMMON_PASSWORDS.fullmatch(password)) or any(word in password for word in (*FORBIDDEN_WORDS, *words))


def _theme(store: dsl.Store, theme: int, itself: User | None) -> list[str]:
    return [] if theme in THEMES else [f"{theme} is not a valid theme"]


def _color_scheme(store: dsl.Store, scheme: int, itself: User | None) -> list[str]:
    return [] if scheme in COLOR_SCHEMES else [f"{scheme} is not a valid color scheme"]


def _website(store: dsl.Store, url: str, itself: User | None) -> list[str]:
    good = not url or re.match(r"https?://\S+\Z", url if "://" in url else f"http://{url}")
    return [] if good else ["is blocked: Only allowed schemes are http, https"]


_RULES: dict[str, Callable[[dsl.Store, Any, User | None], list[str]]] = {
    "name": _name,
    "username": _username,
    "email": _email,
    "public_email": _public_email,
    "commit_email": _commit_email,
    "password": _password,
    "theme_id": _theme,
    "color_scheme_id": _color_scheme,
    "website_url": _website,
}
