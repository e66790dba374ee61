"""Projects. Source: GitLab 8's doc/api/projects.md and lib/api/projects.rb."""

from collections.abc import Mapping
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import project_filters as by
from mockgitlab.api.models.group import NAMESPACE_BASIC, PERSONAL_ID_ABOVE, Group
from mockgitlab.api.models.project import Project, Star
from mockgitlab.api.models.project_shapes import BASIC_PROJECT, PROJECT, PROJECT_DETAILS, PROJECT_WITH_ACCESS
from mockgitlab.api.models.project_statistics import statistics_of
from mockgitlab.api.models.project_view import shared_with_groups
from mockgitlab.api.models.upload import UPLOAD
from mockgitlab.api.services import project_forks, projects
from mockgitlab.api.services.project_removal import erase
from mockgitlab.api.v3.base import NUMBERS, VISIBILITY_LEVEL, era, v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.events import EVENT, list_project_events
from mockgitlab.api.v4.project_changes import NAME, one
from mockgitlab.api.v4.project_sharing import LINK, NoSuchGroup
from mockgitlab.api.v4.project_transfer import find_namespace
from mockgitlab.api.v4.projects import SEARCH_USERS, SIMPLE, STATISTICS, present_projects, visible
from mockgitlab.errors import Conflict, Forbidden, NotFound
from mockgitlab.store import Query

Projects = Query[Project]

# Shapes


def _shared_with(project: Project, view: dsl.View) -> list[dict[str, Any]]:
    names = ("group_id", "group_name", "group_access_level")
    return [{name: group[name] for name in names} for group in shared_with_groups(project, view)]


def _statistics(project: Project, view: dsl.View) -> Any:
    if not view.option("statistics"):
        return dsl.OMIT
    sizes = statistics_of(view.store, project)
    return {"commit_count": sizes["commit_count"], **older_sizes(sizes)}


def older_sizes(sizes: Mapping[str, int]) -> dict[str, int]:
    """Return those sizes that v3 knows."""
    known = {name: sizes[name] for name in ("storage_size", "repository_size", "lfs_objects_size")}
    return {**known, "build_artifacts_size": sizes["job_artifacts_size"]}


BASIC = BASIC_PROJECT.only(
    *("id", "http_url_to_repo", "web_url", "name", "name_with_namespace", "path", "path_with_namespace")
)
SHOWN = (
    PROJECT.renaming(
        jobs_enabled="builds_enabled",
        public_jobs="public_builds",
        only_allow_merge_if_pipeline_succeeds="only_allow_merge_if_build_succeeds",
    )
    .plus(
        public=lambda project, view: project.visibility == "public",
        visibility_level=lambda project, view: NUMBERS[project.visibility],
        shared_with_groups=_shared_with,
        statistics=_statistics,
    )
    .only(
        *("id", "description", "default_branch", "tag_list", "public", "archived", "visibility_level"),
        *("ssh_url_to_repo", "http_url_to_repo", "web_url", "owner", "name", "name_with_namespace", "path"),
        *("path_with_namespace", "container_registry_enabled", "issues_enabled", "merge_requests_enabled"),
        *("wiki_enabled", "builds_enabled", "snippets_enabled", "created_at", "last_activity_at"),
        *("shared_runners_enabled", "lfs_enabled", "creator_id", "namespace", "forked_from_project", "avatar_url"),
        *("star_count", "forks_count", "open_issues_count", "runners_token", "public_builds", "shared_with_groups"),
        *("only_allow_merge_if_build_succeeds", "request_access_enabled"),
        *("only_allow_merge_if_all_discussions_are_resolved", "statistics"),
    )
)
SHOWN_WITH_ACCESS = SHOWN.plus(permissions=dict(PROJECT_WITH_ACCESS.members)["permissions"]).called("ProjectWithAccess")
v3.dialect.show(
    {
        PROJECT: SHOWN,
        PROJECT_WITH_ACCESS: SHOWN_WITH_ACCESS,
        BASIC_PROJECT: BASIC,
        PROJECT_DETAILS: BASIC,
        NAMESPACE_BASIC: NAMESPACE_BASIC.only("id", "name", "path", "kind"),
        LINK: LINK.only("id", "project_id", "group_id", "group_access", "expires_at"),
        EVENT: EVENT.plus(title=lambda event, view: event.title, data=lambda event, view: event.push_data).only(
            *("title", "project_id", "action_name", "target_id", "target_type", "author_id", "data", "target_title"),
            *("created_at", "note", "author", "author_username"),
        ),
    }
)


