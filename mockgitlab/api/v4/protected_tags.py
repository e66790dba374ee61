"""Protected tags. Source: https://docs.gitlab.com/api/protected_tags/ and GitLab's lib/api/protected_tags.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import PROTECTED_TAG, ProtectedTag
from mockgitlab.api.services.protected_refs import LEVELS, change, entry_params
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import RecordNotFound, Unprocessable
from mockgitlab.store import Query

AT = "projects/:id/protected_tags"
DEPLOY_KEY = dsl.param("deploy_key_id", int, "A deploy key", since="17.5")
CREATE = [
    dsl.param("name", str, "The name of the tag or a wildcard", required=True),
    dsl.param("create_access_level", int, "The role from which on one may create the tag", enum=LEVELS),
    dsl.param("allowed_to_create", list[dict[str, Any]], "Who may create the tag", nested=entry_params(DEPLOY_KEY)),
]


@v4.locator(f"{AT}/:name")
def find_protected_tag(call: dsl.Call, value: str) -> ProtectedTag:
    """Return what a project protects by a name."""
    found = call.store[ProtectedTag].find(project_id=call.at(Project).id, name=value)
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} protects no tag {value!r}")
    return found


@v4.get(AT, rule=access.AS_MAINTAINER, shape=PROTECTED_TAG)
def list_protected_tags(call: dsl.Call, project: Project) -> Query[ProtectedTag]:
    """List the protected tags of a project."""
    return call.store[ProtectedTag].where(project_id=project.id)


@v4.get(f"{AT}/:name", rule=access.AS_MAINTAINER, shape=PROTECTED_TAG)
def show_protected_tag(found: ProtectedTag) -> ProtectedTag:
    """Show a protected tag."""
    return found


@v4.post(AT, rule=access.AS_MAINTAINER, params=CREATE, shape=PROTECTED_TAG)
def protect_tag(call: dsl.Call, project: Project, given: dsl.Given) -> ProtectedTag:
    """Protect a tag, or several by a wildcard."""
    if call.store[ProtectedTag].find(project_id=project.id, name=given["name"]) is not None:
        raise Unprocessable(["Name has already been taken"], reason=f"{project.full_path} protects it already")
    made = call.store.insert(ProtectedTag(project_id=project.id, name=given["name"]))
    change(call, made, project, ("create",), given, default=True)
    return made


@v4.delete(f"{AT}/:name", rule=access.AS_MAINTAINER)
def unprotect_tag(call: dsl.Call, found: ProtectedTag) -> None:
    """Take the protection of a tag away."""
    remove(call.store, found)
