import pytest

from tests.issue_world import remarks, world
from tests.support import Api, names

ROCKET = "projects/1/issues"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def seen(api: Api, iid: int, as_: str | None) -> list[str]:
    return list(names(api.get(f"{ROCKET}/{iid}/notes", as_, activity_filter="only_activity"), "body"))


def test_a_remark_is_left_where_an_address_refers_to(api: Api) -> None:
    url = "http://localhost/acme/rocket/-/issues/1"
    api.post(f"{ROCKET}/2/notes", "bob", body=f"As in {url}, `http://localhost/acme/rocket/-/issues/3`")
    assert (remarks(api, 1), remarks(api, 3)) == (["mentioned in issue #2"], [])


def test_a_changed_note_leaves_the_remarks_that_are_new(api: Api) -> None:
    note = api.post(f"{ROCKET}/2/notes", "bob", body="As in #1").json["id"]
    api.put(f"{ROCKET}/2/notes/{note}", "bob", body="As in #1 and #3")
    assert (remarks(api, 1), remarks(api, 3)) == (["mentioned in issue #2"], ["mentioned in issue #2"])


def test_who_does_not_see_a_record_leaves_no_remark_there(api: Api) -> None:
    api.post(f"{ROCKET}/1/notes", "gil", body="As in #4, open/source#1 and open/source#2")
    assert (remarks(api, 4), remarks(api, 1, project=2), remarks(api, 2, project=2)) == (
        [],
        ["mentioned in issue acme/rocket#1"],
        [],
    )


def test_a_remark_is_hidden_from_those_who_do_not_see_what_it_refers_to(api: Api) -> None:
    api.post(f"{ROCKET}/4/notes", "rex", body="As in #1")
    note = api.get(f"{ROCKET}/1/notes", "rex").json[0]
    assert (seen(api, 1, "rex"), seen(api, 1, "gil")) == (["mentioned in issue #4"], [])
    answer = api.get(f"{ROCKET}/1/notes/{note['id']}", "gil")
    assert (answer.status, answer.json) == (404, {"message": "404 Note Not Found"})
    assert answer.headers["X-Mockgitlab-Reason"] == "the note is about something else that is hidden from gil"
    assert api.get(f"{ROCKET}/1/discussions", "gil").json == []
    assert len(api.get(f"{ROCKET}/1/discussions", "rex").json) == 1


def test_a_remark_on_a_link_is_hidden_in_the_same_way(api: Api) -> None:
    api.post(f"{ROCKET}/1/links", "rex", target_project_id="1", target_issue_iid="4")
    assert (seen(api, 1, "rex"), seen(api, 1, "gil")) == (["marked this issue as related to #4"], [])
