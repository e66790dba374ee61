"""Slash commands: what Slack and Mattermost send when somebody writes ``/gitlab …`` there.

Nobody's account is connected with a chat here, which only GitLab's own pages do; so everybody is asked to connect it.

Source: GitLab's lib/api/integrations.rb, app/models/concerns/integrations/base/slash_commands.rb and
lib/gitlab/slash_commands/presenters/access.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.integration import find_integration
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project import find_project as project_named
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound

CHATS = ("slack", "mattermost")
SLUGS = tuple(f"{chat}-slash-commands" for chat in CHATS)
UNKNOWN = ":sweat_smile: Couldn't identify you, nor can I authorize you!"
WHO = ("team_id", "team_domain", "user_id", "user_name")
PARAMS = [
    dsl.param("token", str, "The token of the commands", required=True),
    *(dsl.param(name, str, "Who writes, and where") for name in WHO),
    *(dsl.param(name, str, "What is written") for name in ("command", "text")),
]


class NotConnected(NotFound):
    """No chat is connected so with a project, or there is no such project."""


def _find_project(call: dsl.Call, value: str) -> Project:
    """Return the project of this name, whoever may know of it: the token shows that the chat does."""
    project = project_named(call.store, value)
    if project is None:
        raise NotConnected("Integration", reason=f"there is no project {value}")
    return project


ANY_PROJECT = (("id", dsl.Locator(_find_project)),)


def _declare(at: str, chat: str, **options: Any) -> None:
    path, slug = f"{at}/{chat}_slash_commands/trigger", f"{chat}-slash-commands"

    @v4.post(path, rule=access.ANYONE, success=200, params=PARAMS, locators=ANY_PROJECT, **options)
    def trigger(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
        """Carry out a command that somebody wrote in a chat."""
        return carry_out(call, project, slug, given)


def carry_out(call: dsl.Call, project: Project, slug: str, given: dsl.Given) -> dict[str, Any]:
    """Answer a command that a chat of a project sends, if it shows the right token."""
    found = find_integration(call.store, project, slug) if slug in SLUGS else None
    token = found.properties.get("token") if found is not None and found.active else None
    if not token or token != given["token"]:
        raise NotConnected("Integration", reason=f"{project.full_path} has no active {slug} with this token")
    return {"response_type": "ephemeral", "status": 200, "text": _invitation(call, given)}


def _invitation(call: dsl.Call, given: dsl.Given) -> str:
    """Return how somebody is asked to connect his account, in Slack's words for a link."""
    if not all(given.get(name) for name in WHO):
        return UNKNOWN
    url = f"{call.base}/-/profile/chat_names/new?token={call.store.mint()}"
    return f":wave: Hi there! Before I do anything for you, please <{url}|connect your GitLab account>."


for _chat in CHATS:
    _declare("projects/:id/services", _chat)
    _declare("projects/:id/integrations", _chat, since="14.4")
