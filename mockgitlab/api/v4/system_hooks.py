"""System hooks: where the instance posts what happens anywhere on it.

Source: https://docs.gitlab.com/api/system_hooks/ and GitLab's lib/api/system_hooks.rb, app/models/hooks/system_hook.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.web_hook import OF_REPOSITORY, SYSTEM_HOOK, WebHook, hooks_of
from mockgitlab.api.services import web_hooks
from mockgitlab.api.v4 import webhooks
from mockgitlab.api.v4.base import v4

PARAMS = webhooks.settable(*webhooks.TEXTS, *OF_REPOSITORY, *webhooks.HOW)


@v4.locator("hooks/:hook_id", integer=True)
def find_system_hook(call: dsl.Call, value: str) -> WebHook:
    """Return the system hook with an id."""
    return webhooks.find(call, value, None)


@v4.get("hooks", rule=access.ADMIN, shape=SYSTEM_HOOK)
def list_system_hooks(call: dsl.Call) -> list[WebHook]:
    """List the system hooks."""
    return hooks_of(call.store, None)


@v4.get("hooks/:hook_id", rule=access.ADMIN, shape=SYSTEM_HOOK, since="14.9")
def show_system_hook(hook: WebHook) -> WebHook:
    """Show a system hook."""
    return hook


@v4.post("hooks", rule=access.ADMIN, shape=SYSTEM_HOOK, params=[webhooks.URL, *PARAMS])
def create_system_hook(call: dsl.Call, given: dsl.Given) -> WebHook:
    """Add a system hook; without a word of it, it is not told of pushes, but of every update of a repository."""
    return webhooks.create(call, None, given, **web_hooks.OF_SYSTEM)


@v4.put("hooks/:hook_id", rule=access.ADMIN, shape=SYSTEM_HOOK, params=[webhooks.NEW_URL, *PARAMS])
def update_system_hook(call: dsl.Call, hook: WebHook, given: dsl.Given) -> WebHook:
    """Change a system hook."""
    return webhooks.update(call, hook, given)


@v4.delete("hooks/:hook_id", rule=access.ADMIN)
def delete_system_hook(call: dsl.Call, hook: WebHook) -> None:
    """Delete a system hook."""
    web_hooks.delete(call.store, hook)


for _name in webhooks.PAIRS:
    webhooks.declare_pairs("hooks", _name, rule=access.ADMIN)
