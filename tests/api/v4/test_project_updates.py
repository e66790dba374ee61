from typing import Any

import pytest

from tests.support import WORLD, Api, refused

TAKEN = ["has already been taken"]


def test_maintainers_change_projects(api: Api) -> None:
    answer = api.put("projects/1", description="Flies", default_branch="main", topics=["a", "b"])
    assert answer.status == 200
    assert (answer.json["description"], answer.json["default_branch"]) == ("Flies", "main")
    assert answer.json["topics"] == ["a", "b"]
    assert api.put("projects/1", topics="").json["topics"] == []
    assert api.put("projects/1", "bob", description="x").json == {"message": "403 Forbidden"}
    assert api.put("projects/1", "nora", description="x").json == {"message": "404 Project Not Found"}
    assert api.put("projects/1", None, description="x").json == {"message": "401 Unauthorized"}


def test_the_default_branch_is_one_that_is_there(api: Api) -> None:
    refusal = (400, {"message": "Could not set the default branch"})
    empty = api.put("projects/1", default_branch="trunk")
    assert (empty.status, empty.json) == refusal
    made = api.post("projects", "ada", name="x", initialize_with_readme=True).json["id"]
    api.post(f"projects/{made}/repository/branches", "ada", branch="trunk", ref="main")
    assert api.put(f"projects/{made}", "ada", default_branch="trunk").json["default_branch"] == "trunk"
    gone = api.put(f"projects/{made}", "ada", default_branch="nope", description="x")
    assert (gone.status, gone.json) == refusal
    assert api.get(f"projects/{made}", "ada").json["description"] is None


def test_something_must_be_changed(api: Api) -> None:
    first = "allow_merge_on_skipped_pipeline, analytics_access_level, autoclose_referenced_issues, auto_devops_enabled"
    for given in ({"unknown": True}, {"show_default_award_emojis": False}):
        answer = api.put("projects/1", **given)
        assert answer.status == 400
        assert answer.json["error"].endswith(" are missing, at least one parameter must be provided")
        assert answer.json["error"].startswith(first)


