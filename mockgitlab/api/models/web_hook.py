"""Webhooks of projects, of groups and of the instance, and what they were sent.

Source: https://docs.gitlab.com/api/project_webhooks/, https://docs.gitlab.com/api/group_webhooks/,
https://docs.gitlab.com/api/system_hooks/ and GitLab's lib/api/entities/hook.rb, app/models/concerns/web_hooks/.
"""

import re
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project

VARIABLE = re.compile(r"\{([A-Za-z]+[0-9]*(?:[._-][A-Za-z0-9]+)*)\}")
TEMPORARY, PERMANENT = 3, 39
"""A hook that failed more often in a row is disabled for a while, or for good."""
Strategy = Literal["wildcard", "regex", "all_branches"]


def _event(what: str, *, default: bool = False, since: str = "") -> Any:
    return dsl.optional(f"Trigger hook on {what} events", default=default, since=since)


class WebHook(dsl.Entity):
    """Where GitLab posts what happens; without a project and a group it is a system hook."""

    natural = "url"

    id: int = dsl.serial()
    url: str = dsl.required("The URL to send the request to")
    name: str | None = dsl.optional("The name of the hook", since="17.1")
    description: str | None = dsl.optional("The description of the hook", since="17.1")
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    created_at: str = dsl.now()
    push_events: bool = _event("push", default=True)
    tag_push_events: bool = _event("tag push")
    merge_requests_events: bool = _event("merge request")
    repository_update_events: bool = _event("repository update")
    issues_events: bool = _event("issue")
    confidential_issues_events: bool = _event("confidential issue")
    note_events: bool = _event("note")
    confidential_note_events: bool = _event("confidential note")
    pipeline_events: bool = _event("pipeline")
    wiki_page_events: bool = _event("wiki page")
    deployment_events: bool = _event("deployment")
    feature_flag_events: bool = _event("feature flag")
    job_events: bool = _event("job")
    releases_events: bool = _event("release")
    milestone_events: bool = _event("milestone", since="18.2")
    emoji_events: bool = _event("emoji", since="16.2")
    resource_access_token_events: bool = _event("access token expiry", since="16.10")
    vulnerability_events: bool = _event("vulnerability", since="17.8")
    subgroup_events: bool = _event("subgroup")
    member_events: bool = _event("member", since="17.3")
    enable_ssl_verification: bool = dsl.optional("Do SSL verification when triggering the hook", default=True)
    token: str | None = dsl.hidden("The secret that is sent along")
    push_events_branch_filter: str | None = dsl.optional("Which branches trigger the hook")
    branch_filter_strategy: Strategy = dsl.optional("How the filter names branches", default="wildcard", since="15.4")
    custom_webhook_template: str | None = dsl.optional("What is sent in place of the payload", since="16.10")
    variables: dict[str, str] = dsl.hidden("What stands for names in braces in the URL", default={})
    headers: dict[str, str] = dsl.hidden("Further headers", default={})
    recent_failures: int = dsl.hidden("How often it failed in a row", default=0)
    disabled_until: str | None = dsl.readonly("Until when it is not sent anything", since="15.0")

    @property
    def is_system(self) -> bool:
        """Whether it is a hook of the instance."""
        return self.project_id is None and self.group_id is None

    @dsl.computed_in(since="15.0")
    def alert_status(self, view: dsl.View) -> str:
        """Whether it is sent anything: ``executable``, ``temporarily_disabled`` or ``disabled``."""
        return status_of(self, view.store.now)

    @dsl.computed_in(since="15.2")
    def url_variables(self, view: dsl.View) -> list[dict[str, str]]:
        """The names of the variables in the URL."""
        return [{"key": key} for key in self.variables]

    @dsl.computed_in(since="17.1")
    def custom_headers(self, view: dsl.View) -> list[dict[str, str]]:
        """The names of the further headers."""
        return [{"key": key} for key in self.headers]


