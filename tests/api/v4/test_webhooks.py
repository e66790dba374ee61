from typing import Any

import pytest

from mockgitlab.api.models.web_hook import WebHook
from tests.support import Api, seen

HOOKS, NOW = "projects/1/hooks", "2024-05-01T09:00:00.000Z"
URL = "http://localhost:1/hook"
HOOK: dict[str, Any] = {
    "id": 1,
    "url": URL,
    "name": None,
    "description": None,
    "created_at": NOW,
    "push_events": True,
    "tag_push_events": False,
    "merge_requests_events": False,
    "repository_update_events": False,
    "enable_ssl_verification": True,
    "alert_status": "executable",
    "disabled_until": None,
    "url_variables": [],
    "push_events_branch_filter": None,
    "branch_filter_strategy": "wildcard",
    "custom_webhook_template": None,
    "custom_headers": [],
}
EVENTS = dict.fromkeys(
    (
        *("issues_events", "confidential_issues_events", "note_events", "confidential_note_events", "pipeline_events"),
        *("wiki_page_events", "deployment_events", "feature_flag_events", "job_events", "releases_events"),
        *("emoji_events", "resource_access_token_events"),
    ),
    False,
)
OF_PROJECT = {**HOOK, "project_id": 1, **EVENTS}
OF_GROUP = {**HOOK, "group_id": 1, **EVENTS, "subgroup_events": False, "member_events": False}


@pytest.mark.parametrize(("at", "whole"), [(HOOKS, OF_PROJECT), ("groups/1/hooks", OF_GROUP)], ids=["project", "group"])
def test_a_hook_is_made_shown_changed_and_deleted(api: Api, at: str, whole: dict[str, Any]) -> None:
    made = api.post(at, "ada", url=URL, token="secret")
    assert seen(made) == (201, whole)
    assert api.get(f"{at}/1", "ada").json == whole
    flags = dict.fromkeys([name for name in whole if name.endswith("_events")], True) | {"push_events": False}
    flags["repository_update_events"] = False
    news = {**flags, "name": "CI", "description": "Tells CI", "enable_ssl_verification": False}
    assert seen(api.put(f"{at}/1", "ada", **news)) == (200, {**whole, **news})
    assert api.store[WebHook][1].token == "secret"
    assert api.delete(f"{at}/1", "ada").status == 204
    assert seen(api.get(f"{at}/1", "ada")) == (404, {"message": "404 Not found"})


def test_lists_of_a_projects_hooks_do_not_tell_what_is_in_their_urls(api: Api) -> None:
    api.post(HOOKS, "ada", url=URL)
    shown = {name: value for name, value in OF_PROJECT.items() if name not in ("url_variables", "custom_headers")}
    assert api.get(HOOKS, "ada").json == [shown]
    api.post("groups/1/hooks", "ada", url=URL)
    assert api.get("groups/1/hooks", "ada").json == [{**OF_GROUP, "id": 2}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "nonsense"}, "Invalid url given"),
        ({"url": "ftp://localhost"}, "Invalid url given"),
        ({"url": "http://a b"}, "Invalid url given"),
        ({"url": "http://localhost/{token}"}, "Invalid url given"),
        ({"url": URL, "push_events_branch_filter": "a b"}, "Invalid branch filter given"),
        (
            {"url": URL, "push_events_branch_filter": "(", "branch_filter_strategy": "regex"},
            "Invalid branch filter given",
        ),
        (
            {"url": URL, "custom_headers": [{"key": "1", "value": "x"}]},
            "Custom headers must be a valid json schema",
        ),
        (
            {"url": URL, "url_variables": [{"key": "1", "value": "x"}], "token": "a\nb"},
            "Token is invalid and Url variables must be a valid json schema",
        ),
        (
            {"url": URL, "custom_webhook_template": "x" * 4097},
            "Custom webhook template is too long (maximum is 4096 characters)",
        ),
    ],
)
def test_what_is_no_hook(api: Api, given: dict[str, Any], told: str) -> None:
    assert seen(api.post(HOOKS, "ada", **given)) == (422, {"error": told})


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({}, {"error": "No parameters provided"}),
        ({"url": "x"}, {"error": "Invalid url given"}),
        ({"custom_headers": [{"key": "1", "value": "x"}]}, {"error": "Custom headers validation failed"}),
        ({"token": "a\nb"}, {"message": {"token": ["is invalid"]}}),
        ({"branch_filter_strategy": "no"}, {"error": "branch_filter_strategy does not have a valid value"}),
    ],
)
def test_what_no_hook_becomes(api: Api, given: dict[str, Any], body: Any) -> None:
    api.post(HOOKS, "ada", url=URL)
    refused = api.put(f"{HOOKS}/1", "ada", **given)
    assert (refused.status in (400, 422), refused.json) == (True, body)


