from tests.api.v4.test_webhooks import HOOK, URL
from tests.support import Api, seen

SYSTEM = {**HOOK, "push_events": False, "repository_update_events": True}


def test_a_system_hook_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert seen(api.post("hooks", url=URL, token="secret")) == (201, SYSTEM)
    assert api.get("hooks").json == [SYSTEM]
    assert api.get("hooks/1").json == SYSTEM
    news = {"push_events": True, "tag_push_events": True, "merge_requests_events": True, "name": "All"}
    assert seen(api.put("hooks/1", **news)) == (200, {**SYSTEM, **news})
    assert api.put("hooks/1/custom_headers/X-One", value="1").status == 204
    assert api.put("hooks/1/url_variables/one", value="1").status == 204
    assert api.get("hooks/1").json["custom_headers"] == [{"key": "X-One"}]
    assert api.delete("hooks/1/url_variables/one").status == 204
    assert api.delete("hooks/1").status == 204
    assert seen(api.get("hooks/1")) == (404, {"message": "404 Not found"})


def test_only_administrators_know_of_system_hooks(api: Api) -> None:
    assert [api.get("hooks", who).status for who in ("ada", None)] == [403, 401]
    assert seen(api.post("hooks", "ada", url=URL)) == (403, {"message": "403 Forbidden"})


def test_a_system_hook_needs_a_good_url(api: Api) -> None:
    assert seen(api.post("hooks", url="x")) == (422, {"error": "Invalid url given"})


def test_hooks_of_projects_are_no_system_hooks(api: Api) -> None:
    api.post("projects/1/hooks", url=URL)
    assert api.get("hooks").json == []
    assert api.get("hooks/1").status == 404
