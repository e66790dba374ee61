"""Keys of the whole instance, for administrators. Source: https://docs.gitlab.com/api/keys/."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deploy_key import DEPLOY_KEY_WITH_USER
from mockgitlab.api.models.key import SSH_KEY_WITH_USER, Key
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound

BYTES_OF_MD5 = 16


@v4.locator("keys/:id", integer=True)
def find_any_key(call: dsl.Call, value: str) -> Key:
    """Return the SSH key with this id."""
    key = call.store[Key].get(int(value))
    if key is None:
        raise RecordNotFound(reason=f"there is no SSH key {value}")
    return key


@v4.get("keys/:id", rule=access.ADMIN, shape=SSH_KEY_WITH_USER)
def show_any_key(key: Key) -> Key:
    """Show an SSH key and whose it is."""
    return key


@v4.get("keys", rule=access.ADMIN_AFTER_PARAMETERS)
def show_key_by_fingerprint(
    call: dsl.Call, fingerprint: Annotated[str, "The fingerprint, MD5 or SHA256, as ssh-keygen shows it"]
) -> dict[str, Any]:
    """Show the SSH key with a fingerprint and whose it is, or the projects of a deploy key."""
    key = call.store[Key].find(**_column(fingerprint.strip()))
    if key is None:
        raise NotFound("Key", reason=f"no SSH key has the fingerprint {fingerprint}")
    return (DEPLOY_KEY_WITH_USER if key.deploys else SSH_KEY_WITH_USER).render(key, call.view())


def _column(fingerprint: str) -> dict[str, str]:
    if fingerprint.startswith("SHA256:"):
        return {"fingerprint_sha256": fingerprint.removeprefix("SHA256:")}
    pairs = fingerprint.removeprefix("MD5:").lower().split(":")
    if len(pairs) != BYTES_OF_MD5 or not all(len(pair) == 2 for pair in pairs):
        raise BadRequest("Failed to return the key", reason="write it as SHA256:… or as sixteen pairs aa:bb:…")
    return {"fingerprint": ":".join(pairs)}