# Refusals


def _limit(error: projects.LimitReached) -> projects.LimitReached:
    text = f"Your project limit is {error.limit} projects! Please contact your administrator to increase it"
    return projects.LimitReached(error.limit, text)


def _fork_conflict(error: project_forks.ForkRefused) -> Conflict:
    return Conflict({name: texts for name, texts in error.problems.items() if "." not in name})


v3.dialect.say(
    {
        NoSuchGroup: lambda error: NotFound("Group"),
        projects.LimitReached: _limit,
        project_forks.ForkRefused: _fork_conflict,
    }
)


# Lists

ORDER = by.order("id", "name", "path", "created_at", "updated_at", "last_activity_at")
FILTERS = [by.ARCHIVED, by.VISIBILITY, by.SEARCH, ORDER]


@v3.get("projects", params=[SIMPLE], filters=FILTERS)
def list_projects(call: dsl.Call) -> Projects:
    """List the projects of which the user is a member."""
    own = by.authorized_ids(call.store, access.me(call).id)
    return present_projects(call, visible(call).among("id", own))  # type: ignore[no-any-return]


@v3.get("projects/owned", params=[SIMPLE, STATISTICS], filters=FILTERS)
def list_owned_projects(call: dsl.Call) -> Projects:
    """List the projects that the user owns."""
    owned = by.authorized_ids(call.store, access.me(call).id, access.OWNER)
    return present_projects(call, visible(call).among("id", owned))  # type: ignore[no-any-return]


@v3.get("projects/starred", params=[SIMPLE], filters=FILTERS)
def list_starred_projects(call: dsl.Call) -> Projects:
    """List the projects that the user starred."""
    starred = [star.project_id for star in call.store[Star].where(user_id=access.me(call).id)]
    found = visible(call).among("id", starred)
    return dsl.present(found, BASIC_PROJECT if call.option("simple") else PROJECT)  # type: ignore[no-any-return]


@v3.get("projects/all", rule=access.ADMIN, params=[SIMPLE, STATISTICS], filters=FILTERS)
@v3.get("projects/visible", rule=access.ANYONE, params=[SIMPLE], filters=FILTERS)
def list_visible_projects(call: dsl.Call) -> Projects:
    """List the projects that the user may see; all of them for administrators."""
    return present_projects(call, visible(call))  # type: ignore[no-any-return]


@v3.get("projects/search/:query", rule=access.ANYONE, shape=PROJECT, filters=[ORDER])
def search_projects(call: dsl.Call, query: Annotated[str, "What the name holds"]) -> Projects:
    """List the projects that the user may see whose path, name or description holds a text."""
    return by.SEARCH.narrow(visible(call), query, call)


# One project

SWITCHES = (
    *("description", "issues_enabled", "merge_requests_enabled", "wiki_enabled", "builds_enabled"),
    *("snippets_enabled", "shared_runners_enabled", "container_registry_enabled", "lfs_enabled", "public"),
    *("visibility_level", "public_builds", "request_access_enabled", "only_allow_merge_if_build_succeeds"),
    "only_allow_merge_if_all_discussions_are_resolved",
)
RENAMES = {
    "builds_enabled": dsl.Renamed("jobs_enabled"),
    "only_allow_merge_if_build_succeeds": dsl.Renamed("only_allow_merge_if_pipeline_succeeds"),
    "visibility_level": VISIBILITY_LEVEL,
    "public": dsl.Renamed("visibility", lambda public: "public" if public else "private", bool),
}


