from datetime import timedelta

import pytest

from mockgitlab.api.services import progress
from mockgitlab.api.services.environments import guess_tier, slug_of
from tests.api.v4.repositories import sha, world
from tests.support import WORLD, Api, names, refused, seen

AT = "projects/1/environments"
DEPLOYMENTS = "projects/1/deployments"
NOW = "2024-05-01T09:00:00.000Z"
PRODUCTION = {
    "id": 1,
    "name": "production",
    "slug": "production",
    "external_url": "https://example.com",
    "created_at": NOW,
    "updated_at": NOW,
    "tier": "production",
    "state": "available",
    "auto_stop_at": None,
    "description": None,
}
LATER = {"gitlab": {"version": "18.5.0"}}
pytestmark = pytest.mark.mockgitlab(scenario=world())


def review_app(number: int, created_at: str = "2024-03-01T00:00:00Z", **more: object) -> dict[str, object]:
    """Return an environment of a scenario in the folder of review apps."""
    return {"name": f"review/{number}", "state": "stopped", "created_at": created_at, **more}


def wait_a_week(api: Api) -> None:
    """Let more than a week go by, and GitLab do what is due then."""
    api.store.advance_clock(timedelta(days=8))
    progress.settle(api.store)


# Creating and reading


def test_an_environment_is_created_and_shown(api: Api) -> None:
    made = api.post(AT, "bob", name="production", external_url="https://example.com")
    shown = made.json
    assert shown.pop("project")["path_with_namespace"] == "acme/rocket"
    assert (made.status, shown) == (201, PRODUCTION)
    assert api.get(f"{AT}/1", "rex").json == {**PRODUCTION, "last_deployment": None}


def test_a_list_shows_the_project_and_no_deployment(api: Api) -> None:
    made = api.post(AT, "bob", name="production")
    assert api.get(AT, "rex").json == [made.json]
    assert made.json["project"]["id"] == 1
    assert "last_deployment" not in made.json


def test_later_versions_tell_more_of_an_environment() -> None:
    api = Api({**world(), **LATER})
    given = {"description": "Live", "auto_stop_setting": "with_action", "tier": "staging"}
    made = api.post(AT, "bob", name="production", **given).json
    assert {name: made[name] for name in given} == given
    early = Api({**WORLD, "gitlab": {"version": "17.0.0"}}).post(AT, "bob", name="x", **given)
    assert not {"description", "auto_stop_setting"} & early.json.keys()


def test_a_name_becomes_a_slug_of_24_letters_at_the_most() -> None:
    assert slug_of("staging") == "staging"
    assert slug_of("review/fix-foo") == "review-fix-foo-v25cyx"
    assert slug_of("1").startswith("env-1-")
    long = slug_of("a" * 30)
    assert (len(long), long[:18]) == (24, "a" * 17 + "-")


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("review/x", "development"),
        ("QA", "testing"),
        ("pre-prod", "staging"),
        ("live", "production"),
        ("elsewhere", "other"),
    ],
)
def test_a_name_tells_a_tier(name: str, tier: str) -> None:
    assert guess_tier(name) == tier


def test_lists_are_narrowed(api: Api) -> None:
    for name in ("production", "review/one", "review/two"):
        api.post(AT, "bob", name=name)
    api.post(f"{AT}/3/stop", "bob")
    assert names(api.get(AT, name="production")) == ["production"]
    assert names(api.get(AT, name="prod")) == []
    assert names(api.get(AT, search="REV")) == ["review/one", "review/two"]
    assert names(api.get(AT, search="one")) == []
    assert names(api.get(AT, states="stopped")) == ["review/two"]
    assert names(api.get(AT, states="available", per_page=1)) == ["production"]


def test_lists_are_not_narrowed_by_what_makes_no_sense(api: Api) -> None:
    assert refused(api.get(AT, search="re")) == "400 Bad request - Search query is less than 3 characters"
    assert api.get(AT, search="rev", name="x").json == {"error": "name, search cannot be used together"}
    assert api.get(AT, states="gone").json == {"error": "states does not have a valid value"}


# Changing


def test_an_environment_is_changed_and_keeps_its_name(api: Api) -> None:
    api.post(AT, "bob", name="production", external_url="https://example.com")
    changed = api.put(f"{AT}/1", "bob", name="other", external_url="", tier="testing")
    assert changed.status == 200
    assert (changed.json["name"], changed.json["external_url"], changed.json["tier"]) == ("production", None, "testing")


def test_old_versions_rename_an_environment() -> None:
    api = Api({**WORLD, "gitlab": {"version": "15.11.0"}})
    api.post(AT, "bob", name="production")
    changed = api.put(f"{AT}/1", "bob", name="live").json
    assert (changed["name"], changed["slug"]) == ("live", "production")


