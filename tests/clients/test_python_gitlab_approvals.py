"""Approvals of merge requests through python-gitlab: rules, approving, what merging waits for."""

from collections.abc import Iterator
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.clients.python_gitlab_rig import refused
from tests.merge_request_world import world

OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob"}


@pytest.fixture
def served() -> Iterator[MockGitLab]:
    with MockGitLab(world(OPENED)) as server:
        yield server


def project_of(served: MockGitLab, who: str) -> Any:
    return gitlab.Gitlab(served.url, private_token=served.token(who)).projects.get("acme/rocket")


def test_rules_of_a_project_are_made_changed_and_deleted(served: MockGitLab) -> None:
    project = project_of(served, "ada")
    rule = project.approvalrules.create({"name": "Security", "approvals_required": 1, "user_ids": [2]})
    rule.approvals_required = 2
    rule.save()
    assert [(one.name, one.approvals_required) for one in project.approvalrules.list(get_all=True)] == [("Security", 2)]
    rule.delete()
    assert project.approvalrules.list(get_all=True) == []


def test_how_a_project_asks_for_approvals_is_changed(served: MockGitLab) -> None:
    settings = project_of(served, "ada").approvals.get()
    settings.merge_requests_author_approval = True
    settings.save()
    assert project_of(served, "ada").approvals.get().merge_requests_author_approval is True


def test_a_merge_request_waits_for_its_approvals(served: MockGitLab) -> None:
    project_of(served, "ada").approvalrules.create({"name": "All Members", "approvals_required": 1})
    proposed = project_of(served, "bob").mergerequests.get(1)
    assert proposed.detailed_merge_status == "not_approved"
    assert refused(gitlab.GitlabAuthenticationError, proposed.approve)[0] == 401
    reviewed = project_of(served, "ada").mergerequests.get(1)
    reviewed.approve(sha=reviewed.sha)
    assert [one["user"]["username"] for one in reviewed.approvals.get().approved_by] == ["ada"]
    [state] = reviewed.approval_state.get().rules
    assert (state["approved"], state["rule_type"]) == (True, "any_approver")
    reviewed.unapprove()
    assert reviewed.approvals.get().approvals_left == 1


def test_a_merge_request_has_rules_of_its_own(served: MockGitLab) -> None:
    proposed = project_of(served, "bob").mergerequests.get(1)
    rule = proposed.approval_rules.create({"name": "Mine", "approvals_required": 1, "user_ids": [2]})
    assert [one.id for one in proposed.approval_rules.list(get_all=True)] == [rule.id]
    rule.delete()
    assert proposed.approval_rules.list(get_all=True) == []