def update_project(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Change a project; only owners rename it."""
    if given.get("name") and access.level(call, project) < access.OWNER:
        raise Forbidden(reason=f"only owners rename a project, {access.me(call).username} is none")
    return one(projects.update(call, project, given))


def delete_project(call: dsl.Call, project: Project) -> bool:
    """Delete a project at once."""
    erase(call, project)
    return True


v3.adopt(v4, "GET", "projects/:id", rule=access.ANYONE, takes=())
v3.adopt(v4, "POST", "projects", takes=(NAME, "path", *SWITCHES, "namespace_id", "import_url"), renames=RENAMES)
v3.adopt(
    v4,
    "POST",
    "projects/user/:user_id",
    takes=("name", "default_branch", *SWITCHES, "namespace_id", "import_url"),
    renames=RENAMES,
)
v3.adopt(
    v4,
    "PUT",
    "projects/:id",
    takes=("name", "default_branch", "path", *SWITCHES),
    renames=RENAMES,
    handler=update_project,
)
v3.adopt(v4, "DELETE", "projects/:id", takes=(), handler=delete_project, success=200)
v3.adopt(v4, "POST", "projects/:id/archive")
v3.adopt(v4, "POST", "projects/:id/unarchive")
v3.adopt(v4, "POST", "projects/:id/unarchive", at="DELETE projects/:id/unarchive", success=201)
"""As python-gitlab asked for it until 1.0, though GitLab had no such operation."""
v3.adopt(v4, "POST", "projects/:id/star")
v3.adopt(v4, "POST", "projects/:id/unstar", at="DELETE projects/:id/star")
v3.adopt(v4, "POST", "projects/:id/share", takes=("group_id", "group_access", "expires_at"))
v3.adopt(v4, "DELETE", "projects/:id/share/:group_id", success=204)
v3.adopt(v4, "GET", "projects/:id/users", rule=access.ANYONE, filters=[SEARCH_USERS])


@v3.get("projects/:id/events", rule=access.ANYONE, shape=EVENT)
def list_events(call: dsl.Call, project: Project) -> Query[Any]:
    """List what was done in a project, the newest first."""
    return list_project_events(call, project).order_by("id", descending=True)


# Files for texts in Markdown

v3.dialect.show({UPLOAD: UPLOAD.only("alt", "url", "markdown")})
v3.adopt(v4, "POST", "projects/:id/uploads")


# Forks


def _link(fork: Project) -> dict[str, Any]:
    """Return the record that ties a fork to its source."""
    times = {"created_at": fork.created_at, "updated_at": fork.updated_at}
    return {
        "id": fork.id,
        "forked_to_project_id": fork.id,
        "forked_from_project_id": fork.forked_from_project_id,
        **times,
    }


@v3.post("projects/fork/:id")
def fork_project(
    call: dsl.Call, project: Project, namespace: Annotated[str | None, "The ID or path of the target"] = None
) -> Any:
    """Fork a project into the user's own or another namespace."""
    if not project_forks.may_fork(call, project):
        raise NotFound("Project", reason=f"{access.me(call).username} may not fork {project.full_path}")
    return one(project_forks.fork(call, project, _target(call, namespace), {}))


def _target(call: dsl.Call, wanted: str | None) -> Group:
    if not wanted:
        return call.store[Group][PERSONAL_ID_ABOVE + access.me(call).id]
    try:
        return find_namespace(call, wanted)
    except NotFound as error:
        raise NotFound("Target Namespace", reason=error.reason) from None


@v3.post("projects/:id/fork/:forked_from_id", rule=access.ADMIN)
def create_fork_relation(call: dsl.Call, project: Project, forked_from_id: int) -> dict[str, Any]:
    """Declare a project to be a fork of another."""
    source = call.store[Project].get(forked_from_id)
    if source is None:
        raise NotFound("Source Project", reason=f"there is no project {forked_from_id}")
    if project.forked_from_project_id is not None:
        raise Conflict("Project already forked", reason=f"it is a fork of project {project.forked_from_project_id}")
    return _link(call.store.update(project, forked_from_project_id=source.id))


@v3.delete("projects/:id/fork", rule=access.AS_OWNER)
def delete_fork_relation(call: dsl.Call, project: Project) -> Any:
    """Make a fork a project of its own; one that is none is answered with null, since 8.15 with 304."""
    if project.forked_from_project_id is None:
        return dsl.present(None, status=304) if era(call.settings) >= (8, 15) else None
    call.store.update(project, forked_from_project_id=None)
    return _link(project)
