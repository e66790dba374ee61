"""Creating, changing and deleting releases, their links and their evidence.

Source: GitLab's app/services/releases/ and app/models/releases/link.rb.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import Evidence, LinkType, Release, ReleaseLink, find_release, links_of
from mockgitlab.api.protected_refs import may_create_tag
from mockgitlab.api.services import tags
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.api.url_rules import blocked
from mockgitlab.errors import ApiError, BadRequest, Conflict, Forbidden, NotFound, Unprocessable
from mockgitlab.git.objects import peeled

SCHEMES = ("http", "https", "ftp")
FILEPATH = re.compile(r"/(?!.*//)(?!/)[-.\w/]*[\dA-Za-z]")
FILEPATH_AT_MOST = 128


def create(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> Release:
    """Create a release, and its tag where ``ref`` says of what."""
    name = given["tag_name"]
    _check_free(call, project, name)
    milestone_ids = milestones_of(call, project, given) or ()
    sha = _ensure_tag(call, project, name, given)
    release = call.store.insert(
        Release(
            project_id=project.id,
            tag_name=name,
            given_name=given.get("name"),
            description=given.get("description"),
            author_id=access.me(call).id,
            sha=peeled(call.store.objects, sha),
            released_at=given.get("released_at") or call.now,
            milestone_ids=tuple(milestone_ids),
        )
    )
    _add_links(call, release, (given.get("assets") or {}).get("links") or [])
    if (release.released_at or "")[:19] == call.now[:19]:
        collect_evidence(call, release)
    touch(call, project)
    return release


def _check_free(call: dsl.Call, project: Project, tag: str) -> None:
    if not may_create_tag(call.store, access.me(call), project, tag):
        error = Forbidden(reason=f"the tag {tag} is protected")
        error.message = "You are not allowed to create this tag as it is protected."
        raise error
    if find_release(call.store, project, tag) is not None:
        raise Conflict("Release already exists", reason=f"{project.full_path} has a release {tag}")


def touch(call: dsl.Call, project: Project) -> None:
    """Note that a project's releases changed."""
    call.store.update(call.store.fresh(project), updated_at=call.now)


def _ensure_tag(call: dsl.Call, project: Project, name: str, given: Mapping[str, Any]) -> str:
    known = Repository(call.store, project).ref(TAGS + name)
    if known is not None:
        return known
    if given.get("ref") is None:
        raise Unprocessable("Ref is not specified", reason=f"there is no tag {name}; ref says of what to make it")
    return tags.create(call, project, name, given["ref"], given.get("tag_message"))


