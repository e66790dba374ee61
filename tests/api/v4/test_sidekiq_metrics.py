import pytest

from tests.support import WORLD, Api

WAITS = {**WORLD, "gitlab": {"transitions": {"imports": "manual"}}}
PROCESS = {
    "hostname": "localhost",
    "pid": 1,
    "tag": "gitlab",
    "started_at": "2024-05-01T09:00:00.000Z",
    "queues": ["default", "mailers"],
    "labels": [],
    "concurrency": 20,
    "busy": 0,
}


def test_nothing_waits_where_everything_is_done_at_once(api: Api) -> None:
    assert api.get("sidekiq/compound_metrics", "root").json == {
        "queues": {"default": {"backlog": 0, "latency": 0}},
        "processes": [PROCESS],
        "jobs": {"processed": 0, "failed": 0, "enqueued": 0, "dead": 0},
    }


@pytest.mark.mockgitlab(scenario=WAITS)
def test_what_waits_is_counted(api: Api) -> None:
    api.post("projects/1/fork", "ada", namespace_path="ada")
    assert api.get("sidekiq/queue_metrics", "root").json == {"queues": {"default": {"backlog": 1, "latency": 0}}}
    assert api.get("sidekiq/job_stats", "root").json["jobs"]["enqueued"] == 1
    assert api.get("sidekiq/process_metrics", "root").json == {"processes": [PROCESS]}


@pytest.mark.parametrize("page", ["queue_metrics", "process_metrics", "job_stats", "compound_metrics"])
def test_metrics_are_for_administrators(api: Api, page: str) -> None:
    assert (api.get(f"sidekiq/{page}", "ada").status, api.get(f"sidekiq/{page}", None).status) == (403, 401)
