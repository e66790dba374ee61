"""The integrations with issue trackers elsewhere.

Source: https://docs.gitlab.com/api/project_integrations/ and GitLab's
app/models/concerns/integrations/has_issue_tracker_fields.rb, app/models/integrations/jira.rb.
"""

from mockgitlab.api.models.integration_checks import jira_problems
from mockgitlab.api.models.integration_kinds import Kind, Property, flag, kind, link, need, secret, text

TRACKER = (
    link("project_url", "The project in the tracker"),
    link("issues_url", "An issue in the tracker, :id in place of its number"),
)
NEW_ISSUE = link("new_issue_url", "Where issues are made in the tracker")
NO_LINEAR = "URL must point to a workspace URL like https://linear.app/example"
NO_TRANSITIONS = "IDs must be a list of numbers that can be split with , or ;"


def tracker(slug: str, title: str, *more: Property, events: str = "push", since: str = "", edition: str = "") -> Kind:
    """Return an external issue tracker."""
    return kind(slug, title, events, *(more or TRACKER), category="issue_tracker", since=since, edition=edition)


JIRA_PROPERTIES = (
    link("url", "The Jira instance that people see", exposes=True, stripped="/"),
    link("api_url", "The Jira instance that GitLab talks to; else this", required=False, exposes=True, stripped="/"),
    Property("jira_auth_type", "0 for a username and a password, 1 for a personal access token", int, default=0),
    text("username", "The user or his email; needed with a password"),
    secret("password", "The password, API token or personal access token"),
    text("jira_issue_regex", "What the keys of issues look like", longest=255),
    text("jira_issue_prefix", "What the keys of issues begin with", longest=255),
    text("jira_issue_transition_id", "Transitions to make", pattern=r"\d+(?:[,;]\s*\d+)*[,;]?", told=NO_TRANSITIONS),
    flag("issues_enabled", "Whether GitLab shows Jira's issues", False, since="17.0"),
    Property("project_keys", "The Jira projects whose issues GitLab shows", list[str], default=(), since="17.0"),
    flag("jira_issue_transition_automatic", "Whether issues move to done by themselves", shown=False),
    flag("vulnerabilities_enabled", "Whether vulnerabilities may become Jira issues", False, edition="ee"),
    text("vulnerabilities_issuetype", "The type of the issues that vulnerabilities become", edition="ee"),
    text("project_key", "The project of the issues that vulnerabilities become", edition="ee"),
    flag("customize_jira_issue_enabled", "Whether Jira's own form makes such an issue", False, edition="ee"),
    flag("jira_check_enabled", "Whether commits must name a Jira issue", False, since="17.11", edition="ee"),
    flag("jira_exists_check_enabled", "Whether that issue must exist", False, since="17.11", edition="ee"),
    flag(
        "jira_assignee_check_enabled",
        "Whether it must be assigned to the committer",
        False,
        since="17.11",
        edition="ee",
    ),
    flag("jira_status_check_enabled", "Whether its status must be an allowed one", False, since="17.11", edition="ee"),
    text("jira_allowed_statuses_as_string", "The allowed statuses, with commas between", since="17.11", edition="ee"),
)
COMMENTS = flag("comment_on_event_enabled", "Whether Jira issues get a comment when a commit names them")
TRACKERS = (
    tracker("bugzilla", "Bugzilla", *TRACKER, NEW_ISSUE),
    tracker("clickup", "ClickUp", since="16.1"),
    tracker("custom-issue-tracker", "Custom issue tracker", *TRACKER, NEW_ISSUE),
    tracker("ewm", "EWM", *TRACKER, NEW_ISSUE),
    kind(
        *("jira", "Jira issues", "commit merge_request", *JIRA_PROPERTIES),
        category="issue_tracker",
        switches=(COMMENTS,),
        check=jira_problems,
    ),
    tracker(
        "linear",
        "Linear",
        need(
            *("workspace_url", "The workspace"),
            url=True,
            pattern=r"https://linear\.app/[a-z0-9\-]{3,32}/?",
            told=NO_LINEAR,
        ),
        since="18.3",
    ),
    tracker("phorge", "Phorge", since="16.11"),
    tracker("redmine", "Redmine", *TRACKER, NEW_ISSUE),
    tracker("youtrack", "YouTrack"),
    tracker(
        *("zentao", "ZenTao"),
        link("url", "The ZenTao instance that people see", exposes=True),
        link("api_url", "The instance that GitLab talks to; else the same", required=False, exposes=True),
        secret("api_token", "The API token"),
        need("zentao_product_xid", "The ID of the product"),
        events="",
        since="14.5",
    ),
)
