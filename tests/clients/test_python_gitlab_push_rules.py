"""Push rules driven with python-gitlab, and what the real git is told of them."""

from typing import Any

import pytest

from tests.api.v4.repositories import world
from tests.clients.git_rig import Git

pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_push_rules(rocket: Any) -> None:
    rule = rocket.pushrules.create({"deny_delete_tag": True})
    rule.commit_message_regex = "^Fix"
    rule.save()
    found = rocket.pushrules.get()
    assert (found.deny_delete_tag, found.commit_message_regex) == (True, "^Fix")
    found.delete()


def test_git_is_refused_what_breaks_a_push_rule(rocket: Any, clone: Git) -> None:
    rocket.pushrules.create(
        {"commit_message_regex": "^Fix", "deny_delete_tag": True, "prevent_secrets": True, "branch_name_regex": "^J-"}
    )
    clone.commit({"a": "1\n"}, "Fix a")
    clone("push", "-q", "origin", "main")
    told = clone("push", "origin", "HEAD~1:refs/heads/other", fails=True)
    assert "remote: GitLab: Branch name does not follow the pattern '^J-'" in told
    clone.commit({"b": "1\n"}, "Write b")
    clone.commit({"c": "1\n"}, "Fix c")
    told = clone("push", "origin", "main", fails=True)
    assert "remote: GitLab: Commit message does not follow the pattern '^Fix'" in told
    clone("reset", "-q", "--hard", "HEAD~2")
    clone.commit({".ssh/id_rsa": "secret\n"}, "Fix d")
    told = clone("push", "origin", "main", fails=True)
    assert 'remote: GitLab: File name .ssh/id_rsa was prohibited by the pattern "id_rsa$".' in told
    told = clone("push", "origin", "--delete", "v1.0", fails=True)
    assert "remote: GitLab: You cannot delete a tag" in told


def test_git_pushes_only_what_its_user_committed(rocket: Any, clone: Git) -> None:
    rocket.pushrules.create({"commit_committer_check": True, "reject_unsigned_commits": True})
    clone.commit({"a": "1\n"})
    told = clone("push", "origin", "main", fails=True)
    assert "You cannot push commits for 'ada@example.com'. You can only push commits if the committer email" in told
    clone("-c", "user.name=Bob", "commit", "-q", "--amend", "--no-edit", "--reset-author")
    rule = rocket.pushrules.get()
    rule.commit_committer_check = False
    rule.save()
    assert "remote: GitLab: Commit must be signed with a GPG key" in clone("push", "origin", "main", fails=True)


def test_git_is_told_who_may_commit_in_the_order_of_gitlab(rocket: Any, clone: Git) -> None:
    wanted = {"author_email_regex": "@example.com$", "member_check": True, "reject_non_dco_commits": True}
    rocket.pushrules.create({**wanted, "commit_committer_name_check": True})

    def told(message: str = "Write", author: str = "bob@example.com", committer: str = "bob@example.com") -> str:
        clone.variables |= {"GIT_AUTHOR_EMAIL": author, "GIT_COMMITTER_EMAIL": committer}
        clone("commit", "-q", "--allow-empty", "-m", message)
        refused = clone("push", "origin", "main", fails=True)
        clone("reset", "-q", "--hard", "HEAD~1")
        return next(line for line in refused.splitlines() if "GitLab: " in line).partition("GitLab: ")[2].strip()

    signed_off = "Write\n\nSigned-off-by: Bob <bob@example.com>"
    assert told(committer="x@y.org") == "Committer's email 'x@y.org' does not follow the pattern '@example.com$'"
    assert told(author="x@y.org") == "Author's email 'x@y.org' does not follow the pattern '@example.com$'"
    assert told() == "Your git username is inconsistent with GitLab account name"
    clone.variables["GIT_AUTHOR_NAME"] = "Bob Kahn"
    assert told() == "Commit message must contain a DCO signoff"
    assert told(signed_off, author="x@example.com") == "Author 'x@example.com' is not a member of team"
    assert told(signed_off, committer="x@example.com") == "Committer 'x@example.com' is not a member of team"
