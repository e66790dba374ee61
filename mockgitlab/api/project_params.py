"""What clients may set of a project, and which columns that changes.

Source: https://docs.gitlab.com/api/projects/#create-a-project and GitLab's lib/api/helpers/projects_helpers.rb.
"""

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_settings import EXPIRATION_POLICY, EnterpriseSettings
from mockgitlab.dsl.params import of_field

SWITCHES = {
    "issues_enabled": "issues",
    "merge_requests_enabled": "merge_requests",
    "wiki_enabled": "wiki",
    "jobs_enabled": "builds",
    "snippets_enabled": "snippets",
    "container_registry_enabled": "container_registry",
}
"""The old switches, and the features that they turn on and off."""
UPDATE_ONLY = frozenset(
    [
        "allow_pipeline_trigger_approve_deployment",
        "ci_allow_fork_pipelines_to_run_in_parent_project",
        "ci_default_git_depth",
        "ci_delete_pipelines_in_seconds",
        "ci_forward_deployment_enabled",
        "ci_forward_deployment_rollback_allowed",
        "ci_pipeline_variables_minimum_override_role",
        "ci_push_repository_for_job_token_allowed",
        "ci_restrict_pipeline_cancellation_role",
        "ci_separated_caches",
        "issues_template",
        "keep_latest_artifact",
        "max_artifacts_size",
        "merge_requests_template",
        "merge_trains_skip_train_allowed",
        "mirror_overwrites_diverged_branches",
        "mirror_user_id",
        "only_mirror_protected_branches",
        "restrict_user_defined_variables",
        "web_based_commit_signing_enabled",
    ]
)
TEMPLATES = frozenset(
    [
        "rails",
        "spring",
        "express",
        "iosswift",
        "dotnetcore",
        "android",
        "gomicro",
        "bridgetown",
        "gatsby",
        "hugo",
        "pelican",
        "jekyll",
        "plainhtml",
        "hexo",
        "middleman",
        "gitpod_spring_petclinic",
        "nfhugo",
        "nfjekyll",
        "nfplainhtml",
        "nfgitbook",
        "nfhexo",
        "salesforcedx",
        "serverless_framework",
        "tencent_serverless_framework",
        "jsonnet",
        "cluster_management",
        "kotlin_native_linux",
        "typo3_distribution",
        "laravel",
        "astro_tailwind",
    ]
)
"""The names of the project templates that GitLab comes with."""
_POLICY = (
    dsl.param("cadence", str, "How often to clean"),
    dsl.param("keep_n", int, "How many tags of each name to keep"),
    dsl.param("older_than", str, "Tags of which age to delete"),
    dsl.param("name_regex", str, "Which tags to delete"),
    dsl.param("name_regex_keep", str, "Which tags to keep"),
    dsl.param("enabled", bool, "Whether to clean at all"),
)


def _settings() -> list[dsl.Param]:
    tuples = {"ci_id_token_sub_claim_components"}
    return [
        of_field(field, required=False)
        for field in EnterpriseSettings.fields.values()
        if field.settable and field.name not in tuples
    ]


_VIRTUAL = [
    of_field(Project.fields["description"], required=False),
    of_field(Project.fields["visibility"], required=False),
    of_field(Project.fields["import_url"], required=False),
    dsl.param("topics", dsl.CommaList, "The topics of the project", since="14.0"),
    dsl.param("tag_list", dsl.CommaList, "The topics of the project", deprecated="Use topics"),
    dsl.param("avatar", dsl.File, "A picture of at most 200 KiB"),
    dsl.param("container_expiration_policy_attributes", dict[str, Any], "How the registry is cleaned", nested=_POLICY),
    dsl.param("emails_disabled", bool, "Whether no e-mails are sent", deprecated="Use emails_enabled"),
    dsl.param("public_builds", bool, "Whether jobs are public", deprecated="Use public_jobs"),
    *(
        dsl.param(name, bool, f"Turn {of} on or off", deprecated=f"Use {of}_access_level")
        for name, of in SWITCHES.items()
    ),
]
ATTRIBUTES = [*_VIRTUAL, *(param for param in _settings() if param.name not in UPDATE_ONLY)]
NAMES = [
    dsl.param("name", str, "The name of the project"),
    dsl.param("path", str, "The path of the repository"),
    dsl.param("default_branch", str, "The default branch"),
]
CREATE_PARAMS: list[dsl.Param] = [
    *NAMES,
    dsl.param("namespace_id", int, "The namespace of the new project; the user's own unless given"),
    dsl.param("initialize_with_readme", bool, "Whether to make a repository with a README"),
    dsl.param("repository_object_format", str, "The hash of the repository", enum=("sha1", "sha256"), since="17.0"),
    dsl.param("template_name", str, "A template that GitLab comes with"),
    dsl.param("template_project_id", int, "The project that is the template"),
    *ATTRIBUTES,
]
UPDATE_PARAMS: list[dsl.Param] = [
    *NAMES,
    *_VIRTUAL,
    *_settings(),
    dsl.param("ci_id_token_sub_claim_components", list[str], "What ID tokens say in sub", since="17.10"),
]


