"""Revoking any token that reaches into a group.

Source: https://docs.gitlab.com/api/groups/#revoke-token, GitLab's lib/api/groups.rb and
app/services/groups/agnostic_token_revocation_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.billable import inside
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.token import TOKEN, Token
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Unprocessable

REVOCABLE = ("personal", "project", "group")


@v4.post("groups/:id/tokens/revoke", rule=access.AS_OWNER_OF_ROOT, shape=TOKEN, success=200, since="17.2")
def revoke_token(call: dsl.Call, group: Group, token: Annotated[str, "The secret of the token"]) -> Any:
    """Revoke the token of a member of a group or of anything below it; of others nothing is told."""
    found = call.store[Token].find(value=token)
    if found is None or found.kind not in REVOCABLE or not _reaches(call, group, found):
        raise Unprocessable(reason=f"this is no token of a member of {group.full_path} or of what is below it")
    return call.store.update(found, revoked=True)


def _reaches(call: dsl.Call, group: Group, token: Token) -> bool:
    return any(member.user_id == token.user_id for member in inside(call.store, group))
