"""Pushes of git: taking the objects, telling what is refused, and moving the refs, whatever repository it is.

What GitLab itself refuses, and what follows, each ``Destination`` knows. Source: git-receive-pack(1), Gitaly's hooks.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.git.missing import everything, reach
from mockgitlab.git.names import HEADS, clash, is_ref_name
from mockgitlab.git.packs import PackError, PackReader
from mockgitlab.git.protocol import ZERO, ProtocolError, packet
from mockgitlab.git.receive import Command, Push, read_push, report
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.git.upload import Shop
from mockgitlab.store import Objects

DECLINED = "pre-receive hook declined"
NOT_LOCKED, ATOMIC_FAILED = "failed to update ref", "atomic transaction failed"
UNPACKED_AT_MOST = 100
KEPT = ("environments", "keep-around", "merge-requests", "pipelines", "remotes", "tmp")
INTERNAL = tuple(f"refs/{name}/" for name in KEPT)
"""Refs that GitLab keeps for itself, as Gitaly's ``receive.hideRefs`` says."""
MIB = 1 << 20


class Destination(ABC):
    """A repository that takes pushes."""

    @abstractmethod
    def shop(self, store: dsl.Store) -> Shop:
        """Return what is in it."""

    @abstractmethod
    def refusal(self, call: dsl.Call, pushed: Push, arrived: Objects) -> str:
        """Return why GitLab does not let the caller push this, in its words; nothing where it does.

        ``arrived`` are the objects with those that were pushed.
        """

    @abstractmethod
    def accept(self, call: dsl.Call, commands: list[Command], options: list[str]) -> Iterable[str]:
        """Move the refs, let follow what follows, and return what the user is told."""


@dataclass(frozen=True)
class Taken:
    """What is strange about the objects of a push, whether a history is ``cut`` off, and which new tips are missing."""

    warnings: list[str]
    cut: bool
    missing: set[str]


def receive(call: dsl.Call, at: Destination, body: bytes) -> dsl.Raw:
    """Take a push: all objects or none, every ref that may move, and tell how it went."""
    try:
        pushed = read_push(body)
        answer = _receive(call, at, pushed)
    except ProtocolError as error:
        answer = packet(f"ERR {error}\n")
    return dsl.Raw(answer, "application/x-git-receive-pack-result", headers={"Cache-Control": "no-cache"})


def _receive(call: dsl.Call, at: Destination, pushed: Push) -> bytes:
    shop, arrived = at.shop(call.store), call.store.objects.fork()
    try:
        taken = _unpack(shop, pushed, arrived, call.settings.limits.push_bytes)
    except PackError as error:
        status = _abnormal(pushed) if error.spoken else str(error)
        return report(pushed, status, _all(pushed, "unpacker error"), [f"fatal: {error}"] if error.spoken else ())
    except Unsound as error:
        return report(pushed, _abnormal(pushed), _all(pushed, "unpacker error"), error.told)
    call.store.objects.adopt(arrived)
    refused = at.refusal(call, pushed, arrived)
    if refused:
        call.store.objects.disown(arrived)
        return report(pushed, "ok", _all(pushed, DECLINED), [*taken.warnings, f"GitLab: {refused}"])
    told, problems = _problems(shop, pushed, taken)
    pairs = zip(pushed.commands, problems, strict=True)
    moving = [one for one, problem in pairs if not problem and (one.new != ZERO or one.name in shop.refs)]
    told += at.accept(call, moving, pushed.options) if moving else ()
    return report(pushed, "ok", problems, [*taken.warnings, *told])


def _all(pushed: Push, problem: str) -> list[str]:
    return [problem] * len(pushed.commands)


def _abnormal(pushed: Push) -> str:
    """Return how git says that a pack was not taken: large ones are kept as they are, small ones unpacked."""
    large = int.from_bytes(pushed.pack[8:12], "big") >= UNPACKED_AT_MOST
    return f"{'index-pack' if large else 'unpack-objects'} abnormal exit"


