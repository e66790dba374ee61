"""Integrations driven with python-gitlab."""

from typing import Any

import gitlab
import pytest

HOOK = "http://localhost:9/"


def test_an_integration_of_a_project(rocket: Any) -> None:
    rocket.integrations.update("slack", {"webhook": HOOK, "push_channel": "#dev", "issues_events": False})
    slack = rocket.integrations.get("slack")
    assert (slack.title, slack.active, slack.issues_events) == ("Slack notifications", True, False)
    assert slack.properties["push_channel"] == "#dev"
    assert [one.slug for one in rocket.integrations.list(get_all=True)] == ["slack"]
    rocket.integrations.delete("slack")
    assert rocket.integrations.list(get_all=True) == []
    assert rocket.integrations.get("slack").active is False


def test_an_integration_is_saved_with_what_it_must_have(rocket: Any) -> None:
    rocket.services.update("redmine", {"project_url": HOOK, "issues_url": f"{HOOK}:id", "new_issue_url": HOOK})
    redmine = rocket.services.get("redmine")
    for name, value in {"project_url": "http://other/", "issues_url": HOOK, "new_issue_url": HOOK}.items():
        setattr(redmine, name, value)
    redmine.save()
    assert rocket.services.get("redmine").properties["project_url"] == "http://other/"
    with pytest.raises(gitlab.GitlabUpdateError, match="Another issue tracker is already in use"):
        rocket.integrations.update("youtrack", {"project_url": HOOK, "issues_url": HOOK})


def test_what_may_be_set_up_is_known_to_the_client(rocket: Any) -> None:
    assert "slack" in rocket.integrations.available()
    with pytest.raises(gitlab.GitlabGetError) as refused:
        rocket.integrations.get("asana")
    assert (refused.value.response_code, refused.value.error_message) == (404, "404 Integration Not Found")
