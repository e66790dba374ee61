import pytest

from tests.merge_request_world import HERE, OPENED, world
from tests.support import Api

AT = f"{HERE}/context_commits"
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def shas(api: Api, *branches: str) -> list[str]:
    return [api.get(f"projects/1/repository/commits/{branch}").json["id"] for branch in branches]


def test_commits_are_added_as_context_and_listed_the_newest_first(api: Api) -> None:
    wanted = shas(api, "main", "fix")
    answer = api.post(AT, "bob", commits=wanted)
    assert (answer.status, [one["id"] for one in answer.json]) == (201, wanted[::-1])
    assert [one["id"] for one in api.get(AT, "rex").json] == wanted[::-1]
    assert api.get(AT, "rex").json[0]["title"] == "Mend it"
    assert len(api.get(f"{HERE}/commits").json) == 2


def test_commits_are_taken_from_the_context(api: Api) -> None:
    wanted = shas(api, "main", "fix")
    api.post(AT, "bob", commits=wanted)
    assert api.delete(AT, "bob", commits=wanted[:1]).status == 403
    assert api.delete(AT, "ada", commits=wanted[:1]).status == 204
    assert [one["id"] for one in api.get(AT, "bob").json] == wanted[1:]
    unknown = api.delete(AT, "ada", commits=["0" * 40])
    assert (unknown.status, unknown.json) == (400, {"message": "One or more context commits' sha is not valid."})


def test_what_is_no_commit_or_there_already_is_refused(api: Api) -> None:
    [main] = shas(api, "main")
    api.post(AT, "bob", commits=[main])
    again = api.post(AT, "bob", commits=[main])
    assert (again.status, again.json) == (400, {"message": f'Context commits: ["{main}"] are already created'})
    unknown = api.post(AT, "bob", commits=["0" * 40])
    assert (unknown.status, unknown.json) == (400, {"message": "One or more context commits' sha is not valid."})
    many = api.post(AT, "bob", commits=[main] * 21)
    assert many.json == {"message": "Context commits array size should not be more than 20"}
    assert api.post(AT, "bob").status == 400
    assert api.post(AT, "rex", commits=[main]).status == 403
