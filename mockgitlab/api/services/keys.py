"""Adding SSH keys, to users and as deploy keys, by the same checks.

Source: GitLab's app/models/key.rb, app/services/keys/create_service.rb, app/services/deploy_keys/create_service.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.key import Key, KeyRefused, read_ssh_key, ssh_problems
from mockgitlab.errors import ValidationFailed

SHAPE = "an SSH key is written as its type, its body in base64, and a comment"


def key_problems(store: dsl.Store, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with a new SSH key, by column: its text, that somebody has it, that it is expired."""
    problems = ssh_problems(store, given["key"] or "")
    expires_at = given.get("expires_at")
    if not problems and expires_at is not None and expires_at <= store.now:
        return {"key": ["has expired"]}
    return problems


def title_problems(title: str | None) -> dict[str, list[str]]:
    """Return what is wrong with the title of a key."""
    limit = Key.fields["title"].constraints.max_length or 0
    if not (title or "").strip():
        return {"title": ["can't be blank"]}
    return {"title": [f"is too long (maximum is {limit} characters)"]} if len(title or "") > limit else {}


def add_key(store: dsl.Store, given: Mapping[str, Any], **ties: Any) -> Key:
    """Add an SSH key to whom ``ties`` say, such as ``user_id=2``; raises ``KeyRefused``."""
    problems = {**title_problems(given["title"]), **key_problems(store, given)}
    if problems:
        raise KeyRefused(problems, reason=SHAPE)
    names = {name: given[name] for name in ("title", "expires_at", "usage_type") if name in given}
    return store.insert(Key(**{**read_ssh_key(given["key"]), **names, **ties}))


def add_key_within(store: dsl.Store, name: str, given: Mapping[str, Any], **ties: Any) -> Key:
    """Add an SSH key as a part of another record, whose column ``name`` the refusals speak of."""
    try:
        return add_key(store, given, **ties)
    except KeyRefused as refused:
        raise PartRefused(name, refused.message) from None


class PartRefused(ValidationFailed):
    """A record is refused for the ``problems`` of a key that is a part of it: ``deploy_key.title``."""

    def __init__(self, name: str, problems: Mapping[str, list[str]]) -> None:
        super().__init__({f"{name}.{key}": texts for key, texts in problems.items()}, reason=SHAPE)
        self.problems = problems
