"""Epics through python-gitlab."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import refused


@pytest.fixture
def group(ada: Any) -> Any:
    return ada.groups.get("acme")


def test_epics_are_listed_created_changed_and_deleted(group: Any) -> None:
    assert [epic.title for epic in group.epics.list()] == ["Come back", "Leave the ground"]
    epic = group.epics.create({"title": "Refuel", "labels": "bug", "start_date_fixed": "2024-06-01"})
    assert (epic.iid, epic.labels, epic.state) == (3, ["bug"], "opened")
    epic.title, epic.state_event = "Refuel twice", "close"
    epic.save()
    assert [one.title for one in group.epics.list(state="closed")] == ["Refuel twice"]
    epic.delete()
    assert refused(gitlab.GitlabGetError, group.epics.get, 3)[0] == 404


def test_issues_are_put_into_an_epic_moved_and_taken_out(group: Any, rocket: Any) -> None:
    epic = group.epics.get(1)
    assert [issue.iid for issue in epic.issues.list()] == [1, 2]
    tie = epic.issues.create({"issue_id": rocket.issues.get(3).id})
    assert [issue.iid for issue in epic.issues.list()] == [3, 1, 2]
    assert rocket.issues.get(3).epic["title"] == "Leave the ground"
    epic.issues.delete(tie.id)
    assert [one.iid for one in rocket.issues.list(epic_id=epic.id, sort="asc")] == [1, 2]


def test_an_epic_is_discussed_and_its_labels_are_recorded(group: Any) -> None:
    epic = group.epics.get(1)
    epic.labels = ["bug"]
    epic.save()
    assert [event.label["name"] for event in epic.resourcelabelevents.list()] == ["bug"]
    epic.notes.create({"body": "Soon?"})
    assert [one.body for one in epic.notes.list()] == ["Soon?"]
    thread = epic.manager.gitlab.http_get(f"/groups/acme/epics/{epic.id}/discussions")[0]
    assert (thread["individual_note"], thread["notes"][0]["noteable_type"]) == (True, "Epic")
