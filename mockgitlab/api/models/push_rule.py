"""Push rules: what commits, branches and files must be like to be taken.

Source: https://docs.gitlab.com/api/project_push_rules/, https://docs.gitlab.com/api/group_push_rules/ and GitLab's
ee/app/models/push_rule.rb, ee/app/models/concerns/push_ruleable.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors

REGEXES = {
    "commit_message_regex": 511,
    "commit_message_negative_regex": 2047,
    "branch_name_regex": 511,
    "author_email_regex": 511,
    "file_name_regex": 511,
}
"""The columns that hold regular expressions, and how long these may be."""
NULL_WHEN_OFF = ("commit_committer_check", "reject_unsigned_commits", "reject_non_dco_commits")
"""Switches that fall back on the instance's rule when they are off, and so show as null."""


class PushRule(dsl.Entity):
    """The push rule of a project, or of a group, from which projects made there get a copy."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    commit_message_regex: str | None = dsl.optional("What every commit message must match")
    commit_message_negative_regex: str | None = dsl.optional("What no commit message may match")
    branch_name_regex: str | None = dsl.optional("What every branch name must match")
    deny_delete_tag: bool = dsl.optional("Whether git may not delete tags", default=False)
    member_check: bool = dsl.optional("Whether authors must be users", default=False)
    prevent_secrets: bool = dsl.optional("Whether files that likely hold secrets are refused", default=False)
    author_email_regex: str | None = dsl.optional("What the emails of authors and committers must match")
    file_name_regex: str | None = dsl.optional("What no file name may match")
    max_file_size: int = dsl.optional("How large files may be, in MB; 0 for any size", default=0)
    commit_committer_check: bool | None = dsl.optional("Whether the committer's email must be one's own")
    commit_committer_name_check: bool = dsl.optional("Whether the author's name must be one's own", default=False)
    reject_unsigned_commits: bool | None = dsl.optional("Whether commits must be signed")
    reject_non_dco_commits: bool | None = dsl.optional("Whether commits must be signed off")


def _text(name: str) -> Any:
    return lambda row, view: getattr(row, name) or ""


SETTINGS = tuple(name for name, field in PushRule.fields.items() if field.word == "optional")
PROJECT_PUSH_RULE = PushRule.shape("id", "project_id", "created_at", *SETTINGS, name="ProjectPushRule").plus(
    **{name: _text(name) for name in REGEXES}
)
GROUP_PUSH_RULE = PushRule.shape("id", "created_at", *SETTINGS, name="GroupPushRule")


def inherit_push_rule(store: dsl.Store, project_id: int, namespace: Group) -> None:
    """Give a new project a copy of the push rule of the nearest group that has one."""
    rules = (store[PushRule].find(group_id=group.id) for group in ancestors(store, namespace))
    found = next((rule for rule in rules if rule is not None), None)
    if found is not None and store.settings.edition == "ee":
        store.insert(PushRule(project_id=project_id, **{name: getattr(found, name) for name in SETTINGS}))
