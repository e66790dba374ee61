"""Setting traps: by whom, where, and for how long."""

from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api


def totals(api: Api, prefix: str = "") -> bool:
    api.prefix = f"{prefix}/api/v4/"
    return "X-Total" in api.get("projects").headers


def test_a_trap_of_the_scenario_is_in_every_world_and_comes_back_with_reset() -> None:
    api = Api(WORLD, {"mockgitlab": 1, "traps": ["no_totals"]})
    assert [totals(api), totals(api, "/@box")] == [False, False]
    api.server.reset()
    assert totals(api) is False


def test_a_trap_set_by_a_test_is_in_its_world_until_reset(api: Api) -> None:
    assert totals(api) is True
    api.server.trap("no_totals")
    assert [totals(api), totals(api, "/@box")] == [False, True]
    api.server.sandbox("box").trap("no_totals")
    assert totals(api, "/@box") is False
    api.server.reset()
    assert [totals(api), totals(api, "/@box")] == [True, True]


def test_traps_are_listed_set_and_removed_over_http_for_each_sandbox(api: Api) -> None:
    client = api.server.app.test_client()
    assert client.post("/@box/_mockgitlab/traps", json={"trap": "no_totals"}).json == {"set": ["no_totals"]}
    sent = {"traps": ["no_totals", "sparse"]}
    assert client.post("/@box/_mockgitlab/traps", json=sent).json == {"set": ["no_totals", "sparse"]}
    shown: Any = client.get("/@box/_mockgitlab/traps").json
    assert [one["name"] for one in shown["traps"] if one["set"]] == ["no_totals", "sparse"]
    assert [totals(api, "/@box"), totals(api)] == [False, True]
    assert client.delete("/@box/_mockgitlab/traps").json == {"removed": 2}
    assert totals(api, "/@box") is True
    own: Any = client.get("/_mockgitlab/traps").json
    assert not any(one["set"] for one in own["traps"])


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"trap": "no_total"}, "there is no trap 'no_total'; did you mean no_totals?"),
        ({"trap": "xyz"}, "there is no trap 'xyz'; `mockgitlab traps` lists them"),
        ({"trap": "repeated_webhooks"}, "the trap repeated_webhooks waits for webhooks, which are not built yet"),
        ({"traps": "no_totals"}, "say which"),
        ({}, "say which"),
    ],
)
def test_a_trap_that_there_is_not_is_refused_with_the_nearest(api: Api, sent: dict[str, Any], told: str) -> None:
    answer = api.server.app.test_client().post("/_mockgitlab/traps", json=sent)
    found: Any = answer.json
    assert (answer.status_code, told in found["error"]) == (400, True)
    assert api.server.traps == []


def test_of_several_traps_none_is_set_when_one_is_wrong(api: Api) -> None:
    with pytest.raises(ValueError, match="did you mean no_totals"):
        api.server.trap("sparse", "no_total")
    assert api.server.traps == []


def test_a_wrong_trap_of_a_scenario_is_told_with_its_place() -> None:
    with pytest.raises(ScenarioError, match=r"traps\[0\]: there is no trap 'sparce'; did you mean sparse\?"):
        MockGitLab({"mockgitlab": 1, "traps": ["sparce"]})
    with pytest.raises(ScenarioError, match="traps: must be a list of names, not 'sparse'"):
        MockGitLab({"mockgitlab": 1, "traps": "sparse"})


def test_an_answer_remembered_from_before_is_not_given_once_a_trap_is_set_or_taken_away() -> None:
    api = Api(WORLD)
    sparse = []
    for act in (lambda: None, lambda: api.server.trap("sparse"), lambda: api.server.world.traps.clear()):
        act()
        sparse += [api.get("projects/1", "ada").json.get("import_error", "absent") for _ in range(3)]
    assert sparse == [None] * 3 + ["absent"] * 3 + [None] * 3


def test_a_trap_may_be_set_twice_and_counts_once(api: Api) -> None:
    api.server.trap("html_429", "html_429")
    assert api.server.traps == ["html_429"]
    assert [api.get("user").status for _ in range(2)] == [429, 200]


def test_how_long_background_work_takes_may_be_said_at_any_time_and_lasts_beside_traps(api: Api) -> None:
    def created() -> Any:
        made = api.post("projects", "ada", name="there", import_url="https://example.com/there.git").json
        shown = [api.get(f"projects/{made['id']}", "ada").json["import_status"] for _ in range(3)]
        api.delete(f"projects/{made['id']}", "ada")
        return shown

    assert created() == ["finished"] * 3
    api.server.trap("slow_import")
    api.server.transition(imports={"reads": 1})
    assert created() == ["scheduled", "finished", "finished"]
    api.server.world.traps.clear()
    assert created() == ["scheduled", "finished", "finished"]
    client = api.server.app.test_client()
    assert client.put("/_mockgitlab/transitions", json={"imports": "manual"}).json == {"waiting": []}
    assert created() == ["scheduled"] * 3
    client.put("/_mockgitlab/transitions", json={"imports": "immediate"})
    assert created() == ["finished"] * 3


def test_what_waits_is_done_when_it_is_no_longer_to_take_time(api: Api) -> None:
    api.server.transition(imports="manual")
    made = api.post("projects", "ada", name="there", import_url="https://example.com/there.git").json
    api.server.transition(imports="immediate")
    assert api.get(f"projects/{made['id']}", "ada").json["import_status"] == "finished"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            {"import": "manual"},
            "nothing that GitLab does in the background is called 'import': take imports, ",
        ),
        ({"imports": "soon"}, "'soon' is no transition"),
        ({"imports": {"after": "soon"}}, "'soon' is no duration"),
    ],
)
def test_a_wrong_transition_is_refused(api: Api, sent: dict[str, Any], told: str) -> None:
    answer = api.server.app.test_client().put("/_mockgitlab/transitions", json=sent)
    found: Any = answer.json
    assert (answer.status_code, told in found["error"]) == (400, True)
