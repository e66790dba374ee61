"""What hooks are sent: which hook is told what, the headers, and what is made of the answer.

Everything that is to be sent is a ``WebHookLog`` written by the transaction that caused it; the server posts it later.

Source: https://docs.gitlab.com/user/project/integrations/webhooks/ and GitLab's app/services/web_hook_service.rb,
app/models/hooks/active_hook_filter.rb, app/models/concerns/web_hooks/auto_disabling.rb.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.hook_data.common import REDACTED, Changes, Occasion, Seen
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.integration import Integration
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.web_hook import PERMANENT, TEMPORARY, WebHook, WebHookLog, hooks_of, interpolated, status_of
from mockgitlab.api.services import audit
from mockgitlab.api.services.push_rules import WrongPattern, pattern
from mockgitlab.dsl.encoding import encode
from mockgitlab.store import parse_instant, timestamp

TRIGGERS = {
    "repository_update_hooks": "repository_update_events",
    "push_hooks": "push_events",
    "tag_push_hooks": "tag_push_events",
    "issue_hooks": "issues_events",
    "confidential_issue_hooks": "confidential_issues_events",
    "note_hooks": "note_events",
    "confidential_note_hooks": "confidential_note_events",
    "merge_request_hooks": "merge_requests_events",
    "job_hooks": "job_events",
    "pipeline_hooks": "pipeline_events",
    "wiki_page_hooks": "wiki_page_events",
    "deployment_hooks": "deployment_events",
    "feature_flag_hooks": "feature_flag_events",
    "release_hooks": "releases_events",
    "milestone_hooks": "milestone_events",
    "emoji_hooks": "emoji_events",
    "resource_access_token_hooks": "resource_access_token_events",
    "vulnerability_hooks": "vulnerability_events",
    "member_hooks": "member_events",
    "subgroup_hooks": "subgroup_events",
}
"""What sets hooks off, and the switch of a hook for it."""
OF_SYSTEM = ("repository_update_hooks", "push_hooks", "tag_push_hooks", "merge_request_hooks")
ALWAYS = "system_hooks"
"""What every system hook is told."""
KEPT_AT_MOST = 10_000
RESPONSE_AT_MOST, HEADERS_AT_MOST, HEADER_AT_MOST = 8_192, 50, 1_024
INTERNAL_ERROR = "internal error"
_FIELD = re.compile(r"\{\{(.+?)\}\}")


class Unrendered(Exception):
    """A custom template does not make JSON of a payload."""


# Telling


def notify(call: dsl.Call, changes: Changes) -> None:
    """Record what a call did, and let hooks and chats be sent it."""
    if not changes:
        return
    audit.record(call, changes)
    if not (call.store[WebHook].untouched and call.store[Integration].untouched):
        from mockgitlab.api.hook_data.occasions import occasions
        from mockgitlab.api.services.chat_deliveries import tell_chats
        from mockgitlab.api.services.service_hooks import tell_services

        found = list(occasions(Seen(call, call.view(), changes)))
        tell(call, found)
        if not call.store[Integration].untouched:
            tell_chats(call, found)
            tell_services(call, found)


def tell(call: dsl.Call, occasions: list[Occasion]) -> None:
    """Let the hooks be sent that are set off by something; those that are disabled are not."""
    uuid = ""
    for occasion in occasions:
        for hook in _set_off(call.store, occasion):
            uuid = uuid or mint_uuid(call.store, "event")
            hidden: dict[str, Any] = {"commits": []} if hook.is_system and "commits" in occasion.data else {}
            send(call, hook, occasion.trigger, {**occasion.data, **hidden}, uuid)


def _set_off(store: dsl.Store, occasion: Occasion) -> Iterator[WebHook]:
    switch = TRIGGERS.get(occasion.trigger)
    for hook in _around(store, occasion):
        wanted = getattr(hook, switch) if switch else hook.is_system
        if wanted and status_of(hook, store.now) == "executable" and _is_filtered_in(hook, occasion):
            yield hook


def _around(store: dsl.Store, occasion: Occasion) -> list[WebHook]:
    """Return the hooks of the project or group, those of the groups above, and those of the instance."""
    found: list[WebHook] = []
    if occasion.at is not None and occasion.trigger != ALWAYS:
        own = [occasion.at] if isinstance(occasion.at, Project) else []
        group = namespace_of(store, occasion.at) if isinstance(occasion.at, Project) else occasion.at
        places: list[Project | Group] = [*own, *ancestors(store, group)]
        found = [hook for place in places for hook in hooks_of(store, place)]
    return [*found, *(hooks_of(store, None) if occasion.trigger in (*OF_SYSTEM, ALWAYS) else ())]


def _is_filtered_in(hook: WebHook, occasion: Occasion) -> bool:
    """Tell whether a hook wants to know of pushes to a branch."""
    wanted, branch = hook.push_events_branch_filter, occasion.branch
    if branch is None or not wanted or hook.branch_filter_strategy == "all_branches":
        return True
    if hook.branch_filter_strategy == "wildcard":
        wanted = "\\A" + ".*".join(re.escape(part) for part in wanted.split("*")) + "\\Z"
    try:
        return pattern(wanted, re.DOTALL).search(branch) is not None
    except WrongPattern:
        return False


def send(
    call: dsl.Call, hook: WebHook, trigger: str, data: Any, uuid: str = "", *, key: str = "", **asked: Any
) -> WebHookLog:
    """Let a hook be sent a payload; ``key`` is that of one that was sent before, ``asked`` tells who asked for it."""
    headers = {
        **dict.fromkeys(hook.headers, REDACTED),
        **headers_of(call, event_of(hook, trigger), uuid, key),
        **({"X-Gitlab-Token": REDACTED} if hook.token else {}),
    }
    columns: dict[str, Any] = {"request_headers": headers, "request_data": data, **asked}
    return keep(call.store, WebHookLog(web_hook_id=hook.id, url=hook.url, trigger=trigger, **columns))


def headers_of(call: dsl.Call, event: str, uuid: str = "", key: str = "") -> dict[str, str]:
    """Return the headers with which GitLab tells of an event."""
    store = call.store
    return {
        "Content-Type": "application/json",
        "User-Agent": f"GitLab/{call.settings.version}",
        "Idempotency-Key": key or mint_uuid(store, "idempotency key"),
        "X-Gitlab-Event": event,
        "X-Gitlab-Webhook-UUID": mint_uuid(store, "webhook"),
        "X-Gitlab-Instance": call.base,
        "X-Gitlab-Event-UUID": uuid or mint_uuid(store, "event"),
    }


def keep(store: dsl.Store, log: WebHookLog) -> WebHookLog:
    """Keep what is to be sent, and forget what was sent long ago."""
    kept = store.insert(log)
    oldest = store[WebHookLog].get(kept.id - KEPT_AT_MOST)
    if oldest is not None:
        store.delete(oldest)
    return kept


def event_of(hook: WebHook, trigger: str) -> str:
    """Return what the header says that happened, ``Push Hook``."""
    return "System Hook" if hook.is_system else named(trigger)


def named(trigger: str) -> str:
    """Return how GitLab calls what sets hooks off: ``push_hooks`` is a ``Push Hook``."""
    return trigger.removesuffix("s").replace("_", " ").title()


def mint_uuid(store: dsl.Store, purpose: str) -> str:
    """Return a new UUID, the same for the same calls in the same world."""
    digits = store.mint_hex(f"uuid of {purpose}", 32)
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


# Sending


def pending(store: dsl.Store) -> list[WebHookLog]:
    """Return what is still to be sent, in order."""
    return sorted(store[WebHookLog].having("response_status", None), key=lambda log: log.id)


def next_parcel(store: dsl.Store) -> dsl.Parcel | None:
    """Return what is to be posted next; what no request can be made of is noted as failed."""
    for log in pending(store):
        hook = store[WebHook].get(log.web_hook_id)
        if hook is None:
            from mockgitlab.api.services.chat_deliveries import parcel_of

            return parcel_of(store[Integration][log.integration_id or 0], log)
        try:
            body = encode(_payload(hook, log.request_data))
        except Unrendered as wrong:
            with store.transaction():
                done(store, log.id, dsl.Outcome(error=f"Error while parsing rendered custom webhook template: {wrong}"))
            continue
        secret = {"X-Gitlab-Token": hook.token} if hook.token else {}
        headers = {**log.request_headers, **hook.headers, **secret}
        url = interpolated(hook.url, hook.variables)
        return dsl.Parcel(log.id, url, headers, body, hook.enable_ssl_verification)
    return None


def _payload(hook: WebHook, data: Any) -> Any:
    """Return what is sent: the payload, or what the hook's template makes of it."""
    if not hook.custom_webhook_template:
        return data
    try:
        return json.loads(_FIELD.sub(lambda found: _field(data, found[1]), hook.custom_webhook_template))
    except (ValueError, RecursionError) as wrong:
        raise Unrendered(str(wrong)) from None