_ENOUGH = """
allow_merge_on_skipped_pipeline analytics_access_level autoclose_referenced_issues auto_devops_enabled
auto_devops_deploy_strategy auto_cancel_pending_pipelines build_git_strategy build_timeout builds_access_level
ci_config_path ci_default_git_depth ci_allow_fork_pipelines_to_run_in_parent_project ci_forward_deployment_enabled
ci_forward_deployment_rollback_allowed ci_separated_caches container_registry_access_level
container_expiration_policy_attributes default_branch description emails_disabled emails_enabled forking_access_level
issues_access_level lfs_enabled merge_pipelines_enabled merge_requests_access_level merge_requests_template
merge_trains_enabled merge_method name only_allow_merge_if_all_discussions_are_resolved
only_allow_merge_if_pipeline_succeeds pages_access_level path printing_merge_request_link_enabled public_builds
public_jobs remove_source_branch_after_merge repository_access_level request_access_enabled
resolve_outdated_diff_discussions restrict_user_defined_variables show_diff_preview_in_email
security_and_compliance_access_level squash_option shared_runners_enabled group_runners_enabled snippets_access_level
tag_list topics visibility wiki_access_level avatar suggestion_commit_message merge_commit_template
squash_commit_template issue_branch_template repository_storage packages_enabled service_desk_enabled
keep_latest_artifact mr_default_target_self enforce_auth_checks_on_uploads releases_access_level
environments_access_level feature_flags_access_level infrastructure_access_level monitor_access_level
model_experiments_access_level model_registry_access_level warn_about_potentially_unwanted_characters issues_enabled
jobs_enabled merge_requests_enabled wiki_enabled snippets_enabled container_registry_enabled
"""
_NOT_ENOUGH = frozenset(
    [
        "mirror_overwrites_diverged_branches",
        "mirror_trigger_builds",
        "mirror_user_id",
        "only_mirror_protected_branches",
        "show_default_award_emojis",
    ]
)
_OTHERS = sorted({param.name for param in UPDATE_PARAMS} - _NOT_ENOUGH - {*_ENOUGH.split()})
ENOUGH = (*_ENOUGH.split(), *_OTHERS)
"""Which parameters change a project by themselves, in GitLab's order, those of EE and of later versions last."""


def columns(given: Mapping[str, Any], policy: Mapping[str, Any] = EXPIRATION_POLICY) -> dict[str, Any]:
    """Return the columns that the given parameters change; ``policy`` is the expiration policy as it was."""
    changes = _plain(given)
    for old, feature in SWITCHES.items():
        if given.get(old) is not None and given.get(f"{feature}_access_level") is None:
            changes[f"{feature}_access_level"] = "enabled" if given[old] else "disabled"
    if given.get("emails_disabled") is not None:
        changes.setdefault("emails_enabled", not given["emails_disabled"])
    if given.get("public_builds") is not None:
        changes.setdefault("public_jobs", given["public_builds"])
    if given.get("topics", given.get("tag_list")) is not None:
        changes["topics"] = distinct(given.get("topics") or given.get("tag_list") or ())
    if given.get("container_expiration_policy_attributes"):
        changes["container_expiration_policy"] = {**policy, **given["container_expiration_policy_attributes"]}
    return changes


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in given.items():
        field = Project.fields.get(name)
        if field is None or not field.settable or name in ("name", "path", "topics"):
            continue
        if value is not None or takes_none(field.type):
            found[name] = tuple(value) if isinstance(value, list) else value
    return found


def takes_none(kind: Any) -> bool:
    """Tell whether a column of this type may be empty."""
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def distinct(topics: Iterable[str]) -> tuple[str, ...]:
    """Return topics without blanks and repetitions."""
    return tuple({topic.strip().lower(): topic.strip() for topic in topics if topic.strip()}.values())