def milestones_of(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> list[int] | None:
    """Return the ids of the milestones that are given by title or id; nothing where none are."""
    key, column = ("milestones", "title") if given.get("milestones") is not None else ("milestone_ids", "id")
    wanted = given.get(key)
    if wanted is None:
        return None
    known = _usable_milestones(call, project).among(column, wanted)
    missing = set(wanted) - {getattr(one, column) for one in known}
    if missing:
        what = "Milestone(s)" if key == "milestones" else "Milestone id(s)"
        names = ", ".join(str(one) for one in wanted if one in missing)
        raise BadRequest(f"{what} not found: {names}", reason=f"{project.full_path} and its group have no such")
    return [one.id for one in known]


def _usable_milestones(call: dsl.Call, project: Project) -> Any:
    owners = [f"project {project.id}"]
    if call.settings.edition == "ee":
        owners.append(f"group {project.namespace_id}")
    return call.store[Milestone].all().among("owner", owners)


def update(call: dsl.Call, project: Project, release: Release, given: Mapping[str, Any]) -> Release:
    """Change a release."""
    check_protection(call, project, release)
    check_tag(call, project, release)
    changes = {key: given[key] for key in ("description", "released_at") if key in given}
    if "name" in given:
        changes["given_name"] = given["name"]
    milestone_ids = milestones_of(call, project, given)
    if milestone_ids is not None:
        changes["milestone_ids"] = tuple(milestone_ids)
    if not changes:
        raise BadRequest("params is empty", reason="give name, description, released_at or milestones")
    touch(call, project)
    return call.store.update(release, **changes)


def check_protection(call: dsl.Call, project: Project, release: Release) -> None:
    """Raise ``Forbidden`` for who may not create the tag of a release, if it is protected."""
    if not may_create_tag(call.store, access.me(call), project, release.tag_name):
        raise Forbidden(reason=f"the tag {release.tag_name} is protected")


def check_tag(call: dsl.Call, project: Project, release: Release) -> None:
    """Raise ``NotFound`` where the tag of a release is gone."""
    if Repository(call.store, project).ref(TAGS + release.tag_name) is None:
        error = NotFound(reason=f"{project.full_path} has no tag {release.tag_name}")
        error.message = "Tag does not exist"
        raise error


# Evidence


def collect_evidence(call: dsl.Call, release: Release) -> Evidence:
    """Keep what a release is now."""
    return insert_evidence(call.store, release, call.view())


def insert_evidence(store: dsl.Store, release: Release, view: dsl.View) -> Evidence:
    """Keep what a release is now, with its project and its milestones."""
    project = store[Project][release.project_id]
    milestones = [store[Milestone][id] for id in release.milestone_ids]
    summary = {
        "id": release.id,
        "tag_name": release.tag_name,
        "name": release.name(view),
        "description": release.description,
        "created_at": release.created_at,
        "project": {"id": project.id, "name": project.name, "description": project.description},
        "milestones": view.many(MILESTONE, milestones),
    }
    return store.insert(Evidence(release_id=release.id, summary=json.dumps({"release": summary}, ensure_ascii=False)))


# Links


def link_columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a link as it is given; ``filepath`` is the older name of ``direct_asset_path``."""
    columns = {key: given[key] for key in ("name", "url", "link_type") if key in given}
    if "direct_asset_path" in given or "filepath" in given:
        columns["filepath"] = given.get("direct_asset_path") or given.get("filepath") or None
    return columns


def link_problems(store: dsl.Store, columns: Mapping[str, Any], others: list[ReleaseLink]) -> list[tuple[str, str]]:
    """Return what is wrong with the columns of a link beside those there are: each column, and what it is."""
    found = [("url", problem) for problem in _url_problems(str(columns.get("url") or ""))]
    if not str(columns.get("name") or "").strip():
        found.append(("name", "can't be blank"))
    found += [("filepath", problem) for problem in _filepath_problems(columns.get("filepath"))]
    for key in ("url", "name", "filepath"):
        if columns.get(key) and any(getattr(other, key) == columns[key] for other in others):
            found.append((key, "has already been taken"))
    return found


def _url_problems(url: str) -> list[str]:
    problem = blocked(url, SCHEMES) if url.strip() else "can't be blank"
    return [problem] if problem else []


def _filepath_problems(path: str | None) -> list[str]:
    if not path:
        return []
    found = [] if FILEPATH.fullmatch(path) else ["is invalid"]
    return [*found, *([f"is too long (maximum is {FILEPATH_AT_MOST} characters)"] * (len(path) > FILEPATH_AT_MOST))]


def _add_links(call: dsl.Call, release: Release, given: list[Mapping[str, Any]]) -> None:
    columns = [link_columns(one) for one in given]
    problems = [f"Links {key} {problem}" for one in columns for key, problem in link_problems(call.store, one, [])]
    for key in ("name", "url", "filepath") if not problems else ():
        values = [str(one[key]) for one in columns if one.get(key)]
        twice = list(dict.fromkeys(value for value in values if values.count(value) > 1))
        problems += [f"Links have duplicate values ({', '.join(twice)})"] if twice else []
    if problems:
        raise BadRequest(f"Validation failed: {', '.join(problems)}", reason="see assets[links]")
    for one in columns:
        _check_type(one)
        call.store.insert(ReleaseLink(release_id=release.id, **one))


def _check_type(columns: dict[str, Any]) -> None:
    if columns.get("link_type") is None:
        columns.pop("link_type", None)
    elif columns["link_type"] not in get_args(LinkType):
        kind = columns["link_type"]
        raise BadRequest(f"'{kind}' is not a valid link_type", reason=f"known are {', '.join(get_args(LinkType))}")


class LinkRefused(ApiError):
    """A link is not as it must be; the message lists sentences."""


def create_link(call: dsl.Call, release: Release, given: Mapping[str, Any]) -> ReleaseLink:
    """Add a link to a release."""
    columns = link_columns(given)
    _check_link(call, columns, list(links_of(call.store, release)))
    return call.store.insert(ReleaseLink(release_id=release.id, **columns))


def update_link(call: dsl.Call, release: Release, link: ReleaseLink, given: Mapping[str, Any]) -> ReleaseLink:
    """Change a link of a release."""
    changes = link_columns(given)
    kept = {"name": link.name, "url": link.url, "filepath": link.filepath}
    _check_link(call, {**kept, **changes}, [one for one in links_of(call.store, release) if one.id != link.id])
    return call.store.update(link, **changes)


def _check_link(call: dsl.Call, columns: Mapping[str, Any], others: list[ReleaseLink]) -> None:
    problems = [f"{key.capitalize()} {problem}" for key, problem in link_problems(call.store, columns, others)]
    if problems:
        raise LinkRefused(problems, reason="; ".join(problems))
