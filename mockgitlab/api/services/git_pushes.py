"""Pushes of git: taking the objects, telling what is refused, and moving the refs.

What of them GitLab itself refuses, ``push_checks`` knows. Source: GitLab's lib/gitlab/checks/.
"""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.branches import conflicts
from mockgitlab.api.services.push_checks import Change, refusal
from mockgitlab.api.services.pushes import carry_out
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.names import is_branch_name, is_ref_name
from mockgitlab.git.packs import PackError, PackReader
from mockgitlab.git.protocol import ZERO, ProtocolError, packet
from mockgitlab.git.receive import Command, Push, read_push, report
from mockgitlab.git.soundness import Unsound, check

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
    refused = [text for one in pushed.commands if (text := _refusal(call, project, one))]
    if refused:
        return report(pushed, "ok", dict.fromkeys(names, DECLINED), [f"GitLab: {refused[0]}"])
    problems = {one.name: text for one in pushed.commands if (text := _problem(call, project, one))}
    if problems and "atomic" in pushed.can:
        problems = {name: problems.get(name, "atomic push failure") for name in names}
    for one in pushed.commands:
        if one.name not in problems:
            carry_out(call, call.at(Project), one.name, None if one.new == ZERO else one.new)
    return report(pushed, "ok", problems)


def _unpack(call: dsl.Call, pushed: Push) -> None:
    """Keep the objects of a push once all are found sound, so that no later push leads to one that is not."""
    arrived = call.store.objects.fork()
    shas = PackReader(arrived, pushed.pack).read() if pushed.pack else []
    check(arrived, shas)
    for one in pushed.commands:
        if one.new != ZERO and arrived.get(one.new) is None:
            raise Unsound(f"missing necessary objects: {one.new}")
    call.store.objects.adopt(arrived)


def _refusal(call: dsl.Call, project: Project, one: Command) -> str:
    """Return why GitLab does not let the current user do this, in its words; nothing where it does."""
    old, new = (None if sha == ZERO else sha for sha in (one.old, one.new))
    return refusal(call, project, Change(one.name, old, new, web=False))


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
