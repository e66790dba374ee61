"""Deploy keys of projects, and, for administrators, of the whole instance.

Source: https://docs.gitlab.com/api/deploy_keys/ and GitLab's lib/api/deploy_keys.rb, lib/api/users.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deploy_key import (
    DEPLOY_KEY,
    DEPLOY_KEY_OF_INSTANCE,
    DEPLOY_KEYS_PROJECT,
    DeployKeysProject,
    deploy_keys,
    enabled_in,
)
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.deploy_keys import accessible, enable, keys_in, may_rename, member_projects
from mockgitlab.api.services.keys import PartRefused, add_key, add_key_within, title_problems
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import BY_NAME, v4
from mockgitlab.errors import Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/deploy_keys"
CAN_PUSH = dsl.param("can_push", bool, "Whether the deploy key may push to the repository")
NEW = [
    dsl.param("key", str, "The public SSH key", required=True),
    dsl.param("title", str, "The title of the deploy key", required=True),
    dsl.param("expires_at", dsl.Timestamp, "When the deploy key ceases to be valid"),
]


@v4.get("deploy_keys", rule=access.ADMIN_AFTER_PARAMETERS, shape=DEPLOY_KEY_OF_INSTANCE)
def list_all_deploy_keys(
    call: dsl.Call, public: Annotated[bool | None, "Only those that every project may enable"] = False
) -> Query[Key]:
    """List all deploy keys of the instance."""
    return deploy_keys(call.store).where(public=True) if public else deploy_keys(call.store)


@v4.post("deploy_keys", rule=access.ADMIN_AFTER_PARAMETERS, params=NEW, shape=DEPLOY_KEY, since="17.5")
def create_public_deploy_key(call: dsl.Call, given: dsl.Given) -> Key:
    """Add a deploy key that every project may enable."""
    return add_key(call.store, given, creator_id=access.me(call).id, public=True)


# Of projects


@v4.locator(f"{AT}/:key_id", integer=True)
def find_deploy_key(call: dsl.Call, value: str) -> DeployKeysProject:
    """Return the deploy key with this id, as it is enabled for the project."""
    project, deletes = call.at(Project), call.operation.method == "DELETE"
    found = enabled_in(call.store, project).where(deploy_key_id=int(value)).first()
    if found is None:
        reason = f"{project.full_path} has no deploy key {value}"
        raise NotFound("Deploy key", reason=reason) if deletes else RecordNotFound(reason=reason)
    return found


@v4.get(AT, rule=access.AS_MAINTAINER, shape=DEPLOY_KEYS_PROJECT)
def list_deploy_keys(call: dsl.Call, project: Project) -> Query[DeployKeysProject]:
    """List the deploy keys of a project."""
    return enabled_in(call.store, project)


@v4.get(f"{AT}/:key_id", rule=access.AS_MAINTAINER, shape=DEPLOY_KEYS_PROJECT)
def show_deploy_key(found: DeployKeysProject) -> DeployKeysProject:
    """Show a deploy key of a project."""
    return found


@v4.post(AT, rule=access.AS_MAINTAINER, params=[*NEW, CAN_PUSH], shape=DEPLOY_KEYS_PROJECT)
def add_deploy_key(call: dsl.Call, project: Project, given: dsl.Given) -> DeployKeysProject:
    """Add a deploy key to a project; one that another project of the caller's has, or a public one, is enabled."""
    text, store, user = given["key"].strip(), call.store, access.me(call)
    known = [store[Key][one.deploy_key_id] for one in enabled_in(store, project)]
    key = next((one for one in (*known, *accessible(store, user)) if one.key == text), None)
    if key is None:
        key = add_key_within(store, "deploy_key", given, creator_id=user.id)
    return enable(store, project, key, can_push=bool(given.get("can_push")))


@v4.put(
    f"{AT}/:key_id",
    rule=access.AS_MAINTAINER,
    params=[dsl.param("title", str, "The title of the deploy key"), CAN_PUSH],
    constraints=[dsl.at_least_one_of("title", "can_push")],
    shape=DEPLOY_KEYS_PROJECT,
)
def update_deploy_key(call: dsl.Call, found: DeployKeysProject, given: dsl.Given) -> DeployKeysProject:
    """Change whether a deploy key may push, and its title, which stays for who may not change that."""
    key = call.store[Key][found.deploy_key_id]
    if "title" in given and may_rename(call, key):
        if problems := title_problems(given["title"]):
            raise PartRefused("deploy_key", problems)
        call.store.update(key, title=given["title"])
    return call.store.update(found, **given.only("can_push"))


@v4.delete(f"{AT}/:key_id", rule=access.AS_MAINTAINER)
def remove_deploy_key(call: dsl.Call, found: DeployKeysProject) -> None:
    """Take a deploy key from a project; it goes for good when no other project has it, unless it is public."""
    remove(call.store, found)


def find_accessible_key(call: dsl.Call, value: str) -> Key:
    """Return the deploy key with this id that the caller may enable; administrators may enable any."""
    may = deploy_keys(call.store) if access.is_admin(call) else accessible(call.store, access.me(call))
    key = next((one for one in may if one.id == int(value)), None)
    if key is None:
        raise NotFound("Deploy key", reason=f"no deploy key {value} is public or of a project of the caller's")
    return key


ACCESSIBLE = (("key_id", dsl.Locator(find_accessible_key, integer=True)),)


@v4.post(f"{AT}/:key_id/enable", rule=access.AS_MAINTAINER, shape=DEPLOY_KEY, locators=ACCESSIBLE)
def enable_deploy_key(call: dsl.Call, project: Project, key: Key) -> Key:
    """Enable a deploy key for a project: a public one, or one of another project of the caller's."""
    enable(call.store, project, key)
    return key


# Of users


@v4.get("users/:id_or_username/project_deploy_keys", shape=DEPLOY_KEY, locators=BY_NAME, since="15.1")
def list_common_deploy_keys(call: dsl.Call, user: User) -> Query[Key]:
    """List the deploy keys of the projects that both a user and the caller maintain."""
    store, me = call.store, access.me(call)
    projects = member_projects(store, me, access.MAINTAINER) & member_projects(store, user, access.MAINTAINER)
    if not projects:
        reason = f"{me.username} and {user.username} are together maintainers of no project"
        raise Forbidden("No common authorized project found", reason=reason)
    return keys_in(store, projects)