class WebHookLog(dsl.Entity):
    """What a hook was sent, or is to be sent while there is no ``response_status``, and what came back.

    What chats are sent has an ``integration_id`` in place of a hook.
    """

    id: int = dsl.serial()
    web_hook_id: int | None = dsl.parent("WebHook")
    integration_id: int | None = dsl.parent("Integration")
    url: str = dsl.readonly("The URL, with the names of its variables")
    trigger: str = dsl.readonly("What happened, such as push_hooks")
    request_headers: dict[str, str] = dsl.readonly("The headers that were sent, secrets hidden")
    request_data: Any = dsl.readonly("What was sent")
    response_headers: dict[str, str] = dsl.readonly("The headers that came back", default={})
    response_body: str = dsl.readonly("What came back", default="")
    execution_duration: float = dsl.readonly("How long it took", default=0.0)
    response_status: str | None = dsl.readonly("The status that came back, or internal error")
    created_at: str = dsl.now()
    internal_error_message: str | None = dsl.hidden("Why nothing came back")
    asked_by_id: int | None = dsl.hidden("The user who asked for it, where it did not just happen")
    asked_at: str = dsl.hidden("The project or group whose hook was asked", default="")

    @property
    def pending(self) -> bool:
        """Whether it is still to be sent."""
        return self.response_status is None


BASIC = ("id", "url", "name", "description", "created_at")
OF_REPOSITORY = ("push_events", "tag_push_events", "merge_requests_events", "repository_update_events")
STATE = ("enable_ssl_verification", "alert_status", "disabled_until", "url_variables")
SENT = ("push_events_branch_filter", "branch_filter_strategy", "custom_webhook_template", "custom_headers")
OF_BOTH = (
    *("issues_events", "confidential_issues_events", "note_events", "confidential_note_events", "pipeline_events"),
    *("wiki_page_events", "deployment_events", "feature_flag_events", "job_events", "releases_events"),
)
OF_LATER = ("emoji_events", "resource_access_token_events", "vulnerability_events")
SYSTEM_HOOK = WebHook.shape(*BASIC, *OF_REPOSITORY, *STATE, *SENT, name="Hook")
PROJECT_HOOK = SYSTEM_HOOK.plus("project_id", *OF_BOTH, "milestone_events", *OF_LATER, entity=WebHook).called(
    "ProjectHook"
)
GROUP_HOOK = SYSTEM_HOOK.plus(
    *("group_id", *OF_BOTH, "subgroup_events", "member_events", *OF_LATER), entity=WebHook
).called("GroupHook")
PROJECT_HOOK_LISTED = PROJECT_HOOK.without("url_variables", "custom_headers")
"""Lists of a project's hooks do not tell what is in their URLs and headers."""
WEB_HOOK_LOG = WebHookLog.shape(
    *("id", "url", "trigger", "request_headers", "request_data", "response_headers", "response_body"),
    *("execution_duration", "response_status", "created_at"),
)


def status_of(hook: WebHook, now: str) -> str:
    """Return whether a hook is sent anything; only hooks of projects are ever disabled."""
    if hook.project_id is None or hook.recent_failures <= TEMPORARY:
        return "executable"
    if hook.recent_failures > PERMANENT:
        return "disabled"
    return "temporarily_disabled" if hook.disabled_until and hook.disabled_until >= now else "executable"


def interpolated(url: str, variables: dict[str, str]) -> str:
    """Return a URL with the values of its variables; what has none stays as it is."""
    return VARIABLE.sub(lambda found: variables.get(found[1], found[0]), url)


def hooks_of(store: dsl.Store, at: Project | Group | None) -> list[WebHook]:
    """Return the hooks of a project or group, or those of the instance, oldest first."""
    if isinstance(at, Project):
        found = store[WebHook].having("project_id", at.id)
    elif at is not None:
        found = store[WebHook].having("group_id", at.id)
    else:
        found = [hook for hook in store[WebHook].having("project_id", None) if hook.group_id is None]
    return sorted(found, key=lambda hook: hook.id)
