from pathlib import Path
from typing import Any

from mockgitlab import load_scenario
from mockgitlab.api.definitions import definitions
from mockgitlab.playback.learn import learn
from mockgitlab.playback.learn_mending import mend
from tests.playback.exchanges import every_kind, got, recorded
from tests.playback.learning import differences, learned_of
from tests.playback.test_learn import ISSUE


def test_what_cannot_be_loaded_is_left_out_and_told() -> None:
    scenario: dict[str, Any] = {
        "mockgitlab": 1,
        "users": [{"username": "ada", "state": "unheard of"}, {"name": "Nobody"}],
        "projects": [{"path": "ada/x", "issues": [{"title": "Kept", "weight": "heavy"}, {"title": "", "iid": 2}]}],
    }
    told = mend(scenario, definitions())
    load_scenario(scenario)
    assert scenario["users"] == [{"username": "ada"}]
    assert scenario["projects"] == [{"path": "ada/x", "issues": [{"title": "Kept"}]}]
    assert any(one.startswith("left out users[0].state, which must be one of") for one in told)
    assert "left out users[1].username, which is missing: a user needs one" in told


def test_every_kind_of_exchange_is_passed_over_that_teaches_nothing(tmp_path: Path) -> None:
    project = {"id": 1, "name": "Rocket", "path_with_namespace": "acme/rocket"}
    recording = recorded(tmp_path / "a.yaml", *every_kind(), got("/api/v4/projects/acme%2Frocket", project))
    learned = learn(recording, definitions())
    assert (learned.scenario["gitlab"], learned.scenario["tokens"]) == ({"api": ["v4"]}, [])
    assert [one["path"] for one in learned.scenario["projects"]] == ["acme/rocket"]
    assert differences(recording, learned)["GET /raw"] == [
        "status: was 200, is 404 (no route /raw; the API is below /api/v4)"
    ]


def test_fields_of_another_type_than_gitlabs_teach_nothing(tmp_path: Path) -> None:
    odd = {"labels": 7, "milestone": "M", "author": [], "time_stats": None, "created_at": "odd", "assignees": {"a": 1}}
    rows: list[Any] = [{**ISSUE, **odd}, None, "text", {"id": []}, {**ISSUE, "id": True, "iid": 4}]
    learned = learned_of(tmp_path / "a.yaml", got("/api/v4/projects/7/issues", rows))
    [project] = learned.scenario["projects"]
    assert project["issues"] == [{"id": 70, "iid": 3, "title": "It leaks", "state": "opened"}]
