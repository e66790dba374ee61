from typing import Any

import pytest

from mockgitlab.api.models.integration_table import KINDS
from tests.api.completeness_integrations import needed
from tests.support import Api, names, seen

AT, OF_GROUP = "projects/1/integrations", "groups/1/integrations"
ON = (
    *("commit_events", "push_events", "issues_events", "alert_events", "confidential_issues_events"),
    *("merge_requests_events", "tag_push_events", "note_events", "confidential_note_events", "pipeline_events"),
    *("wiki_page_events", "job_events", "comment_on_event_enabled"),
)
OFF = ("incident_events", "deployment_events", "inherited", "vulnerability_events")
NOW = "2024-05-01T09:00:00.000Z"
HOOK = "http://localhost:9/hook"
TRACKER = {"project_url": "http://t", "issues_url": "http://t/:id", "new_issue_url": "http://t/new"}
JIRA = {"url": "https://jira.example.com/", "username": "u", "password": "p"}
FAILED = "Failed to update integration. "
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "gitlab": {"version": "18.4.0"},
    "users": [{"username": "ada"}, {"username": "max"}, {"username": "dev"}],
    "tokens": [{"token": f"{name}-token", "user": name, "scopes": ["api"]} for name in ("ada", "max", "dev")],
    "groups": [{"path": "acme", "members": {"ada": "owner", "max": "maintainer"}, "subgroups": [{"path": "sub"}]}],
    "projects": [
        {"path": "acme/rocket", "members": {"dev": "developer"}},
        {"path": "acme/sub/deep"},
        {"path": "ada/own"},
    ],
}
pytestmark = pytest.mark.mockgitlab(scenario=WORLD)


def shown(slug: str, title: str, id: int = 1, properties: Any = None, **differing: Any) -> dict[str, Any]:
    told = {"id": id, "title": title, "slug": slug, "created_at": NOW, "updated_at": NOW, "active": True}
    basic = {**told, **dict.fromkeys(ON, True), **dict.fromkeys(OFF, False), **differing}
    return basic if properties is None else {**basic, "properties": properties}


def problem(text: str) -> tuple[int, Any]:
    return (400, {"message": FAILED + text})


def slugs(answer: Any) -> list[str]:
    return names(answer, "slug")


@pytest.mark.parametrize("at", ["projects/1/services", AT])
def test_an_integration_is_set_up_shown_and_listed_without_its_secrets(api: Api, at: str) -> None:
    made = shown("asana", "Asana", properties={"restrict_to_branch": "main"}, push_events=False)
    given = {"api_key": "secret", "restrict_to_branch": "main", "push_events": False}
    assert seen(api.put(f"{at}/asana", "ada", **given)) == (200, made)
    assert api.get(f"{at}/asana", "max").json == made
    basic = {name: value for name, value in made.items() if name != "properties"}
    assert api.get(at, "max").json == [basic]


def test_setting_up_again_changes_what_is_given_and_keeps_the_rest(api: Api) -> None:
    api.put(f"{AT}/asana", "ada", api_key="secret", restrict_to_branch="main", push_events=False)
    again = api.put(f"{AT}/asana", "ada", api_key="other").json
    assert (again["id"], again["push_events"], again["properties"]) == (1, False, {"restrict_to_branch": "main"})


def test_disabling_keeps_the_record_and_forgets_the_settings(api: Api) -> None:
    api.put(f"{AT}/slack-slash-commands", "ada", token="t")
    api.put(f"{AT}/asana", "ada", api_key="secret", restrict_to_branch="main")
    assert api.delete(f"{AT}/asana", "ada").status == 204
    assert slugs(api.get(AT, "ada")) == ["slack-slash-commands"]
    assert api.get(f"{AT}/asana", "ada").json == shown("asana", "Asana", 2, {"restrict_to_branch": None}, active=False)


def test_a_disabled_tracker_has_its_first_settings_again(api: Api) -> None:
    api.put(f"{AT}/jira", "ada", **JIRA, jira_auth_type=1, issues_enabled=True, project_keys=["A"])
    api.delete(f"{AT}/jira", "ada")
    properties = api.get(f"{AT}/jira", "ada").json["properties"]
    assert (properties["url"], properties["jira_auth_type"], properties["issues_enabled"]) == (None, 0, False)
    assert properties["project_keys"] == []


def test_what_is_not_there_is_told(api: Api) -> None:
    missing = (404, {"message": "404 Integration Not Found"})
    assert seen(api.get(f"{AT}/asana", "ada")) == missing
    assert seen(api.delete(f"{AT}/asana", "ada")) == missing
    wrong = (400, {"error": "slug does not have a valid value"})
    assert seen(api.get(f"{AT}/nonsense", "ada")) == wrong
    assert seen(api.delete(f"{AT}/nonsense", "ada")) == wrong
    assert api.put(f"{AT}/nonsense", "ada").status == 405


