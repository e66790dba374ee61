"""Pushes of git: taking the objects, telling what is refused, and moving the refs.

What of them GitLab itself refuses, ``push_checks`` knows. Source: GitLab's lib/gitlab/checks/.
"""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.branches import conflicts
from mockgitlab.api.services.push_checks import Change, refusal
from mockgitlab.api.services.push_messages import messages
from mockgitlab.api.services.push_options import carry_out_options
from mockgitlab.api.services.pushes import carry_out
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.missing import everything, reach
from mockgitlab.git.names import is_branch_name, is_ref_name
from mockgitlab.git.packs import PackError, PackReader
from mockgitlab.git.protocol import ZERO, ProtocolError, packet
from mockgitlab.git.receive import Command, Push, read_push, report
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects

DECLINED = "pre-receive hook declined"
MIB = 1 << 20
TOO_BIG = """You are attempting to check in one or more blobs which exceed the {most}MiB limit:

{files}

To resolve this error, you must either reduce the size of the above blobs, or utilize LFS.
You may use "git ls-tree -r HEAD | grep $BLOB_ID" to see the file path."""


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
        too_big = _unpack(call, pushed)
    except (PackError, Unsound) as error:
        return report(pushed, str(error), dict.fromkeys(names, "unpacker error"), [f"fatal: {error}"])
    if too_big:
        return report(pushed, "ok", dict.fromkeys(names, DECLINED), [f"GitLab: {too_big}"])
    refused = [text for one in pushed.commands if (text := _refusal(call, project, one))]
    if refused:
        return report(pushed, "ok", dict.fromkeys(names, DECLINED), [f"GitLab: {refused[0]}"])
    stale = [text for one in pushed.commands if (text := _staleness(call, project, one))]
    problems = {one.name: text for one in pushed.commands if (text := _problem(call, project, one))}
    if problems and "atomic" in pushed.can:
        problems = {name: problems.get(name, "atomic push failure") for name in names}
    for one in pushed.commands:
        if one.name not in problems:
            carry_out(call, call.at(Project), one.name, None if one.new == ZERO else one.new)
    moved = [one.name for one in pushed.commands if one.name not in problems and one.new != ZERO]
    branches = [name.removeprefix(HEADS) for name in moved if name.startswith(HEADS)]
    warnings = carry_out_options(call, call.at(Project), branches, pushed.options)
    return report(pushed, "ok", problems, [*stale, *warnings, *messages(call, call.at(Project), moved)])


def _unpack(call: dsl.Call, pushed: Push) -> str:
    """Keep the objects of a push once all are found sound, so that no later push leads to one that is not.

    Returns what GitLab says of files that are too big; then none is kept.
    """
    most = call.settings.limits.push_bytes
    if len(pushed.pack) > most:
        raise PackError(f"pack exceeds maximum allowed size ({most / MIB:.2f} MiB)")
    arrived = call.store.objects.fork()
    shas = PackReader(arrived, pushed.pack).read() if pushed.pack else []
    named = check(arrived, shas) | {one.new for one in pushed.commands if one.new != ZERO}
    if foreign := _foreign(Repository(call.store, call.at(Project)), named.difference(shas)):
        raise Unsound(f"missing necessary objects: {min(foreign)}")
    most_of_a_file = call.settings.limits.file_bytes
    too_big = "" if most_of_a_file is None else _too_big(arrived, shas, most_of_a_file)
    if not too_big:
        call.store.objects.adopt(arrived)
    return too_big


def _foreign(repository: Repository, named: set[str]) -> set[str]:
    """Return what of some objects the project does not have: those of other projects lie in the same place."""
    objects, known = repository.objects, reach(repository.objects, repository.tips, set())
    left = named.difference(known, repository.refs.values())
    left = left.difference(everything(objects, named.intersection(known))) if left else left
    return left.difference(everything(objects, known)) if left else left


def _too_big(objects: Objects, shas: list[str], most: int) -> str:
    files = {sha: len(found[1]) for sha in shas if (found := objects.get(sha)) and found[0] == "blob"}
    lines = [f"- {sha} ({size / MIB:.3g} MiB)" for sha, size in files.items() if size > most]
    return TOO_BIG.format(most=f"{most / MIB:g}", files="\n".join(lines)) if lines else ""


def _refusal(call: dsl.Call, project: Project, one: Command) -> str:
    """Return why GitLab does not let the current user do this, in its words; nothing where it does."""
    old, new = (None if sha == ZERO else sha for sha in (one.old, one.new))
    return refusal(call, project, Change(one.name, old, new, web=False))


def _staleness(call: dsl.Call, project: Project, one: Command) -> str:
    """Return what git says of a ref that somebody else moved since the client saw it; nothing where nobody did."""
    now = Repository(call.store, project).ref(one.name) or ZERO
    return f"error: cannot lock ref '{one.name}': is at {now} but expected {one.old}" if now != one.old else ""


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
