"""The settings of a group, with GitLab's defaults.

Source: https://docs.gitlab.com/api/groups/#update-group-attributes and GitLab's lib/api/helpers/groups_helpers.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl

Visibility = Literal["private", "internal", "public"]
CreationLevel = Literal["noone", "owner", "maintainer", "developer", "administrator"]
RunnersSetting = Literal["enabled", "disabled_and_overridable", "disabled_and_unoverridable"]


DOWNLOAD_LIMITS = (
    "unique_project_download_limit",
    "unique_project_download_limit_interval_in_seconds",
    "unique_project_download_limit_allowlist",
    "unique_project_download_limit_alertlist",
    "auto_ban_user_on_excessive_projects_download",
)


class GroupSettings(dsl.Entity):
    """What a group may be created with, besides what names it."""

    description: str | None = dsl.optional("The description of the group", default="")
    visibility: Visibility = dsl.optional("The visibility of the group", default="private")
    share_with_group_lock: bool = dsl.optional("Prevent sharing a project with another group", default=False)
    require_two_factor_authentication: bool = dsl.optional("Require all users to set up two-factor", default=False)
    two_factor_grace_period: int = dsl.optional("Hours before two-factor is enforced", default=48, minimum=0)
    project_creation_level: CreationLevel = dsl.optional("Who may create projects", default="developer")
    auto_devops_enabled: bool | None = dsl.optional("Default to Auto DevOps for all projects")
    subgroup_creation_level: Literal["owner", "maintainer"] = dsl.optional("Who may add groups", default="maintainer")
    emails_enabled: bool = dsl.optional("Enable email notifications", default=True, since="16.5")
    show_diff_preview_in_email: bool = dsl.optional("Show diffs in notifications", default=True, since="17.6")
    mentions_disabled: bool | None = dsl.optional("Disable the capability of a group from getting mentioned")
    lfs_enabled: bool = dsl.optional("Enable LFS for the projects in this group", default=True)
    request_access_enabled: bool = dsl.optional("Allow users to request member access", default=True)
    default_branch: str | None = dsl.optional("The default branch of the group's projects", since="16.11")
    default_branch_protection: Literal[0, 1, 2, 3, 4] = dsl.optional("Default branch protection level", default=2)
    default_branch_protection_defaults: dict[str, Any] = dsl.optional("Default branch protection", since="16.0")
    shared_runners_setting: RunnersSetting = dsl.optional("Shared runners for the group", default="enabled")
    enabled_git_access_protocol: Literal["ssh", "http", "all"] = dsl.optional("What Git may use", default="all")
    wiki_access_level: Literal["disabled", "private", "enabled"] = dsl.optional(
        "Who may see the wiki", default="enabled", edition="ee"
    )
    duo_features_enabled: bool = dsl.optional("Whether GitLab Duo is on", default=True, since="17.1", edition="ee")
    lock_duo_features_enabled: bool = dsl.optional(
        "Whether GitLab Duo is enforced for all subgroups", default=False, since="17.1", edition="ee"
    )
    membership_lock: bool = dsl.optional("Keep users out of the group's projects", default=False, edition="ee")
    shared_runners_minutes_limit: int | None = dsl.optional("Compute minutes, for admins", edition="ee")
    extra_shared_runners_minutes_limit: int | None = dsl.optional("Additional minutes, for admins", edition="ee")


class GroupUpdateSettings(GroupSettings):
    """What a group may be updated with, and not created."""

    max_artifacts_size: int | None = dsl.optional("The largest artifacts in MiB", since="17.9")
    prevent_sharing_groups_outside_hierarchy: bool = dsl.optional("Prevent sharing outside", default=False)
    math_rendering_limits_enabled: bool = dsl.optional("Whether math is limited", default=True, since="16.10")
    lock_math_rendering_limits_enabled: bool = dsl.optional("Whether that is locked", default=False, since="16.10")
    file_template_project_id: int | None = dsl.optional("The project to load file templates from", edition="ee")
    prevent_forking_outside_group: bool = dsl.optional("Prevent forking outside", default=False, edition="ee")
    ip_restriction_ranges: str | None = dsl.optional("Addresses that may reach the group", edition="ee")
    allowed_email_domains_list: str | None = dsl.optional("Domains of members' e-mails", since="17.4", edition="ee")
    service_access_tokens_expiration_enforced: bool = dsl.optional(
        "Whether tokens of service accounts must end", default=True, since="17.0", edition="ee"
    )
    unique_project_download_limit: int = dsl.optional(
        "How many projects a user may download before being banned", default=0, edition="ee", minimum=0, maximum=10_000
    )
    unique_project_download_limit_interval_in_seconds: int = dsl.optional(
        "In how much time", default=0, edition="ee", minimum=0, maximum=864_000
    )
    unique_project_download_limit_allowlist: list[str] = dsl.optional(
        "Usernames to which the limit does not apply", default=(), edition="ee"
    )
    unique_project_download_limit_alertlist: list[int] = dsl.optional(
        "IDs of the users who are told", default=(), edition="ee"
    )
    auto_ban_user_on_excessive_projects_download: bool = dsl.optional(
        "Whether users above the limit are banned", default=False, edition="ee"
    )
