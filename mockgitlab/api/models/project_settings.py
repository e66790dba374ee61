"""The settings of a project, with GitLab's defaults.

Source: https://docs.gitlab.com/api/projects/#edit-a-project and GitLab's lib/api/helpers/projects_helpers.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl

FeatureLevel = Literal["disabled", "private", "enabled"]
OpenFeatureLevel = Literal["disabled", "private", "enabled", "public"]
EXPIRATION_POLICY: dict[str, Any] = {
    "cadence": "1d",
    "enabled": False,
    "keep_n": 10,
    "older_than": "90d",
    "name_regex": ".*",
    "name_regex_keep": None,
}


def _feature(name: str, default: str = "enabled", **more: Any) -> Any:
    return dsl.optional(f"Who may use {name}: nobody, members, or everybody with access", default=default, **more)


class ProjectSettings(dsl.Entity):
    """What maintainers may set of a project, besides what names it."""

    issues_access_level: FeatureLevel = _feature("issues")
    repository_access_level: FeatureLevel = _feature("the repository")
    merge_requests_access_level: FeatureLevel = _feature("merge requests")
    forking_access_level: FeatureLevel = _feature("forks")
    wiki_access_level: FeatureLevel = _feature("the wiki")
    builds_access_level: FeatureLevel = _feature("CI/CD")
    snippets_access_level: FeatureLevel = _feature("snippets")
    pages_access_level: OpenFeatureLevel = _feature("GitLab Pages", "private")
    analytics_access_level: FeatureLevel = _feature("analytics")
    container_registry_access_level: FeatureLevel = _feature("the container registry")
    security_and_compliance_access_level: FeatureLevel = _feature("security and compliance", "private")
    releases_access_level: FeatureLevel = _feature("releases")
    environments_access_level: FeatureLevel = _feature("environments")
    feature_flags_access_level: FeatureLevel = _feature("feature flags")
    infrastructure_access_level: FeatureLevel = _feature("infrastructure")
    monitor_access_level: FeatureLevel = _feature("monitoring")
    model_experiments_access_level: FeatureLevel = _feature("model experiments")
    model_registry_access_level: FeatureLevel = _feature("the model registry")
    package_registry_access_level: OpenFeatureLevel = _feature("the package registry", since="18.5")
    requirements_access_level: FeatureLevel = _feature("requirements", edition="ee")

    packages_enabled: bool = dsl.optional("Whether the package registry is on", default=True)
    emails_enabled: bool = dsl.optional("Whether e-mail notifications are sent", default=True)
    show_default_award_emojis: bool = dsl.optional("Whether thumbs up and down show by default", default=True)
    show_diff_preview_in_email: bool = dsl.optional("Whether e-mails hold diffs", default=True, since="17.1")
    warn_about_potentially_unwanted_characters: bool = dsl.optional("Warn of hidden characters", default=True)
    enforce_auth_checks_on_uploads: bool = dsl.optional("Whether uploads need a login", default=True)
    shared_runners_enabled: bool = dsl.optional("Whether instance runners run jobs", default=True)
    group_runners_enabled: bool = dsl.optional("Whether group runners run jobs", default=True)
    resource_group_default_process_mode: Literal["unordered", "oldest_first", "newest_first", "newest_ready_first"] = (
        dsl.optional("The order in which resource groups run jobs", default="unordered", since="18.0")
    )
    resolve_outdated_diff_discussions: bool = dsl.optional("Resolve threads on changed lines", default=False)
    remove_source_branch_after_merge: bool | None = dsl.optional("Delete merged branches by default", default=True)
    container_expiration_policy: dict[str, Any] = dsl.hidden(default=EXPIRATION_POLICY)
    lfs_enabled: bool = dsl.optional("Whether Git LFS is on", default=True)
    service_desk_enabled: bool = dsl.optional("Whether the Service Desk is on", default=False)
    public_jobs: bool = dsl.optional("Whether everybody who sees the project sees its jobs", default=True)
    request_access_enabled: bool = dsl.optional("Whether users may ask for access", default=True)
    only_allow_merge_if_pipeline_succeeds: bool = dsl.optional("Merge only after a good pipeline", default=False)
    allow_merge_on_skipped_pipeline: bool | None = dsl.optional("Whether a skipped pipeline is good enough")
    only_allow_merge_if_all_discussions_are_resolved: bool | None = dsl.optional(
        "Merge only when all threads are resolved", default=False
    )
    printing_merge_request_link_enabled: bool = dsl.optional("Print a link after a push", default=True)
    merge_method: Literal["ff", "rebase_merge", "merge"] = dsl.optional("How to merge", default="merge")
    merge_request_title_regex: str | None = dsl.optional("What titles must match", since="18.2")
    merge_request_title_regex_description: str | None = dsl.optional("What that means", since="18.2")
    squash_option: Literal["never", "always", "default_on", "default_off"] = dsl.optional(
        "Whether to squash commits", default="default_off"
    )
    suggestion_commit_message: str | None = dsl.optional("The message of applied suggestions", max_length=255)
    merge_commit_template: str | None = dsl.optional("The message of merge commits", max_length=500)
    squash_commit_template: str | None = dsl.optional("The message of squash commits", max_length=500)
    issue_branch_template: str | None = dsl.optional("The name of branches made for issues", max_length=255)
    autoclose_referenced_issues: bool = dsl.optional("Close issues by merging", default=True)
    mr_default_target_self: bool = dsl.optional("Whether a fork's merge requests target itself", default=False)
    repository_storage: str = dsl.optional("The storage shard; only administrators set it", default="default")

    build_git_strategy: Literal["fetch", "clone"] = dsl.optional("How jobs get the code", default="fetch")
    build_timeout: int = dsl.optional("The most seconds that a job may run", default=3600)
    build_coverage_regex: str | None = dsl.optional("Finds the coverage in job logs", until="15.0")
    auto_cancel_pending_pipelines: Literal["disabled", "enabled"] = dsl.optional(
        "Cancel pipelines that a newer one replaces", default="enabled"
    )
    auto_devops_enabled: bool = dsl.optional("Whether Auto DevOps is on", default=False)
    auto_devops_deploy_strategy: Literal["continuous", "manual", "timed_incremental"] = dsl.optional(
        "How Auto DevOps deploys", default="continuous"
    )
    ci_config_path: str | None = dsl.optional("The path of the CI configuration", max_length=255)
    ci_default_git_depth: int | None = dsl.optional("The depth of clones in jobs", default=20)
    ci_delete_pipelines_in_seconds: int | None = dsl.optional("Delete older pipelines", since="17.9")
    ci_forward_deployment_enabled: bool = dsl.optional("Refuse outdated deployments", default=True)
    ci_forward_deployment_rollback_allowed: bool = dsl.optional("Allow retries that roll back", default=True)
    ci_allow_fork_pipelines_to_run_in_parent_project: bool = dsl.optional("Run forks' pipelines here", default=True)
    ci_id_token_sub_claim_components: tuple[str, ...] = dsl.optional(
        "What ID tokens say in sub", default=("project_path", "ref_type", "ref"), since="17.10"
    )
    ci_separated_caches: bool = dsl.optional("Separate caches of protected branches", default=True)
    ci_job_token_scope_enabled: bool = dsl.readonly("Whether job tokens are limited to this project", default=False)
    ci_inbound_job_token_scope_enabled: bool = dsl.hidden(
        "Whether jobs of other projects reach this one only when they are on its allowlist", default=True
    )
    ci_pipeline_variables_minimum_override_role: Literal["no_one_allowed", "developer", "maintainer", "owner"] = (
        dsl.optional("Who may override variables", default="developer", since="17.1")
    )
    ci_push_repository_for_job_token_allowed: bool = dsl.optional(
        "Whether job tokens may push", default=False, since="17.2"
    )
    keep_latest_artifact: bool = dsl.optional("Keep the newest artifacts of every ref", default=True)
    restrict_user_defined_variables: bool = dsl.optional("Only maintainers pass variables", default=False)
    runner_token_expiration_interval: int | None = dsl.readonly("The seconds after which runner tokens expire")
    max_artifacts_size: int | None = dsl.optional("The most megabytes of artifacts", since="18.4")


class EnterpriseSettings(ProjectSettings):
    """What the Enterprise Edition adds."""

    approvals_before_merge: int = dsl.optional("How many approvals merge requests need", edition="ee", default=0)
    reset_approvals_on_push: bool = dsl.optional("Whether a push takes approvals back", edition="ee", default=True)
    selective_code_owner_removals: bool = dsl.optional(
        "Whether a push takes those of code owners back", edition="ee", default=False
    )
    disable_overriding_approvers_per_merge_request: bool = dsl.optional(
        "No rules of merge requests' own", edition="ee", default=False
    )
    merge_requests_author_approval: bool = dsl.optional(
        "Whether authors approve their own", edition="ee", default=False
    )
    merge_requests_disable_committers_approval: bool = dsl.optional(
        "Whether committers may not", edition="ee", default=False
    )
    require_password_to_approve: bool = dsl.optional("Whether approving takes a password", edition="ee", default=False)
    mirror: bool = dsl.optional("Whether the repository is pulled from elsewhere", edition="ee", default=False)
    mirror_user_id: int | None = dsl.optional("Who answers for what the mirror does", edition="ee")
    mirror_trigger_builds: bool = dsl.optional("Whether mirroring starts pipelines", edition="ee", default=False)
    only_mirror_protected_branches: bool | None = dsl.optional("Mirror protected branches only", edition="ee")
    mirror_overwrites_diverged_branches: bool | None = dsl.optional("Whether the mirror wins", edition="ee")
    external_authorization_classification_label: str | None = dsl.optional(
        "The classification", edition="ee", default=""
    )
    compliance_frameworks: tuple[str, ...] = dsl.readonly("The names of the frameworks", edition="ee", default=())
    issues_template: str | None = dsl.optional("The default description of issues", edition="ee")
    merge_requests_template: str | None = dsl.optional("The default description of merge requests", edition="ee")
    ci_restrict_pipeline_cancellation_role: Literal["developer", "maintainer", "no_one"] = dsl.optional(
        "Who may cancel pipelines", edition="ee", default="developer", since="16.8"
    )
    merge_pipelines_enabled: bool = dsl.optional("Whether merged results pipelines run", edition="ee", default=False)
    merge_trains_enabled: bool = dsl.optional("Whether merge trains run", edition="ee", default=False)
    merge_trains_skip_train_allowed: bool = dsl.optional(
        "Whether merges may skip the train", edition="ee", default=False
    )
    only_allow_merge_if_all_status_checks_passed: bool = dsl.optional(
        "Merge only when checks passed", edition="ee", default=False
    )
    allow_pipeline_trigger_approve_deployment: bool = dsl.optional("Triggers may approve", edition="ee", default=False)
    prevent_merge_without_jira_issue: bool = dsl.optional("Merge only with a Jira issue", edition="ee", default=False)
    pre_receive_secret_detection_enabled: bool = dsl.readonly(
        "Whether pushes are searched", edition="ee", default=False
    )
    secret_push_protection_enabled: bool = dsl.readonly(
        "Whether pushes are searched", edition="ee", default=False, since="17.9"
    )
    auto_duo_code_review_enabled: bool | None = dsl.optional(
        "Whether Duo reviews", edition="ee", default=False, since="18.0"
    )
    duo_remote_flows_enabled: bool | None = dsl.optional(
        "Whether Duo flows run", edition="ee", default=True, since="18.4"
    )
    web_based_commit_signing_enabled: bool = dsl.optional("Sign web commits", edition="ee", default=False, since="18.2")
    spp_repository_pipeline_access: bool = dsl.optional("Policies' access", edition="ee", default=False, since="18.1")
