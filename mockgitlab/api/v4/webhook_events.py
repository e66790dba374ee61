"""What webhooks were sent: tests, the list of events, sending again.

Source: https://docs.gitlab.com/api/project_webhooks/, https://docs.gitlab.com/api/system_hooks/ and GitLab's
lib/api/hooks/trigger_test.rb, events.rb, resend_hook.rb, test.rb.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.hook_data.common import Seen
from mockgitlab.api.hook_data.samples import SAMPLES
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.web_hook import WEB_HOOK_LOG, WebHook, WebHookLog, status_of
from mockgitlab.api.services import deliveries
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.webhooks import OF, Place
from mockgitlab.errors import ApiError, RecordNotFound, Style, Unprocessable
from mockgitlab.store import Query, parse_instant, timestamp

CLASSES = {"successful": (200, 299), "client_failure": (400, 499), "server_failure": (500, 599)}
"""Classes of statuses, each from and to."""
STATUSES = (*(str(status.value) for status in HTTPStatus), *CLASSES)
TRIGGERS = {switch: trigger for trigger, switch in deliveries.TRIGGERS.items()}
STATUS = dsl.param("status", dsl.CommaList, "Statuses, or classes of them", enum=STATUSES)
TRIGGER = dsl.param("trigger", str, "The switch of what is to be sent", required=True, enum=tuple(SAMPLES))
DAYS = 7
SYSTEM_TEST = {
    "event_name": "project_create",
    "name": "Ruby",
    "path": "ruby",
    "project_id": 1,
    "owner_name": "Someone",
    "owner_email": "example@gitlabhq.com",
}
"""What a test tells a system hook."""


class TooOften(ApiError):
    """Hooks are tested, or sent something again, more often than ``limits.webhook_tests_per_minute`` allows."""

    status = 429

    def body(self, style: Style) -> Any:
        """Return the error within the message."""
        return {"message": {"error": "This endpoint has been requested too many times. Try again later."}}


# Tests


def _check_rate(call: dsl.Call, at: Place) -> None:
    """Raise ``TooOften`` where the user asked for more of this in the last minute than the instance allows."""
    most = call.settings.limits.webhook_tests_per_minute
    if most is None:
        return
    since = timestamp(parse_instant(call.now) - timedelta(minutes=1))
    mine = call.store[WebHookLog].having("asked_by_id", access.me(call).id)
    asked = sum(log.created_at > since and log.asked_at == _name(at) for log in mine)
    if asked >= most:
        who = f"{access.me(call).username} asked {asked} times in a minute"
        raise TooOften(reason=f"{who}, limits.webhook_tests_per_minute is {most}")


def _name(at: Place) -> str:
    return f"{type(at).__name__} {at.id}"


def _asked(call: dsl.Call, at: Place) -> dict[str, Any]:
    return {"asked_by_id": access.me(call).id, "asked_at": _name(at)}


def _project(call: dsl.Call, at: Place) -> Project:
    """Return the project that a test is about: of a group the first one below it that has commits."""
    if isinstance(at, Project):
        return at
    for project in sorted(call.store[Project].all(), key=lambda one: one.id):
        above = ancestors(call.store, namespace_of(call.store, project))
        if not project.empty_repo and any(group.id == at.id for group in above):
            return project
    raise Unprocessable("Ensure the group has a project with commits.", reason="every project of the group is empty")


def _sample(call: dsl.Call, at: Place, trigger: str) -> dict[str, Any]:
    sample, project = SAMPLES[trigger], _project(call, at)
    data = sample.make(Seen(call, call.view(), ()), project)
    if data is None:
        raise Unprocessable(sample.told, reason=f"{project.full_path} has nothing that could be sent")
    return data


def _outcome(call: dsl.Call, log: WebHookLog) -> WebHookLog:
    """Return what became of what was sent; raises ``Unprocessable`` where nothing came back."""
    now = call.store.fresh(log)
    if now.response_status == deliveries.INTERNAL_ERROR:
        raise Unprocessable(now.internal_error_message, reason=f"nothing came back from {now.url}")
    return now


def _succeeded(call: dsl.Call, log: WebHookLog) -> dict[str, str]:
    now = _outcome(call, log)
    if not (now.response_status or "200").startswith("2"):
        raise Unprocessable(now.response_body, reason=f"{now.url} answered {now.response_status}")
    return {"message": "201 Created"}


def _declare(kind: str) -> None:
    at, of = f"{kind}/:id/hooks/:hook_id", OF[kind]

    @v4.post(f"{at}/test/:trigger", params=[TRIGGER], since="16.11", **of)
    def test_hook(call: dsl.Call, place: Place, hook: WebHook, given: dsl.Given) -> None:
        """Let a webhook be sent something, whether it is disabled or not, and tell whether it took it."""
        _check_rate(call, place)
        data = _sample(call, place, given["trigger"])
        log = deliveries.send(call, hook, TRIGGERS[given["trigger"]], data, **_asked(call, place))
        call.then = lambda: _succeeded(call, log)

    @v4.get(f"{at}/events", shape=WEB_HOOK_LOG, params=[STATUS], page_at_most=20, since="17.3", **of)
    def list_events(call: dsl.Call, hook: WebHook, given: dsl.Given) -> Query[WebHookLog]:
        """List what a webhook was sent in the last week, the newest first."""
        since = timestamp(parse_instant(call.now) - timedelta(days=DAYS))
        wanted = given.get("status") or ()
        sent = call.store[WebHookLog].where(web_hook_id=hook.id)
        found = sent.filter(lambda log: not log.pending and log.created_at >= since and _has_status(log, wanted))
        return found.order_by("id", descending=True)

    @v4.post(f"{at}/events/:hook_log_id/resend", since="17.4", **of)
    def resend_event(call: dsl.Call, place: Place, hook: WebHook, hook_log_id: int) -> None:
        """Send a webhook once more what it was sent."""
        _check_rate(call, place)
        log = call.store[WebHookLog].get(hook_log_id)
        if log is None or log.web_hook_id != hook.id:
            raise RecordNotFound(reason=f"the hook has no event {hook_log_id}")
        if log.url != hook.url:
            told = "The hook URL has changed, and this log entry cannot be retried"
            raise Unprocessable(told, reason=f"it was {log.url}")
        if status_of(hook, call.now) != "executable":
            raise Unprocessable("Hook disabled", reason=f"it failed {hook.recent_failures} times in a row")
        key = log.request_headers["Idempotency-Key"]
        again = deliveries.send(call, hook, log.trigger, log.request_data, key=key, **_asked(call, place))
        call.then = lambda: {"response_status": int(_outcome(call, again).response_status or 200)}


def _has_status(log: WebHookLog, wanted: Any) -> bool:
    return not wanted or any(_is_status(str(log.response_status), one) for one in wanted)


def _is_status(status: str, wanted: str) -> bool:
    if wanted not in CLASSES:
        return status == wanted
    least, most = CLASSES[wanted]
    return least <= int(status) <= most if status.isdigit() else wanted == "server_failure"


for _kind in OF:
    _declare(_kind)


@v4.post("hooks/:hook_id", rule=access.ADMIN)
def test_system_hook(call: dsl.Call, hook: WebHook) -> None:
    """Let a system hook be sent that a project was created, which was not."""
    deliveries.send(call, hook, deliveries.ALWAYS, SYSTEM_TEST)
    call.then = lambda: SYSTEM_TEST
