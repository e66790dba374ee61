import pytest

from mockgitlab.report.waste import find_waste
from tests.report.exchanges import exchanges, get
from tests.support import WORLD, Api


@pytest.fixture
def api() -> Api:
    issues = [{"title": "Old ticket {n}", "repeat": 50, "author": "ada"}]
    projects = [{**one, "issues": issues} for one in WORLD["projects"]]
    return Api({**WORLD, "projects": projects})


def kinds(api: Api) -> list[str]:
    return [waste.kind for waste in find_waste(exchanges(api))]


def test_reading_more_than_one_page_of_20_is_told_with_what_pages_of_100_would_need(api: Api) -> None:
    get(api, *[f"projects/1/issues?page={page}" for page in (1, 2, 3)])
    [waste] = find_waste(exchanges(api))
    assert (waste.kind, waste.operation, waste.spared) == ("small pages", "GET /projects/:id/issues", 2)
    assert waste.told == "3 pages of 20 were read: per_page=100 would need 1"
    assert waste.requests == (1, 2, 3)


@pytest.mark.parametrize(
    "paths",
    [
        ["projects/1/issues?page=1&per_page=50", "projects/1/issues?page=2&per_page=50"],
        ["projects/1/issues", "projects/2/issues", "projects/1/issues?state=closed"],
        ["projects/1/issues?per_page=x"],
        ["projects/1", "projects/1/issues/1"],
    ],
)
def test_large_pages_and_single_ones_are_no_waste(api: Api, paths: list[str]) -> None:
    get(api, *paths)
    assert kinds(api) == []


def test_a_request_for_each_item_of_a_list_is_told(api: Api) -> None:
    get(api, "projects/1/issues", *[f"projects/1/issues/{iid}" for iid in range(1, 5)])
    [waste] = find_waste(exchanges(api))
    assert (waste.kind, waste.operation, waste.spared) == ("one by one", "GET /projects/:id/issues/:issue_iid", 3)
    assert waste.told == "called for each of 4 items after GET /projects/:id/issues had listed them"


def test_a_request_below_each_item_of_a_list_is_told_too(api: Api) -> None:
    get(api, "issues?scope=all", *[f"projects/1/issues/{iid}/notes" for iid in range(1, 4)])
    assert kinds(api) == ["one by one"]
    api.server.reset()
    get(api, "projects", *[f"projects/{id}/labels" for id in (1, 2, 3)], as_="root")
    assert kinds(api) == ["one by one"]


def test_items_of_no_list_and_items_of_another_list_are_no_waste(api: Api) -> None:
    get(api, *[f"projects/1/issues/{iid}" for iid in range(1, 5)])
    assert kinds(api) == []
    get(api, "projects", *[f"projects/1/issues/{iid}" for iid in range(5, 9)])
    assert kinds(api) == []


def test_reading_again_what_has_not_changed_is_told(api: Api) -> None:
    get(api, "projects/1", "projects/1", "projects/1")
    [waste] = find_waste(exchanges(api))
    assert (waste.kind, waste.operation, waste.spared, waste.requests) == ("unchanged", "GET /projects/:id", 2, (2, 3))
    assert waste.to_json()["told"].startswith("read again in vain (2)")


def test_reading_again_after_a_change_or_with_the_etag_is_no_waste(api: Api) -> None:
    get(api, "projects/1/issues/1")
    api.put("projects/1/issues/1", "ada", title="New")
    get(api, "projects/1/issues/1")
    etag = api.get("projects/2", "ada").headers["ETag"]
    assert api.request("GET", "projects/2", "ada", headers={"If-None-Match": etag}).status == 304
    assert kinds(api) == []
