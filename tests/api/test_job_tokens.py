"""The tokens of CI jobs: what they are taken for, and which projects they reach."""

import pytest

from mockgitlab.api.definitions import definitions
from tests.support import WORLD, Answer, Api

OPERATIONS = """
GET /projects/:id/merge_requests
GET /projects/:id/merge_requests/:merge_request_iid
GET /projects/:id/merge_requests/:merge_request_iid/notes
GET /projects/:id/merge_requests/:merge_request_iid/notes/:note_id
GET /job
GET /job/allowed_agents
GET /projects/:id/jobs
GET /projects/:id/jobs/:job_id/artifacts
GET /projects/:id/jobs/:job_id/artifacts/*artifact_path
GET /projects/:id/jobs/artifacts/:ref_name/download
GET /projects/:id/jobs/artifacts/:ref_name/raw/*artifact_path
GET /projects/:id/pipelines
GET /projects/:id/pipelines/:pipeline_id
GET /projects/:id/pipelines/:pipeline_id/bridges
PUT /projects/:id/pipelines/:pipeline_id/metadata
GET /projects/:id/releases
GET /projects/:id/releases/:tag_name
GET /projects/:id/repository/branches
GET /projects/:id/repository/changelog
GET /projects/:id/repository/commits/:sha
GET /projects/:id/repository/commits/:sha/merge_requests
GET /projects/:id/repository/files/:file_path/raw
GET /projects/:id/repository/tags
"""
"""Of those that https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access lists."""


@pytest.fixture
def api() -> Api:
    job = {"token": "job", "kind": "job", "user": "ada", "project": "acme/rocket"}
    return Api({**WORLD, "tokens": [*WORLD["tokens"], job]})


def ask(api: Api, path: str) -> Answer:
    return api.get(path, None, headers={"Job-Token": "job"})


@pytest.mark.parametrize("key", OPERATIONS.split("\n")[1:-1])
def test_the_documented_operations_take_the_token_of_a_job(key: str) -> None:
    [operation] = [one for one in definitions().tables["v4"] if one.key == key]
    assert operation.job_token


@pytest.mark.parametrize(
    "key",
    ["GET /projects/:id", "GET /projects/:id/issues/:issue_iid/notes", "POST /projects/:id/merge_requests"],
)
def test_others_do_not(key: str) -> None:
    [operation] = [one for one in definitions().tables["v4"] if one.key == key]
    assert not operation.job_token


def test_a_job_reaches_its_own_project_and_what_is_public(api: Api) -> None:
    assert ask(api, "projects/1/merge_requests").json == []
    assert ask(api, "projects/2/merge_requests").json == []


def test_a_job_of_another_project_is_refused_although_its_user_is_a_member(api: Api) -> None:
    answer = ask(api, "projects/3/merge_requests")
    text = "403 Forbidden - Authentication by CI/CD job token not allowed from rocket to notes."
    assert (answer.status, answer.json) == (403, {"message": text})
    assert api.get("projects/3/merge_requests", "ada").json == []


def test_before_15_9_a_job_reaches_whatever_its_user_does() -> None:
    job = {"token": "job", "kind": "job", "user": "ada", "project": "acme/rocket"}
    api = Api({**WORLD, "gitlab": {"version": "15.8.0"}, "tokens": [job]})
    assert ask(api, "projects/3/merge_requests").json == []
