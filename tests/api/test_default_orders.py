"""In which order every list is when none is asked for, as GitLab's documents and finders have it."""

import pytest

from tests.api.test_completeness import BUILT, answers

UP, DOWN = False, True
ISSUE = "projects/:id/issues/:issue_iid"
MR = "projects/:id/merge_requests/:merge_request_iid"
SNIPPET = "projects/:id/snippets/:snippet_id"
ORDERS = {
    "audit_events": ("id", DOWN),
    "deploy_keys": ("id", UP),
    "deploy_tokens": ("id", UP),
    "events": ("created_at", DOWN),
    "groups": ("name", UP),
    "groups/:id/access_tokens": ("id", UP),
    "groups/:id/audit_events": ("id", DOWN),
    "groups/:id/billable_members": ("id", UP),
    "groups/:id/descendant_groups": ("name", UP),
    "groups/:id/integrations": ("id", UP),
    "groups/:id/issues": ("created_at", DOWN),
    "groups/:id/epics": ("id", DOWN),
    "groups/:id/epics/:epic_id/notes": ("id", DOWN),
    "groups/:id/epics/:epic_iid/issues": ("relative_position", UP),
    "groups/:id/iterations": ("due_date", UP),
    "groups/:id/labels": ("name", UP),
    "groups/:id/members/all": ("id", UP),
    "groups/:id/merge_requests": ("created_at", DOWN),
    "groups/:id/milestones": ("due_date", UP),
    "groups/:id/packages": ("created_at", UP),
    "groups/:id/projects": ("created_at", DOWN),
    "groups/:id/runners": ("id", UP),
    "groups/:id/service_accounts/:user_id/personal_access_tokens": ("id", UP),
    "groups/:id/subgroups": ("name", UP),
    "groups/:id/transfer_locations": ("name", UP),
    "issues": ("created_at", DOWN),
    "merge_requests": ("created_at", DOWN),
    "namespaces": ("id", UP),
    "personal_access_tokens": ("id", UP),
    "projects": ("created_at", DOWN),
    "projects/:id/access_tokens": ("id", UP),
    "projects/:id/audit_events": ("id", DOWN),
    "projects/:id/badges": ("id", UP),
    "projects/:id/deployments": ("id", UP),
    "projects/:id/environments": ("id", UP),
    "projects/:id/events": ("created_at", DOWN),
    "projects/:id/feature_flags": ("name", UP),
    "projects/:id/feature_flags_user_lists": ("id", UP),
    "projects/:id/forks": ("created_at", DOWN),
    "projects/:id/integrations": ("id", UP),
    "projects/:id/issues": ("created_at", DOWN),
    "projects/:id/iterations": ("due_date", UP),
    "projects/:id/job_token_scope/allowlist": ("id", UP),
    "projects/:id/jobs": ("id", DOWN),
    "projects/:id/pipelines": ("id", DOWN),
    "projects/:id/pipelines/:pipeline_id/bridges": ("id", DOWN),
    "projects/:id/pipelines/:pipeline_id/jobs": ("id", DOWN),
    "projects/:id/labels": ("name", UP),
    "projects/:id/members/all": ("id", UP),
    "projects/:id/merge_requests": ("created_at", DOWN),
    "projects/:id/milestones": ("due_date", UP),
    "projects/:id/pipeline_schedules": ("id", DOWN),
    "projects/:id/packages": ("created_at", UP),
    "projects/:id/protected_branches": ("name", UP),
    "projects/:id/protected_environments": ("name", UP),
    "projects/:id/repository/branches": ("name", UP),
    "projects/:id/repository/commits/:sha/merge_requests": ("id", UP),
    "projects/:id/resource_groups": ("id", UP),
    "projects/:id/runners": ("id", UP),
    "projects/:id/service_accounts/:user_id/personal_access_tokens": ("id", UP),
    "projects/:id/services": ("id", UP),
    "projects/:id/share_locations": ("id", UP),
    "projects/:id/templates/:type": ("key", UP),
    "projects/:id/transfer_locations": ("name", UP),
    "projects/:id/users": ("id", UP),
    "runners": ("id", UP),
    "runners/:id/managers": ("id", UP),
    "runners/all": ("id", UP),
    f"{ISSUE}/award_emoji": ("id", UP),
    f"{ISSUE}/discussions/:discussion_id/notes": ("created_at", UP),
    f"{ISSUE}/links": ("issue_link_id", UP),
    f"{ISSUE}/notes": ("created_at", DOWN),
    f"{ISSUE}/notes/:note_id/award_emoji": ("id", UP),
    f"{ISSUE}/resource_label_events": ("id", UP),
    f"{ISSUE}/resource_weight_events": ("id", UP),
    f"{MR}/award_emoji": ("id", UP),
    f"{MR}/discussions/:discussion_id/notes": ("created_at", UP),
    f"{MR}/notes": ("created_at", DOWN),
    f"{MR}/resource_label_events": ("id", UP),
    f"{MR}/resource_state_events": ("id", UP),
    f"{MR}/versions": ("id", DOWN),
    f"{SNIPPET}/notes": ("created_at", DOWN),
    "service_accounts": ("id", DOWN),
    "snippets": ("id", DOWN),
    "snippets/all": ("id", DOWN),
    "templates/dockerfiles": ("key", UP),
    "templates/gitignores": ("key", UP),
    "templates/gitlab_ci_ymls": ("key", UP),
    "templates/licenses": ("key", UP),
    "topics": ("total_projects_count", DOWN),
    "user/emails": ("id", UP),
    "users": ("id", DOWN),
    "users/:id/emails": ("id", UP),
    "users/:id/keys": ("id", UP),
    "users/:user_id/impersonation_tokens": ("id", UP),
}
ELSEWHERE = {
    f"{MR}/discussions": "by the first note, which is tested with its page",
    f"{MR}/participants": "by what they did",
    f"{MR}/related_issues": "by where they are mentioned",
    "projects/:id/repository/commits": "by their history, which is tested with the page",
    "projects/:id/repository/commits/:sha/comments": "by the note, whose ID is not shown",
    "projects/:id/repository/commits/:sha/discussions": "by the first note, which is tested with its page",
    "projects/:id/repository/tree": "folders before files, which is tested with the page",
    f"{SNIPPET}/discussions": "by the first note, which is tested with its page",
    "groups/:id/epics/:epic_iid/epics": "by their places, which are not shown",
    "groups/:id/epics/:epic_id/discussions": "by the first note, which is tested with its page",
    "groups/:id/pending_members": "by the membership, whose ID the answer does not show",
    "groups/:id/members": "by the membership, which has no ID there",
    "projects/:id/members": "by the membership, which has no ID there",
    f"{ISSUE}/discussions": "by the first note, which is tested with its page",
    f"{ISSUE}/participants": "by what they did",
    "projects/:id/starrers": "by the star, which is not shown",
    "users/:id/memberships": "by the membership, which has no ID there",
    "user/activities": "by the name",
    "groups/:id/boards/:board_id/lists": "by the type, which is tested with the page",
    "projects/:id/boards/:board_id/lists": "by the type, which is tested with the page",
}


@pytest.mark.parametrize("path", ORDERS)
def test_a_list_is_in_its_default_order(path: str) -> None:
    by, descending = ORDERS[path]
    values = [record[by] if record[by] is not None else "~" for record in answers()[f"GET /{path}"].json]
    assert len(values) > 1
    assert values == sorted(values, key=lambda value: value.lower() if by == "name" else value, reverse=descending)


def test_every_list_with_several_records_has_an_order_to_be_in() -> None:
    lists = {key: answer for key, answer in answers().items() if key.startswith("GET ") and key in BUILT}
    several = {key for key, answer in lists.items() if BUILT[key].listed and len(answer.json) > 1}
    assert {key.removeprefix("GET /") for key in several} - ORDERS.keys() - ELSEWHERE.keys() == set()