def _field(data: Any, path: str) -> str:
    for name in path.split("."):
        if isinstance(data, list):
            raise Unrendered("You may be trying to access an array value, which is not supported.")
        data = data.get(name) if isinstance(data, dict) else None
    text = encode(data).decode()
    return text[1:-1] if isinstance(data, str) else text


def done(store: dsl.Store, log_id: int, outcome: dsl.Outcome) -> None:
    """Note what came back, and disable a hook that fails again and again."""
    log = store[WebHookLog].get(log_id)
    if log is None:
        return
    hook = store[WebHook].get(log.web_hook_id)
    store.update(
        log,
        response_status=str(outcome.status) if outcome.status else INTERNAL_ERROR,
        response_headers={name: value[:HEADER_AT_MOST] for name, value in outcome.headers[:HEADERS_AT_MOST]},
        response_body=outcome.body[:RESPONSE_AT_MOST].decode(errors="replace"),
        internal_error_message=outcome.error or None,
    )
    if hook is not None and hook.project_id is not None and not outcome.withheld:
        store.update(hook, **_health(store, hook, well=200 <= outcome.status < 400))


def _health(store: dsl.Store, hook: WebHook, *, well: bool) -> dict[str, Any]:
    if well:
        return {"recent_failures": 0, "disabled_until": None}
    if status_of(hook, store.now) != "executable":
        return {}
    failures = min(hook.recent_failures + 1, PERMANENT + 1)
    if failures <= TEMPORARY:
        return {"recent_failures": failures}
    wait = min(60 * 2 ** (hook.recent_failures - TEMPORARY), 86_400)
    until = timestamp(parse_instant(store.now) + timedelta(seconds=wait))
    return {"recent_failures": failures, "disabled_until": until}


