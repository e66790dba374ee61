"""Where what is built differs from the reference on purpose, each with its reason; ``*`` stands for anything."""

DEPRECATED = "an older path of an operation, which GitLab's source still has"
NEWER = "documented, and younger than the reference"
GONE = "removed before the oldest version that is served"
CLIENT = "known to a client alone; neither GitLab's documents nor its source take it"
IGNORED = "taken by GitLab, and no answer ever shows it; like all that is not declared it is ignored"
TEMPLATES = "templates of projects are not built"
BY_ACTION = "required by some actions alone, which is checked"
TOGETHER = "one of several is required, which a constraint checks"
ALSO_TOKEN = "one shape for the answers that show the secret and those that do not"

UNLISTED = {
    "* /projects/:id/merge_requests/:merge_request_iid/block*": "dependencies: the documents have them",
    "GET /projects/:id/snippets/:snippet_id/discussions/:discussion_id/notes": "the source has it for every noteable",
    "GET /groups/:id/epics/:epic_id/discussions/:discussion_id/notes": "the source has it for every noteable",
    "GET /groups/:id/related_epic_links": "the source has it",
    "DELETE /groups/:id/labels": DEPRECATED,
    "DELETE /projects/:id/labels": DEPRECATED,
    "PUT /projects/:id/labels/promote": DEPRECATED,
    "PUT /projects/:id/issues/:issue_iid/discussions/:discussion_id": "resolves a thread, since 17",
    "GET /users/:id/associations_count": NEWER,
    "PATCH /user/status": NEWER,
    "POST /user/personal_access_tokens": NEWER,
    "PUT /user/avatar": NEWER,
    "GET /user/support_pin": NEWER,
    "POST /user/support_pin": NEWER,
    "GET /users/:id/support_pin": NEWER,
    "POST /user/gpg_keys/:key_id/revoke": NEWER,
    "POST /users/:id/gpg_keys/:key_id/revoke": NEWER,
    "GET /projects/:id/repository/archive.:format": "the archive with its format in the path; the list has it without",
    "* /groups/:id/protected_branches*": NEWER,
}
"""Operations that ``operations.txt`` lacks."""


LATEST_RELEASE = "one route with the one without a suffix"
UNKNOWN = {
    **UNLISTED,
    "GET /projects/:id/releases/permalink/latest/*suffix_path": LATEST_RELEASE,
    "*/wikis/*slug": "one route with the one whose slug is one segment",
}
"""Operations that the reference lacks."""

PARAMETERS = {
    "POST /projects/:id/repository/commits/:sha/discussions/:discussion_id/notes position": CLIENT,
    "* tasks_to_be_done": GONE,
    "* tasks_project_id": GONE,
    "* operations_access_level": GONE,
    "GET /users/:id/events scope": "only the events of the current user have a scope",
    "GET /projects/:id/events scope": "only the events of the current user have a scope",
    "GET /users status": CLIENT,
    "*/iterations title": CLIENT,
    "PUT /projects/:id/deploy_keys/:key_id expires_at": CLIENT,
    "POST /projects/:id/milestones state_event": CLIENT,
    "POST /projects/user/:user_id builds_enabled": CLIENT,
    "POST /projects/user/:user_id only_allow_merge_if_build_succeeds": CLIENT,
    "POST /projects/user/:user_id public": CLIENT,
    "POST /projects/user/:user_id wall_enabled": CLIENT,
    "POST /users/:id/gpg_keys key_id": "a slip of the OpenAPI file: the key gets its ID here",
    "*/groups/:id/labels priority": "labels of groups have no priority of their own",
    "*/issues_statistics state": "the answer counts every state",
    "GET /user sudo": "every operation takes sudo, before its own parameters are read",
    "GET /projects/:id/issues cursor": "what pages by keyset reads it from the query",
    "GET /namespaces requested_hosted_plan": "about the plans of GitLab.com",
    "GET /projects/:id/invited_groups with_custom_attributes": "the answer has no custom attributes",
    "*/groups* ai_settings_attributes*": IGNORED,
    "*/groups* amazon_q_auto_review_enabled": IGNORED,
    "*/groups* duo_availability": IGNORED,
    "*/groups* duo_remote_flows_availability": IGNORED,
    "*/groups* experiment_features_enabled": IGNORED,
    "*/groups* model_prompt_cache_enabled": IGNORED,
    "PUT /projects/:id fallback_approvals_required": IGNORED,
    "PUT /projects/:id mirror_branch_regex": IGNORED,
    "PUT /groups/:id auto_duo_code_review_enabled": "needs an add-on which an instance is not given here",
    "PUT /groups/:id duo_core_features_enabled": "needs an add-on which an instance is not given here",
    "PUT /groups/:id web_based_commit_signing_enabled": "GitLab.com alone has it",
    "*/groups* ldap_cn": "no LDAP server can be configured",
    "*/groups* ldap_access": "no LDAP server can be configured",
    "POST /projects* use_custom_template": TEMPLATES,
    "POST /projects* group_with_project_templates_id": TEMPLATES,
    "*/merge skip_merge_train": "merge trains are not built",
    "*/merge_requests/:merge_request_iid/notes merge_request_diff_sha": "the source takes merge_request_diff_head_sha",
}
"""Parameters that are not declared."""

