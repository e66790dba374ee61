"""Webhooks driven with python-gitlab."""

from typing import Any

from mockgitlab import MockGitLab
from tests.receiver import Receiver

URL = "http://127.0.0.1:9/"


def test_hooks_of_a_project_of_a_group_and_of_the_instance(root: Any) -> None:
    for place in (root.projects.get("acme/rocket"), root.groups.get("acme"), root):
        hook = place.hooks.create({"url": URL, "push_events": True, "token": "secret"})
        assert (hook.url, hook.push_events, hasattr(hook, "token")) == (URL, True, False)
        assert [one.id for one in place.hooks.list(get_all=True)] == [hook.id]
        assert place.hooks.get(hook.id).alert_status == "executable"
        hook.delete()
        assert place.hooks.list(get_all=True) == []


def test_a_hook_is_changed(ada: Any) -> None:
    project = ada.projects.get("acme/rocket")
    hook = project.hooks.create({"url": URL})
    hook.issues_events = True
    hook.save()
    assert project.hooks.get(hook.id).issues_events is True


def test_a_hook_is_told_and_tested(mockgitlab: MockGitLab, ada: Any, receiver: Receiver) -> None:
    project = ada.projects.get("acme/rocket")
    hook = project.hooks.create({"url": receiver.url, "push_events": False, "issues_events": True, "token": "secret"})
    issue = project.issues.create({"title": "It smokes"})
    issue.state_event = "close"
    issue.save()
    actions = [one.json["object_attributes"]["action"] for one in mockgitlab.deliveries(event="Issue Hook")]
    assert actions == ["open", "close"]
    assert [headers["X-Gitlab-Token"] for _, headers, _ in receiver.got] == ["secret", "secret"]
    hook.test("push_events")
    assert receiver.events[-1] == "Push Hook"