SAMPLES: dict[str, Any] = {
    "merge_requests_access_level": "disabled",
    "builds_access_level": "private",
    "analytics_access_level": "disabled",
    "pages_access_level": "public",
    "requirements_access_level": "private",
    "approvals_before_merge": 2,
    "auto_cancel_pending_pipelines": "disabled",
    "auto_devops_deploy_strategy": "manual",
    "auto_devops_enabled": True,
    "build_git_strategy": "clone",
    "build_timeout": 7200,
    "ci_config_path": "ci/main.yml",
    "ci_default_git_depth": 5,
    "ci_pipeline_variables_minimum_override_role": "owner",
    "ci_restrict_pipeline_cancellation_role": "maintainer",
    "issue_branch_template": "issue-%{id}",
    "keep_latest_artifact": False,
    "merge_commit_template": "Merge %{title}",
    "merge_method": "rebase_merge",
    "only_allow_merge_if_pipeline_succeeds": True,
    "resolve_outdated_diff_discussions": True,
    "remove_source_branch_after_merge": False,
    "restrict_user_defined_variables": True,
    "service_desk_enabled": True,
    "squash_option": "never",
    "suggestion_commit_message": "Apply",
    "printing_merge_request_link_enabled": False,
    "visibility": "private",
    "warn_about_potentially_unwanted_characters": False,
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_setting_shows_as_it_was_set(api: Api, name: str) -> None:
    assert api.put("projects/1", **{name: SAMPLES[name]}).json[name] == SAMPLES[name]
    assert api.get("projects/1").json[name] == SAMPLES[name]


def test_null_leaves_what_cannot_be_empty(api: Api) -> None:
    found = api.put("projects/1", issues_access_level=None, ci_config_path=None, description="x").json
    assert (found["issues_access_level"], found["ci_config_path"]) == ("enabled", None)


def test_a_part_of_the_expiration_policy_leaves_the_rest(api: Api) -> None:
    api.put("projects/1", container_expiration_policy_attributes={"keep_n": 5})
    found = api.put("projects/1", container_expiration_policy_attributes={"enabled": True}).json
    policy = found["container_expiration_policy"]
    assert (policy["keep_n"], policy["enabled"], policy["cadence"]) == (5, True, "1d")


def test_an_expiration_policy_that_is_not_offered_is_refused(api: Api) -> None:
    wrong = {"cadence": "2d", "keep_n": 3, "older_than": "1d", "name_regex": ".*"}
    problems = {f"container_expiration_policy.{name}": ["is not included in the list"] for name in list(wrong)[:3]}
    for answer in (
        api.put("projects/1", container_expiration_policy_attributes=wrong),
        api.post("projects", name="x", container_expiration_policy_attributes=wrong),
    ):
        assert (answer.status, answer.json) == (400, {"message": problems})


def test_only_owners_change_the_visibility_and_the_emails() -> None:
    api = Api({**WORLD, "projects": [{"path": "open/source", "members": {"bob": "maintainer", "ada": "owner"}}]})
    assert api.put("projects/1", "bob", visibility="public").json == {"message": "403 Forbidden"}
    assert api.put("projects/1", "bob", ci_delete_pipelines_in_seconds=9).status == 400
    assert api.put("projects/1", "bob", emails_enabled=False, description="x").json["emails_enabled"] is True
    assert api.put("projects/1", "ada", emails_disabled=True).json["emails_enabled"] is False
    assert api.put("projects/1", "ada", visibility="public").json["visibility"] == "public"


def test_only_owners_set_when_pipelines_are_deleted() -> None:
    project = {"path": "open/source", "members": {"bob": "maintainer", "ada": "owner"}}
    api = Api({**WORLD, "gitlab": {"version": "17.9.0"}, "projects": [project]})
    assert api.put("projects/1", "bob", ci_delete_pipelines_in_seconds=86400).json == {"message": "403 Forbidden"}
    found = api.put("projects/1", "ada", ci_delete_pipelines_in_seconds=86400).json
    assert found["ci_delete_pipelines_in_seconds"] == 86400


def test_only_administrators_move_the_storage(api: Api) -> None:
    api.put("projects/3", "ada", repository_storage="second", description="x")
    assert api.get("projects/3").json["repository_storage"] == "default"
    assert api.put("projects/3", repository_storage="second").json["repository_storage"] == "second"


def test_no_project_is_more_visible_than_its_group_or_its_source(api: Api) -> None:
    message = {"visibility_level": ["public is not allowed in a private group."]}
    assert refused(api.put("projects/1", visibility="public")) == message
    api.put("projects/2", visibility="internal")
    fork = api.post("projects/2/fork", "nora").json["id"]
    text = "public is not allowed since the fork source project has lower visibility."
    assert refused(api.put(f"projects/{fork}", "nora", visibility="public")) == {"visibility_level": [text]}
    assert api.put(f"projects/{fork}", "nora", visibility="private").status == 200


def test_a_new_path_moves_the_project_and_the_old_one_leads_there(api: Api) -> None:
    found = api.put("projects/acme%2Frocket", "ada", name="Big Rocket", path="big-rocket").json
    assert (found["name"], found["path_with_namespace"]) == ("Big Rocket", "acme/big-rocket")
    moved = api.get("projects/acme%2Frocket/issues", "ada", **{"state": "opened", "labels[]": "a"})
    url = "http://localhost/api/v4/projects/1/issues?state=opened&labels%5B%5D=a"
    assert (moved.status, moved.headers["Location"]) == (301, url)
    assert moved.text == f"This resource has been moved permanently to {url}"
    assert api.get("projects/Acme%2FRocket", "ada").headers["Location"] == "http://localhost/api/v4/projects/1"
    refused_ = api.put("projects/acme%2Frocket", "ada", name="x")
    assert (refused_.status, refused_.json) == (405, {"message": "Non GET methods are not allowed for moved projects"})
    assert api.get("projects/acme%2Frocket", "nora").json == {"message": "404 Project Not Found"}


def test_a_new_project_takes_an_old_path(api: Api) -> None:
    api.put("projects/1", path="big-rocket")
    assert api.post("projects", "ada", name="new", path="rocket", namespace_id=1).status == 201
    assert api.get("projects/acme%2Frocket", "ada").json["name"] == "new"


def test_names_are_checked_as_at_creation(api: Api) -> None:
    api.post("projects", "ada", name="lander", namespace_id=1)
    taken = {"project_namespace.name": TAKEN, "name": TAKEN}
    assert refused(api.put("projects/1", "ada", name="lander")) == taken
    assert refused(api.put("projects/1", "ada", path="lander")) == {"path": TAKEN}
    assert api.put("projects/1", "ada", path="Rocket").json["path"] == "Rocket"
    assert api.put("projects/1", "ada", name="rocket").status == 200


def test_wrong_settings_are_refused(api: Api) -> None:
    text = "cannot have higher visibility level than repository access level"
    keys = ("project_feature.merge_requests_access_level", "project_feature.builds_access_level")
    assert refused(api.put("projects/1", repository_access_level="disabled")) == {key: [text] for key in keys}
    assert refused(api.put("projects/1", merge_commit_template="x" * 501)) == {
        "merge_commit_template": ["is too long (maximum is 500 characters)"]
    }
    assert api.put("projects/1", squash_option="sometimes").json == {
        "error": "squash_option does not have a valid value"
    }
