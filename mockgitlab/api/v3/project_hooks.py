"""Hooks of projects. Source: GitLab 8's doc/api/projects.md and lib/api/project_hooks.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.web_hook import PROJECT_HOOK, PROJECT_HOOK_LISTED, WebHook
from mockgitlab.api.services import web_hooks
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import webhooks
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, RecordNotFound

ALL = "projects/:id/hooks"
AT = f"{ALL}/:hook_id"
OF_EVENTS = (
    *("push_events", "issues_events", "merge_requests_events", "tag_push_events", "note_events", "build_events"),
    *("pipeline_events", "wiki_page_events"),
)
SHOWN = PROJECT_HOOK.renaming(job_events="build_events").only(
    *("id", "url", "created_at", "push_events", "tag_push_events", "enable_ssl_verification", "project_id"),
    *("issues_events", "merge_requests_events", "note_events", "build_events", "pipeline_events", "wiki_page_events"),
)
BUILDS = {"build_events": dsl.Renamed("job_events")}
TAKEN = (webhooks.URL, *OF_EVENTS, "enable_ssl_verification", "token")
v3.dialect.show({PROJECT_HOOK: SHOWN, PROJECT_HOOK_LISTED: SHOWN})


def find_to_delete(call: dsl.Call, value: str) -> WebHook:
    """Return the hook with an id, or say that it cannot be deleted."""
    try:
        return webhooks.find_hook(call, value)
    except RecordNotFound as error:
        raise NotFound(f"Error deleting hook {value}", reason=error.reason) from None


@v3.delete(ALL, rule=access.AS_MAINTAINER, until="5.2")
def delete_named_hook(call: dsl.Call, project: Project, hook_id: Annotated[int, "The ID of the hook"]) -> Any:
    """Delete the hook that a parameter names, as it was up to 5.1; one that is gone is answered with null."""
    found = call.store[WebHook].find(id=hook_id, project_id=project.id)
    if found is None:
        return None
    shown = SHOWN.render(found, call.view())
    web_hooks.delete(call.store, found)
    return shown


v3.locator(AT, integer=True)(webhooks.find_hook)
v3.adopt(v4, "GET", ALL)
v3.adopt(v4, "GET", AT)
v3.adopt(v4, "POST", ALL, takes=TAKEN, renames=BUILDS)
v3.adopt(v4, "PUT", AT, takes=TAKEN, renames=BUILDS)
v3.adopt(
    v4,
    "DELETE",
    AT,
    gives_back=SHOWN,
    locators=(("hook_id", dsl.Locator(find_to_delete, integer=True)),),
)
