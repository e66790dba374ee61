"""Updating mirrors. Those on this instance get, or give, the branches and tags; elsewhere nothing is sent.

Source: https://docs.gitlab.com/user/project/repository/mirror/, GitLab's app/services/remote_mirrors/sync_service.rb,
app/services/projects/update_remote_mirror_service.rb.
"""

import re
from base64 import b64encode
from typing import Any
from urllib.parse import unquote

from mockgitlab import dsl
from mockgitlab.api import protected_refs
from mockgitlab.api.models.mirror import PullMirror, RemoteMirror, split_url
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.pushes import move_ref
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.history import leads_to
from mockgitlab.git.objects import peeled

DENIED = "2:remote: HTTP Basic: Access denied. fatal: Authentication failed"


def push_to_mirrors(call: dsl.Call, project: Project) -> None:
    """Update every mirror of a project that was pushed to."""
    for mirror in call.store[RemoteMirror].having("project_id", project.id):
        if mirror.enabled:
            push_to_mirror(call, call.store.fresh(project), mirror)


def push_to_mirror(call: dsl.Call, project: Project, mirror: RemoteMirror) -> RemoteMirror:
    """Push a project's branches and tags to a mirror."""
    target = project_at(call, mirror.address)
    error = _refusal(call, mirror, target) if target is not None else ""
    if target is not None and target.id != project.id and not error:
        only = mirror.only_protected_branches
        _copy(call.store, project, target, only, mirror.mirror_branch_regex, force=not mirror.keep_divergent_refs)
    return call.store.update(mirror, **_outcome(call, error))


def pull_from_mirror(call: dsl.Call, project: Project, mirror: PullMirror) -> PullMirror:
    """Pull the branches and tags of the repository that a project mirrors."""
    source = project_at(call, project.import_url or "")
    if source is not None and source.id != project.id:
        only = project.only_mirror_protected_branches is True
        force = project.mirror_overwrites_diverged_branches is True
        _copy(call.store, source, project, only, mirror.mirror_branch_regex, force=force, protected_by=project)
    return call.store.update(mirror, **_outcome(call, ""))


def _outcome(call: dsl.Call, error: str) -> dict[str, Any]:
    done = {"update_status": "failed" if error else "finished", "last_error": error or None}
    at = {"last_update_started_at": call.now, "last_update_at": call.now}
    return {**done, **at, **({} if error else {"last_successful_update_at": call.now})}


def project_at(call: dsl.Call, url: str) -> Project | None:
    """Return the project of this instance that a URL means."""
    parts, own = split_url(url), split_url(call.base)
    if parts is None or own is None or (parts.hostname, parts.port) != (own.hostname, own.port):
        return None
    path = unquote(parts.path.removeprefix(own.path).strip("/")).removesuffix(".git")
    return find_project(call.store, path) if "/" in path else None


def _refusal(call: dsl.Call, mirror: RemoteMirror, target: Project) -> str:
    parts = split_url(mirror.address)
    token = call.store[Token].find(value=unquote(parts.password or "")) if parts else None
    user = call.store[User].get(token.user_id) if token and not token.revoked and not token.expired(call.now) else None
    return "" if protected_refs.may_push(call.store, user, target) else DENIED


def _copy(
    store: dsl.Store,
    source: Project,
    target: Project,
    only_protected: bool,
    regex: str | None,
    *,
    force: bool,
    protected_by: Project | None = None,
) -> None:
    own, there = Repository(store, source).refs, Repository(store, target).refs
    for name, sha in own.items():
        branch = name.removeprefix(HEADS)
        kept = not only_protected or bool(protections(store, protected_by or source, branch))
        chosen = name.startswith(TAGS) or (name.startswith(HEADS) and kept and _matches(regex, branch))
        if chosen and (force or _follows(store, there.get(name), sha)) and not Repository(store, target).blocks(name):
            move_ref(store, store.fresh(target), name, sha)


def _matches(regex: str | None, branch: str) -> bool:
    return not regex or re.search(regex, branch) is not None


def _follows(store: dsl.Store, old: str | None, new: str) -> bool:
    if old is None or old == new:
        return True
    before, after = peeled(store.objects, old), peeled(store.objects, new)
    return before is not None and after is not None and leads_to(store.objects, before, after)


def new_public_key(store: dsl.Store) -> str:
    """Return a new public key for SSH, the same for the same calls in the same world."""
    digits = "".join(store.mint_hex("ssh key", 128) for _ in range(4))
    modulus = b"\0" + (int(digits, 16) | 1 | 1 << 2047).to_bytes(256, "big")
    parts = (b"ssh-rsa", b"\1\0\1", modulus)
    return f"ssh-rsa {b64encode(b''.join(len(part).to_bytes(4, 'big') + part for part in parts)).decode()}"
