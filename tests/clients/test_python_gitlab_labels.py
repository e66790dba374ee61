"""Labels and milestones through python-gitlab, of projects and groups."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import Connect, refused


def names(labels: Any) -> list[str]:
    return [label.name for label in labels]


def test_labels_of_a_project_come_with_those_of_its_groups(rocket: Any) -> None:
    assert names(rocket.labels.list()) == ["bug", "docs", "feature", "priority::high", "urgent"]
    assert names(rocket.labels.list(include_ancestor_groups=False)) == ["docs", "urgent"]
    assert names(rocket.labels.list(search="ur")) == ["feature", "urgent"]
    [counted] = [label for label in rocket.labels.list(with_counts=True) if label.name == "bug"]
    assert (counted.open_issues_count, counted.closed_issues_count, counted.is_project_label) == (3, 0, False)


def test_a_label_is_created_changed_and_deleted(rocket: Any) -> None:
    made = rocket.labels.create({"name": "launch pad", "color": "gold", "description": "Concrete", "priority": 3})
    assert (made.name, made.color, made.text_color, made.priority) == ("launch pad", "#FFD700", "#1F1E24", 3)
    made.color = "#000000"
    made.save()
    assert (rocket.labels.get("launch pad").color, rocket.labels.get("launch pad").text_color) == (
        "#000000",
        "#FFFFFF",
    )
    renamed = rocket.labels.update("launch pad", {"new_name": "ramp"})
    assert renamed["name"] == "ramp"
    assert refused(gitlab.GitlabGetError, rocket.labels.get, "launch pad") == (404, "404 Label Not Found")
    rocket.labels.delete("ramp")
    assert "ramp" not in names(rocket.labels.list())


def test_a_label_with_a_slash_or_blank_in_its_name_is_reached(rocket: Any) -> None:
    rocket.labels.create({"name": "a/b c", "color": "#123456"})
    label = rocket.labels.get("a/b c")
    assert label.name == "a/b c"
    label.delete()
    assert refused(gitlab.GitlabGetError, rocket.labels.get, "a/b c")[0] == 404


def test_a_label_that_cannot_be_is_refused(rocket: Any, connect: Connect) -> None:
    create = rocket.labels.create
    assert refused(gitlab.GitlabCreateError, create, {"name": "bug", "color": "red"}) == (409, "Label already exists")
    assert refused(gitlab.GitlabCreateError, create, {"name": "x", "color": "nocolor"}) == (
        400,
        {"color": ["must be a valid color code"]},
    )
    gil = connect("gil").projects.get(1).labels
    assert refused(gitlab.GitlabCreateError, gil.create, {"name": "x", "color": "red"}) == (403, "403 Forbidden")


def test_a_label_of_a_project_is_promoted_to_its_group(rocket: Any, ada: Any) -> None:
    rocket.labels.get("docs").promote()
    assert "docs" in names(ada.groups.get("acme").labels.list())
    assert rocket.labels.get("docs").is_project_label is False
    assert rocket.issues.get(4).labels == ["docs"]


def test_labels_are_subscribed_to(rocket: Any) -> None:
    label = rocket.labels.get("docs")
    label.subscribe()
    assert label.subscribed is True
    assert refused(gitlab.GitlabSubscribeError, label.subscribe) == (304, "")
    label.unsubscribe()
    assert rocket.labels.get("docs").subscribed is False


def test_labels_of_groups_are_managed(ada: Any) -> None:
    acme = ada.groups.get("acme")
    assert names(acme.labels.list()) == ["bug", "feature", "priority::high"]
    made = acme.labels.create({"name": "idea", "color": "#00ff00"})
    made.description = "Might be good"
    made.save()
    assert acme.labels.get("idea").description == "Might be good"
    acme.labels.get("idea").subscribe()
    assert acme.labels.get("idea").subscribed is True
    acme.labels.delete("idea")
    assert names(acme.labels.list(search="idea")) == []
    assert "bug" in names(ada.groups.get("acme/engines").labels.list())


def test_milestones_of_projects_are_managed(rocket: Any) -> None:
    def titles(**filters: Any) -> list[str]:
        return [milestone.title for milestone in rocket.milestones.list(**filters)]

    assert titles(state="active") == ["1.0"]
    assert sorted(titles()) == ["0.9", "1.0"]
    assert sorted(titles(include_ancestors=True)) == ["0.9", "1.0", "Spring"]
    assert titles(search="1.") == ["1.0"]
    made = rocket.milestones.create({"title": "2.0", "start_date": "2024-07-01", "due_date": "2024-09-01"})
    assert (made.iid, made.state, made.expired, made.project_id) == (3, "active", False, 1)
    assert made.web_url.endswith("/acme/rocket/-/milestones/3")
    made.state_event = "close"
    made.save()
    assert rocket.milestones.get(made.id).state == "closed"
    made.delete()
    assert refused(gitlab.GitlabGetError, rocket.milestones.get, made.id) == (404, "404 Not found")


def test_a_milestone_that_cannot_be_is_refused(rocket: Any) -> None:
    create = rocket.milestones.create
    assert refused(gitlab.GitlabCreateError, create, {"title": "1.0"}) == (
        400,
        'Failed to create milestone {:title=>["already being used for another group or project milestone."]}',
    )
    backwards = {"title": "x", "start_date": "2024-09-01", "due_date": "2024-07-01"}
    assert refused(gitlab.GitlabCreateError, create, backwards) == (
        400,
        'Failed to create milestone {:due_date=>["must be greater than start date"]}',
    )


def test_the_issues_of_a_milestone_are_listed(rocket: Any, ada: Any) -> None:
    [milestone] = rocket.milestones.list(title="1.0")
    assert sorted(issue.iid for issue in milestone.issues()) == [1, 4]
    assert [one.title for one in milestone.merge_requests()] == ["Double the thrust"]
    [spring] = ada.groups.get("acme").milestones.list()
    assert [issue.title for issue in spring.issues()] == ["More thrust"]


def test_a_milestone_is_promoted_to_the_group(rocket: Any, ada: Any) -> None:
    rocket.milestones.list(title="1.0")[0].promote()
    assert sorted(one.title for one in ada.groups.get("acme").milestones.list()) == ["1.0", "Spring"]
    assert rocket.issues.get(1).milestone["group_id"] == 1


def test_milestones_of_groups_are_managed(ada: Any) -> None:
    acme = ada.groups.get("acme")
    made = acme.milestones.create({"title": "Summer", "due_date": "2024-08-31"})
    assert (made.group_id, made.iid) == (1, 2)
    made.title = "High summer"
    made.save()
    assert acme.milestones.get(made.id).title == "High summer"
    acme.milestones.delete(made.id)
    assert [one.title for one in acme.milestones.list()] == ["Spring"]
