"""Topics of projects through python-gitlab."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import refused


def test_a_topic_is_made_given_to_a_project_merged_and_deleted(root: Any, ada: Any) -> None:
    made = root.topics.create({"name": "rockets", "title": "Rockets", "description": "They fly"})
    assert refused(gitlab.GitlabCreateError, ada.topics.create, {"name": "x", "title": "X"})[0] == 403
    rocket = ada.projects.get("acme/rocket")
    rocket.topics = ["Rockets", "space"]
    rocket.save()
    assert rocket.topics == ["rockets", "space"]
    assert {topic.name: topic.total_projects_count for topic in ada.topics.list(search="rockets")} == {"rockets": 1}
    made.title = "Big rockets"
    made.save()
    assert ada.topics.get(made.id).title == "Big rockets"
    other = ada.topics.list(search="space")[0]
    root.topics.merge(made.id, other.id)
    assert ada.projects.get("acme/rocket").topics == ["space"]
    root.topics.delete(other.id)
    assert ada.projects.get("acme/rocket").topics == []
