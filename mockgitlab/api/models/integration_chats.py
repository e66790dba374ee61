"""The integrations that write to a chat of what happens.

Source: https://docs.gitlab.com/api/project_integrations/ and GitLab's
app/models/concerns/integrations/base/chat_notification.rb, app/models/concerns/integrations/slack_mattermost_fields.rb.
"""

from typing import Any

from mockgitlab.api.models.integration_kinds import QUIET, Kind, Property, flag, kind, link, need, secret, text

EVERYDAY = "push issue confidential_issue merge_request note confidential_note tag_push pipeline wiki_page"
"""What every chat may be told of."""
BEHAVIORS = ("match_any", "match_all")
NOT_A_NUMBER = "is not a number"
BROKEN = flag("notify_only_broken_pipelines", "Whether to tell of failed pipelines alone", True)
BRANCHES = text("branches_to_be_notified", "Of which branches to tell", default="default")
NOTIFIED = (BROKEN, BRANCHES)
OLD_BRANCHES = Property("notify_only_default_branch", "An older way to say which branches", bool, shown=False)
LABELS = (
    text("labels_to_be_notified", "Of which labels to tell, with commas between; else of all"),
    text("labels_to_be_notified_behavior", "Whether any of them will do", default="match_any", values=BEHAVIORS),
)
CHANNEL = text("channel", "Where to write what has no channel of its own")


def chat(slug: str, title: str, more: str = "", *properties: Property, **options: Any) -> Kind:
    """Return a chat that is told of everyday events and some more."""
    return kind(slug, title, f"{EVERYDAY} {more}", *properties, category="chat", **options)


def hook(what: str) -> Property:
    """Return the URL to which it writes, which answers never tell."""
    return link("webhook", what, shown=False)


def slack_like(name: str) -> tuple[Property, ...]:
    """Return the properties that Slack and Mattermost have alike."""
    named = text("username", "The name under which it writes")
    return (hook(f"The webhook of {name}"), named, CHANNEL, *NOTIFIED, *LABELS, OLD_BRANCHES)


def by_token(*properties: Property) -> tuple[Property, ...]:
    """Return the properties of a chat that is written to with a token."""
    room = need("room", "The room")
    return (*properties[:1], secret("token", "The access token", exposes=True), room, *properties[1:], *NOTIFIED)


HOST = text("hostname", "The server", exposes=True)
CHATS = (
    chat(
        *("discord", "Discord Notifications", "deployment"),
        *(hook("The webhook of Discord"), *NOTIFIED),
        channels=True,
        masked=True,
    ),
    chat(
        *("gitlab-slack-application", "GitLab for Slack app", "deployment incident vulnerability alert"),
        *(CHANNEL, *NOTIFIED, *LABELS),
        columns=QUIET,
        channels=True,
        manual=False,
    ),
    chat("hangouts-chat", "Google Chat", "", hook("The webhook of Google Chat"), *NOTIFIED, OLD_BRANCHES),
    chat("matrix", "Matrix notifications", "incident vulnerability", *by_token(HOST), since="17.3"),
    chat(
        *("mattermost", "Mattermost notifications", "deployment incident vulnerability"),
        *slack_like("Mattermost"),
        channels=True,
    ),
    chat(
        *("microsoft-teams", "Microsoft Teams notifications", ""),
        *(hook("The webhook of Microsoft Teams"), *NOTIFIED, OLD_BRANCHES),
    ),
    chat("pumble", "Pumble", "", hook("The webhook of Pumble"), *NOTIFIED, since="15.3"),
    chat(
        *("slack", "Slack notifications", "deployment incident vulnerability alert commit job"),
        *slack_like("Slack"),
        channels=True,
    ),
    chat(
        *("telegram", "Telegram", "incident vulnerability"),
        *by_token(
            text("hostname", "The server", exposes=True, since="17.1"),
            text("thread", "The thread", pattern=r"[+-]?\d+", told=NOT_A_NUMBER, since="16.11"),
        ),
        since="16.1",
    ),
    chat("unify-circuit", "Unify Circuit", "", hook("The webhook of Unify Circuit"), *NOTIFIED),
    chat("webex-teams", "Webex Teams", "", hook("The webhook of Webex"), *NOTIFIED),
)
