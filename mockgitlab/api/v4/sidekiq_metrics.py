"""What Sidekiq, which does GitLab's background work, has to do; here that is the work which waits by the settings.

Source: https://docs.gitlab.com/api/sidekiq_metrics/ and GitLab's lib/api/sidekiq_metrics.rb.
"""

from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.v4.base import v4
from mockgitlab.store import parse_instant, timestamp

QUEUES = ("default", "mailers")


def _waiting(call: dsl.Call) -> list[Progress]:
    return list(call.store[Progress].all())


def _queues(call: dsl.Call) -> dict[str, Any]:
    waiting = _waiting(call)
    oldest = min((parse_instant(one.since) for one in waiting), default=call.store.clock.instant)
    latency = int((call.store.clock.instant - oldest).total_seconds())
    return {"default": {"backlog": len(waiting), "latency": latency}}


def _processes(call: dsl.Call) -> list[dict[str, Any]]:
    began = timestamp(parse_instant(call.settings.clock))
    host = urlsplit(call.base).hostname
    known = {"hostname": host, "pid": 1, "tag": "gitlab", "started_at": began, "queues": list(QUEUES)}
    return [{**known, "labels": [], "concurrency": 20, "busy": 0}]


def _jobs(call: dsl.Call) -> dict[str, int]:
    return {"processed": 0, "failed": 0, "enqueued": len(_waiting(call)), "dead": 0}


@v4.get("sidekiq/queue_metrics", rule=access.ADMIN)
def show_queue_metrics(call: dsl.Call) -> dict[str, Any]:
    """Show how much waits in each queue, and how many seconds the oldest of it."""
    return {"queues": _queues(call)}


@v4.get("sidekiq/process_metrics", rule=access.ADMIN)
def show_process_metrics(call: dsl.Call) -> dict[str, Any]:
    """Show the processes that do the work."""
    return {"processes": _processes(call)}


@v4.get("sidekiq/job_stats", rule=access.ADMIN)
def show_job_stats(call: dsl.Call) -> dict[str, Any]:
    """Show how many jobs were done, failed, or wait."""
    return {"jobs": _jobs(call)}


@v4.get("sidekiq/compound_metrics", rule=access.ADMIN)
def show_compound_metrics(call: dsl.Call) -> dict[str, Any]:
    """Show all of it at once."""
    return {"queues": _queues(call), "processes": _processes(call), "jobs": _jobs(call)}
