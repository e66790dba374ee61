"""Private tokens: the one secret that every user had for the API v3, without scopes and without an end.

Source: GitLab 8's doc/api/README.md and app/models/concerns/token_authenticatable.rb.
"""

import hashlib

from mockgitlab import dsl
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User

PRIVATE = "private"
"""The kind of the token that a private token is taken for; there is no record of it."""


def private_token_of(user: User) -> str:
    """Return a user's private token: the one that the scenario gives, or one that follows from the user's id."""
    return user.private_token or hashlib.sha256(f"private token of user {user.id}".encode()).hexdigest()[:20]


def find_private_token(store: dsl.Store, secret: str) -> Token | None:
    """Return the token that a secret is if it is some user's private token."""
    owners = store.remember("private tokens", lambda: {private_token_of(user): user.id for user in store[User].all()})
    if secret not in owners:
        return None
    return Token(name="private token", kind=PRIVATE, user_id=owners[secret], value=secret)
