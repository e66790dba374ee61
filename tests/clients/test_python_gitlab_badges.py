"""Badges driven with python-gitlab."""

from typing import Any


def test_badges_of_a_project(ada: Any) -> None:
    project = ada.projects.get("acme/rocket")
    badge = project.badges.create({"link_url": "http://ci/%{project_path}", "image_url": "http://ci/x.svg"})
    assert badge.rendered_link_url == "http://ci/acme/rocket"
    badge.link_url = "http://ci/other"
    badge.save()
    assert [one.link_url for one in project.badges.list(get_all=True)] == ["http://ci/other"]
    shown = project.badges.render("http://ci/%{project_id}", "http://ci/x.svg")
    assert shown["rendered_link_url"] == f"http://ci/{project.id}"
    badge.delete()
    assert project.badges.list(get_all=True) == []


def test_badges_of_a_group(ada: Any) -> None:
    group = ada.groups.get("acme")
    group.badges.create({"link_url": "http://ci/", "image_url": "http://ci/x.svg", "name": "CI"})
    assert [one.name for one in ada.projects.get("acme/rocket").badges.list(get_all=True)] == ["CI"]
