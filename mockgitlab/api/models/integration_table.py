"""The integrations that there are, one row each: which properties they have, and of which events they may be told.

Source: https://docs.gitlab.com/api/project_integrations/ and GitLab's app/models/integrations/,
app/models/concerns/integrations/base/, lib/api/helpers/integrations_helpers.rb.
"""

from mockgitlab.api.models.integration_chats import CHATS
from mockgitlab.api.models.integration_checks import datadog_problems, recipients_problems
from mockgitlab.api.models.integration_kinds import QUIET, Kind, Property, flag, kind, link, need, secret, text
from mockgitlab.api.models.integration_trackers import TRACKERS

CI = "push merge_request tag_push"
PROJECTS = ("projects",)
SSL = flag("enable_ssl_verification", "Whether to verify certificates", True)
BROKEN = flag("notify_only_broken_pipelines", "Whether to tell of failed pipelines alone", True)
RESTRICTED = text("restrict_to_branch", "The branches whose commits are looked at, with commas between; else all")
PROTECTED = "Whether pipelines of protected refs alone get the variables"
ARTIFACTS, IDENTITIES = "google-cloud-platform-artifact-registry", "google-cloud-platform-workload-identity-federation"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NO_CONFLUENCE = "URL must be to a Confluence Cloud Workspace hosted on atlassian.net"


