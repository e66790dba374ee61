import pytest

from tests.api.v4.planning import group_milestone, id_of
from tests.support import Api, names


@pytest.fixture
def grouped(planned: Api) -> Api:
    """Acme with Year, Spring (until May) and Open; acme/labs with Lab."""
    planned.post("groups/1/milestones", title="Spring", description="Warm", due_date="2024-05-31")
    planned.post("groups/1/milestones", title="Open")
    planned.post("groups/2/milestones", title="Lab", start_date="2024-06-15")
    return planned


def test_milestones_of_a_group_are_its_own(grouped: Api) -> None:
    answer = grouped.get("groups/1/milestones", "gil")
    assert names(answer, "title") == ["Spring", "Year", "Open"]
    spring = answer.json[0]
    assert spring == group_milestone(spring["id"], 2, "Spring", description="Warm", due_date="2024-05-31")
    assert list(spring) == list(group_milestone(1, 1, ""))


@pytest.mark.parametrize(
    ("group", "filters", "titles"),
    [
        (1, {"include_descendants": "true"}, ["Spring", "Year", "Lab", "Open"]),
        (2, {}, ["Lab"]),
        (2, {"include_ancestors": "true"}, ["Spring", "Year", "Lab", "Open"]),
        (2, {"include_parent_milestones": "true"}, ["Spring", "Year", "Lab", "Open"]),
        (1, {"iids": "1,3"}, ["Year", "Open"]),
        (1, {"search": "warm"}, ["Spring"]),
        (1, {"title": "Open"}, ["Open"]),
        (1, {"state": "closed"}, []),
        (1, {"containing_date": "2024-05-15"}, ["Spring", "Year"]),
        (1, {"containing_date": "2024-06-15"}, ["Year"]),
        (1, {"containing_date": "2023-06-15"}, ["Spring"]),
        (1, {"start_date": "2024-05-31", "end_date": "2024-07-01"}, ["Spring", "Year"]),
        (1, {"start_date": "2025-01-01", "end_date": "2025-07-01"}, []),
        (1, {"start_date": "2025-01-01"}, ["Spring", "Year", "Open"]),
        (2, {"start_date": "2024-05-01", "end_date": "2024-06-14"}, []),
        (2, {"start_date": "2024-05-01", "end_date": "2024-06-15"}, ["Lab"]),
    ],
)
def test_milestones_of_a_group_are_filtered(
    grouped: Api, group: int, filters: dict[str, str], titles: list[str]
) -> None:
    assert names(grouped.get(f"groups/{group}/milestones", **filters), "title") == titles


def test_days_that_are_none_are_refused(grouped: Api) -> None:
    answer = grouped.get("groups/1/milestones", containing_date="soon")
    assert (answer.status, answer.json) == (400, {"error": "containing_date is invalid"})


def test_milestones_of_groups_need_a_user_who_sees_the_group(api: Api) -> None:
    assert api.get("groups/3/milestones", None).json == {"message": "401 Unauthorized"}
    assert api.get("groups/1/milestones", "nora").json == {"message": "404 Group Not Found"}


def test_a_milestone_of_a_group_is_created_without_an_event(api: Api) -> None:
    answer = api.post("groups/1/milestones", "rex", title="Year")
    assert (answer.status, answer.json) == (201, group_milestone(answer.json["id"], 1, "Year"))
    assert api.get(f"groups/1/milestones/{answer.json['id']}", "gil").json == answer.json
    assert api.get("events", "rex").json == []


@pytest.mark.parametrize("title", ["1.0", "Lab", "Year"])
def test_titles_are_taken_in_all_of_the_group(grouped: Api, title: str) -> None:
    answer = grouped.post("groups/1/milestones", title=title)
    taken = '{:title=>["already being used for another group or project milestone."]}'
    assert (answer.status, answer.json) == (400, {"message": f"Failed to create milestone {taken}"})


def test_a_milestone_of_a_group_is_changed_and_closed(grouped: Api) -> None:
    path = f"groups/1/milestones/{id_of(grouped, 'Open', 'groups/1')}"
    answer = grouped.put(path, "rex", title="Shut", state_event="close")
    assert (answer.status, answer.json["title"], answer.json["state"]) == (200, "Shut", "closed")
    assert grouped.put(path, state_event="activate").json["state"] == "active"
    assert grouped.put(path).status == 400


def test_milestones_of_groups_are_changed_from_reporter_on(grouped: Api) -> None:
    path = f"groups/1/milestones/{id_of(grouped, 'Open', 'groups/1')}"
    for answer in (
        grouped.post("groups/1/milestones", "gil", title="x"),
        grouped.put(path, "gil", title="x"),
        grouped.delete(path, "gil"),
    ):
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


def test_milestones_of_other_groups_and_of_projects_are_not_found(grouped: Api) -> None:
    for id in (id_of(grouped, "Lab", "groups/2"), id_of(grouped, "1.0")):
        answer = grouped.get(f"groups/1/milestones/{id}")
        assert (answer.status, answer.json) == (404, {"message": "404 Not found"})


def test_issues_of_a_groups_milestone_are_those_of_its_own_projects(grouped: Api) -> None:
    year = id_of(grouped, "Year", "groups/1")
    grouped.post("projects", name="deep", namespace_id=2)
    grouped.post("projects/acme%2Flabs%2Fdeep/issues", title="Below", milestone_id=year)
    assert names(grouped.get(f"groups/1/milestones/{year}/issues", "gil"), "title") == ["Three"]
    assert grouped.get(f"groups/1/milestones/{year}/merge_requests").json == []


def test_a_deleted_milestone_of_a_group_is_taken_off_issues(grouped: Api) -> None:
    year = id_of(grouped, "Year", "groups/1")
    assert grouped.delete(f"groups/1/milestones/{year}", "rex").status == 204
    assert grouped.get("projects/1/issues/3").json["milestone"] is None
    assert grouped.get(f"groups/1/milestones/{year}").status == 404
