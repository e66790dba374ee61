from typing import Any

import pytest

from tests.support import WORLD, Api

ROCKET = {
    "path": "acme/rocket",
    "name": "Rocket",
    "description": "To the <moon>",
    "topics": ["space", "fire"],
    "license_key": "mit",
    "readme_file": "README.md",
    "default_branch": "trunk",
    "empty_repo": False,
    "statistics": {"commit_count": 3, "repository_size": 10, "wiki_size": 5},
    "custom_attributes": {"team": "red"},
    "members": {"bob": "maintainer", "rex": "reporter", "gil": "guest"},
    "shared_with": [{"group": "open", "access": "developer", "expires_at": "2030-01-01"}],
    "runners_token": "GR1348941abc",
}
MOMENT = "2024-05-01T09:00:00.000Z"
BASIC: dict[str, Any] = {
    "id": 2,
    "description": None,
    "name": "source",
    "name_with_namespace": "open / source",
    "path": "source",
    "path_with_namespace": "open/source",
    "created_at": MOMENT,
    "default_branch": "main",
    "tag_list": [],
    "topics": [],
    "ssh_url_to_repo": "git@localhost:open/source.git",
    "http_url_to_repo": "http://localhost/open/source.git",
    "web_url": "http://localhost/open/source",
    "readme_url": None,
    "forks_count": 0,
    "avatar_url": None,
    "star_count": 0,
    "last_activity_at": MOMENT,
    "visibility": "public",
    "namespace": {
        "id": 2,
        "name": "open",
        "path": "open",
        "kind": "group",
        "full_path": "open",
        "parent_id": None,
        "avatar_url": None,
        "web_url": "http://localhost/groups/open",
    },
}


@pytest.fixture(scope="module")
def world() -> Api:
    """A world that nothing here changes."""
    return Api(
        {
            **WORLD,
            "groups": [{"path": "acme", "members": {"ada": "owner"}}, {"path": "open", "visibility": "public"}],
            "projects": [ROCKET, {"path": "open/source", "visibility": "public"}, {"path": "ada/notes"}],
        }
    )


def test_anonymous_requests_get_the_basic_details(world: Api) -> None:
    assert world.get("projects/open%2Fsource", None).json == BASIC
    assert world.get("projects", None).json == [BASIC]
    assert world.get("projects", "nora", simple=True, search="source").json == [BASIC]


def test_a_maintainer_sees_everything_of_a_project(world: Api) -> None:
    found = world.get("projects/1", "bob").json
    assert found["tag_list"] == found["topics"] == ["fire", "space"]
    assert found["readme_url"] == "http://localhost/acme/rocket/-/blob/trunk/README.md"
    assert found["description_html"] == '<p data-sourcepos="1:1-1:13" dir="auto">To the &lt;moon&gt;</p>'
    assert found["_links"] == {
        "self": "http://localhost/api/v4/projects/1",
        "issues": "http://localhost/api/v4/projects/1/issues",
        "merge_requests": "http://localhost/api/v4/projects/1/merge_requests",
        "repo_branches": "http://localhost/api/v4/projects/1/repository/branches",
        "labels": "http://localhost/api/v4/projects/1/labels",
        "events": "http://localhost/api/v4/projects/1/events",
        "members": "http://localhost/api/v4/projects/1/members",
        "cluster_agents": "http://localhost/api/v4/projects/1/cluster_agents",
    }
    assert found["shared_with_groups"] == [
        {
            "group_id": 2,
            "group_name": "open",
            "group_full_path": "open",
            "group_access_level": 30,
            "expires_at": "2030-01-01",
        }
    ]
    assert found["container_expiration_policy"] == {
        "cadence": "1d",
        "enabled": False,
        "keep_n": 10,
        "older_than": "90d",
        "name_regex": ".*",
        "name_regex_keep": None,
        "next_run_at": "2024-05-02T09:00:00.000Z",
    }
    assert (found["runners_token"], found["ci_default_git_depth"], found["build_timeout"]) == ("GR1348941abc", 20, 3600)
    assert (found["import_url"], found["import_error"], found["import_status"]) == (None, None, "none")
    assert found["permissions"] == {
        "project_access": {"access_level": 40, "notification_level": 3},
        "group_access": None,
    }
    for absent in ("owner", "license", "statistics", "repository_storage", "custom_attributes", "forked_from_project"):
        assert absent not in found