DATADOG_PROPERTIES = (
    text(
        *("datadog_site", "The Datadog site"),
        default="datadoghq.com",
        lasting=True,
        exposes=True,
        pattern=r"\w+([-.]\w+)*\.[a-zA-Z]{2,5}(:[0-9]{1,5})?",
    ),
    link("api_url", "The full URL of the Datadog site", required=False, exposes=True),
    secret("api_key", "The API key", pattern=r"\w+"),
    flag("datadog_ci_visibility", "Whether Datadog gets pipelines and jobs", False, lasting=True),
    flag("archive_trace_events", "Whether Datadog gets the logs of jobs", False, lasting=True, since="15.3"),
    text("datadog_service", "The tag that tells this GitLab from others"),
    text("datadog_env", "The tag env of all that is sent"),
    text("datadog_tags", "Further tags, key:value, one a line", since="14.8"),
)
DATADOG_EVENTS = "pipeline build push merge_request note tag_push subgroup project"
ROWS = (
    kind(
        *("apple-app-store", "Apple App Store Connect", ""),
        need("app_store_issuer_id", "The issuer ID", pattern=UUID),
        need("app_store_key_id", "The key ID", pattern=r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]+"),
        need("app_store_private_key_file_name", "The file that the private key was in"),
        secret("app_store_private_key", "The private key"),
        flag("app_store_protected_refs", PROTECTED, True, lasting=True),
        of=PROJECTS,
        since="15.8",
    ),
    kind("asana", "Asana", "push", secret("api_key", "The API token of a user who sees the tasks"), RESTRICTED),
    kind("assembla", "Assembla", "push", secret("token", "The authentication token"), text("subdomain", "Subdomain")),
    kind(
        *("bamboo", "Atlassian Bamboo", "push"),
        link("bamboo_url", "The Bamboo server", exposes=True),
        need("build_key", "The key of the build plan"),
        need("username", "A user of its API", beside="password"),
        secret("password", "The password of that user", beside="username"),
        SSL,
        category="ci",
    ),
    kind(
        *("buildkite", "Buildkite", CI),
        link("project_url", "The pipeline", exposes=True),
        secret("token", "The token of the pipeline"),
        Property("enable_ssl_verification", "Has no effect: certificates are always verified", bool, shown=False),
        category="ci",
    ),
    kind(
        *("campfire", "Campfire", "push"),
        secret("token", "The API token"),
        text("subdomain", "The part before .campfirenow.com", pattern=r"[a-z0-9](?:[a-z0-9\-.]{0,61}[a-z0-9])?"),
        text("room", "The ID of the room", pattern=r"[1-9]\d*", told="is not a number"),
    ),
    kind(
        *("confluence", "Confluence Workspace", ""),
        need(
            *("confluence_url", "The workspace"),
            pattern=r"https?://[^/]+\.atlassian\.net(?::\d+)?/wiki(/.*)?",
            told=NO_CONFLUENCE,
        ),
        category="third_party_wiki",
    ),
    kind(
        *("datadog", "Datadog", DATADOG_EVENTS, *DATADOG_PROPERTIES),
        columns={"pipeline_events": False, "job_events": False},
        check=datadog_problems,
        since="14.1",
    ),
    kind(
        *("diffblue-cover", "Diffblue Cover", ""),
        secret("diffblue_license_key", "The license key"),
        need("diffblue_access_token_name", "The name of the access token"),
        secret("diffblue_access_token_secret", "The access token"),
        category="ci",
        since="17.2",
    ),
    kind(
        *("drone-ci", "Drone", CI),
        link("drone_url", "The Drone server", exposes=True),
        secret("token", "The token of the project"),
        SSL,
        category="ci",
    ),
    kind(
        *("emails-on-push", "Emails on push", "push tag_push"),
        flag("send_from_committer_email", "Whether the committer is the sender"),
        flag("disable_diffs", "Whether the differences are left out"),
        text("branches_to_be_notified", "Of which branches to tell", default="all", lasting=True),
        need("recipients", "Email addresses, with spaces between"),
        check=recipients_problems(750),
    ),
    kind("external-wiki", "External wiki", "", link("external_wiki_url", "The wiki")),
    kind("git-guardian", "GitGuardian", "", secret("token", "An API token"), since="16.9", edition="ee"),
    kind(
        *("github", "GitHub", "pipeline"),
        secret("token", "A token that may set statuses"),
        link("repository_url", "The repository", exposes=True),
        flag("static_context", "Whether the name of the check has the name of this host"),
        of=PROJECTS,
        edition="ee",
    ),
    kind(
        *(ARTIFACTS, "Google Artifact Management", ""),
        need("artifact_registry_project_id", "The project of Google Cloud"),
        need("artifact_registry_location", "The location of the registry"),
        need("artifact_registry_repositories", "The repository of the registry"),
        columns={**QUIET, "comment_on_event_enabled": False},
        since="16.9",
        edition="ee",
    ),
    kind(
        *(IDENTITIES, "Google Cloud IAM", ""),
        need("workload_identity_federation_project_id", "The project of Google Cloud"),
        need("workload_identity_federation_project_number", "The number of that project"),
        need("workload_identity_pool_id", "The pool of identities"),
        need("workload_identity_pool_provider_id", "The provider of the pool"),
        columns={**QUIET, "comment_on_event_enabled": False},
        since="16.10",
        edition="ee",
    ),
    kind(
        *("google-play", "Google Play", ""),
        need("package_name", "The package", pattern=r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){1,20}"),
        need("service_account_key_file_name", "The file that the key was in"),
        secret("service_account_key", "The key of the service account"),
        flag("google_play_protected_refs", PROTECTED, True, lasting=True),
        of=PROJECTS,
        since="15.11",
    ),
    kind(
        *("harbor", "Harbor", ""),
        link("url", "The Harbor instance", exposes=True),
        need("project_name", "The project there", longest=255, pattern=r"[a-z0-9]+(?:[._-][a-z0-9]+)*"),
        need("username", "A user there"),
        secret("password", "The password of that user"),
        since="14.9",
    ),
    kind(
        *("irker", "irker (IRC gateway)", "push"),
        text("server_host", "The host of irker; else localhost"),
        Property("server_port", "The port of irker; else 6659", int),
        text("default_irc_uri", "What is put before the recipients"),
        need("recipients", "Channels and people, with spaces between"),
        flag("colorize_messages", "Whether messages are in colour"),
    ),
    kind(
        *("jenkins", "Jenkins", CI),
        link("jenkins_url", "The Jenkins server", exposes=True),
        SSL,
        need("project_name", "The project there"),
        text("username", "A user there", beside="password"),
        secret("password", "The password of that user", required=False, beside="username"),
        category="ci",
        of=PROJECTS,
        columns={"merge_requests_events": False, "tag_push_events": False},
    ),
    kind(
        *("jira-cloud-app", "GitLab for Jira Cloud app", ""),
        text("jira_cloud_app_service_ids", "The services, with commas between", since="17.6"),
        flag("jira_cloud_app_enable_deployment_gating", "Whether deployments wait for Jira", since="17.6"),
        text("jira_cloud_app_deployment_gating_environments", "Which environments wait", since="17.6"),
        manual=False,
        since="17.6",
    ),
    kind(
        "mattermost-slash-commands",
        "Mattermost slash commands",
        "",
        secret("token", "The token of the commands", may_be_blank=True),
        category="chat",
    ),
    kind(
        *("mock-ci", "MockCI", "push"),
        link("mock_service_url", "The mock service"),
        SSL,
        category="ci",
    ),
    kind("mock-monitoring", "MockMonitoring", "", category="monitoring"),
    kind(
        *("packagist", "Packagist", CI),
        need("username", "The account"),
        secret("token", "The API token"),
        link("server", "The server; else packagist.org", required=False, exposes=True),
    ),
    kind(
        *("pipelines-email", "Pipeline status emails", "pipeline"),
        need("recipients", "Email addresses, with commas between"),
        BROKEN,
        flag("notify_only_default_branch", "Whether to tell of the default branch alone"),
        text("branches_to_be_notified", "Of which branches to tell", default="default"),
        check=recipients_problems(30),
    ),
    kind("pivotaltracker", "Pivotal Tracker", "push", secret("token", "The API token"), RESTRICTED),
    kind(
        *("pushover", "Pushover", "push"),
        secret("api_key", "The key of the application"),
        secret("user_key", "The key of the user"),
        text("device", "Which devices; else all"),
        need("priority", "How urgent it is, from -2 to 1"),
        text("sound", "The sound that it makes"),
    ),
    kind(
        "slack-slash-commands",
        "Slack slash commands",
        "",
        secret("token", "The token of the commands", may_be_blank=True),
        category="chat",
    ),
    kind(
        *("squash-tm", "Squash TM", "issue confidential_issue"),
        link("url", "The webhook of Squash TM", exposes=True),
        secret("token", "A secret that is sent along", required=False, longest=255),
        since="15.10",
    ),
    kind(
        *("teamcity", "JetBrains TeamCity", "push merge_request"),
        link("teamcity_url", "The TeamCity server", exposes=True),
        need("build_type", "The ID of the build configuration"),
        need("username", "A user who may start builds", beside="password"),
        secret("password", "The password of that user", beside="username"),
        SSL,
        category="ci",
    ),
)
KINDS: dict[str, Kind] = {one.slug: one for one in (*ROWS, *CHATS, *TRACKERS)}
"""Every integration by its slug."""
