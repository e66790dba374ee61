"""One call of every operation on approvals, their rules and external status checks that answers with a record."""

from typing import Any

MR, MR_PATH = "projects/:id/merge_requests/:merge_request_iid", "projects/1/merge_requests/1"
RULE = {"name": "Security", "approvals_required": 1, "user_ids": [2], "group_ids": [1]}
CHECKS = "projects/:id/external_status_checks"
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        f"POST /{CHECKS}",
        "projects/1/external_status_checks",
        "root",
        {"name": "QA", "external_url": "https://x.example"},
    ),
    (f"PUT /{CHECKS}/:external_status_check_id", "projects/1/external_status_checks/1", "root", {"name": "Tests"}),
    ("POST /projects/:id/approvals", "projects/1/approvals", "root", {"merge_requests_author_approval": True}),
    ("POST /groups/:id/approval_rules", "groups/1/approval_rules", "root", RULE),
    (
        "PUT /groups/:id/approval_rules/:approval_rule_id",
        "groups/1/approval_rules/1",
        "root",
        {"approvals_required": 0},
    ),
    ("POST /projects/:id/approval_rules", "projects/1/approval_rules", "root", RULE),
    ("PUT /projects/:id/approval_rules/:approval_rule_id", "projects/1/approval_rules/2", "root", {"name": "Safety"}),
    (
        f"POST /{MR}/approval_rules",
        f"{MR_PATH}/approval_rules",
        "root",
        {**RULE, "approval_project_rule_id": 2},
    ),
    (f"PUT /{MR}/approval_rules/:approval_rule_id", f"{MR_PATH}/approval_rules/1", "root", {"approvals_required": 0}),
    (f"POST /{MR}/approve", f"{MR_PATH}/approve", "root", {}),
    (f"POST /{MR}/unapprove", f"{MR_PATH}/unapprove", "root", {}),
    (f"POST /{MR}/approve", f"{MR_PATH}/approve", "root", {}),
    (
        "PUT /projects/:id/approval_rules/:approval_rule_id",
        "projects/1/approval_rules/2",
        "root",
        {"approvals_required": 0},
    ),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
READS = {"projects/:id/approval_rules/:approval_rule_id": "projects/1/approval_rules/2"}
"""Where there is something to read."""
