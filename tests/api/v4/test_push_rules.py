from typing import Any

import pytest

from tests.api.v4.repositories import REPO, world
from tests.support import WORLD, Answer, Api

AT, OF_GROUP = "projects/1/push_rule", "groups/1/push_rule"
OFF = {
    "commit_message_negative_regex": "",
    "branch_name_regex": "",
    "member_check": False,
    "prevent_secrets": False,
    "author_email_regex": "",
    "file_name_regex": "",
    "max_file_size": 0,
    "commit_committer_check": None,
    "commit_committer_name_check": False,
    "reject_unsigned_commits": None,
    "reject_non_dco_commits": None,
}
"""What a project's push rule shows of what is not asked of commits."""
pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_a_push_rule_is_made_shown_changed_and_deleted(api: Api) -> None:
    assert (api.get(AT, "ada").status, api.get(AT, "ada").text) == (200, "null")
    made = api.post(AT, "ada", commit_message_regex="Fixes \\d+", deny_delete_tag=False)
    assert made.status == 201
    assert made.json == {
        "id": 1,
        "project_id": 1,
        "created_at": "2024-05-01T09:00:00.000Z",
        "commit_message_regex": "Fixes \\d+",
        "deny_delete_tag": False,
        **OFF,
    }
    changed = api.put(AT, "ada", reject_unsigned_commits=True, max_file_size=5, commit_message_regex="")
    assert changed.status == 200
    news = {"reject_unsigned_commits": True, "max_file_size": 5, "commit_message_regex": ""}
    assert changed.json == {**made.json, **news}
    assert api.put(AT, "ada", reject_unsigned_commits=False).json["reject_unsigned_commits"] is None
    assert api.delete(AT, "ada").status == 204
    assert api.get(AT, "ada").text == "null"


def test_a_project_has_one_push_rule(api: Api) -> None:
    assert api.put(AT, "ada", member_check=True).json == {"message": "404 Push rule Not Found"}
    assert api.delete(AT, "ada").status == 404
    api.post(AT, "ada", member_check=True)
    again = api.post(AT, "ada", member_check=True)
    assert (again.status, again.json) == (422, {"message": "Project push rule exists"})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"branch_name_regex": "("}, "branch_name_regex"),
        ({"file_name_regex": "x" * 512}, "file_name_regex"),
        ({"max_file_size": -1}, "max_file_size"),
    ],
)
def test_what_is_no_push_rule(api: Api, given: dict[str, Any], problem: str) -> None:
    refused = api.post(AT, "ada", **given)
    assert refused.status == 400
    assert list(refused.json["message"]) == [problem]
    assert api.get(AT, "ada").text == "null"


def test_something_must_be_asked_for(api: Api) -> None:
    refused = api.post(AT, "ada")
    assert refused.status == 400
    assert refused.json["error"].endswith("are missing, at least one parameter must be provided")


def test_who_may_make_push_rules(api: Api) -> None:
    assert [api.get(AT, who).status for who in ("bob", None, "nora")] == [403, 401, 404]
    assert [api.get(OF_GROUP, who).status for who in ("bob", None, "nora")] == [404, 401, 404]
    assert Api({**world(), "gitlab": {"edition": "ce"}}).get(AT, "ada").status == 404


def test_projects_of_a_group_get_a_copy_of_its_push_rule(api: Api) -> None:
    assert (api.get(OF_GROUP, "ada").status, api.get(OF_GROUP, "ada").json) == (404, {"message": "404 Not Found"})
    made = api.post(OF_GROUP, "ada", commit_message_regex="^Fix", commit_committer_check=True)
    assert (made.status, made.json["commit_committer_check"], made.json["branch_name_regex"]) == (201, True, None)
    assert "project_id" not in made.json
    assert api.post(OF_GROUP, "ada", member_check=True).json == {"message": "Group push rule exists, try updating"}
    project = api.post("projects", "ada", name="Next", namespace_id=2).json["id"]
    assert api.get(f"projects/{project}/push_rule", "ada").json["commit_message_regex"] == "^Fix"
    assert api.get(AT, "ada").text == "null"
    assert api.put(OF_GROUP, "ada", commit_message_regex="^Add").json["commit_message_regex"] == "^Add"
    assert api.get(f"projects/{project}/push_rule", "ada").json["commit_message_regex"] == "^Fix"
    assert api.delete(OF_GROUP, "ada").status == 204
    assert api.get(OF_GROUP, "ada").status == 404


# What they refuse


def commit(api: Api, path: str = "new.txt", message: str = "Write", content: str = "x", **more: Any) -> Answer:
    action = {"action": "create", "file_path": path, "content": content}
    given = {"branch": "main", "commit_message": message, "actions": [action], **more}
    return api.post(f"{REPO}/commits", "bob", **given)


