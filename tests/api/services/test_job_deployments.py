"""What jobs with an environment deploy, as their pipelines go on."""

from datetime import timedelta
from typing import Any

from mockgitlab.api.services import progress
from tests.api.v4.repositories import sha
from tests.pipeline_world import FILES, MANUAL, api_with, create, jobs_of, statuses
from tests.support import Api, names, refused

DEPLOYMENTS, ENVIRONMENTS = "projects/1/deployments", "projects/1/environments"
DEPLOY = """
deploy:
  script: ship
  environment: {name: production, url: "https://$CI_ENVIRONMENT_SLUG.example.com"}
"""
REVIEW = """
review:
  script: ship
  environment: {name: review/$CI_COMMIT_REF_SLUG, on_stop: stop, auto_stop_in: 2 days, deployment_tier: other}
stop:
  script: stop
  when: manual
  environment: {name: review/$CI_COMMIT_REF_SLUG, action: stop}
"""


def make(config: str, settings: Any = None, **rocket: Any) -> Api:
    """Return a client of a world whose project has a configuration."""
    repository = {"branches": {"main": {**FILES, ".gitlab-ci.yml": config}}}
    return api_with(settings, repository=repository, **rocket)


def stand(api: Api) -> list[str]:
    """Return how the deployments of the project stand."""
    return names(api.get(DEPLOYMENTS), "status")


# Deploying


def test_a_job_deploys_to_its_environment() -> None:
    api = make(DEPLOY)
    pipeline = create(api).json["id"]
    deployment = api.get(f"{DEPLOYMENTS}/10001").json
    assert (deployment["status"], deployment["ref"], deployment["sha"]) == ("success", "main", sha(api))
    assert deployment["user"]["username"] == "bob"
    assert deployment["deployable"] == jobs_of(api, pipeline)["deploy"]
    environment = api.get(f"{ENVIRONMENTS}/1").json
    assert (environment["name"], environment["external_url"]) == ("production", "https://production.example.com")
    assert environment["last_deployment"]["id"] == 10001


def test_a_deployment_follows_its_job() -> None:
    api = make(DEPLOY, MANUAL)
    pipeline = create(api).json["id"]
    assert stand(api) == ["created"]
    api.post(f"projects/1/pipelines/{pipeline}/cancel", "bob")
    assert stand(api) == ["canceled"]


def test_a_job_that_fails_deploys_nothing() -> None:
    api = make(DEPLOY.replace("ship", "exit 1"))
    create(api)
    assert stand(api) == ["failed"]
    assert api.get(f"{ENVIRONMENTS}/1").json["last_deployment"] is None


def test_a_job_that_runs_again_deploys_again() -> None:
    api = make(DEPLOY)
    job = jobs_of(api, create(api).json["id"])["deploy"]["id"]
    api.post(f"projects/1/jobs/{job}/retry", "bob")
    assert stand(api) == ["success", "success"]


def test_a_manual_job_is_a_blocked_deployment_until_it_is_started() -> None:
    api = make(f"{DEPLOY}  when: manual")
    job = jobs_of(api, create(api).json["id"])["deploy"]["id"]
    assert stand(api) == ["blocked"]
    api.post(f"projects/1/jobs/{job}/play", "bob")
    assert stand(api) == ["success"]


def test_deployments_of_jobs_are_not_changed_by_hand() -> None:
    api = make(DEPLOY)
    create(api)
    told = api.put(f"{DEPLOYMENTS}/10001", "bob", status="failed")
    text = "403 Forbidden - Deployments created using GitLab CI can not be updated using the API"
    assert (told.status, told.json) == (403, {"message": text})


def test_a_job_without_a_good_environment_fails() -> None:
    api = make("deploy: {script: ship, environment: /x}")
    pipeline = create(api).json["id"]
    assert statuses(api, pipeline) == {"deploy": "failed"}
    assert jobs_of(api, pipeline)["deploy"]["failure_reason"] == "environment_creation_failure"
    assert stand(api) == []


# Stopping


def test_an_environment_is_stopped_by_the_job_that_is_for_it() -> None:
    api = make(REVIEW)
    pipeline = create(api).json["id"]
    environment = api.get(f"{ENVIRONMENTS}/1").json
    assert (environment["name"], environment["tier"]) == ("review/main", "other")
    assert environment["auto_stop_at"] == "2024-05-03T09:00:00.000Z"
    stopped = api.post(f"{ENVIRONMENTS}/1/stop", "bob").json
    assert (stopped["state"], stopped["auto_stop_at"]) == ("stopped", None)
    assert statuses(api, pipeline) == {"review": "success", "stop": "success"}
    assert stand(api) == ["success"]


