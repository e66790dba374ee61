from typing import Any

import pytest

from tests.support import WORLD, Api, a_file, names, refused

TAKEN = ["has already been taken"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_project_is_created_in_the_users_own_namespace(api: Api) -> None:
    answer = api.post("projects", "bob", name="My Tool")
    assert answer.status == 201
    found = answer.json
    expected = {
        "id": 4,
        "name": "My Tool",
        "path": "my-tool",
        "path_with_namespace": "bob/my-tool",
        "name_with_namespace": "Bob Kahn / My Tool",
        "visibility": "private",
        "creator_id": 3,
        "created_at": "2024-05-01T09:00:00.000Z",
        "description": None,
        "default_branch": "main",
        "empty_repo": True,
        "pages_access_level": "private",
        "import_error": None,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["owner"]["username"] == "bob"
    assert "permissions" not in found
    assert api.get("projects/4", "bob").json["permissions"]["project_access"]["access_level"] == 50
    assert names(api.get("projects/4/users", "bob"), "username") == ["bob"]


@pytest.mark.parametrize(
    ("given", "name", "path"),
    [
        ({"name": "Rocket"}, "Rocket", "Rocket"),
        ({"name": "  Ünser Projekt!"}, None, None),
        ({"name": "Ünser + Projekt"}, "Ünser + Projekt", "unser-projekt"),
        ({"path": "tool.x"}, "tool.x", "tool.x"),
        ({"name": "A", "path": "b"}, "A", "b"),
        ({"name": "wikis"}, "wikis", None),
    ],
)
def test_name_and_path_come_from_each_other(
    api: Api, given: dict[str, str], name: str | None, path: str | None
) -> None:
    answer = api.post("projects", "bob", **given)
    if path is None:
        assert answer.status == 400
    else:
        assert (answer.json["name"], answer.json["path"]) == (name, path)


def test_a_name_or_a_path_is_needed(api: Api) -> None:
    error = "name, path are missing, at least one parameter must be provided"
    answer = api.post("projects", "bob", description="x")
    assert (answer.status, answer.json) == (400, {"error": error})
    assert api.post("projects", None, name="x").status == 401


def test_a_project_in_a_group_has_no_member_of_its_own(api: Api) -> None:
    found = api.post("projects", "bob", name="lander", namespace_id=1, visibility="public").json
    assert (found["path_with_namespace"], found["visibility"]) == ("acme/lander", "private")
    assert "owner" not in found
    assert api.get("projects/4", "bob").json["permissions"]["project_access"] is None


def test_only_those_who_may_create_projects_use_a_namespace(api: Api) -> None:
    refusal = {"namespace": ["is not valid"]}
    for who, namespace in (("rex", 1), ("nora", 1), ("bob", 1_000_002), ("bob", 99)):
        assert refused(api.post("projects", who, name="x", namespace_id=namespace)) == refusal
    assert api.post("projects", "bob", name="x", namespace_id=1).status == 201


def test_names_and_paths_are_taken_once_in_a_namespace(api: Api) -> None:
    both = {"project_namespace.name": TAKEN, "name": TAKEN, "path": TAKEN}
    assert refused(api.post("projects", "ada", name="rocket", namespace_id=1)) == both
    assert refused(api.post("projects", "ada", name="x", path="ROCKET", namespace_id=1)) == {"path": TAKEN}
    assert refused(api.post("projects", "ada", name="x", path="labs", namespace_id=1)) == {"path": TAKEN}
    name = {"project_namespace.name": TAKEN, "name": TAKEN}
    assert refused(api.post("projects", "ada", name="rocket", path="x", namespace_id=1)) == name


FORMAT = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'"
SPECIAL = "must not start or end with a special character and must not contain consecutive special characters."
NAME = (
    "can contain only letters, digits, emojis, '_', '.', '+', dashes, or spaces. "
    "It must start with a letter, digit, emoji, or '_'."
)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, {"name": ["can't be blank"], "path": ["can't be blank"]}),
        ({"name": "x" * 256, "path": "x"}, {"name": ["is too long (maximum is 255 characters)"]}),
        ({"name": "a/b", "path": "x"}, {"name": [NAME]}),
        ({"name": "-a", "path": "x"}, {"name": [NAME]}),
        ({"path": "-x", "name": "x"}, {"path": [FORMAT, SPECIAL]}),
        ({"path": "x.git", "name": "x"}, {"path": [FORMAT]}),
        ({"path": "a--b", "name": "x"}, {"path": [SPECIAL]}),
        ({"path": "blob", "name": "x"}, {"path": ["blob is a reserved name"]}),
        ({"path": "y" * 256, "name": "x"}, {"path": ["is too long (maximum is 255 characters)"]}),
        ({"name": "x", "description": "d" * 2001}, {"description": ["is too long (maximum is 2000 characters)"]}),
        ({"name": "x", "build_timeout": 599}, {"build_timeout": ["needs to be between 10 minutes and 1 month"]}),
        (
            {"name": "x", "ci_config_path": "../x"},
            {"ci_config_path": ["cannot include leading slash or directory traversal."]},
        ),
        ({"name": "x", "template_name": "none"}, {"template_name": ["'none' is unknown or invalid"]}),
        (
            {"name": "x", "repository_access_level": "private", "builds_access_level": "private"},
            {
                "project_feature.merge_requests_access_level": [
                    "cannot have higher visibility level than repository access level"
                ]
            },
        ),
    ],
)
def test_what_is_not_valid_is_refused_in_gitlabs_words(api: Api, given: dict[str, Any], message: Any) -> None:
    assert refused(api.post("projects", "bob", **given)) == message


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"visibility": "secret"}, "visibility does not have a valid value"),
        ({"merge_method": "squash"}, "merge_method does not have a valid value"),
        ({"issues_access_level": "public"}, "issues_access_level does not have a valid value"),
        ({"namespace_id": "x"}, "namespace_id is invalid"),
        ({"lfs_enabled": "perhaps"}, "lfs_enabled is invalid"),
        (
            {"import_url": "https://x.example/y.git", "template_name": "rails"},
            "import_url, template_name are mutually exclusive",
        ),
    ],
)
def test_wrong_parameters_are_refused_before(api: Api, given: dict[str, Any], error: str) -> None:
    answer = api.post("projects", "bob", name="x", **given)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_the_number_of_personal_projects_is_limited() -> None:
    people = [{**user, "projects_limit": {"ada": 1, "bob": 0}.get(str(user["username"]), 9)} for user in WORLD["users"]]
    api = Api({**WORLD, "users": people})
    reached, none = api.post("projects", "ada", name="x"), api.post("projects", "bob", name="x")
    text = "You've reached your limit of 1 projects created. Contact your GitLab administrator."
    assert (reached.status, reached.json) == (403, {"error": [text]})
    text = "You cannot create projects in your personal namespace. Contact your GitLab administrator."
    assert (none.status, none.json) == (403, {"error": [text]})
    assert api.post("projects", "bob", name="x", namespace_id=1).status == 201