@pytest.mark.parametrize(
    ("rule", "made", "told"),
    [
        (
            {"commit_message_regex": "^Fix"},
            {"message": "Write"},
            "Commit message does not follow the pattern '^Fix'",
        ),
        (
            {"commit_message_negative_regex": "ssh:"},
            {"message": "Write\n\nssh:x"},
            "Commit message contains the forbidden pattern 'ssh:'",
        ),
        (
            {"author_email_regex": "@acme.com$"},
            {},
            "Author's email 'bob@example.com' does not follow the pattern '@acme.com$'",
        ),
        (
            {"author_email_regex": "^bob@"},
            {"author_email": "x@acme.com"},
            "Author's email 'x@acme.com' does not follow the pattern '^bob@'",
        ),
        (
            {"commit_committer_name_check": True},
            {"author_name": "Robert"},
            "Your git username is inconsistent with GitLab account name",
        ),
        ({"reject_non_dco_commits": True}, {}, "Commit message must contain a DCO signoff"),
        (
            {"file_name_regex": 'a "#{b}"'},
            {"path": 'a "#{b}"'},
            'File name a "#{b}" was prohibited by the pattern "a \\"\\#{b}\\"".',
        ),
        (
            {"file_name_regex": "\\.exe$"},
            {"path": "a.exe"},
            'File name a.exe was prohibited by the pattern "\\\\.exe$".',
        ),
        (
            {"prevent_secrets": True},
            {"path": "home/id_rsa"},
            'File name home/id_rsa was prohibited by the pattern "id_rsa$".',
        ),
        (
            {"max_file_size": 1},
            {"path": "big", "content": "x" * 1_048_577},
            'File "big" is larger than the allowed size of 1 MB. Use Git LFS to manage this file.',
        ),
        (
            {"branch_name_regex": "^JIRA-"},
            {"branch": "other", "start_branch": "main"},
            "Branch name does not follow the pattern '^JIRA-'",
        ),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_commit_that_breaks_the_rule_is_refused(api: Api, rule: Any, made: Any, told: str) -> None:
    api.post(AT, "ada", **rule)
    refused = commit(api, **made)
    assert (refused.status, refused.json) == (400, {"message": told})


def test_commits_that_keep_the_rules_are_taken(api: Api) -> None:
    every = {
        "commit_message_regex": "^Fix",
        "commit_message_negative_regex": "ssh:",
        "author_email_regex": "@example.com$",
        "commit_committer_check": True,
        "commit_committer_name_check": True,
        "reject_non_dco_commits": True,
        "reject_unsigned_commits": True,
        "member_check": True,
        "file_name_regex": "exe$",
        "prevent_secrets": True,
        "max_file_size": 1,
        "branch_name_regex": "^JIRA-",
        "deny_delete_tag": True,
    }
    api.post(AT, "ada", **every)
    message = "Fix it\n\nSigned-off-by: Bob <bob@example.com>"
    assert commit(api, message=message).status == 201
    assert commit(api, message=message, path="b", branch="JIRA-1", start_branch="main").status == 201
    assert api.delete(f"{REPO}/tags/v1.0", "bob").status == 204
    assert api.delete(f"{REPO}/branches/done", "bob").status == 204


def test_only_new_files_and_new_commits_are_judged(api: Api) -> None:
    commit(api, path="a.exe")
    api.post(AT, "ada", file_name_regex="exe$", commit_message_regex="^Fix")
    changed = {"branch": "main", "content": "y", "commit_message": "Fix"}
    assert api.put(f"{REPO}/files/a.exe", "bob", **changed).status == 200
    assert api.post(f"{REPO}/branches", "bob", branch="more", ref="main").status == 201


def test_scenarios_declare_push_rules() -> None:
    given = world(push_rule={"commit_message_regex": "^Fix"})
    given["groups"] = [{**given["groups"][0], "push_rule": {"member_check": True}}, *given["groups"][1:]]
    api = Api(given)
    assert api.get(AT).json["commit_message_regex"] == "^Fix"
    assert api.get(AT).json["member_check"] is False
    assert api.get(OF_GROUP).json["member_check"] is True


@pytest.mark.parametrize(
    ("rule", "told"), [({"branch_name_regex": "("}, "not valid RE2 syntax"), ({"colour": 1}, "must be a mapping of")]
)
def test_scenarios_with_wrong_push_rules_are_refused(rule: dict[str, Any], told: str) -> None:
    with pytest.raises(Exception, match=told):
        Api({**WORLD, "projects": [{"path": "acme/rocket", "push_rule": rule}]})
