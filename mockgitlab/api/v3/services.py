"""Services, which v4 calls integrations: each with the parameters that it had, answered with ``true``.

Source: GitLab 8's doc/api/services.md and lib/api/services.rb, GitLab 9's lib/api/v3/services.rb.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.integration import INTEGRATION, Integration, find_integration
from mockgitlab.api.models.integration_kinds import Kind
from mockgitlab.api.models.integration_old import OLD_KINDS
from mockgitlab.api.models.integration_table import KINDS
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import integrations
from mockgitlab.api.v3.base import era, v3
from mockgitlab.api.v4 import slash_commands
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import ApiError, BadRequest, InvalidParameters, NotFound

AT = "projects/:id/services"
EACH = f"{AT}/:service_slug"
CHECKED_SINCE = (8, 15)
"""Since when there is an operation for each service, which checks its parameters."""
TRACKER = "new_issue_url issues_url project_url"
RENAMED = {"notify_only_broken_builds": "notify_only_broken_pipelines"}


class Service(NamedTuple):
    """A service as v3 had it: its title, and its parameters, those that must be given first."""

    slug: str
    title: str
    required: str
    optional: str = ""

    @property
    def kind(self) -> Kind:
        """What is known of it as an integration."""
        return KINDS.get(self.slug) or OLD_KINDS[self.slug]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return (*self.required.split(), *self.optional.split())

    def stored(self, name: str) -> str:
        """Return the name of the property that a parameter sets."""
        return name if name in self.kind.named else RENAMED.get(name, name)


SERVICES = (
    Service("asana", "Asana", "api_key", "restrict_to_branch"),
    Service("assembla", "Assembla", "token", "subdomain"),
    Service("bamboo", "Atlassian Bamboo CI", "bamboo_url build_key username password"),
    Service("bugzilla", "Bugzilla", TRACKER, "description title"),
    Service("buildkite", "Buildkite", "token project_url", "enable_ssl_verification"),
    Service("builds-email", "Builds emails", "recipients", "add_pusher notify_only_broken_builds"),
    Service("campfire", "Campfire", "token", "subdomain room"),
    Service("custom-issue-tracker", "Custom Issue Tracker", TRACKER, "description title"),
    Service("drone-ci", "Drone CI", "token drone_url", "enable_ssl_verification"),
    Service("emails-on-push", "Emails on push", "recipients", "disable_diffs send_from_committer_email"),
    Service("external-wiki", "External Wiki", "external_wiki_url"),
    Service("flowdock", "Flowdock", "token"),
    Service("gemnasium", "Gemnasium", "api_key token"),
    Service("gitlab-ci", "GitLab CI", "token project_url"),
    Service("hipchat", "HipChat", "token", "room color notify api_version server"),
    Service("irker", "Irker (IRC gateway)", "recipients", "default_irc_uri server_host server_port colorize_messages"),
    Service("jira", "JIRA", "url project_key", "username password jira_issue_transition_id"),
    Service("kubernetes", "Kubernetes", "namespace api_url token", "ca_pem"),
    Service("mattermost", "Mattermost notifications", "webhook"),
    Service("mattermost-slash-commands", "Mattermost Command", "token"),
    Service("pipelines-email", "Pipelines emails", "recipients", "notify_only_broken_builds"),
    Service("pivotaltracker", "PivotalTracker", "token", "restrict_to_branch"),
    Service("pushover", "Pushover", "api_key user_key priority device sound"),
    Service("redmine", "Redmine", "new_issue_url project_url issues_url", "description"),
    Service("slack", "Slack notifications", "webhook", "new_issue_url channel"),
    Service("slack-slash-commands", "Slack Command", "token"),
    Service("teamcity", "JetBrains TeamCity CI", "teamcity_url build_type username password"),
)
BY_SLUG = {one.slug: one for one in SERVICES}
Slug = Annotated[str, "The name of the service"]

# Shape


def _properties(row: Integration, view: dsl.View) -> dict[str, Any]:
    """Return what was set; passwords are for administrators."""
    admin = view.store[User][view.user_id or 0].admin
    names = {name: BY_SLUG[row.slug].stored(name) for name in BY_SLUG[row.slug].names if admin or name != "password"}
    return {name: row.properties[stored] for name, stored in names.items() if stored in row.properties}


def _saved(name: str) -> Callable[[Integration, dsl.View], Any]:
    """Return what shows a column; of a service that nobody set up there is none yet."""
    return lambda row, view: getattr(row, name) if row.id is not None else None


SHOWN = (
    INTEGRATION.renaming(job_events="build_events")
    .plus(
        title=lambda row, view: BY_SLUG[row.slug].title,
        created_at=_saved("created_at"),
        updated_at=_saved("updated_at"),
        properties=_properties,
    )
    .only(
        *("id", "title", "created_at", "updated_at", "active", "push_events", "issues_events"),
        *("merge_requests_events", "tag_push_events", "note_events", "build_events", "pipeline_events", "properties"),
    )
    .called("ProjectService")
)

# Operations


def _known(call: dsl.Call, slug: str) -> Service:
    found = BY_SLUG.get(slug.replace("_", "-"))
    if found is None:
        raise _unknown(call, slug)
    return found


def _unknown(call: dsl.Call, slug: str) -> ApiError:
    if era(call.settings) >= CHECKED_SINCE:
        return InvalidParameters(["service_slug does not have a valid value"], reason=f"there is no service {slug}")
    return NotFound("Service", reason=f"there is no service {slug}")


@v3.get(EACH, rule=access.AS_MAINTAINER)
def show_service(call: dsl.Call, project: Project, service_slug: Slug) -> dict[str, Any] | None:
    """Show what is set of a service, of one that nobody set up that it is not active."""
    service = _known(call, service_slug)
    found = find_integration(call.store, project, service.slug)
    return call.view().one(SHOWN, found or integrations.begin(service.kind, project))


def _disable(call: dsl.Call, project: Project, slug: str) -> bool:
    found = find_integration(call.store, project, _known(call, slug).slug)
    if found is not None:
        integrations.disable(call.store, found)
    return True


@v3.delete(EACH, rule=access.AS_MAINTAINER)
def disable_service(call: dsl.Call, project: Project, service_slug: Slug) -> bool:
    """Disable a service, if anybody set it up, and forget its settings."""
    return _disable(call, project, service_slug)


@v3.put(EACH, rule=access.AS_MAINTAINER)
def set_up_unknown(call: dsl.Call, project: Project, service_slug: Slug) -> None:
    """Refuse to set up what is no service: those that there are have operations of their own."""
    raise _unknown(call, service_slug)


def _param(service: Service, name: str) -> dsl.Param:
    known = service.kind.named.get(service.stored(name))
    what, type = (known.what, known.type) if known else ("What the service is called, or where", str)
    return dsl.param(name, type, what, required=name in service.required.split())


def _declare(service: Service) -> None:
    @v3.put(
        f"{AT}/{service.slug}",
        rule=access.AS_MAINTAINER,
        params=[_param(service, name) for name in service.names],
        summary=f"Set up {service.title}",
    )
    def set_up(call: dsl.Call, project: Project, given: dsl.Given) -> bool:
        """Set up a service of a project, or change it."""
        found = find_integration(call.store, project, service.slug)
        draft = found or integrations.begin(service.kind, project)
        return _set_up(call, draft, {service.stored(name): value for name, value in given.items()})


def _set_up(call: dsl.Call, draft: Integration, given: dict[str, Any]) -> bool:
    """Keep what is given; of all that could be wrong only that is told which is given, as v3 knew of no more."""
    changes = {"inherit_from_id": None, **integrations.columns(draft, given)}
    wrong = integrations.problems_of(draft.replaced(changes)).keys() & given.keys()
    if wrong:
        checked = era(call.settings) >= CHECKED_SINCE
        reason = f"wrong are {', '.join(sorted(wrong))}"
        raise BadRequest("400 Bad Request", reason=reason) if checked else NotFound(reason=reason)
    integrations.keep(call.store, draft, changes)
    return True


def _declare_removal(slug: str) -> None:
    @v3.delete(f"{AT}/{slug}", rule=access.AS_MAINTAINER)
    def disable(call: dsl.Call, project: Project) -> bool:
        """Disable a service that once had an operation of its own for that."""
        return _disable(call, project, slug)


for _service in SERVICES:
    _declare(_service)
for _slug in ("hipchat", "gitlab-ci"):
    _declare_removal(_slug)


# Slash commands

v3.dialect.say({slash_commands.NotConnected: lambda error: NotFound("Service")})
for _chat in slash_commands.CHATS:
    v3.adopt(v4, "POST", f"{AT}/{_chat}_slash_commands/trigger", rule=access.ANYONE)


@v3.post(
    f"{EACH}/trigger",
    rule=access.ANYONE,
    success=200,
    params=slash_commands.PARAMS,
    locators=slash_commands.ANY_PROJECT,
)
def trigger(call: dsl.Call, project: Project, service_slug: Slug, given: dsl.Given) -> dict[str, Any]:
    """Carry out a command that somebody wrote in a chat."""
    return slash_commands.carry_out(call, project, service_slug.replace("_", "-"), given)