def test_what_is_no_environment_is_refused(api: Api) -> None:
    api.post(AT, "bob", name="production")
    taken = "has already been taken"
    assert refused(api.post(AT, "bob", name="production")) == {"name": [taken], "slug": [taken]}
    told = refused(api.post(AT, "bob", name="/x"))["name"]
    assert told == [
        "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, "
        "but it cannot start or end with '/'"
    ]
    assert refused(api.post(AT, "bob", name="x" * 256)) == {"name": ["is too long (maximum is 255 characters)"]}
    assert refused(api.post(AT, "bob", name="x", external_url="javascript:alert(1)")) == {
        "external_url": ["javascript scheme is not allowed"]
    }
    assert refused(api.put(f"{AT}/1", "bob", external_url="h" * 256)) == {
        "external_url": ["is too long (maximum is 255 characters)"]
    }
    assert refused(api.post(AT, "bob")) == '400 (Bad request) "name" not given'
    assert api.post(AT, "bob", name="x", tier="moon").json == {"error": "tier does not have a valid value"}


def test_a_slug_cannot_be_chosen(api: Api) -> None:
    told = (400, {"error": "slug is automatically generated and cannot be changed"})
    assert seen(api.post(AT, "bob", name="x", slug="y")) == told
    api.post(AT, "bob", name="x")
    assert seen(api.put(f"{AT}/1", "bob", slug="y")) == told


def test_there_are_no_cluster_agents(api: Api) -> None:
    agent = "400 Bad request - cluster agent doesn't exist or cannot be associated with this environment"
    assert refused(api.post(AT, "bob", name="x", cluster_agent_id=1)) == agent
    assert refused(api.post(AT, "bob", name="x", kubernetes_namespace="n", flux_resource_path="f")) == {
        "kubernetes_namespace": ["cannot be set without a cluster agent"]
    }
    assert refused(api.post(AT, "bob", name="x", flux_resource_path="f")) == {
        "flux_resource_path": ["cannot be set without a kubernetes namespace"]
    }


# Who may


def test_reporters_read_and_developers_write(api: Api) -> None:
    api.post(AT, "bob", name="production")
    assert api.get(AT, "gil").status == api.get(f"{AT}/1", "gil").status == 403
    assert api.post(AT, "rex", name="x").status == api.put(f"{AT}/1", "rex", tier="other").status == 403
    assert api.put(f"{AT}/9", "rex", tier="other").status == 403
    assert api.post(f"{AT}/1/stop", "rex").status == api.delete(f"{AT}/1", "rex").status == 403
    assert seen(api.get(AT, "nora")) == (404, {"message": "404 Project Not Found"})
    assert seen(api.get(f"{AT}/9", "bob")) == (404, {"message": "404 Not found"})
    assert seen(api.get(f"{AT}/x", "bob")) == (400, {"error": "environment_id is invalid"})


def test_everybody_with_a_login_reads_those_of_a_public_project(api: Api) -> None:
    at = "projects/2/environments"
    api.post(at, "root", name="production")
    assert names(api.get(at, "nora")) == ["production"]
    assert seen(api.get(at, None)) == (401, {"message": "401 Unauthorized"})
    assert api.get(f"{AT}/1", "bob").status == 404
    assert api.post(at, "nora", name="x").status == 403


@pytest.mark.parametrize("feature", ["environments", "builds", "repository"])
def test_without_its_features_a_project_has_no_environments(feature: str) -> None:
    api = Api(world(**{f"{feature}_access_level": "disabled"}))
    assert api.get(AT, "root").status == api.post(AT, "root", name="x").status == 403


def test_an_archived_project_keeps_its_environments_as_they_are(api: Api) -> None:
    api.post(AT, "bob", name="production")
    api.post("projects/1/archive")
    assert api.get(AT, "rex").status == 200
    assert api.post(AT, "root", name="x").status == api.post(f"{AT}/1/stop").status == 403


# Stopping and deleting


def test_an_environment_is_stopped_and_deleted_with_its_deployments(api: Api) -> None:
    given = {"environment": "production", "sha": sha(api), "ref": "main", "tag": False, "status": "success"}
    api.post(DEPLOYMENTS, "bob", **given)
    assert api.delete(f"{AT}/1", "bob").status == 403
    stopped = api.post(f"{AT}/1/stop", "bob")
    assert (stopped.status, stopped.json["state"]) == (200, "stopped")
    assert api.delete(f"{AT}/1", "bob").status == 204
    assert api.get(f"{AT}/1").status == 404
    assert api.get(DEPLOYMENTS).json == []