def test_the_defaults_are_gitlabs(world: Api) -> None:
    found = world.get("projects/3", "ada").json
    levels = {
        name.removesuffix("_access_level"): value for name, value in found.items() if name.endswith("_access_level")
    }
    private = {"pages", "security_and_compliance"}
    assert levels == {name: "private" if name in private else "enabled" for name in levels}
    assert len(levels) == 19
    defaults = {
        "visibility": "private",
        "merge_method": "merge",
        "squash_option": "default_off",
        "emails_enabled": True,
        "emails_disabled": False,
        "auto_cancel_pending_pipelines": "enabled",
        "build_git_strategy": "fetch",
        "lfs_enabled": True,
        "request_access_enabled": True,
        "remove_source_branch_after_merge": True,
        "repository_object_format": "sha1",
        "empty_repo": True,
        "approvals_before_merge": 0,
        "service_desk_enabled": False,
        "service_desk_address": None,
    }
    assert {name: found[name] for name in defaults} == defaults
    assert found["owner"]["username"] == "ada"
    assert found["namespace"]["kind"] == "user"
    assert found["runners_token"].startswith("GR1348941")


def test_settings_are_for_maintainers_and_code_for_reporters(world: Api) -> None:
    reporter, guest = world.get("projects/1", "rex").json, world.get("projects/1", "gil").json
    for hidden in ("runners_token", "build_timeout", "import_url", "import_error", "ci_default_git_depth"):
        assert hidden not in reporter
    assert reporter["default_branch"] == "trunk"
    for hidden in ("default_branch", "readme_url", "forks_count", "ci_config_path", "service_desk_address"):
        assert hidden in reporter
        assert hidden not in guest
    maintainer = world.get("projects/1", "bob").json
    for hidden in ("pre_receive_secret_detection_enabled", "ci_restrict_pipeline_cancellation_role"):
        assert hidden in maintainer
        assert hidden not in reporter
    assert ("issues_template" in guest, "merge_requests_template" in guest) == (True, False)
    assert (guest["can_create_merge_request_in"], reporter["can_create_merge_request_in"]) == (False, True)


def test_statistics_and_license_show_when_asked_for(world: Api) -> None:
    found = world.get("projects/1", "rex", statistics=True, license=True).json
    assert found["statistics"] == {
        "commit_count": 3,
        "storage_size": 15,
        "repository_size": 10,
        "wiki_size": 5,
        "lfs_objects_size": 0,
        "job_artifacts_size": 0,
        "pipeline_artifacts_size": 0,
        "packages_size": 0,
        "snippets_size": 0,
        "uploads_size": 0,
        "container_registry_size": 0,
    }
    assert found["license_url"] == "http://localhost/acme/rocket/-/blob/trunk/LICENSE"
    assert found["license"]["name"] == "MIT License"
    assert "statistics" not in world.get("projects/1", "gil", statistics=True).json
    none = world.get("projects/3", "ada", license=True).json
    assert (none["license"], none["license_url"]) == (None, None)


def test_what_a_project_holds_is_counted_and_summed() -> None:
    api = Api({**WORLD, "projects": [{"path": "acme/rocket", "uploads": [{"filename": "a.txt", "content": "12345"}]}]})
    sizes = ("repository_size", "wiki_size", "snippets_size", "uploads_size")

    def told() -> list[int]:
        shown = api.get("projects/1", statistics=True).json["statistics"]
        assert shown["storage_size"] == sum(shown[name] for name in sizes)
        return [shown[name] for name in sizes]

    assert told() == [0, 0, 0, 5]
    api.post("projects/1/repository/files/a", branch="main", commit_message="m", content="x" * 1_000)
    api.post("projects/1/wikis", title="Home", content="x" * 2_000)
    file = {"file_path": "a", "content": "x" * 3_000}
    api.post("projects/1/snippets", title="S", visibility="private", files=[file])
    repository, wiki, snippets, _ = told()
    assert 1_000 < repository < 2_000 < wiki < 3_000 < snippets < 4_000
    group = api.get("groups", statistics=True, search="acme").json[0]["statistics"]
    assert [group[name] for name in sizes] == told()
    other = api.post("projects", name="small").json["id"]
    assert [one["id"] for one in api.get("projects", order_by="repository_size").json] == [1, other]


