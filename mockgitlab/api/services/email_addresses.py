"""Whose an address in a commit is.

Source: GitLab's app/models/user.rb (``find_by_any_email``, ``all_emails``, ``verified_emails``).
"""

from mockgitlab import dsl
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.user import User, private_commit_email
from mockgitlab.api.services.accounts import email_owner


def emails_of(call: dsl.Call, user: User) -> dict[str, bool]:
    """Return the addresses of a user in lower case, and whether each is confirmed."""
    own = {row.folded_email: row.confirmed_at is not None for row in call.store[Email].having("user_id", user.id)}
    private = private_commit_email(user, call.base).lower()
    return {**own, user.folded_email: user.confirmed_at is not None, private: True}


def owner_of(call: dsl.Call, email: str) -> User | None:
    """Return whose an address is, if it is a user's."""
    folded, found = email.lower(), email_owner(call.store, email)
    if found is not None or "@users.noreply." not in folded:
        return found
    users = call.store[User].all()
    return next((user for user in users if private_commit_email(user, call.base).lower() == folded), None)