def test_a_readme_makes_a_repository(api: Api) -> None:
    found = api.post("projects", "ada", name="x", initialize_with_readme=True, default_branch="trunk").json
    assert (found["default_branch"], found["empty_repo"]) == ("trunk", False)
    assert found["readme_url"] == "http://localhost/ada/x/-/blob/trunk/README.md"
    assert api.post("projects", "ada", name="y", template_name="rails").json["import_status"] == "finished"


def test_an_import_is_scheduled_and_then_done(api: Api) -> None:
    found = api.post("projects", "ada", name="x", import_url="https://x.example/y.git").json
    assert (found["import_url"], found["import_type"]) == ("https://x.example/y.git", "git")
    assert found["import_status"] == "scheduled"
    later = api.get(f"projects/{found['id']}", "ada").json
    assert (later["import_status"], later["empty_repo"]) == ("finished", True)


def test_an_import_from_the_same_instance_has_the_repository(api: Api) -> None:
    api.post("projects", "ada", name="one", initialize_with_readme=True, default_branch="trunk")
    made = api.post("projects", "ada", name="two", import_url="http://localhost/ada/one.git").json
    later = api.get(f"projects/{made['id']}", "ada").json
    assert (later["import_status"], later["default_branch"], later["empty_repo"]) == ("finished", "trunk", False)
    tree = f"projects/{made['id']}/repository/tree"
    assert [one["name"] for one in api.get(tree, "ada").json] == ["README.md"]


