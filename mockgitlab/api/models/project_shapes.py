"""The shapes of projects that depend on who looks.

Source: GitLab's lib/api/entities/basic_project_details.rb, project.rb, project_with_access.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models import project_view as of
from mockgitlab.api.models.group import NAMESPACE_BASIC
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project, namespace_of
from mockgitlab.api.models.project_statistics import statistics_of
from mockgitlab.api.models.user import USER_BASIC, User

Condition = Any
MIRRORING = (
    "mirror_user_id",
    "mirror_trigger_builds",
    "only_mirror_protected_branches",
    "mirror_overwrites_diverged_branches",
)
"""What is shown of a mirror alone."""


def only(condition: Condition, value: Any) -> Any:
    """Return the function that shows a value where a condition holds; ``value`` is a function or names a column."""
    read = value if callable(value) else lambda project, view: getattr(project, value)

    def shown(project: Project, view: dsl.View) -> Any:
        return read(project, view) if condition(project, view) else dsl.OMIT

    shown.__name__ = str(value if isinstance(value, str) else value.__name__)
    return shown


def asked(option: str) -> Condition:
    """Return the condition that the request asked for an option."""
    return lambda project, view: view.option(option)


def with_feature(feature: str) -> Condition:
    """Return the condition that who looks may use a feature."""
    return lambda project, view: of.is_available(project, feature, view)


def _for_administrators(*names: str) -> dict[str, Any]:
    return {name: _as_declared(name)(only(of.administers, name)) for name in names}


def _for_developers(name: str) -> Any:
    return _as_declared(name)(only(lambda project, view: of.level(project, view) >= access.DEVELOPER, name))


def _as_declared(name: str) -> Any:
    """Return what lets a property exist where its column does."""
    field = Project.fields[name]
    return dsl.computed_in(since=field.since, until=field.until, edition=field.edition)


def _shape(name: str, base: dsl.Shape, *names: str) -> dsl.Shape:
    """Return a shape with further properties: computed as ``COMPUTED`` says, else the columns of those names."""
    for key in names:
        base = base.plus(**{key: COMPUTED[key]}) if key in COMPUTED else base.plus(key, entity=Project)
    return base.called(name)


def _reads_merge_requests(project: Project, view: dsl.View) -> bool:
    return of.reads_code(project, view) and of.is_available(project, "merge_requests", view)


def _topics(project: Project, view: dsl.View) -> list[str]:
    return sorted(project.topics)


def _forks_count(project: Project, view: dsl.View) -> int:
    return view.store[Project].where(forked_from_project_id=project.id).count()


def _custom_attributes(project: Project, view: dsl.View) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in (project.custom_attributes or {}).items()]


def _forked_from(project: Project, view: dsl.View) -> Any:
    source = view.store[Project].get(project.forked_from_project_id)
    if source is None or not access.can_read(view.store, of.viewer(view), source):
        return dsl.OMIT
    return view.one(BASIC_PROJECT, source)


def _owner(project: Project, view: dsl.View) -> Any:
    namespace = namespace_of(view.store, project)
    return view.one(USER_BASIC, view.store[User].get(namespace.owner_id)) if namespace.kind == "user" else dsl.OMIT


def _open_issues_count(project: Project, view: dsl.View) -> int:
    return view.store[Issue].where(project_id=project.id, state="opened", confidential=False).count()


COMPUTED: dict[str, Any] = {
    "default_branch": only(of.reads_code, lambda project, view: of.branch(project)),
    "tag_list": _topics,
    "topics": _topics,
    "ssh_url_to_repo": lambda project, view: f"git@{of.host(view)}:{project.full_path}.git",
    "http_url_to_repo": lambda project, view: f"{project.web_url(view)}.git",
    "readme_url": only(of.reads_code, lambda project, view: of.blob_url(project, view, project.readme_file)),
    "forks_count": only(of.reads_code, _forks_count),
    "license_url": only(asked("license"), lambda one, view: of.blob_url(one, view, one.license_key and "LICENSE")),
    "license": only(asked("license"), of.license_of),
    "namespace": lambda project, view: view.one(NAMESPACE_BASIC, namespace_of(view.store, project)),
    "custom_attributes": only(
        lambda project, view: view.option("with_custom_attributes") and of.by_admin(project, view), _custom_attributes
    ),
    "repository_storage": only(of.by_admin, "repository_storage"),
    "forked_from_project": _forked_from,
    "container_registry_image_prefix": lambda one, view: f"registry.{of.host(view)}/{one.full_path.lower()}",
    "_links": of.links,
    "marked_for_deletion_at": only(of.has_delayed_deletion, "marked_for_deletion_on"),
    "marked_for_deletion_on": only(of.has_delayed_deletion, "marked_for_deletion_on"),
    "owner": _owner,
    "container_expiration_policy": of.expiration_policy,
    "issues_enabled": with_feature("issues"),
    "merge_requests_enabled": with_feature("merge_requests"),
    "wiki_enabled": with_feature("wiki"),
    "jobs_enabled": with_feature("builds"),
    "snippets_enabled": with_feature("snippets"),
    "container_registry_enabled": with_feature("container_registry"),
    "service_desk_address": only(lambda one, view: of.level(one, view) >= access.REPORTER, of.service_desk_address),
    "can_create_merge_request_in": of.creates_merge_requests,
    "emails_disabled": lambda project, view: not project.emails_enabled,
    "mr_default_target_self": only(lambda one, view: one.forked_from_project_id is not None, "mr_default_target_self"),
    "import_url": only(of.administers, "import_url"),
    "import_type": only(of.administers, "import_type"),
    "import_error": only(lambda one, view: view.option("one") and of.administers(one, view), "import_error"),
    "open_issues_count": only(with_feature("issues"), _open_issues_count),
    "description_html": lambda project, view: of.paragraph(project.description),
    "runners_token": only(of.administers, "runners_token"),
    "shared_with_groups": of.shared_with_groups,
    "statistics": only(
        lambda one, view: view.option("statistics") and of.level(one, view) >= access.REPORTER,
        lambda one, view: statistics_of(view.store, one),
    ),
    "requirements_enabled": dsl.computed_in(edition="ee")(with_feature("requirements")),
    "security_and_compliance_enabled": dsl.computed_in(edition="ee")(with_feature("security_and_compliance")),
    "permissions": of.permissions,
    "issues_template": dsl.computed_in(edition="ee")(only(with_feature("issues"), "issues_template")),
    "merge_requests_template": dsl.computed_in(edition="ee")(only(_reads_merge_requests, "merge_requests_template")),
    "pre_receive_secret_detection_enabled": _for_developers("pre_receive_secret_detection_enabled"),
    "secret_push_protection_enabled": _for_developers("secret_push_protection_enabled"),
    **_for_administrators(
        *(name for name, field in Project.fields.items() if name.startswith("ci_") and not field.edition),
        "build_git_strategy",
        "keep_latest_artifact",
        "restrict_user_defined_variables",
        "runner_token_expiration_interval",
        "group_runners_enabled",
        "resource_group_default_process_mode",
        "auto_cancel_pending_pipelines",
        "build_timeout",
        "auto_devops_enabled",
        "auto_devops_deploy_strategy",
        "ci_restrict_pipeline_cancellation_role",
    ),
    "ci_config_path": only(of.reads_code, "ci_config_path"),
    **{name: dsl.computed_in(edition="ee")(only(lambda one, view: one.mirror, name)) for name in MIRRORING},
}
"""The properties that are no plain column."""

_BASIC = """
default_branch tag_list topics ssh_url_to_repo http_url_to_repo web_url readme_url forks_count license_url license
avatar_url star_count last_activity_at visibility namespace custom_attributes repository_storage
"""
_WHOLE = """
forked_from_project container_registry_image_prefix _links marked_for_deletion_at marked_for_deletion_on
packages_enabled empty_repo archived owner resolve_outdated_diff_discussions container_expiration_policy
repository_object_format issues_enabled merge_requests_enabled wiki_enabled jobs_enabled snippets_enabled
container_registry_enabled service_desk_enabled service_desk_address can_create_merge_request_in issues_access_level
repository_access_level merge_requests_access_level forking_access_level wiki_access_level builds_access_level
snippets_access_level pages_access_level analytics_access_level container_registry_access_level
security_and_compliance_access_level releases_access_level environments_access_level feature_flags_access_level
infrastructure_access_level monitor_access_level model_experiments_access_level model_registry_access_level
package_registry_access_level emails_disabled emails_enabled show_diff_preview_in_email shared_runners_enabled
lfs_enabled creator_id mr_default_target_self import_url import_type import_status import_error open_issues_count
description_html updated_at ci_default_git_depth ci_delete_pipelines_in_seconds ci_forward_deployment_enabled
ci_forward_deployment_rollback_allowed ci_job_token_scope_enabled ci_separated_caches
ci_allow_fork_pipelines_to_run_in_parent_project ci_id_token_sub_claim_components build_git_strategy
keep_latest_artifact restrict_user_defined_variables ci_pipeline_variables_minimum_override_role
runner_token_expiration_interval group_runners_enabled resource_group_default_process_mode
auto_cancel_pending_pipelines build_timeout auto_devops_enabled auto_devops_deploy_strategy
ci_push_repository_for_job_token_allowed runners_token ci_config_path public_jobs shared_with_groups
build_coverage_regex only_allow_merge_if_pipeline_succeeds allow_merge_on_skipped_pipeline request_access_enabled
only_allow_merge_if_all_discussions_are_resolved remove_source_branch_after_merge printing_merge_request_link_enabled
merge_method merge_request_title_regex merge_request_title_regex_description squash_option
enforce_auth_checks_on_uploads suggestion_commit_message merge_commit_template squash_commit_template
issue_branch_template statistics warn_about_potentially_unwanted_characters autoclose_referenced_issues
max_artifacts_size approvals_before_merge mirror mirror_user_id mirror_trigger_builds only_mirror_protected_branches
mirror_overwrites_diverged_branches external_authorization_classification_label requirements_enabled
requirements_access_level security_and_compliance_enabled secret_push_protection_enabled
pre_receive_secret_detection_enabled compliance_frameworks issues_template merge_requests_template
ci_restrict_pipeline_cancellation_role merge_pipelines_enabled merge_trains_enabled merge_trains_skip_train_allowed
only_allow_merge_if_all_status_checks_passed allow_pipeline_trigger_approve_deployment
prevent_merge_without_jira_issue auto_duo_code_review_enabled duo_remote_flows_enabled
web_based_commit_signing_enabled spp_repository_pipeline_access
"""

BASIC_PROJECT = _shape("BasicProjectDetails", PROJECT_IDENTITY, *_BASIC.split())
PROJECT = _shape("Project", BASIC_PROJECT, *_WHOLE.split())
PROJECT_WITH_ACCESS = _shape("ProjectWithAccess", PROJECT, "permissions")
PROJECT_DETAILS = BASIC_PROJECT.called("ProjectDetails").plus(
    forked_from_project=dsl.computed_in(since="18.0")(_forked_from)
)
