"""What a run did to a world, compared with what another did."""

from typing import Any

from mockgitlab.sweep.effects import duplicates, effects_of, lost
from tests.support import WORLD, Api


def issue(id: int, title: str, **columns: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "state": "opened", "updated_at": "2024", **columns}


BEFORE = {"Issue": [issue(1, "old"), issue(2, "older")], "Event": [{"id": 1, "action": "created"}]}


def test_what_is_created_changed_and_deleted_is_told_by_name() -> None:
    after = {"Issue": [issue(1, "old", state="closed", updated_at="2025"), issue(3, "new")]}
    assert effects_of(BEFORE, after) == {
        'created Issue "new"': 1,
        'deleted Issue "older"': 1,
        'changed Issue "old": {"state": "closed"}': 1,
    }


def test_ids_times_and_what_has_no_name_do_not_count() -> None:
    after = {"Issue": [issue(1, "old", updated_at="2025"), issue(2, "older")], "Event": [{"id": 2, "action": "x"}]}
    assert effects_of(BEFORE, after) == {}
    one, other = (effects_of(BEFORE, {"Issue": [*BEFORE["Issue"], issue(id, "new")]}) for id in (3, 7))
    assert one == other


def test_doubled_is_what_is_there_more_often_than_without_a_trap() -> None:
    once = effects_of({}, {"Issue": [issue(1, "a"), issue(2, "b"), issue(3, "b")]})
    more = effects_of({}, {"Issue": [issue(1, "a"), issue(2, "a"), issue(3, "b"), issue(4, "b"), issue(5, "c")]})
    assert duplicates(once, more) == ['created Issue "a" 2 times']
    assert lost(once, more) == []
    assert lost(more, once) == ['created Issue "a"', 'created Issue "c"']


def test_the_state_of_a_world_is_read_as_it_is_shown(api: Api) -> None:
    before = api.server.state()
    api.post("projects/1/issues", "ada", title="It explodes")
    api.post("projects/1/issues/1/notes", "ada", body="On it")
    api.put("projects/2", name="Sauce")
    found = effects_of(before, api.server.state())
    assert {'created Issue "It explodes"', 'created Note "On it"'} <= set(found)
    assert 'changed Project "source": {"name": "Sauce"}' in found


def test_nothing_done_is_no_effect() -> None:
    state = Api(WORLD).server.state()
    assert effects_of(state, state) == {}
