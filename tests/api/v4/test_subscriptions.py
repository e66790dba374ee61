import pytest

from tests.issue_world import world
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())


def subscribed(api: Api, iid: int, as_: str | None, project: int = 1) -> bool:
    return bool(api.get(f"projects/{project}/issues/{iid}", as_).json["subscribed"])


def test_who_takes_part_is_subscribed(api: Api) -> None:
    assert [subscribed(api, 2, who) for who in ("rex", "bob", "ada", "gil")] == [True, True, False, False]
    assert subscribed(api, 1, None, project=2) is False
    api.post("projects/1/issues/2/notes", "ada", body="cc @gil")
    assert [subscribed(api, 2, who) for who in ("ada", "gil")] == [True, True]


def test_a_reader_subscribes_and_unsubscribes(api: Api) -> None:
    answer = api.post("projects/1/issues/2/subscribe", "gil")
    assert (answer.status, answer.json["iid"], answer.json["subscribed"]) == (201, 2, True)
    answer = api.post("projects/1/issues/2/unsubscribe", "gil")
    assert (answer.status, answer.json["subscribed"]) == (201, False)
    assert api.post("projects/1/issues/2/subscribe", "gil").json["subscribed"] is True


def test_what_is_so_already_stays_so(api: Api) -> None:
    for name, who in (("subscribe", "rex"), ("unsubscribe", "gil")):
        answer = api.post(f"projects/1/issues/2/{name}", who)
        assert (answer.status, answer.text) == (304, "")


def test_the_author_can_unsubscribe(api: Api) -> None:
    assert api.post("projects/1/issues/2/unsubscribe", "rex").status == 201
    assert subscribed(api, 2, "rex") is False
    assert api.post("projects/1/issues/2/unsubscribe", "rex").status == 304


def test_subscribing_is_for_those_who_see_the_issue(api: Api) -> None:
    for name in ("subscribe", "unsubscribe", "todo"):
        assert api.post(f"projects/1/issues/4/{name}", "gil").json == {"message": "404 Not found"}
        assert api.post(f"projects/1/issues/99/{name}", "gil").json == {"message": "404 Not found"}
        assert api.post(f"projects/2/issues/1/{name}", None).status == 401


def test_a_reader_makes_a_to_do_item_once(api: Api) -> None:
    answer = api.post("projects/1/issues/2/todo", "gil")
    assert answer.status == 201
    assert (answer.json["action_name"], answer.json["author"]["username"]) == ("marked", "gil")
    assert (answer.json["target_type"], answer.json["target"]["iid"]) == ("Issue", 2)
    again = api.post("projects/1/issues/2/todo", "gil")
    assert (again.status, again.text) == (304, "")