REQUIRED = {
    "POST */merge_requests/:merge_request_iid/discussions position*": "of lines, not of files; the source takes none",
    "PUT */approval_rules/:approval_rule_id *": "the source takes either alone",
    "POST /projects/:id/repository/commits actions[content]": BY_ACTION,
    "POST /projects/:id/repository/commits actions[previous_path]": BY_ACTION,
    "POST /projects/:id/repository/commits actions[execute_filemode]": BY_ACTION,
    "POST /projects/:id/repository/commits/:sha/comments line*": "required with a path alone, which is checked",
    "POST /*snippets file_name": "with content, which a constraint checks",
    "PUT /groups/:id/epics/:epic_id/notes/:note_id body": "as with the notes of issues",
    "PUT /projects/:id/snippets/:snippet_id/notes/:note_id body": "the source takes a note without one",
    "PUT /projects/:id/labels/:label_id new_name": TOGETHER,
    "PUT /projects/:id/labels/:label_id color": TOGETHER,
    "PUT /projects/:id/labels name": TOGETHER,
    "PUT /groups/:id/labels name": TOGETHER,
    "PUT /projects/:id/merge_requests/:merge_request_iid/notes/:note_id body": "as with the notes of issues",
    "PUT /user/preferences view_diffs_file_by_file": TOGETHER,
    "PUT /user/preferences show_whitespace_in_diffs": TOGETHER,
    "POST /users/:user_id/impersonation_tokens scopes": "without scopes the token itself is not valid",
    "GET /projects/:id/releases/permalink/latest suffix_path": "the rest of the path, if there is any",
    "POST *member_roles name": "the source makes a name of the base role",
}
"""Parameters that are required here or there alone."""

ENUMS = {
    "*/milestones state": "the source takes all as well",
    "GET /groups/:id/epics state": "the source takes all as well",
    "GET /issues_statistics scope": "the source takes the older spellings as well",
}
"""Parameters of which other values are allowed."""

STATUSES = {
    "*/reset_approvals": "the source answers 202",
    "POST /groups/:id/ldap_sync": "the source answers 202",
    "POST /groups/:id/tokens/revoke": "the source answers 200",
    "* /groups/:id/members/*approve*": "the source answers 204",
    "POST /projects/:id/mirror/pull": "the documents say 202",
    "DELETE /projects/:id/releases/:tag_name*": "the documents show what was deleted: 200",
    "POST /projects/:id/releases/:tag_name/evidence": "a worker collects it; the source answers 202",
    "POST /projects/:id/milestones/:milestone_id/promote": "the source answers 200",
    "DELETE /projects/:id/issues/:issue_iid/links/:issue_link_id": "the documents show the link that was deleted: 200",
    "*/metric_images/authorize": "the source answers 200",
    "DELETE */metric_images/:metric_image_id": "the source answers 204",
    "*/time_estimate": "the source answers 200",
    "*/reset_time_estimate": "the source answers 200",
    "*/reset_spent_time": "the source answers 200",
    "POST */merge_requests/:merge_request_iid/pipelines": "the source answers 200",
}
"""Operations that succeed with another status."""