def test_maintainers_of_projects_and_owners_of_groups_may(api: Api) -> None:
    refused = (403, {"message": "403 Forbidden"})
    for who, at, given in (("dev", AT, {"api_key": "x"}), ("max", OF_GROUP, {"api_key": "x"})):
        assert seen(api.put(f"{at}/asana", who, **given)) == refused
        assert seen(api.get(at, who)) == refused
    assert api.put(f"{AT}/asana", "max", api_key="x").status == 200
    assert seen(api.delete(f"{AT}/asana", "dev")) == refused
    assert seen(api.get(f"{AT}/asana", "dev")) == refused
    assert seen(api.get(AT, None)) == (401, {"message": "401 Unauthorized"})
    assert seen(api.get("projects/9/integrations", "ada")) == (404, {"message": "404 Project Not Found"})


@pytest.mark.parametrize(
    ("slug", "given", "told"),
    [
        ("slack", {"webhook": ""}, '{:webhook=>["can\'t be blank", "must be a valid URL"]}'),
        ("slack", {"webhook": "x"}, '{:webhook=>["is blocked: URI is invalid"]}'),
        (
            *("slack", {"webhook": HOOK, "labels_to_be_notified_behavior": "x"}),
            '{:labels_to_be_notified_behavior=>["is not included in the list"]}',
        ),
        (
            *("external-wiki", {"external_wiki_url": "ftp://x"}),
            '{:external_wiki_url=>["is blocked: Only allowed schemes are http, https"]}',
        ),
        ("jira", {**JIRA, "username": ""}, '{:username=>["can\'t be blank"]}'),
        ("jira", {**JIRA, "jira_auth_type": 2}, '{:jira_auth_type=>["is not included in the list"]}'),
        (
            *("jira", {**JIRA, "jira_issue_regex": "x" * 256}),
            '{:jira_issue_regex=>["is too long (maximum is 255 characters)"]}',
        ),
        (
            *("jira", {**JIRA, "jira_issue_transition_id": "x"}),
            '{:jira_issue_transition_id=>["IDs must be a list of numbers that can be split with , or ;"]}',
        ),
        (
            *("jira", {**JIRA, "vulnerabilities_enabled": True, "project_key": "A"}),
            '{:vulnerabilities_issuetype=>["can\'t be blank"]}',
        ),
        (
            *("jenkins", {"jenkins_url": "http://x", "project_name": "p", "password": "p"}),
            '{:username=>["can\'t be blank"]}',
        ),
        (
            *("jenkins", {"jenkins_url": "http://x", "project_name": "p", "username": "u"}),
            '{:password=>["can\'t be blank"]}',
        ),
        ("datadog", {"api_key": "a-b"}, '{:api_key=>["is invalid"]}'),
        ("datadog", {"api_key": "a", "datadog_tags": "x"}, '{:datadog_tags=>["have an invalid format"]}'),
        (
            *("datadog", {"api_key": "a", "archive_trace_events": True}),
            '{:archive_trace_events=>["requires CI Visibility to be enabled"]}',
        ),
        (
            *("confluence", {"confluence_url": "https://example.com/wiki"}),
            '{:confluence_url=>["URL must be to a Confluence Cloud Workspace hosted on atlassian.net"]}',
        ),
        (
            *("pipelines-email", {"recipients": ",".join(f"a{n}@x.org" for n in range(31))}),
            '{:recipients=>["can\'t exceed 30"]}',
        ),
        ("telegram", {"token": "t", "room": "@r", "thread": "x"}, '{:thread=>["is not a number"]}'),
        ("google-play", {**needed(KINDS["google-play"]), "package_name": "app"}, '{:package_name=>["is invalid"]}'),
    ],
)
def test_what_is_not_valid_is_refused_with_the_reason(api: Api, slug: str, given: dict[str, Any], told: str) -> None:
    api_errors = Api({**WORLD, "gitlab": {"version": "18.4.0", "errors": "observed"}})
    assert seen(api_errors.put(f"{AT}/{slug}", "ada", **given)) == problem(told)
    assert api_errors.get(AT, "ada").json == []


def test_required_properties_must_be_given(api: Api) -> None:
    told = {"message": '400 (Bad request) "project_url" not given'}
    assert seen(api.put(f"{AT}/bugzilla", "ada")) == (400, told)
    assert seen(api.put(f"{AT}/slack", "ada", webhook=HOOK, push_events="perhaps")) == (
        400,
        {"error": "push_events is invalid"},
    )


@pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": {"version": "16.0.0"}})
def test_older_versions_did_not_tell_why(api: Api) -> None:
    assert seen(api.put(f"{AT}/slack", "ada", webhook="x")) == (400, {"message": "400 Bad Request"})
    made = api.put(f"{AT}/asana", "ada", api_key="x").json
    assert {"inherited", "vulnerability_events"} & made.keys() == set()
    assert api.put(f"{AT}/linear", "ada", workspace_url="https://linear.app/example").status == 405
    assert seen(api.get(f"{AT}/linear", "ada")) == (400, {"error": "slug does not have a valid value"})
    assert api.get(OF_GROUP, "ada").status == 404


@pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": {"version": "14.3.0", "edition": "ce"}})
def test_the_oldest_spelling_is_services(api: Api) -> None:
    assert api.put("projects/1/services/asana", "ada", api_key="x").status == 200
    assert api.get(AT, "ada").status == 404
    assert api.put("projects/1/services/github", "ada", token="t", repository_url="http://x").status == 405


def test_a_project_has_one_issue_tracker(api: Api) -> None:
    assert api.put(f"{AT}/redmine", "ada", **TRACKER).status == 200
    assert api.put(f"{AT}/redmine", "ada", **TRACKER).status == 200
    told = "Another issue tracker is already in use. Only one issue tracker service can be active at a time"
    assert seen(api.put(f"{AT}/jira", "ada", **JIRA)) == problem(f'{{:base=>["{told}"]}}')
    api.delete(f"{AT}/redmine", "ada")
    assert api.put(f"{AT}/jira", "ada", **JIRA).json["properties"]["url"] == "https://jira.example.com"


def test_secrets_are_forgotten_when_they_would_go_elsewhere(api: Api) -> None:
    given = {"jenkins_url": "http://one", "project_name": "p", "username": "u", "password": "p"}
    api.put(f"{AT}/jenkins", "ada", **given)
    same = {"project_name": "p", "username": "u"}
    assert api.put(f"{AT}/jenkins", "ada", jenkins_url="http://one", **same).status == 200
    moved = api.put(f"{AT}/jenkins", "ada", jenkins_url="http://two", **same)
    assert seen(moved) == problem('{:password=>["can\'t be blank"]}')


def test_channels_of_confidential_events_are_those_of_the_others(api: Api) -> None:
    given = {"webhook": HOOK, "issue_channel": "issues", "confidential_note_channel": "secret"}
    properties = api.put(f"{AT}/mattermost", "ada", **given).json["properties"]
    assert (properties["issue_channel"], properties["confidential_issue_channel"]) == ("issues", "issues")
    assert (properties["note_channel"], properties["confidential_note_channel"]) == (None, "secret")
    assert "alert_channel" not in properties
    assert list(api.put(f"{AT}/discord", "ada", webhook=HOOK, push_channel=HOOK).json["properties"]) == [
        "notify_only_broken_pipelines",
        "branches_to_be_notified",
    ]


def test_datadog_is_told_of_pipelines_when_it_is_to_show_them(api: Api) -> None:
    first = api.put(f"{AT}/datadog", "ada", api_key="a").json
    assert (first["pipeline_events"], first["job_events"]) == (False, False)
    then = api.put(f"{AT}/datadog", "ada", api_key="a", datadog_ci_visibility=True).json
    assert (then["pipeline_events"], then["job_events"]) == (True, True)


def test_some_are_told_of_nothing_until_somebody_says_so(api: Api) -> None:
    slug = "google-cloud-platform-artifact-registry"
    quiet = api.put(f"{AT}/{slug}", "ada", **needed(KINDS[slug])).json
    assert [name for name in (*ON, *OFF) if quiet[name]] == []
    given = {"jenkins_url": "http://x", "project_name": "p"}
    jenkins = api.put(f"{AT}/jenkins", "ada", **given, tag_push_events=True).json
    assert (jenkins["push_events"], jenkins["merge_requests_events"], jenkins["tag_push_events"]) == (True, False, True)


@pytest.mark.parametrize("slug", ["gitlab-slack-application", "jira-cloud-app"])
def test_what_the_instance_does_not_have_is_not_available(api: Api, slug: str) -> None:
    assert seen(api.put(f"{AT}/{slug}", "ada")) == (400, {"message": "400 Integration not available"})
    assert seen(api.get(f"{AT}/{slug}", "ada")) == (404, {"message": "404 Integration Not Found"})


@pytest.mark.mockgitlab(
    scenario={**WORLD, "gitlab": {"version": "18.4.0", "settings": {"jira_connect_application_key": "k"}}}
)
def test_what_comes_about_elsewhere_cannot_be_created(api: Api) -> None:
    told = "You cannot create the GitLab for Jira Cloud app integration from the API"
    assert seen(api.put(f"{AT}/jira-cloud-app", "ada")) == (422, {"message": told})


# Groups


