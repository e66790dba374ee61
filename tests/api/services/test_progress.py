"""What GitLab does in the background: at once, after a while, after some reads, or by hand."""

from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api

SOURCE = {"path": "acme/source", "repository": {"branches": {"main": {"a.txt": "a"}, "next": {"b.txt": "b"}}}}


def world(**transitions: Any) -> Api:
    more = {"mockgitlab": 1, "gitlab": {"transitions": transitions}, "projects": [SOURCE]}
    return Api(WORLD, more)


def fork(api: Api, **given: Any) -> int:
    answer = api.post("projects/acme%2Fsource/fork", "ada", **given)
    assert (answer.status, answer.json["import_status"]) == (201, "scheduled")
    return int(answer.json["id"])


def tree(api: Api, id: int) -> int:
    return api.get(f"projects/{id}/repository/tree", "ada").status


def test_without_transitions_a_fork_is_there_when_it_is_first_asked_for() -> None:
    api = world()
    id = fork(api)
    assert (api.get(f"projects/{id}", "ada").json["import_status"], tree(api, id)) == ("finished", 200)


def test_a_fork_that_takes_reads_is_empty_until_it_was_asked_for_so_often() -> None:
    api = world(imports={"reads": 2})
    id = fork(api)
    seen = [api.get(f"projects/{id}", "ada").json for _ in range(4)]
    assert [one["import_status"] for one in seen] == ["scheduled", "scheduled", "finished", "finished"]
    assert [one["empty_repo"] for one in seen] == [True, True, False, False]
    assert tree(api, id) == 200


def test_a_fork_that_takes_time_is_empty_until_the_clock_has_moved() -> None:
    api = world(imports={"after": "5m"})
    id = fork(api, branches="main")
    assert (api.get(f"projects/{id}", "ada").json["import_status"], tree(api, id)) == ("scheduled", 404)
    api.server.advance("4m")
    assert tree(api, id) == 404
    client = api.server.app.test_client()
    assert client.post("/_mockgitlab/clock", json={"advance": "1m"}).status_code == 200
    assert tree(api, id) == 200
    assert [one["name"] for one in api.get(f"projects/{id}/repository/branches", "ada").json] == ["main"]


def test_work_is_finished_by_hand() -> None:
    api = world(imports="manual")
    first, second = fork(api), fork(api, path="other", name="Other")
    client = api.server.app.test_client()
    waiting: Any = client.get("/_mockgitlab/transitions").json
    assert [(one["kind"], one["id"]) for one in waiting["waiting"]] == [("imports", first), ("imports", second)]
    assert client.post("/_mockgitlab/transitions", json={"kind": "imports", "id": first}).json == {"finished": 1}
    assert (tree(api, first), tree(api, second)) == (200, 404)
    assert api.server.finish("deletions") == 0
    assert api.server.finish() == 1
    assert tree(api, second) == 200
    assert client.post("/_mockgitlab/transitions", json={"id": "x"}).status_code == 400


def test_what_comes_from_elsewhere_is_imported_in_the_background() -> None:
    api = world(imports={"reads": 0})
    made = api.post("projects", "ada", name="there", import_url="https://example.com/there.git").json
    assert made["import_status"] == "scheduled"
    assert api.get(f"projects/{made['id']}", "ada").json["import_status"] == "finished"


def test_a_project_that_is_being_deleted_is_hidden_and_its_path_taken() -> None:
    api = world(deletions={"reads": 2})
    assert api.delete("projects/ada%2Fnotes", "ada").status == 202
    assert api.get("projects/ada%2Fnotes", "ada").status == 404
    assert 3 not in [one["id"] for one in api.get("projects", "ada").json]
    refused = api.post("projects", "ada", name="notes")
    assert (refused.status, refused.json) == (
        400,
        {"message": {"base": ["The project is still being deleted. Please try again later."]}},
    )
    assert api.post("projects", "ada", name="notes").status == 201


def test_a_deletion_falls_due_by_the_clock() -> None:
    api = world(deletions={"after": "30s"})
    api.delete("projects/3", "ada")
    assert api.post("projects", "ada", name="notes").status == 400
    api.server.advance("30s")
    assert [one["id"] for one in api.server.state()["Project"]] == [1, 2, 4]
    assert api.post("projects", "ada", name="notes").status == 201


def test_a_sandbox_waits_by_itself() -> None:
    api = world(imports={"reads": 1})
    api.prefix = "/@one/api/v4/"
    id = fork(api)
    assert api.get(f"projects/{id}", "ada").json["import_status"] == "scheduled"
    api.prefix = "/@two/api/v4/"
    assert fork(api) == id
    assert api.get(f"projects/{id}", "ada").json["import_status"] == "scheduled"


@pytest.mark.parametrize("delayed", [True, False])
def test_an_instance_may_mark_before_it_deletes_or_not(delayed: bool) -> None:
    api = Api(WORLD, {"mockgitlab": 1, "gitlab": {"delayed_deletion": delayed}})
    assert [api.delete(path, "ada").status for path in ("projects/1", "projects/3")] == [202, 202]
    assert [api.get(path, "ada").status for path in ("projects/1", "projects/3")] == [200 if delayed else 404] * 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"import": "manual"}, "gitlab.transitions.import: is not a key known here; did you mean 'imports'?"),
        ({"imports": "soon"}, "gitlab.transitions.imports: 'soon' is no transition: write immediate, manual"),
        ({"imports": {"reads": -1}}, "is no transition"),
        ({"imports": {"after": "soon"}}, "'soon' is no duration"),
        ("fast", "gitlab.transitions: must be a mapping of imports, deletions"),
    ],
)
def test_a_wrong_transition_is_told_with_its_place(given: Any, told: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        MockGitLab({"mockgitlab": 1, "gitlab": {"transitions": given}})
    assert told in str(raised.value)