NOT_DRIVEN = {
    "*/merge_requests/:merge_request_iid/pipelines": "needs a CI configuration; the page's own tests have one",
    "*snippets/*/user_agent_detail": "needs a snippet made by a browser",
    "*/uploads": "a file comes as a form; the page's own tests send one",
    "*/metric_images*": "a picture comes as a form; the page's own tests send one",
    "*/wikis/attachments": "a file comes as a form; the page's own tests send one",
    "GET /projects/:id/releases/permalink/latest": "answers with a redirect",
    "POST /projects/:id/releases/:tag_name/evidence": "answers with the status alone",
    "PUT /suggestions/*": "needs a note on a line",
    "POST */merge_requests/:merge_request_iid/approvals": "removed in 16.0",
    "POST /projects/:id/mirror/pull": "answers with a message alone",
    "HEAD *": "has no body",
    "GET /groups/:id/saml_users": "needs a member whom a provider of identities knows",
    "* /groups/:id/members/:user_id/override": "needs a member whom an LDAP group made one",
    "*/signature": "nothing is signed",
    "*/avatar": "a picture, or nothing",
    "GET /projects/:id/milestones/:milestone_id/burndown_events": "there were no events in its time",
    "GET /projects/:id/issues/:issue_iid/user_agent_detail": "needs an issue made by a browser",
    "GET /keys": "needs a fingerprint",
    "*/access_tokens/self/rotate": "as with the ID of the token",
    "POST /projects/:id/milestones/:milestone_id/promote": "answers with no milestone",
    "POST /projects/:id/restore": "needs a project that is marked for deletion",
    "POST /users/:id/reject": "answers with a message alone",
}
"""Operations whose answers are not compared."""

SHAPES = {
    "PUT /projects/:id/deploy_keys/:key_id": "DeployKeysProject",
    "GET /users/:id_or_username/project_deploy_keys": "DeployKey",
    **{
        f"{key} /projects/:id/merge_requests/:merge_request_iid/{name}": "ApprovalState"
        for key, name in (("GET", "approvals"), ("POST", "approve"), ("POST", "unapprove"))
    },
    "GET /projects/:id/merge_requests/:merge_request_iid/closes_issues": "IssueBasic",
    "GET /projects/:id/merge_requests/:merge_request_iid/related_issues": "IssueBasic",
    "GET /projects/:id/issues/:issue_iid/related_merge_requests": "MergeRequest",
    "GET /groups/:id/transfer_locations": "PublicGroupDetails",
    "POST /groups/:id/epics/:epic_iid/epics": "LinkedEpic",
    "GET /projects/:id/invited_groups": "PublicGroupDetails",
    "GET /projects/:id/share_locations": "PublicGroupDetails",
    "POST /groups": "GroupDetail",
    "PUT /groups/:id": "GroupDetail",
    "POST /groups/:id/archive": "GroupDetail",
    "POST /groups/:id/unarchive": "GroupDetail",
    "PUT /groups/:id/access_requests/:user_id/approve": "Member",
    "PUT /projects/:id/access_requests/:user_id/approve": "Member",
    "GET /user": "UserWithAdmin",
    "GET /users": "UserWithAdmin",
    "GET /users/:id": "UserWithAdmin",
    "POST /users": "UserWithAdmin",
    "PUT /users/:id": "UserWithAdmin",
    "GET /projects": "ProjectWithAccess",
    "GET /users/:user_id/projects": "ProjectWithAccess",
    "GET /users/:user_id/starred_projects": "ProjectWithAccess",
    "GET /users/:user_id/contributed_projects": "ProjectWithAccess",
    "GET /groups/:id/billable_members": "users with what tells their seat, which the reference has not",
    "GET /personal_access_tokens/self/associations": "groups and projects, which the reference has not",
}
"""Which entity answers, as the documents' examples show and to administrators, where the reference names another."""

ASKED = "shown when asked for"
DIFF = "of notes on lines of a diff"
SAAS = "of subscriptions of GitLab.com"
LICENSE = "of a license or add-on which an instance is not given here"
BILLABLE = "of billable members, another list"
OF_ONE_USER = "of one user whom an administrator looks at, as the source has it"
DOCUMENTED_OTHERWISE = "the documents alone show it; the source does not"

OF_ONE = (
    *("changes_count", "diff_refs", "head_pipeline", "pipeline", "merge_error", "user", "latest_build_started_at"),
    *("latest_build_finished_at", "first_deployed_to_production_at"),
)

