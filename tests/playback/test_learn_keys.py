from pathlib import Path
from typing import Any

from mockgitlab.api.definitions import definitions
from mockgitlab.playback.learn import learn
from tests.keys import ed25519
from tests.playback.learning import differences, session

TOOL = "/api/v4/projects/ada%2Ftool"
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "users": [{"username": "ada", "name": "Ada", "created_at": "2024-01-01T08:00:00Z", "keys": [{"key": ed25519(9)}]}],
    "deploy_keys": [{"key": f"{ed25519(8)} backup"}],
    "projects": [
        {
            "path": "ada/tool",
            "deploy_keys": [{"key": f"{ed25519(1)} ci", "can_push": True}, {"key": f"{ed25519(8)} backup"}],
        }
    ],
    "tokens": [{"token": "ada-token", "user": "ada", "scopes": ["api"]}],
}


def test_keys_of_users_and_of_projects_are_told_apart(tmp_path: Path) -> None:
    paths = ["user", "user/keys", "users/2/keys", "users/ada/project_deploy_keys"]
    paths = [f"/api/v4/{path}" for path in paths]
    calls: list[Any] = [("GET", path) for path in (*paths, TOOL, f"{TOOL}/deploy_keys", f"{TOOL}/deploy_keys/3")]
    recording = session(tmp_path / "a.yaml", WORLD, calls)
    learned = learn(recording, definitions())
    [project] = learned.scenario["projects"]
    assert [(one["title"], one["can_push"]) for one in project["deploy_keys"]] == [("ci", True), ("backup", False)]
    assert [len(one["keys"]) for one in learned.scenario["users"]] == [1]
    assert differences(recording, learned) == {}


def test_a_deploy_key_that_the_session_added_is_no_part_of_it(tmp_path: Path) -> None:
    calls: list[Any] = [
        ("GET", "/api/v4/user"),
        ("GET", TOOL),
        ("POST", f"{TOOL}/deploy_keys", {"title": "x", "key": ed25519(5)}),
        ("GET", f"{TOOL}/deploy_keys"),
        ("DELETE", f"{TOOL}/deploy_keys/4"),
        ("GET", f"{TOOL}/deploy_keys"),
    ]
    recording = session(tmp_path / "a.yaml", WORLD, calls)
    learned = learn(recording, definitions())
    assert [one["title"] for one in learned.scenario["projects"][0]["deploy_keys"]] == ["ci", "backup"]
    assert differences(recording, learned) == {}