def test_what_is_stopped_is_not_stopped_again() -> None:
    api = Api({**world(), **LATER})
    api.post(AT, "bob", name="production")
    api.post(f"{AT}/1/stop", "bob")
    told = "400 Bad request - Attempted to stop the environment but failed to change the status"
    assert refused(api.post(f"{AT}/1/stop", "bob")) == told
    api.post(AT, "bob", name="live", auto_stop_setting="with_action")
    assert refused(api.post(f"{AT}/2/stop", "bob")) == told
    assert api.post(f"{AT}/2/stop", "bob", force=True).json["state"] == "stopped"


def test_older_versions_say_nothing_of_what_was_stopped_already(api: Api) -> None:
    api.post(AT, "bob", name="production")
    assert [api.post(f"{AT}/1/stop", "bob").json["state"] for _ in range(2)] == ["stopped", "stopped"]


def test_stale_environments_are_stopped() -> None:
    old = "2024-01-01T00:00:00Z"
    environments = [{"name": "old", "created_at": old}, {"name": "deployed", "created_at": old}, {"name": "new"}]
    guarded = [{"name": "kept", "created_at": old}]
    api = Api(
        world(
            environments=environments + guarded,
            deployments=[{"environment": "deployed"}],
            protected_environments=[{"name": "kept"}],
        )
    )
    answer = api.post(f"{AT}/stop_stale", "ada", before="2024-04-01T00:00:00Z")
    assert seen(answer) == (200, {"message": "Successfully requested stop for all stale environments"})
    assert names(api.get(AT, states="stopped")) == ["old"]


def test_maintainers_stop_what_is_stale_for_a_week_to_ten_years(api: Api) -> None:
    for before in ("2024-04-30T00:00:00Z", "2010-01-01T00:00:00Z"):
        assert refused(api.post(f"{AT}/stop_stale", "ada", before=before)) == "400 Bad request - Invalid Date"
    assert refused(api.post(f"{AT}/stop_stale", "ada")) == '400 (Bad request) "before" not given'
    assert api.post(f"{AT}/stop_stale", "ada", before="then").json == {"error": "before is invalid"}
    assert api.post(f"{AT}/stop_stale", "bob", before="2024-04-01T00:00:00Z").status == 403


# Review apps


def test_stopped_review_apps_are_deleted_after_a_week() -> None:
    apps = [review_app(1), review_app(2, state="available"), review_app(3, "2024-04-30T00:00:00Z"), review_app(4)]
    api = Api(world(environments=[*apps, {"name": "old", "state": "stopped", "created_at": "2020-01-01T00:00:00Z"}]))
    first = {
        "id": 1,
        "name": "review/1",
        "slug": slug_of("review/1"),
        "external_url": None,
        "created_at": "2024-03-01T00:00:00.000Z",
        "updated_at": "2024-03-01T00:00:00.000Z",
    }
    told = api.delete(f"{AT}/review_apps", "bob", limit=1)
    assert seen(told) == (200, {"scheduled_entries": [first], "unprocessable_entries": []})
    told = api.delete(f"{AT}/review_apps", "bob", dry_run=False)
    assert [one["name"] for one in told.json["scheduled_entries"]] == ["review/1", "review/4"]
    assert len(api.get(AT).json) == 5
    wait_a_week(api)
    assert names(api.get(AT)) == ["review/2", "review/3", "old"]


def test_a_review_app_that_is_back_is_not_deleted() -> None:
    api = Api(world(environments=[review_app(1)]))
    api.delete(f"{AT}/review_apps", "bob", dry_run=False)
    given = {"environment": "review/1", "sha": sha(api), "ref": "main", "tag": False, "status": "success"}
    api.post(DEPLOYMENTS, "bob", **given)
    wait_a_week(api)
    assert names(api.get(AT, states="available")) == ["review/1"]


def test_where_no_review_app_fits_nothing_is_deleted(api: Api) -> None:
    told = refused(api.delete(f"{AT}/review_apps", "bob"))
    assert told["scheduled_entries"] == told["unprocessable_entries"] == []
    assert told["message"].startswith("No environments found for scheduled deletion.")
    assert seen(api.delete(f"{AT}/review_apps", "rex")) == (
        401,
        {
            "message": {
                "scheduled_entries": [],
                "unprocessable_entries": [],
                "message": "You do not have permission to destroy environments in this project",
            }
        },
    )
    assert api.delete(f"{AT}/review_apps", "bob", limit=0).json == {"error": "limit does not have a valid value"}


def test_protected_review_apps_keep_the_others() -> None:
    api = Api(
        world(
            environments=[review_app(1), review_app(2)],
            protected_environments=[{"name": "review/2", "deploy_access_levels": [{"user": "ada"}]}],
        )
    )
    told = refused(api.delete(f"{AT}/review_apps", "bob", dry_run=False))
    assert [one["name"] for one in told["unprocessable_entries"]] == ["review/2"]
    assert len(api.delete(f"{AT}/review_apps", "ada").json["scheduled_entries"]) == 2