ABSENT = {
    "DeployKey.can_push": "of a key in a project alone",
    "DeployKey*.projects_with_*": "in the list of the whole instance alone",
    "Release.evidence_sha": "of older versions",
    "Release.description_html": ASKED,
    "Releases_Link.external": "of older versions",
    "PersonalSnippet.expires_at": "in the documents' example alone; the source has none",
    "WikiPageBasic.content": ASKED,
    "WikiPageBasic.encoding": ASKED,
    "ProjectApprovalRule.overridden": "of rules of merge requests",
    "*.custom_attributes": ASKED,
    "*.avatar_path": "with the option only_path, for GitLab's own pages",
    "InvitationResult.message": "of failures",
    "Invitation.id": DOCUMENTED_OTHERWISE,
    "Invitation.invite_token": "in the list alone",
    "*Label.open_issues_count": ASKED,
    "*Label.closed_issues_count": ASKED,
    "*Label.open_merge_requests_count": ASKED,
    "Member.created_by": "of those whom somebody added",
    "Member.email": "of the answers that are told who asks",
    "Member.group_s*m*_identity": "of groups with a provider of identities",
    "Member.is_using_seat": ASKED,
    "Member.last_activity_on": BILLABLE,
    "Member.membership_type": BILLABLE,
    "Member.removable": BILLABLE,
    "Member.member_role": "of those with a custom role",
    "Member.override": "of groups with LDAP",
    **{f"MergeRequestBasic.{name}": "of one merge request, not of lists" for name in OF_ONE},
    "MergeRequest*.allow_*": "of merge requests of forks",
    "MergeRequest*.*_html": ASKED,
    "MergeRequest*.diverged_commits_count": ASKED,
    "MergeRequest*.rebase_in_progress": ASKED,
    "MergeRequest*.first_contribution": "of one merge request that is shown",
    "MergeRequest.subscribed": "of one merge request, not of lists",
    "RebaseStatus.merge_error": "of a merge request that is shown later",
    "Milestone.closed_at": "of milestones in issues of another shape",
    "Milestone.group_id": "of the milestones of groups",
    "Milestone.project_id": "of the milestones of projects",
    "Group*.statistics": ASKED,
    "Group*.root_storage_statistics": ASKED,
    "Group*.ldap_group_links": "of groups with such links",
    "Group*.saml_group_links": "of groups with such links",
    "Group*.file_template_project_id": "of groups with such a project",
    "Group*.auto_duo_code_review_enabled": LICENSE,
    "Group*.duo_core_features_enabled": LICENSE,
    "Group*.web_based_commit_signing_enabled": SAAS,
    "Group.prevent_sharing_groups_outside_hierarchy": "of one group, not of lists",
    "Group*.projects": "of one group, not of lists and of what other operations answer",
    "GroupDetail.shared_projects": "of one group that is shown or updated",
    "GroupDetail.runners_token": "of a group that is shown or updated",
    "GroupDetail.enabled_git_access_protocol": "of a group that is shown or updated",
    "AccessRequester.access_level": "of requests that were approved",
    "AccessRequester.created_at": "of requests that were approved",
    "Project*.build_coverage_regex": GONE,
    "ProjectWithAccess.operations_access_level": GONE,
    "ProjectWithAccess.printing_merge_requests_link_enabled": "a slip of the documents",
    "*Project*.license*": ASKED,
    "Project*.statistics": ASKED,
    "Project*.forked_from_project": "of forks",
    "Project*.mr_default_target_self": "of forks",
    "Project*.mirror_*": "of mirrors",
    "Project*.only_mirror_protected_branches": "of mirrors",
    "Project*.owner": "of projects of persons",
    "Project*.import_error": "of maintainers and above, of one project",
    "Project.permissions": "where GitLab tells the current user's access",
    "Issue.subscribed": "of one issue, not of lists",
    "Epic.reference": "deprecated, and shown when asked for",
    "Epic.has_*": "of epics created as part of another, in another shape",
    "Epic.*url": "of epics created as part of another, in another shape",
    "Epic.subscribed": "of one epic, not of lists",
    "EpicIssue.subscribed": "of one issue, not of lists",
    "*Issue*.task_status": "of issues with tasks",
    "IssueBasic.subscribed": "of one issue, not of links",
    "RelatedIssue.subscribed": "of one issue, not of links",
    "Note.commit_id": DIFF,
    "Note.position": DIFF,
    "Note.suggestions": DIFF,
    "Note.resolved*": "of notes in threads",
    "Todo.group": "of to-do items of groups",
    "Todo.project": "of to-do items of projects",
    "User*.skype": "removed in 17.8",
    "User*.follow*": "of others, not of oneself",
    "User*.is_followed": "of others, not of oneself",
    "UserPublic.*_sign_in_ip": OF_ONE_USER,
    "UserPublic.is_admin": "of answers to administrators in another shape",
    "UserPublic.namespace_id": "of answers to administrators in another shape",
    "UserPublic.note": "of answers to administrators in another shape",
    "UserWithAdmin.*_sign_in_ip": OF_ONE_USER,
    "UserWithAdmin.plan": OF_ONE_USER,
    "UserWithAdmin.trial": OF_ONE_USER,
    "UserWithAdmin.sign_in_count": OF_ONE_USER,
    "Event.data": GONE,
    "Event.title": GONE,
    "Event.note": "of comments",
    "Event.push_data": "of pushes",
    "Event.wiki_page": "of wikis",
    "*Token.token": ALSO_TOKEN,
    "Namespace.*limit": SAAS,
    "Namespace.additional_purchased_storage_*": SAAS,
    "Namespace.*seats*": SAAS,
    "Namespace.end_date": SAAS,
    "ResourceStateEvent.action": "a slip: it is called state",
}
"""Fields that some answers with an entity lack."""

