"""Telling chats what happens: which integration is told of what, in which channel, and what it is sent.

What is to be sent waits as a ``WebHookLog``, as it does for hooks; GitLab itself keeps no record of it.

Source: GitLab's app/models/concerns/integrations/base/chat_notification.rb,
app/models/concerns/notification_branch_selection.rb and app/models/project.rb (``execute_integrations``).
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from mockgitlab import dsl
from mockgitlab.api.chat_messages import messages
from mockgitlab.api.chat_messages.common import Message, Teller
from mockgitlab.api.chat_messages.pipelines import of_pipeline
from mockgitlab.api.chat_messages.writers import FORM, WRITERS, Writing
from mockgitlab.api.hook_data.common import Occasion
from mockgitlab.api.models.group import full_name
from mockgitlab.api.models.integration import Integration, integrations_of, value_of
from mockgitlab.api.models.integration_kinds import switch_of
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.models.web_hook import WebHookLog, interpolated
from mockgitlab.api.services.deliveries import keep
from mockgitlab.dsl.encoding import encode

MESSAGES = {
    "push": messages.of_push,
    "tag_push": messages.of_push,
    "issue": messages.of_issue,
    "incident": messages.of_issue,
    "merge_request": messages.of_merge_request,
    "note": messages.of_note,
    "wiki_page": messages.of_wiki_page,
    "deployment": messages.of_deployment,
}
"""What is told of each kind of event but pipelines."""
WITH_LABELS = ("issue", "merge_request", "note")
Data = Mapping[str, Any]


def tell_chats(call: dsl.Call, occasions: list[Occasion]) -> None:
    """Let the chats of projects be sent what happened there."""
    for occasion in (one for given in occasions for one in _with_incident(given)):
        if isinstance(occasion.at, Project):
            for integration in integrations_of(call.store, occasion.at):
                if _is_told(call.store, integration, occasion):
                    _tell(call, integration, occasion.at, occasion)


def _with_incident(occasion: Occasion) -> Iterator[Occasion]:
    """Yield an event, and again as one of an incident where it is of one."""
    yield occasion
    data = occasion.data
    if data.get("object_kind") in ("issue", "work_item") and data["object_attributes"].get("type") == "Incident":
        told = {**data, "object_kind": "incident", "event_type": "incident"}
        yield Occasion("incident_hooks", told, occasion.at)


def _is_told(store: dsl.Store, integration: Integration, occasion: Occasion) -> bool:
    """Tell whether a chat wants to know of an event."""
    data = occasion.data
    if integration.slug not in WRITERS or not wants(integration, occasion.trigger):
        return False
    if data.get("object_kind") not in (*MESSAGES, "pipeline"):
        return False
    return _is_news(integration, data) and _of_labels(integration, data) and _of_branch(store, integration, data)


def wants(integration: Integration, trigger: str) -> bool:
    """Tell whether an integration is told of what sets something off, such as ``push_hooks``."""
    event = trigger.removesuffix("_hooks")
    return integration.active and event in integration.kind.events and bool(getattr(integration, switch_of(event)))


def _is_news(integration: Integration, data: Data) -> bool:
    """Tell whether an event is more than a change of an issue or merge request, or a pipeline under way."""
    own = data.get("object_attributes") or {}
    if data["object_kind"] == "pipeline":
        only_broken = bool(integration.properties.get("notify_only_broken_pipelines"))
        return own["status"] == "failed" or (own["status"] == "success" and not only_broken)
    return data["object_kind"] not in ("issue", "incident", "merge_request") or own["action"] != "update"


def _of_labels(integration: Integration, data: Data) -> bool:
    """Tell whether what happened is of the labels that are wanted."""
    listed = (integration.properties.get("labels_to_be_notified") or "").replace("~", "").split(",")
    wanted = {label.strip() for label in listed} - {""}
    if not wanted or data["object_kind"] not in WITH_LABELS:
        return True
    holders = (data, data.get("issue") or {}, data.get("merge_request") or {}, data["object_attributes"])
    labels: list[Any] = next((one["labels"] for one in holders if one.get("labels") is not None), [])
    found = wanted & {label["title"] for label in labels}
    every = integration.properties.get("labels_to_be_notified_behavior") == "match_all"
    return found == wanted if every else bool(found)


def _of_branch(store: dsl.Store, integration: Integration, data: Data) -> bool:
    """Tell whether what happened is on a branch that is wanted; of tags all is told."""
    own = data.get("object_attributes") or {}
    ref = str(data.get("ref") or own.get("ref") or "")
    if not ref or own.get("tag") or data["object_kind"] not in ("push", "pipeline", "deployment"):
        return True
    project, name = store[Project][integration.project_id or 0], ref.removeprefix("refs/heads/")
    wanted = integration.properties.get("branches_to_be_notified")
    default = name == project.default_branch and wanted in ("default", "default_and_protected")
    return wanted == "all" or default or ("protected" in str(wanted) and bool(protections(store, project, name)))


# Sending


def _tell(call: dsl.Call, integration: Integration, project: Project, occasion: Occasion) -> None:
    message = message_of(call, project, occasion.data)
    channels = _channels(integration, str(occasion.data.get("event_type") or occasion.data["object_kind"]))
    for letter in WRITERS[integration.slug](Writing(integration, message, channels, call.settings, call.now)):
        headers = {"Content-Type": letter.media_type, "User-Agent": f"GitLab/{call.settings.version}"}
        columns: dict[str, Any] = {"url": letter.url, "request_headers": headers, "request_data": letter.body}
        keep(call.store, WebHookLog(integration_id=integration.id, trigger=occasion.trigger, **columns))


def message_of(call: dsl.Call, project: Project, data: Data) -> Message:
    """Return what is told of an event."""
    view = call.view()
    name = f"{full_name(call.store, namespace_of(call.store, project))} / {project.name}"
    by = Teller(data, name, project.web_url(view))
    kind = data["object_kind"]
    return of_pipeline(data, by, view) if kind == "pipeline" else MESSAGES[kind](data, by)


def _channels(integration: Integration, event: str) -> list[str]:
    """Return where a chat is to show an event, each place once; none where only the webhook knows."""
    own = integration.kind.named.get(f"{event}_channel")
    names = (value_of(integration, own) if own else None) or integration.properties.get("channel") or ""
    return list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def parcel_of(integration: Integration, log: WebHookLog) -> dsl.Parcel:
    """Return what is posted to a chat or another service; secrets take their places in the URL now."""
    body = encode(log.request_data)
    form = log.request_headers["Content-Type"] == FORM
    return dsl.Parcel(
        log.id,
        interpolated(log.url, _secrets(integration)),
        log.request_headers,
        urlencode({"payload": body}).encode() if form else body,
        integration.properties.get("enable_ssl_verification") is not False,
    )


def _secrets(integration: Integration) -> dict[str, str]:
    values = {one.name: integration.properties.get(one.name) for one in integration.kind.own if one.secret}
    return {name: quote(value, safe="") if name == "password" else value for name, value in values.items() if value}
