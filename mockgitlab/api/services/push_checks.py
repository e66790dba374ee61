"""What GitLab refuses of changes to branches and tags, whether they come by the API or by git.

Source: GitLab's lib/gitlab/checks/branch_check.rb and tag_check.rb.
"""

import re
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections, tag_protections
from mockgitlab.api.services import push_rules
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.history import leads_to
from mockgitlab.git.objects import peeled

DELETES_DEFAULT = "The default branch of a project cannot be deleted."
DELETES_PROTECTED = (
    "You are not allowed to delete protected branches from this project. "
    "Only a project maintainer or owner can delete a protected branch."
)
DELETES_PROTECTED_TAG = (
    "You are not allowed to delete protected tags from this project. "
    "Only a project maintainer or owner can delete a protected tag."
)
NOT_YOURS = "You are not allowed to push code to this project."
FORCES = "You are not allowed to force push code to a protected branch on this project."
PUSHES = "You are not allowed to push code to protected branches on this project."
MERGES = "You are not allowed to merge code into protected branches on this project."
CREATES = "You are not allowed to create protected branches on this project."
NOT_SAFE = "You can only use an existing protected branch ref as the basis of a new protected branch."
_HASH_AS_BRANCH = re.compile(r"[0-9a-fA-F]{40}(-/|/|\Z)")
_HASH_AS_TAG = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Change:
    """A ref that is to name another object.

    ``old`` is none where it is new, ``new`` where it is deleted; ``web`` tells that it comes by the API, ``merge`` that
    a merge request is merged.
    """

    name: str
    old: str | None
    new: str | None
    web: bool = True
    merge: bool = False


def refusal(call: dsl.Call, project: Project, change: Change) -> str:
    """Return why GitLab does not let the current user do this, in its words; nothing where it does."""
    if not change.web and not _may_push(call, project, change.name):
        return NOT_YOURS
    if not change.name.startswith((HEADS, TAGS)):
        return ""
    protected = (_tag_refusal if change.name.startswith(TAGS) else _branch_refusal)(call, project, change)
    return protected or push_rules.refusal(call, project, change)


def _may_push(call: dsl.Call, project: Project, name: str) -> bool:
    """Tell whether the current user may push a ref at all: members may, others to branches open for collaboration."""
    if call.user is None or protected_refs.may_push(call.store, access.me(call), project):
        return True
    branch = name.removeprefix(HEADS)
    return name.startswith(HEADS) and protected_refs.collaborates(call.store, access.me(call), project, branch)


def _branch_refusal(call: dsl.Call, project: Project, change: Change) -> str:
    branch = change.name.removeprefix(HEADS)
    if change.new is None and branch == Repository(call.store, project).default_branch:
        return DELETES_DEFAULT
    if change.new is not None and _HASH_AS_BRANCH.match(branch):
        return "You cannot create a branch with a 40-character hexadecimal branch name."
    if not protected_refs.is_protected(call.store, project, branch):
        return ""
    if is_forced(call, change) and not any(one.allow_force_push for one in protections(call.store, project, branch)):
        return FORCES
    if change.new is None:
        return _deletion_refusal(call, project, change)
    creates = change.old is None and not project.empty_repo
    return (_creation_refusal if creates else _update_refusal)(call, project, branch, change)


def is_forced(call: dsl.Call, change: Change) -> bool:
    """Tell whether a branch would lose commits."""
    objects = call.store.objects
    old, new = (peeled(objects, sha) if sha else None for sha in (change.old, change.new))
    return old is not None and new is not None and not leads_to(objects, old, new)


def _deletion_refusal(call: dsl.Call, project: Project, change: Change) -> str:
    if access.level(call, project) < access.MAINTAINER:
        return DELETES_PROTECTED
    return "" if change.web else "You can only delete protected branches using the web interface."


def _creation_refusal(call: dsl.Call, project: Project, branch: str, change: Change) -> str:
    user = access.me(call)
    if protected_refs.may_push_to(call.store, user, project, branch):
        return ""
    if not protected_refs.may_merge_into(call.store, user, project, branch):
        return CREATES
    heads = Repository(call.store, project).named(HEADS)
    bases = [name for name, sha in heads.items() if change.new and leads_to(call.store.objects, change.new, sha)]
    if not any(protections(call.store, project, name) for name in bases):
        return NOT_SAFE
    return "" if change.web else "You can only create protected branches using the web interface and API."


def _update_refusal(call: dsl.Call, project: Project, branch: str, change: Change) -> str:
    user = access.me(call)
    if change.merge:
        return "" if protected_refs.may_merge_into(call.store, user, project, branch) else MERGES
    if protected_refs.may_push_to(call.store, user, project, branch):
        return ""
    return _no_first_branch(call, project) if project.empty_repo else PUSHES


def _no_first_branch(call: dsl.Call, project: Project) -> str:
    """Return what GitLab says to who may not make the first branch."""
    return (
        f"\nA default branch (e.g. main) does not yet exist for {project.full_path}\n"
        "Ask a project Owner or Maintainer to create a default branch:\n\n"
        f"  {project.web_url(call.view())}/-/project_members\n\n"
    )


def _tag_refusal(call: dsl.Call, project: Project, change: Change) -> str:
    tag = change.name.removeprefix(TAGS)
    if change.old is None and tag == (project.default_branch or "main"):
        return "You cannot use default branch name to create a tag"
    if change.new is not None and (_HASH_AS_TAG.match(tag) or tag.startswith(TAGS)):
        what = "with a prohibited pattern" if tag.startswith(TAGS) else "with a SHA-1 or SHA-256 tag name"
        return f"You cannot create a tag {what}."
    return _protected_tag_refusal(call, project, tag, change) if tag_protections(call.store, project, tag) else ""


def _protected_tag_refusal(call: dsl.Call, project: Project, tag: str, change: Change) -> str:
    if change.old is not None and change.new is not None:
        return "Protected tags cannot be updated."
    if change.new is None and access.level(call, project) < access.MAINTAINER:
        return DELETES_PROTECTED_TAG
    if change.new is None and not change.web:
        return "You can only delete protected tags using the web interface."
    if protected_refs.may_create_tag(call.store, access.me(call), project, tag):
        return ""
    return "You are not allowed to create this tag as it is protected."