def test_a_hook_needs_a_url(api: Api) -> None:
    assert seen(api.post(HOOKS, "ada")) == (400, {"message": '400 (Bad request) "url" not given'})


def test_a_filter_of_all_branches_is_none(api: Api) -> None:
    given = {"push_events_branch_filter": "main", "branch_filter_strategy": "all_branches"}
    assert api.post(HOOKS, "ada", url=URL, **given).json["push_events_branch_filter"] is None


def test_maintainers_and_owners_alone_know_of_hooks(api: Api) -> None:
    assert [api.get(HOOKS, who).status for who in ("ada", "bob", "nora", None)] == [200, 403, 404, 401]
    assert [api.post("groups/1/hooks", who, url=URL).status for who in ("bob", "ada")] == [403, 201]
    assert api.get("projects/1/hooks/1", "ada").status == 404


def test_variables_and_headers_are_set_one_at_a_time_and_their_values_never_shown(api: Api) -> None:
    variables = [{"key": "name", "value": "secret"}]
    assert api.post(HOOKS, "ada", url="http://localhost/{name}", url_variables=variables).status == 201
    assert api.put(f"{HOOKS}/1/url_variables/other", "ada", value="x").status == 204
    assert api.put(f"{HOOKS}/1/custom_headers/X-One", "ada", value="1").status == 204
    shown = api.get(f"{HOOKS}/1", "ada").json
    assert shown["url"] == "http://localhost/{name}"
    assert (shown["url_variables"], shown["custom_headers"]) == (
        [{"key": "name"}, {"key": "other"}],
        [{"key": "X-One"}],
    )
    illegal = (422, {"error": "Illegal key or value"})
    assert seen(api.put(f"{HOOKS}/1/url_variables/1", "ada", value="x")) == illegal
    assert seen(api.put(f"{HOOKS}/1/custom_headers/1", "ada", value="x")) == illegal
    assert seen(api.delete(f"{HOOKS}/1/url_variables/name", "ada")) == (422, {"error": "Could not unset variable"})
    assert api.delete(f"{HOOKS}/1/url_variables/other", "ada").status == 204
    assert seen(api.delete(f"{HOOKS}/1/url_variables/other", "ada")) == (404, {"message": "404 URL variable Not Found"})
    assert api.delete(f"{HOOKS}/1/custom_headers/X-One", "ada").status == 204
    gone = api.delete(f"{HOOKS}/1/custom_headers/X-One", "ada")
    assert seen(gone) == (404, {"message": "404 Custom header Not Found"})


def test_secrets_are_forgotten_where_the_url_changes(api: Api) -> None:
    pairs = {"url_variables": [{"key": "a", "value": "b"}], "custom_headers": [{"key": "c", "value": "d"}]}
    api.post(HOOKS, "ada", url=f"{URL}/{{a}}", token="secret", **pairs)
    shown = api.put(f"{HOOKS}/1", "ada", url="http://localhost/other").json
    assert (shown["url_variables"], shown["custom_headers"], api.store[WebHook][1].token) == ([], [], None)


def test_a_project_has_no_more_than_a_hundred_hooks(api: Api) -> None:
    for _ in range(100):
        api.post("projects/3/hooks", url=URL)
    told = {"error": "Maximum number of project hooks (100) exceeded"}
    assert seen(api.post("projects/3/hooks", url=URL)) == (422, told)