def test_an_environment_is_stopping_while_its_job_waits() -> None:
    api = make(REVIEW, MANUAL)
    create(api)
    progress.finish_by_hand(api.store)
    assert api.post(f"{ENVIRONMENTS}/1/stop", "bob").json["state"] == "stopping"
    assert api.post(f"{ENVIRONMENTS}/1/stop", "bob", force=True).json["state"] == "stopped"


def test_an_environment_stops_by_itself_when_its_time_has_come() -> None:
    api = make(REVIEW)
    pipeline = create(api).json["id"]
    api.store.advance_clock(timedelta(days=1))
    progress.settle(api.store)
    assert api.get(f"{ENVIRONMENTS}/1").json["state"] == "available"
    api.store.advance_clock(timedelta(days=1))
    progress.settle(api.store)
    assert api.get(f"{ENVIRONMENTS}/1").json["state"] == "stopped"
    assert statuses(api, pipeline)["stop"] == "success"


def test_stale_environments_are_stopped_by_their_jobs() -> None:
    api = make(REVIEW.replace("auto_stop_in: 2 days, ", ""))
    pipeline = create(api).json["id"]
    api.store.advance_clock(timedelta(days=30))
    assert api.post(f"{ENVIRONMENTS}/stop_stale", "ada", before="2024-05-20T00:00:00Z").status == 200
    assert api.get(f"{ENVIRONMENTS}/1").json["state"] == "stopped"
    assert statuses(api, pipeline)["stop"] == "success"


def test_an_environment_stops_with_the_branch_that_was_deployed_there() -> None:
    api = make(REVIEW)
    branches = "projects/1/repository/branches"
    api.post(branches, "bob", branch="topic", ref="main")
    first = create(api).json["id"]
    second = create(api, ref="topic").json["id"]
    api.delete(f"{branches}/topic", "bob")
    found = {one["name"]: one["state"] for one in api.get(ENVIRONMENTS).json}
    assert found == {"review/main": "available", "review/topic": "stopped"}
    assert (statuses(api, first)["stop"], statuses(api, second)["stop"]) == ("manual", "success")


def test_an_environment_of_a_scenario_stops_by_itself() -> None:
    api = make(DEPLOY, environments=[{"name": "old", "auto_stop_at": "2024-05-02T00:00:00Z"}])
    api.store.advance_clock(timedelta(days=1))
    progress.settle(api.store)
    assert api.get(f"{ENVIRONMENTS}/1").json["state"] == "stopped"


# Protected environments


def test_a_job_does_not_deploy_where_its_user_may_not() -> None:
    api = make(DEPLOY, protected_environments=[{"name": "production"}])
    pipeline = create(api, "bob").json["id"]
    assert jobs_of(api, pipeline)["deploy"]["failure_reason"] == "protected_environment_failure"
    assert stand(api) == ["failed"]
    create(api, "ada")
    assert stand(api) == ["failed", "success"]


def test_a_job_waits_for_approval_and_is_then_started_by_hand() -> None:
    rules = {"deploy_access_levels": [{"access_level": "developer"}], "approval_rules": [{"user": "ada"}]}
    api = make(DEPLOY, protected_environments=[{"name": "production", **rules}])
    job = jobs_of(api, create(api).json["id"])["deploy"]
    assert (job["status"], stand(api)) == ("manual", ["blocked"])
    play = f"projects/1/jobs/{job['id']}/play"
    assert refused(api.post(play, "bob")) == "400 Bad request - Unplayable Job"
    assert api.post(f"{DEPLOYMENTS}/10001/approval", "ada", status="approved").status == 201
    assert api.post(play, "bob").status == 200
    assert stand(api) == ["success"]


def test_a_rejected_deployment_fails() -> None:
    rules = {"deploy_access_levels": [{"access_level": "developer"}], "approval_rules": [{"user": "ada"}]}
    api = make(DEPLOY, protected_environments=[{"name": "production", **rules}])
    pipeline = create(api).json["id"]
    api.post(f"{DEPLOYMENTS}/10001/approval", "ada", status="rejected")
    assert jobs_of(api, pipeline)["deploy"]["failure_reason"] == "deployment_rejected"
    assert stand(api) == ["failed"]