# Telling of it


def listed(store: dsl.Store) -> list[dsl.Delivery]:
    """Return all that was sent, or is to be sent, in order."""
    return [_delivery(store, log, store[WebHook].get(log.web_hook_id)) for log in store[WebHookLog].all()]


def _delivery(store: dsl.Store, log: WebHookLog, hook: WebHook | None) -> dsl.Delivery:
    answered = log.response_status or ""
    status = int(answered) if answered.isdigit() else None
    integration = store[Integration].get(log.integration_id)
    return dsl.Delivery(
        id=log.id,
        hook_id=log.web_hook_id,
        integration=integration.slug if integration else "",
        at=log.created_at,
        event=log.request_headers.get("X-Gitlab-Event") or named(log.trigger),
        trigger=log.trigger,
        url=log.url,
        headers=log.request_headers,
        json=log.request_data if hook is None else _shown(hook, log),
        status=status,
        reason=log.internal_error_message or "",
        answer_headers=log.response_headers,
        answer=log.response_body,
    )


def _shown(hook: WebHook, log: WebHookLog) -> Any:
    try:
        return _payload(hook, log.request_data)
    except Unrendered:
        return log.request_data


def is_waiting(store: dsl.Store) -> bool:
    """Tell whether anything is to be sent."""
    return bool(store[WebHookLog].having("response_status", None))


DELIVERIES = dsl.Deliveries(notify, next_parcel, done, listed, is_waiting)
"""What the server needs to know of it."""