@pytest.mark.parametrize("url", ["y", "ssh://x.example/y.git", "http://[", "file:///etc/passwd"])
def test_what_is_no_address_of_a_repository_is_not_imported(api: Api, url: str) -> None:
    answer = api.post("projects", "ada", name="x", import_url=url)
    assert (answer.status, answer.json) == (422, {"message": f"{url} is not a valid URL"})


def test_settings_are_taken_at_creation(api: Api) -> None:
    settings = {"merge_method": "ff", "squash_option": "always", "wiki_access_level": "private", "lfs_enabled": False}
    old = {"issues_enabled": False, "emails_disabled": True, "public_builds": False, "tag_list": "b, a,A"}
    policy = {"container_expiration_policy_attributes": {"cadence": "7d", "enabled": True}}
    found = api.post("projects", "ada", name="x", visibility="public", **settings, **old, **policy).json
    assert {name: found[name] for name in settings} == settings
    assert (found["issues_access_level"], found["emails_enabled"], found["public_jobs"]) == ("disabled", False, False)
    assert (found["topics"], found["pages_access_level"]) == (["A", "b"], "enabled")
    assert found["container_expiration_policy"]["cadence"] == "7d"
    assert found["container_expiration_policy"]["keep_n"] == 10


def test_the_access_level_wins_over_the_old_switch(api: Api) -> None:
    given = {"issues_enabled": False, "issues_access_level": "private"}
    assert api.post("projects", "ada", name="x", **given).json["issues_access_level"] == "private"


def test_groups_turn_the_instances_runners_off() -> None:
    api = Api(
        {**WORLD, "groups": [{"path": "acme", "shared_runners_setting": "disabled_and_unoverridable"}], "projects": []}
    )
    assert api.post("projects", name="x", namespace_id=1).json["shared_runners_enabled"] is False
    text = "cannot be enabled because parent group does not allow it"
    answer = api.post("projects", name="y", namespace_id=1, shared_runners_enabled=True)
    assert refused(answer) == {"shared_runners_enabled": [text]}
    assert refused(api.put("projects/1", shared_runners_enabled=True)) == {"shared_runners_enabled": [text]}


def test_an_administrator_creates_projects_for_others(api: Api) -> None:
    found = api.post("projects/user/3", name="gift").json
    assert (found["path_with_namespace"], found["creator_id"]) == ("bob/gift", 3)
    assert api.post("projects/user/3", "ada", name="x").json == {"message": "403 Forbidden"}
    api.put("users/3", projects_limit=1)
    text = "You've reached your limit of 1 projects created. Contact your GitLab administrator."
    reached = api.post("projects/user/3", name="more")
    assert (reached.status, reached.json) == (400, {"message": {"limit_reached": [text]}})
    assert api.post("projects/user/99", name="x").json == {"message": "404 User Not Found"}
    assert api.post("projects/user/3", path="x").status == 400


def test_a_picture_is_uploaded_downloaded_and_removed(api: Api) -> None:
    made = api.form("POST", "projects", "ada", name="x", avatar=a_file("logo.png", PNG))
    assert made.json["avatar_url"] == "http://localhost/uploads/-/system/project/avatar/4/logo.png"
    picture = api.get("projects/4/avatar", "ada")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert api.form("PUT", "projects/4", "ada", avatar="").json["avatar_url"] is None
    assert api.get("projects/4/avatar", "ada").json == {"message": "404 Avatar Not Found"}


def test_a_picture_must_be_a_small_picture(api: Api) -> None:
    answer = api.form("PUT", "projects/3", "ada", avatar=a_file("logo.txt", bytes(300_000)))
    text = "file format is not supported. Please try one of the following supported formats: "
    formats = "image/png, image/jpeg, image/gif, image/bmp, image/tiff, image/vnd.microsoft.icon"
    assert refused(answer) == {"avatar": [text + formats, "is too big (should be at most 200 KiB)"]}
