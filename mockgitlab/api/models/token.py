"""Tokens: everything with which a client identifies itself.

Source: https://docs.gitlab.com/security/tokens/ and https://docs.gitlab.com/api/personal_access_tokens/.
"""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.member import Member
from mockgitlab.api.scopes import DEPLOY

Kind = Literal[
    "personal",
    "project",
    "group",
    "impersonation",
    "oauth",
    "job",
    "deploy",
    "session",
    "runner",
    "registration",
    "trigger",
    "ci_project",
]
PREFIXES = {
    "personal": "glpat-",
    "project": "glpat-",
    "group": "glpat-",
    "impersonation": "glpat-",
    "oauth": "",
    "job": "glcbt-",
    "deploy": "gldt-",
    "session": "",
    "runner": "glrt-",
    "registration": "GR1348941",
    "trigger": "glptt-",
    "ci_project": "",
}
MIDNIGHT = "T00:00:00.000Z"
ACCESS_TOKENS = ("personal", "project", "group", "impersonation")


class Token(dsl.Entity):
    """A secret and what it stands for; ``user_id`` is whom it acts as, a bot user for project and group tokens.

    ``previous_id`` names the token that it replaced when it was rotated: tokens so chained are a family.
    """

    natural = "value"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the token")
    revoked: bool = dsl.readonly(default=False)
    created_at: str = dsl.now()
    description: str | None = dsl.optional("The description of the token", since="17.7")
    scopes: tuple[str, ...] = dsl.readonly(default=())
    user_id: int | None = dsl.parent("User")
    last_used_at: str | None = dsl.readonly()
    expires_at: str | None = dsl.readonly()
    last_used_ips: tuple[str, ...] = dsl.readonly(default=(), since="17.9")
    value: str = dsl.hidden()
    kind: Kind = dsl.hidden(default="personal")
    project_id: int | None = dsl.reference("Project")
    group_id: int | None = dsl.reference("Group")
    access_level: int | None = dsl.hidden()
    previous_id: int | None = dsl.hidden()
    changed_at: str | None = dsl.hidden("When its description was changed, where it was")
    job_id: int | None = dsl.hidden("The job that a job token is of")
    username: str | None = dsl.hidden("The name that goes with a deploy token, gitlab+deploy-token-<id> unless given")

    def expired(self, now: str) -> bool:
        """Tell whether the token is at or past its last instant; one that has a day ends as that day begins.

        Deploy tokens last to the end of their last day.
        """
        if self.kind == "deploy":
            return self.expires_at is not None and self.expires_at[:10] < now[:10]
        return self.expires_at is not None and self.expires_at <= now[: max(len(self.expires_at), 10)]

    @property
    def login(self) -> str:
        """The name that goes with a deploy token where a name and password are asked for."""
        return self.username or f"gitlab+deploy-token-{self.id}"

    @dsl.computed
    def active(self, view: dsl.View) -> bool:
        """Whether the token can be used now."""
        return not self.revoked and not self.expired(view.store.now)


def _bot_level(token: Token, view: dsl.View) -> int | None:
    resource = {"source_type": "Project", "source_id": token.project_id}
    if token.kind == "group":
        resource = {"source_type": "Namespace", "source_id": token.group_id}
    member = view.store[Member].where(user_id=token.user_id, **resource).first()
    return member.access_level if member else token.access_level


def _secret(token: Token, view: dsl.View) -> str:
    return token.value


_FIELDS = ("id", "name", "revoked", "created_at", "description", "scopes", "user_id", "last_used_at", "active")
TOKEN = Token.shape(*_FIELDS, "expires_at", "last_used_ips", name="PersonalAccessToken")
TOKEN_WITH_SECRET = TOKEN.plus(token=_secret).called("PersonalAccessTokenWithToken")
IMPERSONATION_TOKEN = TOKEN.plus(impersonation=lambda token, view: True).called("ImpersonationToken")
IMPERSONATION_TOKEN_WITH_SECRET = TOKEN_WITH_SECRET.plus(impersonation=lambda token, view: True).called(
    "ImpersonationTokenWithToken"
)
RESOURCE_TOKEN = TOKEN.plus(
    access_level=_bot_level,
    resource_type=lambda token, view: token.kind,
    resource_id=lambda token, view: token.project_id if token.kind == "project" else token.group_id,
).called("ResourceAccessToken")
RESOURCE_TOKEN_WITH_SECRET = RESOURCE_TOKEN.plus(token=_secret).called("ResourceAccessTokenWithToken")
DEPLOY_TOKEN = Token.shape("id", "name", name="DeployToken").plus(
    username=lambda token, view: token.login,
    expires_at=lambda token, view: token.expires_at and f"{token.expires_at[:10]}{token.expires_at[10:] or MIDNIGHT}",
    scopes=lambda token, view: [one for one in DEPLOY if one in token.scopes],
    revoked=lambda token, view: token.revoked,
    expired=lambda token, view: token.expired(view.store.now),
)
DEPLOY_TOKEN_WITH_TOKEN = DEPLOY_TOKEN.plus(token=_secret).called("DeployTokenWithToken")