def test_administrators_see_the_storage_and_custom_attributes(world: Api) -> None:
    found = world.get("projects/1", with_custom_attributes=True).json
    assert found["custom_attributes"] == [{"key": "team", "value": "red"}]
    assert found["repository_storage"] == "default"
    assert found["permissions"] == {"project_access": None, "group_access": None}
    assert "custom_attributes" not in world.get("projects/1", "bob", with_custom_attributes=True).json


def test_lists_tell_the_direct_membership_of_the_group_alone(api: Api) -> None:
    api.post("projects", "ada", name="deep", namespace_id=2)
    assert api.get("projects/4", "bob").json["permissions"]["group_access"]["access_level"] == 30
    permissions = {one["id"]: one["permissions"]["group_access"] for one in api.get("projects", "bob").json}
    assert permissions[4] is None
    assert permissions[1] == {"access_level": 30, "notification_level": 3}


def test_features_are_as_open_as_they_are_to_the_caller() -> None:
    closed = {"issues_access_level": "private", "wiki_access_level": "disabled"}
    api = Api(
        {**WORLD, "projects": [{"path": "open/source", "visibility": "public", "members": {"bob": "guest"}, **closed}]}
    )
    api.post("projects/1/issues", "bob", title="Seen")
    outside, inside = api.get("projects/1", "nora").json, api.get("projects/1", "bob").json
    assert [one["issues_enabled"] for one in (outside, inside)] == [False, True]
    assert [one["wiki_enabled"] for one in (outside, inside)] == [False, False]
    assert [one["issues_access_level"] for one in (outside, inside)] == ["private", "private"]
    assert "issues" not in outside["_links"]
    assert "open_issues_count" not in outside
    assert inside["open_issues_count"] == 1


def test_what_is_hidden_or_missing_is_not_found(world: Api) -> None:
    for path in ("projects/1", "projects/acme%2Frocket", "projects/99", "projects/acme%2Fnone", "projects/rocket"):
        answer = world.get(path, "nora")
        assert (answer.status, answer.json) == (404, {"message": "404 Project Not Found"})


def test_a_path_is_found_in_any_case(world: Api) -> None:
    assert world.get("projects/ACME%2Frocket", "ada").json["id"] == 1


def test_the_community_edition_lacks_what_is_not_its_own() -> None:
    found = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("projects/1").json
    for name in ("approvals_before_merge", "mirror", "marked_for_deletion_on", "requirements_access_level"):
        assert name not in found


def test_newer_versions_show_more() -> None:
    found = Api({**WORLD, "gitlab": {"version": "18.5.0"}}).get("projects/1").json
    assert found["max_artifacts_size"] is None
    assert found["package_registry_access_level"] == "enabled"
    assert found["resource_group_default_process_mode"] == "unordered"


def test_a_mirror_tells_how_it_is_mirrored() -> None:
    api = Api({**WORLD, "projects": [{"path": "ada/copy", "mirror": True, "mirror_trigger_builds": True}]})
    found = api.get("projects/1", "ada").json
    assert (found["mirror"], found["mirror_trigger_builds"], found["mirror_user_id"]) == (True, True, None)
    assert "mirror_user_id" not in Api().get("projects/1").json


def test_administrators_see_where_the_repository_is_stored(world: Api) -> None:
    assert world.get("projects/1/storage").json == {
        "project_id": 1,
        "disk_path": "@hashed/6b/86/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
        "created_at": MOMENT,
        "repository_storage": "default",
    }
    assert world.get("projects/1/storage", "ada").json == {"message": "403 Forbidden"}
