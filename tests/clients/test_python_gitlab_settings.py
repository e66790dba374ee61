"""The application settings driven with python-gitlab."""

from typing import Any

import gitlab
import pytest


def test_settings_are_read_changed_and_saved(root: Any) -> None:
    settings = root.settings.get()
    assert settings.deletion_adjourned_period == 7
    settings.deletion_adjourned_period = 14
    settings.save()
    assert root.settings.get().deletion_adjourned_period == 14
    settings.deletion_adjourned_period = 0
    with pytest.raises(gitlab.GitlabUpdateError, match="must be greater than or equal to 1"):
        settings.save()


def test_a_throttle_that_is_set_refuses_with_retry_later(root: Any) -> None:
    settings = root.settings.get()
    settings.throttle_authenticated_api_enabled = True
    settings.throttle_authenticated_api_requests_per_period = 1
    settings.throttle_authenticated_api_period_in_seconds = 3
    settings.save()
    root.projects.list(get_all=False)
    with pytest.raises(gitlab.GitlabHttpError) as refused:
        root.http_get("/projects", obey_rate_limit=False)
    assert (refused.value.response_code, refused.value.response_body) == (429, b"Retry later\n")


def test_sidekiq_tells_what_waits(root: Any) -> None:
    assert root.sidekiq.queue_metrics()["queues"]["default"]["backlog"] == 0
    assert root.sidekiq.process_metrics()["processes"][0]["tag"] == "gitlab"
    assert root.sidekiq.job_stats()["jobs"]["enqueued"] == 0
    assert sorted(root.sidekiq.compound_metrics()) == ["jobs", "processes", "queues"]
