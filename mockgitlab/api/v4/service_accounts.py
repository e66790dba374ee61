"""Service accounts: users who are programs, of the instance, of a group or of a project, and their tokens.

Owners of groups may have them as on GitLab.com, where an instance of one's own asks its administrator first.

Source: https://docs.gitlab.com/api/service_accounts/, GitLab's ee/lib/api/service_accounts.rb,
ee/lib/api/group_service_accounts.rb and ee/app/services/users/service_accounts/create_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, scopes
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import TOKEN, TOKEN_WITH_SECRET, Token
from mockgitlab.api.models.user import USER_SAFE, User
from mockgitlab.api.services.access_tokens import given_columns, host_of, rotate, sentence
from mockgitlab.api.services.accounts import add_user, change_user, remove_user, solely_owned_groups
from mockgitlab.api.services.user_rules import problems_of
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.personal_access_tokens import DESCRIPTION, NAME, ExpiresAt, create
from mockgitlab.api.v4.token_filters import TOKEN_FILTERS
from mockgitlab.errors import BadRequest, Conflict, Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

NO_SERVICE_ACCOUNT = "400 Bad request - User is not of type Service Account"
FOR_PROJECTS = (18, 11)
"""Since when projects have service accounts, and subgroups besides top-level groups."""
PROVISIONERS: tuple[tuple[type[Group] | type[Project], str], ...] = (
    (Group, "provisioned_by_group_id"),
    (Project, "provisioned_by_project_id"),
)
SERVICE_ACCOUNT = (
    USER_SAFE.called("ServiceAccount")
    .plus("email", entity=User)
    .plus(unconfirmed_email=lambda user, view: user.unconfirmed_email or dsl.OMIT)
)
ACCOUNT = [
    dsl.param("name", str, "The name of the user"),
    dsl.param("username", str, "The username of the user"),
    dsl.param("email", str, "An email instead of one that nobody reads"),
]
ORDER = dsl.order("id", "username", default="id")
HARD = dsl.param("hard_delete", bool, "Delete the contributions too", default=False)


# Who may


def _check_administrates(call: dsl.Call) -> None:
    project = call.maybe_at(Project)
    if project is not None:
        access.AS_MAINTAINER.check(call)
        return
    access.AS_OWNER.check(call)
    group = call.at(Group)
    if group.parent_id is not None and call.settings.release < FOR_PROJECTS:
        raise Forbidden(reason=f"{group.full_path} is a subgroup, and top-level groups alone have service accounts")


RULE = dsl.Rule("owner of the top-level group, or maintainer of the project", _check_administrates)


def _provisioned_by(call: dsl.Call) -> dict[str, int]:
    """Return the column that tells whose the service accounts of a path are; none of the instance."""
    places = ((column, call.maybe_at(kind)) for kind, column in PROVISIONERS)
    return {column: place.id for column, place in places if place is not None}


def _accounts(call: dsl.Call) -> Query[User]:
    return call.store[User].where(user_type="service_account", **_provisioned_by(call))


@v4.locator("service_accounts/:id", integer=True)
def find_account(call: dsl.Call, value: str) -> User:
    """Return the service account with this id."""
    user = call.store[User].get(int(value))
    if user is None:
        raise RecordNotFound(reason=f"there is no user {value}")
    if user.user_type != "service_account":
        raise BadRequest("400 Bad request - User is not a service account", reason=f"{user.username} is none")
    return user


@v4.locator(
    "groups/:id/service_accounts/:service_account_id", "projects/:id/service_accounts/:service_account_id", integer=True
)
def find_provisioned(call: dsl.Call, value: str) -> User:
    """Return the service account with this id of the group or project of the path."""
    user = call.store[User].where(id=int(value), **_provisioned_by(call)).first()
    if user is None:
        raise NotFound("User", reason=f"there is no service account {value} here")
    if user.user_type != "service_account":
        raise BadRequest(NO_SERVICE_ACCOUNT, reason=f"{user.username} was provisioned here and is a person")
    return user


# Accounts


def list_accounts(call: dsl.Call) -> Query[User]:
    """List the service accounts of the instance, of a group or of a project."""
    return _accounts(call)


def create_account(call: dsl.Call, given: dsl.Given) -> User:
    """Create a service account, which becomes a member of nothing by itself."""
    place = _provisioned_by(call)
    kind = "".join(f"_{column.split('_')[2]}_{id}" for column, id in place.items())
    made_up = f"service_account{kind}_{call.store.mint_hex('service account', 32)}"
    username = given.get("username") or made_up
    columns = {
        "name": given.get("name") or "Service account user",
        "username": username,
        "email": given.get("email") or f"{made_up}@noreply.{host_of(call)}",
    }
    _refuse(problems_of(call.store, columns))
    kept = {"user_type": "service_account", "external": True, "created_by_id": access.me(call).id}
    return add_user(call.store, {**columns, **place, **kept})


def _refuse(problems: dict[str, list[str]]) -> None:
    if problems:
        raise BadRequest(f"400 Bad request - {sentence(problems)}", reason=f"not allowed: {', '.join(problems)}")


def update_account(call: dsl.Call, user: User, given: dsl.Given) -> User:
    """Change a service account; another email has to be confirmed first."""
    columns = {name: value for name, value in given.only("name", "username", "email").items() if value is not None}
    _refuse(problems_of(call.store, columns, user))
    if "email" in columns:
        columns["unconfirmed_email"] = columns.pop("email")
    return change_user(call.store, user, columns)


def delete_account(call: dsl.Call, user: User, given: dsl.Given) -> None:
    """Delete a service account; what it wrote goes to the Ghost User unless ``hard_delete``."""
    groups = solely_owned_groups(call.store, user)
    if groups and not given.get("hard_delete"):
        reason = f"{user.username} is the only owner of {', '.join(group.full_path for group in groups)}"
        raise Conflict("User cannot be removed while is the sole-owner of a group", reason=reason)
    remove_user(call.store, user, hard=bool(given.get("hard_delete")))


# Tokens


TokenId = Annotated[int, "The ID of the token"]


def _tokens(call: dsl.Call, user: User) -> Query[Token]:
    return call.store[Token].where(user_id=user.id, kind="personal")


def list_tokens(call: dsl.Call, user: User) -> Query[Token]:
    """List the personal access tokens of a service account."""
    return _tokens(call, user)


def create_token(call: dsl.Call, user: User, expires_at: ExpiresAt = None) -> Token:
    """Create a personal access token of a service account; its secret is shown this once."""
    columns = given_columns(call)
    group = call.maybe_at(Group)
    if expires_at is None and group is not None and not group.service_access_tokens_expiration_enforced:
        columns["expires_at"] = None
    return create(call, user, columns)


def rotate_token(call: dsl.Call, user: User, personal_access_token_id: TokenId, expires_at: ExpiresAt = None) -> Any:
    """Replace a personal access token of a service account by a new one, by default for a week."""
    token = _tokens(call, user).where(id=personal_access_token_id).first()
    if token is None:
        raise NotFound(reason=f"{user.username} has no token {personal_access_token_id}")
    return rotate(call, token, TOKEN_WITH_SECRET)


def revoke_token(call: dsl.Call, user: User, personal_access_token_id: TokenId) -> None:
    """Revoke a personal access token of a service account."""
    token = _tokens(call, user).where(id=personal_access_token_id).first()
    if token is None:
        reason = f"{user.username} has no token {personal_access_token_id}"
        raise NotFound("Personal Access Token", reason=reason)
    call.store.update(token, revoked=True)


# Declarations


def _declare(whose: str, options: dict[str, Any], since: dict[str, str]) -> None:
    """Declare the operations below a path; ``since`` tells the version of each but the first, which made accounts."""
    shown = {"shape": SERVICE_ACCOUNT, "params": ACCOUNT, **options}
    at = "id" if whose == "service_accounts" else "service_account_id"
    v4.get(whose, filters=[ORDER], keyset=("id", "username"), since=since["list"], **{**shown, "params": ()})(
        list_accounts
    )
    v4.post(whose, since=since["create"], **shown)(create_account)
    v4.operation("PATCH", f"{whose}/:{at}", since=since["update"], **shown)(update_account)


def _declare_of_parent(parents: str, options: dict[str, Any], since: dict[str, str]) -> None:
    """Declare what service accounts of groups and of projects have besides: deleting, and their tokens."""
    whose = f"{parents}/:id/service_accounts"
    tokens = f"{whose}/:user_id/personal_access_tokens"
    scope = dsl.param("scopes", dsl.CommaList, "The scopes", required=True, enum=scopes.AVAILABLE)
    one = f"{tokens}/:personal_access_token_id"
    _declare(whose, options, since)
    v4.delete(f"{whose}/:service_account_id", params=[HARD], since=since["delete"], **options)(delete_account)
    v4.get(tokens, filters=TOKEN_FILTERS, shape=TOKEN, since=since["tokens"], **options)(list_tokens)
    fresh = {"shape": TOKEN_WITH_SECRET, "since": since["create"], **options}
    v4.post(tokens, params=[NAME, scope, DESCRIPTION], **fresh)(create_token)
    v4.post(f"{one}/rotate", success=200, **fresh)(rotate_token)
    v4.delete(one, since=since["tokens"], **options)(revoke_token)


_OF_INSTANCE = {"create": "16.1", "list": "17.1", "update": "18.2"}
_OF_GROUPS = {"create": "16.1", "list": "17.1", "update": "17.10", "delete": "17.1", "tokens": "17.11"}
_declare("service_accounts", {"rule": access.ADMIN, "edition": "ee"}, _OF_INSTANCE)
_declare_of_parent("groups", {"rule": RULE, "edition": "ee"}, _OF_GROUPS)
_declare_of_parent("projects", {"rule": RULE}, dict.fromkeys(_OF_GROUPS, "18.11"))
