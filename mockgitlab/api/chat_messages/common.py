"""What the messages of all events have in common: links, who did it, and Slack's way to write links.

Source: GitLab's app/models/integrations/chat_message/base_message.rb, lib/slack_markdown_sanitizer.rb and the gem
slack-messenger.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GREY = "#334455"
_MARKUP = str.maketrans("", "", "<>[]|")
_HTML_LINK = re.compile(r"""<a .*?href=['"](.+?)['"].*?>(.+?)</a>""", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]]*?)\]\(((?:https?://|mailto:)[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")
_SLACK_LINK = re.compile(r"<([^|<>]*)\|([^<>]*)>")
Attachment = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What is told of an event.

    ``text`` is one line of Markdown, ``details`` what stands below it, ``attachments`` the same for Slack. A ``bare``
    one has no line above its attachments. ``activity`` are the title, subtitle, text and image for a card, ``thread``
    what the message belongs to, ``color`` the colour that it has everywhere.
    """

    text: str
    project: str
    details: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    activity: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    color: str = ""
    bare: bool = False
    user: str | None = None
    avatar: str | None = None


@dataclass(frozen=True)
class Teller:
    """Who did something, and in which project, as a payload says it."""

    data: Mapping[str, Any]
    project: str
    url: str

    @property
    def user(self) -> str:
        """The name and the username."""
        known = self.data.get("user") or {}
        name = known.get("username") or self.data.get("user_name") or ""
        return plain(f"{known['name']} ({name})" if known.get("name") else name)

    @property
    def link(self) -> str:
        """The project, as a link."""
        return link(self.project, self.url)

    def message(self, text: str, activity: tuple[str, str, str | None], **more: Any) -> Message:
        """Return a message, with what is told of everybody."""
        known = self.data.get("user") or {}
        avatar = known.get("avatar_url") or self.data.get("user_avatar")
        card = dict(zip(("title", "subtitle", "text"), activity, strict=True)) | {"image": avatar}
        who = known.get("username") or self.data.get("user_name")
        return Message(text, self.project, activity=card, user=who, avatar=avatar, **more)


def plain(text: str | None) -> str:
    """Return a text without what could make links of it."""
    return (text or "").translate(_MARKUP)


def unlinked(text: str) -> str:
    """Return a text in which Slack sees no links that somebody wrote in Slack's own way."""
    return _SLACK_LINK.sub(lambda found: found[0].replace("<", "&lt;").replace(">", "&gt;"), text)


def link(text: str, url: str | None) -> str:
    """Return a link in Markdown."""
    return f"[{plain(text)}]({url or ''})"


def slack(text: str) -> str:
    """Return a text with its links as Slack writes them: ``<http://localhost/|there>``."""
    text = _HTML_LINK.sub(lambda found: _slack_link(found[1], found[2]), text)
    return _LINK.sub(lambda found: _slack_link(found[2], found[1]), text)


def _slack_link(url: str, text: str) -> str:
    return f"<{url}|{text}>" if text else f"<{url}>"
