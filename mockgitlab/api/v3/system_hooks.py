"""System hooks; looking at one tests it. Source: GitLab 8's doc/api/system_hooks.md and lib/api/system_hooks.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.web_hook import SYSTEM_HOOK, WebHook
from mockgitlab.api.services import web_hooks
from mockgitlab.api.v3.base import forgiving, v3
from mockgitlab.api.v4 import webhooks
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.system_hooks import find_system_hook
from mockgitlab.errors import NotFound, RecordNotFound, ValidationFailed

AT = "hooks/:id"
SHOWN = SYSTEM_HOOK.only("id", "url", "created_at", "push_events", "tag_push_events", "enable_ssl_verification")
v3.dialect.show({SYSTEM_HOOK: SHOWN})


def create_system_hook(call: dsl.Call, given: dsl.Given) -> WebHook:
    """Add a system hook, which is told of pushes unless it is said otherwise."""
    if "url" in web_hooks.problems_of(WebHook(**webhooks.columns(given))):
        raise ValidationFailed({"url": ["must be a valid URL"]}, reason=f"url was {given['url']!r}"[:500])
    return webhooks.create(call, None, given)


def find_to_delete(call: dsl.Call, value: str) -> WebHook:
    """Return the system hook with an id, in the words of deleting."""
    try:
        return find_system_hook(call, value)
    except RecordNotFound as error:
        raise NotFound("System hook", reason=error.reason) from None


GONE = dsl.Locator(forgiving(find_to_delete, (8, 13)), integer=True)
v3.locator(AT, integer=True)(find_system_hook)
v3.adopt(v4, "DELETE", "hooks/:hook_id", at=AT, gives_back=SHOWN, locators=(("id", GONE),))
v3.adopt(v4, "GET", "hooks", paginated=False)
v3.adopt(v4, "POST", "hooks/:hook_id", at=f"GET {AT}")
v3.adopt(
    v4,
    "POST",
    "hooks",
    takes=(webhooks.URL, "token", "push_events", "tag_push_events", "enable_ssl_verification"),
    handler=create_system_hook,
)
