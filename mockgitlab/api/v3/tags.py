"""Tags, and the releases that belong to them.

Source: GitLab 8's doc/api/tags.md, lib/api/tags.rb and app/services/{create,update}_release_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import find_release
from mockgitlab.api.services import releases
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.api.v3.base import Refusal, v3
from mockgitlab.api.v3.commits import chosen, commit_of_ref
from mockgitlab.api.v4 import tags
from mockgitlab.api.v4.base import v4

ALL = "projects/:id/repository/tags"
AT = f"{ALL}/:tag_name"
Description = Annotated[str, "What is new in it"]
shown = chosen("name", "message", "commit", "release", commit=commit_of_ref)


def _check_there(call: dsl.Call, project: Project, name: str, message: str) -> None:
    if Repository(call.store, project).ref(TAGS + name) is None:
        raise Refusal(404, message, reason=f"{project.full_path} has no tag {name!r}")


def list_tags(call: dsl.Call, project: Project) -> list[Any]:
    """List the tags of a repository by name, the last first."""
    return tags.list_tags(call, project, order_by="name")


def create_tag(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Create a tag, with a description a release of it as well."""
    made = tags.create_tag(call, project, given)
    if not given.get("release_description"):
        return made
    return {**made, "release": _release(call, given["tag_name"], given["release_description"])}


def delete_tag(call: dsl.Call, project: Project, tag_name: str) -> dict[str, str]:
    """Delete a tag, and the release of it."""
    _check_there(call, project, tag_name, "No such tag")
    tags.delete_tag(call, project, tag_name)
    return {"tag_name": tag_name}


NOTES = dsl.param("release_description", str, "What is new in a release of it")
v3.adopt(v4, "GET", ALL, handler=list_tags, takes=(), retold=shown, paginated=False)
v3.adopt(v4, "GET", AT, retold=shown)
v3.adopt(v4, "POST", ALL, handler=create_tag, takes=("tag_name", "ref", "message", NOTES), retold=shown)
v3.adopt(v4, "DELETE", AT, handler=delete_tag)


# Releases


def _release(call: dsl.Call, tag_name: str, description: str) -> dict[str, Any]:
    made = releases.create(call, call.at(Project), {"tag_name": tag_name, "description": description})
    return {"tag_name": made.tag_name, "description": made.description}


@v3.post(f"{AT}/release", rule=code.PUSH)
def create_release(call: dsl.Call, project: Project, tag_name: str, description: Description) -> dict[str, Any]:
    """Say what is new in a tag."""
    _check_there(call, project, tag_name, "Tag does not exist")
    return _release(call, tag_name, description)


@v3.put(f"{AT}/release", rule=code.PUSH)
def update_release(call: dsl.Call, project: Project, tag_name: str, description: Description) -> dict[str, Any]:
    """Change what is said to be new in a tag."""
    _check_there(call, project, tag_name, "Tag does not exist")
    release = find_release(call.store, project, tag_name)
    if release is None:
        raise Refusal(404, "Release does not exist", reason=f"the tag {tag_name} has no release")
    changed = releases.update(call, project, release, {"description": description})
    return {"tag_name": changed.tag_name, "description": changed.description}
