"""Hooks of projects, and of the instance."""

from typing import Any

import pytest

from tests.api.v3.conftest import SCENARIO
from tests.support import Api, names, seen

ALL = "projects/1/hooks"
URL = "http://127.0.0.1:1/hook"
PROJECT_HOOK: dict[str, Any] = {
    "id": 1,
    "url": URL,
    "created_at": "2016-06-01T09:00:00.000Z",
    "push_events": True,
    "tag_push_events": False,
    "enable_ssl_verification": True,
    "project_id": 1,
    "issues_events": False,
    "merge_requests_events": False,
    "note_events": False,
    "build_events": False,
    "pipeline_events": False,
    "wiki_page_events": False,
}
HOOK = {name: PROJECT_HOOK[name] for name in list(PROJECT_HOOK)[:6]}


# Of projects


def test_a_hook_of_a_project_is_added_shown_and_changed(api: Api) -> None:
    made = api.post(ALL, url=URL, build_events=True, token="secret")
    assert seen(made) == (201, {**PROJECT_HOOK, "build_events": True})
    assert api.get(f"{ALL}/1").json == made.json
    assert api.get(ALL).json == [made.json]
    changed = api.put(f"{ALL}/1", url=URL, build_events=False, note_events=True, push_events=False)
    assert seen(changed) == (200, {**PROJECT_HOOK, "note_events": True, "push_events": False})


def test_a_hook_needs_a_url(api: Api) -> None:
    assert seen(api.post(ALL, url="ftp://x")) == (422, {"error": "Invalid url given"})
    assert seen(api.post(ALL)) == (400, {"message": '400 (Bad request) "url" not given'})
    api.post(ALL, url=URL)
    assert seen(api.put(f"{ALL}/1", url="x")) == (422, {"error": "Invalid url given"})
    assert seen(api.put(f"{ALL}/1", note_events=True)) == (400, {"message": '400 (Bad request) "url" not given'})


def test_a_deleted_hook_of_a_project_is_given_back(api: Api) -> None:
    api.post(ALL, url=URL)
    assert seen(api.delete(f"{ALL}/1")) == (200, PROJECT_HOOK)
    assert seen(api.delete(f"{ALL}/1")) == (404, {"message": "404 Error deleting hook 1 Not Found"})
    assert seen(api.get(f"{ALL}/1")) == (404, {"message": "404 Not found"})


def test_hooks_of_a_project_are_for_masters(api: Api) -> None:
    api.post(ALL, url=URL)
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/1"), ("PUT", "/1"), ("DELETE", "/1")):
        refused = api.request(method, f"{ALL}{path}", "jane", url=URL)
        assert seen(refused) == (403, {"message": "403 Forbidden"})


def test_a_parameter_named_the_hook_to_delete_up_to_5_1() -> None:
    old = Api(SCENARIO, {"mockgitlab": 1, "gitlab": {"version": "5.0.0"}}, prefix="/api/v3/")
    old.post(ALL, url=URL)
    assert seen(old.delete(ALL, hook_id=1)) == (200, PROJECT_HOOK)
    assert seen(old.delete(ALL, hook_id=1)) == (200, None)


def test_later_it_does_not(api: Api) -> None:
    assert api.delete(ALL, hook_id=1).status == 405


# Of the instance


def test_a_system_hook_is_added_and_listed(api: Api) -> None:
    made = api.post("hooks", url=URL, token="secret")
    assert seen(made) == (201, HOOK)
    other = api.post("hooks", url=URL, push_events=False, tag_push_events=True, enable_ssl_verification=False)
    flags = {"push_events": False, "tag_push_events": True, "enable_ssl_verification": False}
    assert seen(other) == (201, {**HOOK, "id": 2, **flags})
    listed = api.get("hooks", per_page=1)
    assert (names(listed, "id"), "X-Page" in listed.headers) == ([1, 2], False)
    assert seen(api.post("hooks", url="x")) == (400, {"message": {"url": ["must be a valid URL"]}})


def test_looking_at_a_system_hook_tests_it(api: Api) -> None:
    api.post("hooks", url=URL)
    told = {
        "event_name": "project_create",
        "name": "Ruby",
        "path": "ruby",
        "project_id": 1,
        "owner_name": "Someone",
        "owner_email": "example@gitlabhq.com",
    }
    assert seen(api.get("hooks/1")) == (200, told)
    assert api.server.deliveries()[-1].json == told
    assert seen(api.get("hooks/2")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    ("version", "gone"), [("8.8.0", (200, None)), ("8.13.0", (404, {"message": "404 System hook Not Found"}))]
)
def test_a_deleted_system_hook_is_given_back(version: str, gone: Any) -> None:
    api = Api(SCENARIO, {"mockgitlab": 1, "gitlab": {"version": version}}, prefix="/api/v3/")
    api.post("hooks", url=URL)
    assert seen(api.delete("hooks/1")) == (200, HOOK)
    assert seen(api.delete("hooks/1")) == gone


def test_system_hooks_are_for_administrators(api: Api) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/1"), ("DELETE", "/1")):
        assert seen(api.request(method, f"hooks{path}", "jane", url=URL)) == (403, {"message": "403 Forbidden"})
