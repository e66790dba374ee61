"""Pushes of git: what GitLab refuses of them, and moving the refs.

Source: GitLab's lib/gitlab/checks/branch_check.rb, tag_check.rb, change_access.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import protections
from mockgitlab.api.services.branches import conflicts
from mockgitlab.api.services.pushes import push
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.history import leads_to
from mockgitlab.git.names import is_branch_name, is_ref_name
from mockgitlab.git.objects import peeled
from mockgitlab.git.packs import PackError, PackReader
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.git.transfer import ZERO, Command, ProtocolError, Push, packet, read_push, report

DECLINED = "pre-receive hook declined"


def receive(call: dsl.Call, project: Project, body: bytes) -> dsl.Raw:
    """Take a push: all objects or none, every ref that may move, and tell how it went."""
    try:
        pushed = read_push(body)
        answer = _receive(call, project, pushed)
    except ProtocolError as error:
        answer = packet(f"ERR {error}\n")
    return dsl.Raw(answer, "application/x-git-receive-pack-result", headers={"Cache-Control": "no-cache"})


def _receive(call: dsl.Call, project: Project, pushed: Push) -> bytes:
    names = [one.name for one in pushed.commands]
    try:
        _unpack(call, pushed)
    except (PackError, Unsound) as error:
        return report(pushed, str(error), dict.fromkeys(names, "unpacker error"), [f"fatal: {error}"])
    refused = [text for one in pushed.commands if (text := refusal(call, project, one))]
    if refused:
        return report(pushed, "ok", dict.fromkeys(names, DECLINED), [f"GitLab: {refused[0]}"])
    problems = {one.name: text for one in pushed.commands if (text := _problem(call, project, one))}
    if problems and "atomic" in pushed.can:
        problems = {name: problems.get(name, "atomic push failure") for name in names}
    for one in pushed.commands:
        if one.name not in problems:
            push(call, call.at(Project), one.name, None if one.new == ZERO else one.new)
    return report(pushed, "ok", problems)


def _unpack(call: dsl.Call, pushed: Push) -> None:
    objects = call.store.objects
    shas = PackReader(objects, pushed.pack).read() if pushed.pack else []
    check(objects, shas)
    for one in pushed.commands:
        if one.new != ZERO and objects.get(one.new) is None:
            raise Unsound(f"missing necessary objects: {one.new}")


def refusal(call: dsl.Call, project: Project, one: Command) -> str:
    """Return why GitLab does not let the current user do this, in its words; nothing where it does."""
    if one.name.startswith(TAGS):
        replaces = one.old != ZERO and one.new != ZERO
        text = "You are not allowed to change existing tags on this project."
        return text if replaces and access.level(call, project) < access.MAINTAINER else ""
    branch = one.name.removeprefix(HEADS)
    kept = protections(call.store, project.id, branch)
    if one.new == ZERO:
        return _deletion_refusal(call, project, branch, protected=bool(kept))
    if not code.may_push_to(call, project, branch):
        return "You are not allowed to push code to protected branches on this project."
    if kept and is_forced(call, one) and not all(rule.allow_force_push for rule in kept):
        return "You are not allowed to force push code to a protected branch on this project."
    return ""


def _deletion_refusal(call: dsl.Call, project: Project, branch: str, *, protected: bool) -> str:
    if branch == Repository(call.store, project).default_branch:
        return "The default branch of a project cannot be deleted."
    if not protected:
        return ""
    if access.level(call, project) < access.MAINTAINER:
        return (
            "You are not allowed to delete protected branches from this project. "
            "Only a project maintainer or owner can delete a protected branch."
        )
    return "You can only delete protected branches using the web interface."


def is_forced(call: dsl.Call, one: Command) -> bool:
    """Tell whether a branch would lose commits."""
    objects = call.store.objects
    old, new = peeled(objects, one.old), peeled(objects, one.new)
    return old is not None and new is not None and not leads_to(objects, old, new)


def _problem(call: dsl.Call, project: Project, one: Command) -> str:
    """Return why git does not move a ref; nothing where it does."""
    repository, short = Repository(call.store, project), one.name.split("/", 2)[-1]
    if not one.name.startswith((HEADS, TAGS)):
        return "deny updating a hidden ref"
    if not (is_branch_name(short) if one.name.startswith(HEADS) else is_ref_name(short)):
        return "funny refname"
    if (repository.ref(one.name) or ZERO) != one.old:
        return "failed to update ref"
    if one.new == ZERO:
        return ""
    found = call.store.objects.get(one.new)
    if one.name.startswith(HEADS) and (found is None or found[0] != "commit"):
        return "cannot update ref: trying to write non-commit object to branch"
    return "failed to update ref" if conflicts(repository, one.name) else ""
