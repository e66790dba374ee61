"""Deploy keys of projects, by two paths. Source: GitLab 8's doc/api/deploy_keys.md and lib/api/deploy_keys.rb."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deploy_key import (
    DEPLOY_KEY,
    DEPLOY_KEY_OF_INSTANCE,
    DEPLOY_KEYS_PROJECT,
    ENABLED,
    DeployKeysProject,
    enabled_for,
)
from mockgitlab.api.models.key import Key
from mockgitlab.api.services.keys import PartRefused
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.keys import SHOWN, OlderKeyRefused
from mockgitlab.api.v4 import deploy_keys
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound

THERE = "projects/:id/deploy_keys"


def _pushes(key: Key, view: dsl.View) -> bool:
    return any(one.can_push for one in enabled_for(view.store, key))


KEY = SHOWN.plus(can_push=_pushes)
ENABLED_KEY = SHOWN.of(lambda enabled, view: view.store[Key][enabled.deploy_key_id]).plus(
    "can_push", entity=DeployKeysProject
)
v3.dialect.show({DEPLOY_KEY: KEY, DEPLOY_KEY_OF_INSTANCE: KEY, DEPLOY_KEYS_PROJECT: ENABLED_KEY})
v3.dialect.say({PartRefused: lambda error: OlderKeyRefused(error.problems)})


def _named(find: Callable[[dsl.Call, str], Any]) -> tuple[tuple[str, dsl.Locator], ...]:
    """Return the locators of operations that tell what is missing: a deploy key."""

    @wraps(find)
    def locate(call: dsl.Call, value: str) -> Any:
        try:
            return find(call, value)
        except NotFound as error:
            raise NotFound("Deploy Key", reason=error.reason) from None

    return (("key_id", dsl.Locator(locate, integer=True)),)


def disable_deploy_key(call: dsl.Call, found: DeployKeysProject) -> dict[str, Any]:
    """Take a deploy key from a project."""
    shown = KEY.render(call.store[Key][found.deploy_key_id], call.view())
    deploy_keys.remove_deploy_key(call, found)
    return {**shown, "can_push": found.can_push}


v3.adopt(v4, "GET", "deploy_keys", rule=access.ADMIN, takes=(), paginated=False)
for _at in ("projects/:id/keys", THERE):
    v3.locator(f"{_at}/:key_id", integer=True)(deploy_keys.find_deploy_key)
    _present, _accessible = _named(deploy_keys.find_deploy_key), _named(deploy_keys.find_accessible_key)
    _row = ENABLED.without("can_push")
    v3.adopt(v4, "GET", THERE, at=_at, paginated=False)
    v3.adopt(v4, "GET", f"{THERE}/:key_id", at=f"{_at}/:key_id")
    v3.adopt(v4, "POST", THERE, at=_at, takes=("title", "key", "can_push"))
    v3.adopt(v4, "DELETE", f"{THERE}/:key_id", at=f"{_at}/:key_id", gives_back=_row, locators=_present)
    v3.adopt(v4, "POST", f"{THERE}/:key_id/enable", at=f"{_at}/:key_id/enable", locators=_accessible)
    v3.adopt(
        v4,
        "DELETE",
        f"{THERE}/:key_id",
        at=f"{_at}/:key_id/disable",
        handler=disable_deploy_key,
        locators=_present,
    )
