from typing import Any

import pytest

from tests.merge_request_world import HERE, mr_api, open_mr
from tests.support import Api

URL = "http://localhost/acme/rocket/-/merge_requests/1"


@pytest.fixture
def api() -> Api:
    api = mr_api()
    open_mr(api)
    return api


def thread(api: Api, body: str, as_: str = "rex", reply: str = "") -> str:
    found = api.post(f"{HERE}/discussions", as_, body=body).json["id"]
    if reply:
        api.post(f"{HERE}/discussions/{found}/notes", "bob", body=reply)
    return str(found)


def follow_up(api: Api, as_: str = "bob", **given: Any) -> Any:
    wanted = {"title": "Later", "merge_request_to_resolve_discussions_of": 1, **given}
    answer = api.post("projects/1/issues", as_, **wanted)
    assert answer.status == 201, answer
    return answer.json


def notes_in(api: Api, discussion: str) -> list[tuple[str, bool, bool]]:
    shown = api.get(f"{HERE}/discussions/{discussion}").json["notes"]
    return [(note["body"], note["system"], note.get("resolved", False)) for note in shown]


def test_an_issue_goes_on_with_every_open_thread(api: Api) -> None:
    first, second = thread(api, "Why three?\nTwo will do.", reply="Sure?"), thread(api, "And down?")
    api.post(f"{HERE}/notes", "rex", body="Just a comment")
    issue = follow_up(api)
    assert issue["description"] == (
        "The following discussions from !1 should be addressed:\n\n"
        f"- [ ] @rex started a [discussion]({URL}#note_1):  (+1 comment)\n\n"
        "    > Why three?\n    > Two will do.\n\n"
        f"- [ ] @rex started a [discussion]({URL}#note_3): \n\n    > And down?"
    )
    remark = f"created #{issue['iid']} to continue this discussion"
    assert notes_in(api, first) == [
        ("Why three?\nTwo will do.", False, True),
        ("Sure?", False, True),
        (remark, True, False),
    ]
    assert notes_in(api, second) == [("And down?", False, True), (remark, True, False)]
    assert api.get(f"{HERE}/notes", activity_filter="only_activity").json[0]["body"] == "resolved all threads"


def test_one_thread_alone_is_resolved(api: Api) -> None:
    first, second = thread(api, "Why three?"), thread(api, "And down?")
    issue = follow_up(api, discussion_to_resolve=second, description="Mine")
    assert issue["description"] == "Mine"
    assert [notes_in(api, one)[0][2] for one in (first, second)] == [False, True]


def test_without_open_threads_the_issue_says_so(api: Api) -> None:
    nothing = "There are no unresolved discussions. Review the conversation in !1"
    assert follow_up(api)["description"] == nothing
    thread(api, "Why three?")
    assert follow_up(api, discussion_to_resolve="0" * 40)["description"] == nothing


def test_a_merge_request_that_is_none_is_passed_over(api: Api) -> None:
    assert follow_up(api, merge_request_to_resolve_discussions_of=9)["description"] is None


def test_who_may_not_resolve_threads_leaves_them_open(api: Api) -> None:
    first = thread(api, "Why three?")
    assert "- [ ] @rex" in follow_up(api, "rex")["description"]
    assert notes_in(api, first) == [("Why three?", False, False)]