EXTRA = {
    "ProjectApprovalRule.applies_to_all_protected_branches": "the documents show it",
    "ProjectApprovals.approver*s": "the documents show it, empty",
    "ProjectApprovals.selective_code_owner_removals": "the documents show it",
    "*Token*.description": "the documents show it",
    "*Token*.last_used_at": "the documents show it",
    "*Token*.last_used_ips": "the documents show it",
    "ResourceAccessToken.resource_*": "the source shows it",
    "PersonalAccessToken.token": "a new token of a service account has its secret",
    "ServiceAccount.*email": "the documents show it",
    "*Label.archived": NEWER,
    "SSHKey.*": NEWER,
    "Epic.imported*": "the source shows it",
    "Epic.text_color": "the source shows it",
    "Epic.web_edit_url": "the source shows it",
    "RelatedEpic*": "the source shows it",
    "EpicIssue.*": "the source shows all of an issue",
    "EpicIssueLink.relative_position": "the source shows it",
    "PullMirror.*": "the documents show it",
    "*PushRule.commit_committer_name_check": "the documents show it",
    "*PushRule.reject_non_dco_commits": "the documents show it",
    "UserPreferences.pass_user_identities_to_ci_jwt": "the documents show it",
    "UserWithAdmin.email_reset_offered_at": "the documents show it",
    "UserWithAdmin.highest_role": OF_ONE_USER,
}
"""Fields that the reference does not know of an entity."""

TYPES = {
    "EpicIssue.closed_by": "a user; the reference has the generator's default",
    "DraftNote.commit_id": "a slip of the documents: it is a SHA",
    "ApprovalState.approver*s": "the documents show lists, empty ones",
    "MergeRequestApprovalRule.source_rule": "an object where the rule changes one of the project",
    "Group*.ldap_access": "a level; the reference has the generator's default",
    "Projects_Topic.organization_id": "an ID; the reference has the generator's default",
    "Group*.organization_id": "an ID; the reference has the generator's default",
    "GroupDetail.service_access_tokens_expiration_enforced": "the reference has the generator's default",
    "GroupDetail.unique_project_download_limit*": "the reference has the generator's default",
    "GroupDetail.auto_ban_user_on_excessive_projects_download": "the reference has the generator's default",
    "Group*.default_branch_protection_defaults": "the reference has the generator's default",
    "MergeRequest*.squash_on_merge": "the reference has the generator's default",
    "IssueBasic.weight": "the reference has the generator's default",
    "*Issue*.task_completion_status": "the reference has the generator's default",
    "Membership.access_level": "a number in the source; a string in an example alone",
    "Project.ci_pipeline_variables_minimum_override_role": "a role; the reference has a slip",
}
"""Fields that have another type."""
