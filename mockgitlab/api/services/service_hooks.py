"""Telling Jenkins, Drone, Packagist and Squash TM what happens: they are posted what hooks are.

Source: GitLab's app/models/integrations/jenkins.rb, drone_ci.rb, packagist.rb, squash_tm.rb and
app/models/concerns/integrations/has_web_hook.rb, push_data_validations.rb.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from mockgitlab import dsl
from mockgitlab.api.hook_data.common import Occasion
from mockgitlab.api.hook_data.pushes import NOTHING
from mockgitlab.api.models.integration import Integration, integrations_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.web_hook import WebHookLog
from mockgitlab.api.services.chat_deliveries import wants
from mockgitlab.api.services.deliveries import headers_of, keep, named

SERVICE_HOOK = "Service Hook"
PACKAGIST = "https://packagist.org"


def tell_services(call: dsl.Call, occasions: list[Occasion]) -> None:
    """Let the services of projects be posted what happened there."""
    for occasion in occasions:
        if isinstance(occasion.at, Project):
            for integration in integrations_of(call.store, occasion.at):
                if integration.slug in ADDRESSES and wants(integration, occasion.trigger):
                    _tell(call, integration, occasion.at, occasion)


def _tell(call: dsl.Call, integration: Integration, project: Project, occasion: Occasion) -> None:
    if integration.slug == "drone-ci" and not _is_to_build(call.store, project, occasion.data):
        return
    event = named(occasion.trigger) if integration.slug in ("jenkins", "squash-tm") else SERVICE_HOOK
    sent: dict[str, Any] = {"request_headers": headers_of(call, _plain(event)), "request_data": occasion.data}
    url = ADDRESSES[integration.slug](integration.properties, project, call.store)
    keep(call.store, WebHookLog(integration_id=integration.id, trigger=occasion.trigger, url=url, **sent))


def _plain(event: str) -> str:
    """Return the event without whether it is confidential, which the payload tells."""
    return event.removeprefix("Confidential ")


def _is_to_build(store: dsl.Store, project: Project, data: Mapping[str, Any]) -> bool:
    """Tell whether Drone is to build: what moved, once where a merge request tells of it as well."""
    if data["object_kind"] == "merge_request":
        one = data["object_attributes"]
        moved = one["action"] in ("open", "reopen") or (one["action"] == "update" and bool(one.get("oldrev")))
        return one["state"] == "opened" and moved
    if data["after"] == NOTHING or not data["total_commits_count"]:
        return False
    branch = data["ref"].removeprefix("refs/heads/")
    opened = store[MergeRequest].where(source_project_id=project.id, source_branch=branch, state="opened")
    return data["object_kind"] == "tag_push" or not opened.where(project_id=project.id).exists()


# Where they are


def _jenkins(values: Mapping[str, Any], project: Project, store: dsl.Store) -> str:
    parts = urlsplit(str(values["jenkins_url"]))
    who = quote(values.get("username") or "", safe="") + (":{password}" if values.get("password") else "")
    host = f"{who}@{parts.netloc}" if who else parts.netloc
    path = f"{parts.path.rstrip('/')}/project/{values['project_name']}"
    return urlunsplit((parts.scheme, host, path, parts.query, parts.fragment))


def _drone(values: Mapping[str, Any], project: Project, store: dsl.Store) -> str:
    owner = namespace_of(store, project).full_path
    return f"{values['drone_url']}/hook?owner={owner}&name={project.path}&access_token={{token}}"


def _packagist(values: Mapping[str, Any], project: Project, store: dsl.Store) -> str:
    server = values.get("server") or PACKAGIST
    return f"{server}/api/update-package?username={values['username']}&apiToken={{token}}"


def _squash(values: Mapping[str, Any], project: Project, store: dsl.Store) -> str:
    return f"{values['url']}?token={{token}}" if values.get("token") else str(values["url"])


ADDRESSES: dict[str, Callable[[Mapping[str, Any], Project, dsl.Store], str]] = {
    "jenkins": _jenkins,
    "drone-ci": _drone,
    "packagist": _packagist,
    "squash-tm": _squash,
}
"""Where a service is posted to, its secrets in braces, by its slug."""