def test_projects_and_subgroups_get_the_integration_of_their_group(api: Api) -> None:
    made = api.put(f"{OF_GROUP}/asana", "ada", api_key="x", push_events=False)
    assert seen(made) == (200, shown("asana", "Asana", 1, {"restrict_to_branch": None}, push_events=False))
    for at in (AT, "projects/2/integrations", "groups/2/integrations"):
        got = api.get(f"{at}/asana", "ada").json
        assert (got["inherited"], got["push_events"], got["active"]) == (True, False, True), at
    assert api.get("projects/3/integrations", "ada").json == []


def test_those_that_follow_change_along_and_others_do_not(api: Api) -> None:
    api.put(f"{AT}/asana", "ada", api_key="own", restrict_to_branch="mine")
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x", restrict_to_branch="main")
    assert api.get(f"{AT}/asana", "ada").json["properties"] == {"restrict_to_branch": "mine"}
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x", restrict_to_branch="other")
    assert api.get("projects/2/integrations/asana", "ada").json["properties"] == {"restrict_to_branch": "other"}
    assert api.get(f"{AT}/asana", "ada").json["properties"] == {"restrict_to_branch": "mine"}


def test_a_project_goes_its_own_way_and_comes_back(api: Api) -> None:
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x", restrict_to_branch="main")
    still = api.put(f"{AT}/asana", "ada", api_key="y", restrict_to_branch="mine").json
    assert (still["inherited"], still["properties"]) == (True, {"restrict_to_branch": "main"})
    given = {"api_key": "y", "restrict_to_branch": "mine"}
    own = api.put(f"{AT}/asana", "ada", **given, use_inherited_settings=False).json
    assert (own["inherited"], own["properties"]) == (False, {"restrict_to_branch": "mine"})
    back = api.put(f"{AT}/asana", "ada", **given, use_inherited_settings=True).json
    assert (back["inherited"], back["properties"]) == (True, {"restrict_to_branch": "main"})


def test_nothing_is_inherited_where_there_is_nothing(api: Api) -> None:
    refused = api.put(f"{AT}/asana", "ada", api_key="x", use_inherited_settings=True)
    assert seen(refused) == (400, {"message": "Default integration not found."})


def test_a_subgroup_between_passes_its_own_on(api: Api) -> None:
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x", restrict_to_branch="top")
    given = {"api_key": "x", "restrict_to_branch": "sub", "use_inherited_settings": False}
    api.put("groups/2/integrations/asana", "ada", **given)
    assert api.get("projects/2/integrations/asana", "ada").json["properties"] == {"restrict_to_branch": "sub"}
    assert api.get(f"{AT}/asana", "ada").json["properties"] == {"restrict_to_branch": "top"}
    back = api.put("groups/2/integrations/asana", "ada", api_key="x", use_inherited_settings=True).json
    assert back["inherited"] is True


def test_new_and_moved_projects_and_groups_have_what_is_above_them(api: Api) -> None:
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x")
    project = api.post("projects", "ada", name="second", namespace_id=1).json["id"]
    assert api.get(f"projects/{project}/integrations/asana", "ada").json["inherited"] is True
    group = api.post("groups", "ada", name="Fresh", path="fresh", parent_id=1).json["id"]
    assert api.get(f"groups/{group}/integrations/asana", "ada").json["inherited"] is True
    assert api.put("projects/3/transfer", "ada", namespace="acme").status == 200
    assert api.get("projects/3/integrations/asana", "ada").json["inherited"] is True
    api.put("projects/3/transfer", "ada", namespace="ada")
    assert api.get("projects/3/integrations", "ada").json == []


def test_what_a_group_disables_stays_with_its_projects(api: Api) -> None:
    api.put(f"{OF_GROUP}/asana", "ada", api_key="x")
    assert api.delete(f"{OF_GROUP}/asana", "ada").status == 204
    assert api.get(OF_GROUP, "ada").json == []
    assert slugs(api.get(AT, "ada")) == ["asana"]


@pytest.mark.parametrize("slug", ["apple-app-store", "github", "google-play", "jenkins"])
def test_groups_do_not_have_what_is_of_projects(api: Api, slug: str) -> None:
    refused = (400, {"message": "400 Integration not available"})
    assert seen(api.put(f"{OF_GROUP}/{slug}", "ada", **needed(KINDS[slug]))) == refused
    assert seen(api.get(f"{OF_GROUP}/{slug}", "ada")) == refused
    assert seen(api.delete(f"{OF_GROUP}/{slug}", "ada")) == refused


# The table


def test_every_slug_and_title_is_there_once() -> None:
    assert len(KINDS) == 52
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("slug", KINDS)
def test_no_property_is_there_twice_and_every_one_is_described(slug: str) -> None:
    own = [one.name for one in KINDS[slug].own]
    assert len(set(own)) == len(own)
    assert all(one.what for one in KINDS[slug].own)
