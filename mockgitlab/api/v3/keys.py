"""SSH keys as v3 shows them, and any of them for administrators.

Source: GitLab 8's doc/api/keys.md and lib/api/keys.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.key import SSH_KEY, SSH_KEY_WITH_USER, Key, KeyRefused
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import USER_WITH_ADMIN
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.keys import find_any_key
from mockgitlab.errors import Style


class OlderKeyRefused(KeyRefused):
    """The same of a GitLab that knows of one fingerprint only."""

    def body(self, style: Style) -> Any:
        """Return the message, the column of the fingerprint under its older name."""
        message = super().body(style)["message"]
        return {"message": {name.replace("fingerprint_sha256", "fingerprint"): message[name] for name in message}}


SHOWN = SSH_KEY.plus(key=lambda key, view: key.key, can_push=lambda key, view: False).only(
    *("id", "title", "key", "created_at", "can_push")
)
WITH_USER = SHOWN.plus(user=lambda key, view: _user(key, view)).called("SSHKeyWithUser")
v3.dialect.show({SSH_KEY: SHOWN, SSH_KEY_WITH_USER: WITH_USER})
v3.dialect.say({KeyRefused: lambda error: OlderKeyRefused(error.message)})
v3.locator("keys/:id", integer=True)(find_any_key)


def _user(key: Key, view: dsl.View) -> Any:
    return view.one(USER_WITH_ADMIN, view.store[User].get(key.user_id))


v3.adopt(v4, "GET", "keys/:id")
