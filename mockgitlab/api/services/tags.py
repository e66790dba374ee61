"""Creating and deleting tags. Source: GitLab's app/services/tags/*.rb."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import find_release
from mockgitlab.api.services.pushes import person_of, push
from mockgitlab.api.services.removal import remove
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.errors import BadRequest
from mockgitlab.git.names import is_ref_name
from mockgitlab.git.objects import write_tag


def create(call: dsl.Call, project: Project, name: str, ref: str, message: str | None) -> str:
    """Create a tag and return the object that it names; with a message it is an annotated one."""
    sha, message = _target(call, project, name, ref), (message or "").strip()
    if message:
        sha = write_tag(call.store.objects, name, sha, person_of(access.me(call), call.view()), message)
    push(call, project, TAGS + name, sha)
    return sha


def _target(call: dsl.Call, project: Project, name: str, ref: str) -> str:
    """Return the commit to tag; raises ``BadRequest`` in the words of GitLab's service."""
    repository = Repository(call.store, project)
    if not ref:
        raise BadRequest("Target is empty", reason="ref was empty")
    if not is_ref_name(name):
        raise BadRequest("Tag name invalid", reason=f"{name!r} is no name for a tag")
    if repository.ref(TAGS + name) is not None or repository.blocks(TAGS + name):
        raise BadRequest(f"Tag {name} already exists", reason=f"{project.full_path} has it, or one in its way")
    commit = repository.commit(ref)
    if commit is None:
        raise BadRequest(f"Target {ref} is invalid", reason=f"{project.full_path} has no branch, tag or commit {ref!r}")
    return commit.sha


def delete(call: dsl.Call, project: Project, name: str) -> None:
    """Delete a tag, and the release of it."""
    push(call, project, TAGS + name, None)
    release = find_release(call.store, project, name)
    if release is not None:
        remove(call.store, release)