def _unpack(shop: Shop, pushed: Push, arrived: Objects, most: int) -> Taken:
    """Read the objects of a push; raises ``PackError`` or ``Unsound``, so that no later push leads to one of these."""
    if len(pushed.pack) > most:
        raise PackError(f"pack exceeds maximum allowed size ({most / MIB:.2f} MiB)")
    if not pushed.pack and any(one.new != ZERO for one in pushed.commands):
        raise PackError("eof before pack header was fully read", spoken=False)
    shas = PackReader(arrived, pushed.pack).read() if pushed.pack else []
    checked = check(arrived, shas, pushed.shallow)
    if foreign := _foreign(shop, checked.named.difference(shas)):
        raise Unsound(f"fatal: did not receive expected object {min(foreign)}")
    wanted = {one.new for one in pushed.commands if one.new != ZERO}
    cut = bool(_foreign(shop, checked.behind.difference(shas)))
    return Taken(checked.warnings, cut, _foreign(shop, wanted.difference(shas)))


def _foreign(shop: Shop, named: set[str]) -> set[str]:
    """Return what of some objects the repository does not have: those of others lie in the same place."""
    objects, known = shop.objects, reach(shop.objects, shop.tips, set())
    left = named.difference(known, shop.refs.values())
    left = left.difference(everything(objects, named.intersection(known))) if left else left
    return left.difference(everything(objects, known)) if left else left


def _problems(shop: Shop, pushed: Push, taken: Taken) -> tuple[list[str], list[str]]:
    """Return what git tells of the refs that it does not move, and for each in a word why, nothing where it does."""
    refs, told, problems = dict(shop.refs), [], []
    for one in pushed.commands:
        problem, text = _problem(shop, refs, one, taken)
        told += [text] if text else []
        problems.append(problem)
        if not problem and one.new == ZERO:
            refs.pop(one.name, None)
        elif not problem:
            refs[one.name] = one.new
    if any(problems) and "atomic" in pushed.can:
        failed = NOT_LOCKED in problems
        problems = [ATOMIC_FAILED if failed else problem or "atomic push failure" for problem in problems]
    return told, problems


def _problem(shop: Shop, refs: Mapping[str, str], one: Command, taken: Taken) -> tuple[str, str]:
    """Return why git does not move a ref, and what it tells of it; ``refs`` are as the commands before leave them."""
    now = refs.get(one.name, ZERO)
    if one.name.startswith(INTERNAL):
        return f"deny {'deleting' if one.new == ZERO else 'updating'} a hidden ref", ""
    if one.new in taken.missing:
        return "missing necessary objects", f"fatal: bad object {one.new}"
    if taken.cut and one.new != ZERO:
        return "shallow update not allowed", ""
    if not _is_name(one.name):
        return "funny refname", f"error: refusing to update funny ref '{one.name}' remotely"
    if one.new == ZERO and now == ZERO:
        return "", "warning: deleting a non-existent ref"
    if now != one.old:
        return NOT_LOCKED, f"error: cannot lock ref '{one.name}': {_instead(one, now)}"
    if one.new == ZERO:
        return _deletion_problem(shop, one)
    if one.name.startswith(HEADS) and (shop.objects.get(one.new) or ("",))[0] != "commit":
        text = f"error: cannot update ref '{one.name}': trying to write non-commit object {one.new} to branch"
        return NOT_LOCKED, f"{text} '{one.name}'"
    other = next((name for name in refs if clash(name, one.name)), None)
    told = f"error: cannot lock ref '{one.name}': '{other}' exists; cannot create '{one.name}'"
    return (NOT_LOCKED, told) if other else ("", "")


def _instead(one: Command, now: str) -> str:
    """Return how a ref is not as the client saw it."""
    if now == ZERO:
        return f"unable to resolve reference '{one.name}'"
    return "reference already exists" if one.old == ZERO else f"is at {now} but expected {one.old}"


def _deletion_problem(shop: Shop, one: Command) -> tuple[str, str]:
    if one.name != shop.head:
        return "", ""
    return "deletion of the current branch prohibited", f"error: refusing to delete the current branch: {one.name}"


def _is_name(name: str) -> bool:
    below = name.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
    return name.startswith("refs/") and name.count("/") > 1 and is_ref_name(below)
