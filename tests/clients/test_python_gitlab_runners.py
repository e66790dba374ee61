"""Runners driven with python-gitlab."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import refused
from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def test_the_life_of_a_runner(ada: Any) -> None:
    ada.auth()
    rocket, notes = ada.projects.get("acme/rocket"), ada.projects.get("ada/notes")
    made = ada.user.runners.create({"runner_type": "project_type", "project_id": rocket.id, "tag_list": ["linux"]})
    ada.runners.verify(made.token)
    runner = ada.runners.get(made.id)
    assert (runner.status, runner.tag_list) == ("online", ["linux"])
    runner.paused = True
    runner.save()
    assert [one.id for one in ada.runners.list(paused=True, get_all=True)] == [made.id]
    notes.runners.create({"runner_id": made.id})
    assert [one.id for one in notes.runners.list(get_all=True)] == [made.id]
    status, message = refused(gitlab.GitlabDeleteError, runner.delete)
    assert (status, message) == (403, "403 Forbidden - Runner associated with more than one project")
    notes.runners.delete(made.id)
    runner.delete()
    assert ada.runners.list(get_all=True) == []


def test_runners_register_themselves(ada: Any) -> None:
    group = ada.groups.get("acme")
    made = gitlab.Gitlab(ada.url).runners.create({"token": group.runners_token, "description": "macs"})
    assert [one.description for one in group.runners.list(get_all=True)] == ["macs"]
    assert len(made.token) == 20
