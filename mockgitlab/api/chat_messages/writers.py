"""The bodies that chats want: which URL is posted to, of what kind the body is, and what it says.

Source: GitLab's app/models/concerns/integrations/slack_mattermost_notifier.rb, base/discord.rb,
base/microsoft_teams.rb, base/hangouts_chat.rb, base/webex_teams.rb, base/pumble.rb, base/unify_circuit.rb,
base/telegram.rb, lib/microsoft_teams/notifier.rb and the gem discordrb-webhooks.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mockgitlab.api.chat_messages.common import Attachment, Message, slack
from mockgitlab.api.models.integration import Integration
from mockgitlab.store import Settings

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
REPLY = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
DISCORD_COLORS = {"good": "#0d532a", "warning": "#703800", "danger": "#8d1300"}
ORANGE = "#fc6d26"
CARDS_SINCE = (17, 5)
"""Since when Microsoft Teams gets adaptive cards."""
TELEGRAM = "https://api.telegram.org"
_ENTRY = re.compile(r": ([^\n]*)\n - ([^\n]*)\n*")


@dataclass(frozen=True)
class Letter:
    """What is to be posted to a chat; a form has the body as JSON in its field ``payload``."""

    url: str
    body: dict[str, Any]
    media_type: str = JSON


@dataclass(frozen=True)
class Writing:
    """What a chat is told: the message, the channels that are meant, and when and in which GitLab it is."""

    integration: Integration
    message: Message
    channels: Sequence[str]
    settings: Settings
    now: str

    @property
    def url(self) -> str:
        """The URL that was set for the chat."""
        url: str = self.integration.properties["webhook"]
        return url


def _slack(one: Writing) -> Iterator[Letter]:
    """Yield a form for each channel, or one for the channel of the webhook itself."""
    message, username = one.message, one.integration.properties.get("username")
    said = {
        **({"username": username} if username is not None else {}),
        "attachments": [_slack_attachment(attachment) for attachment in message.attachments],
        "fallback": slack(message.text),
        "text": "" if message.bare else slack(message.text),
    }
    for channel in one.channels or [""]:
        yield Letter(one.url, {**({"channel": channel} if channel else {}), **said}, FORM)


def _slack_attachment(attachment: Attachment) -> Attachment:
    return {name: slack(value) if name == "text" else value for name, value in attachment.items()}


def _discord(one: Writing) -> Iterator[Letter]:
    message = one.message
    text = f"{'' if message.bare else message.text}\n{message.details}"
    color = DISCORD_COLORS.get(message.color, message.color) or ORANGE
    embed: dict[str, Any] = {
        **dict.fromkeys(("title", "description", "url")),
        "description": _ENTRY.sub(r" \1 - \2\n", text),
        "timestamp": f"{one.now[:19]}Z",
        "color": int(color[1:], 16),
        **dict.fromkeys(("footer", "image", "thumbnail", "video", "provider")),
        "author": {"name": message.user, "url": None, "icon_url": message.avatar},
        "fields": [],
    }
    who = dict.fromkeys(("content", "username", "avatar_url"))
    body = {**who, "tts": False, "embeds": [embed], "allowed_mentions": None}
    yield Letter(one.channels[0] if one.channels else one.url, body)


def _teams(one: Writing) -> Iterator[Letter]:
    card = _adaptive_card if one.settings.release >= CARDS_SINCE else _message_card
    yield Letter(one.url, card(one.message))


def _block(text: str | None, **more: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, **more}


def _adaptive_card(message: Message) -> dict[str, Any]:
    told = message.activity
    lines = [
        _block(told["title"], weight="bolder", wrap=True),
        _block(told["subtitle"], isSubtle=True, wrap=True),
        _block(told["text"], wrap=True),
    ]
    image = {"type": "Image", "url": told["image"], "size": "medium"}
    columns = [
        {"type": "Column", "width": "auto", "items": [image]},
        {"type": "Column", "width": "stretch", "items": lines},
    ]
    body = [
        _block(message.project, weight="bolder", size="medium"),
        {"type": "ColumnSet", "columns": columns},
        *([_block(message.details, wrap=True)] if message.details else []),
    ]
    content = {"type": "AdaptiveCard", "msteams": {"width": "Full"}, "version": "1.0", "body": body}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


def _message_card(message: Message) -> dict[str, Any]:
    activity = {f"activity{name.capitalize()}": value for name, value in message.activity.items()}
    details = [{"text": message.details}] if message.details else []
    return {"sections": [activity, *details], "title": message.project, "summary": message.text}


def _google(one: Writing) -> Iterator[Letter]:
    message = one.message
    lines = ["" if message.bare else slack(message.text)]
    for attachment in message.attachments[:1]:
        title = attachment.get("title")
        lines += [f"<{attachment['title_link']}|{title}>"] if title else []
        lines += [attachment["text"]] if "text" in attachment else []
    body = {"text": "\n".join(lines), "thread": {"threadKey": message.thread}}
    yield Letter(f"{one.url}{'&' if '?' in one.url else '?'}{REPLY}", body)


def _webex(one: Writing) -> Iterator[Letter]:
    yield Letter(one.url, {"markdown": one.message.text})


def _pumble(one: Writing) -> Iterator[Letter]:
    yield Letter(one.url, {"text": slack(one.message.text)})


def _circuit(one: Writing) -> Iterator[Letter]:
    body = {"subject": one.message.project, "text": one.message.text, "markdown": True}
    yield Letter(one.url, body)


def _telegram(one: Writing) -> Iterator[Letter]:
    values = one.integration.properties
    said = {"text": one.message.text, "chat_id": values["room"], "message_thread_id": values.get("thread")}
    body = {name: value for name, value in {**said, "parse_mode": "markdown"}.items() if value}
    yield Letter(f"{values.get('hostname') or TELEGRAM}/bot{{token}}/sendMessage", body)


WRITERS: dict[str, Callable[[Writing], Iterator[Letter]]] = {
    "slack": _slack,
    "mattermost": _slack,
    "discord": _discord,
    "microsoft-teams": _teams,
    "hangouts-chat": _google,
    "webex-teams": _webex,
    "pumble": _pumble,
    "unify-circuit": _circuit,
    "telegram": _telegram,
}
"""How each chat is written to, by its slug."""
