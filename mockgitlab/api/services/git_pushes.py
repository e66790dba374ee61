"""Pushes of git: taking the objects, telling what is refused, and moving the refs, whatever repository it is.

What GitLab itself refuses, and what follows, each ``Destination`` knows. Source: git-receive-pack(1), Gitaly's hooks.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

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


def receive(call: dsl.Call, at: Destination, body: bytes) -> dsl.Raw:
    """Take a push: all objects or none, every ref that may move, and tell how it went."""
    try:
        pushed = read_push(body)
        answer = _receive(call, at, pushed)
    except ProtocolError as error:
        answer = packet(f"ERR {error}\n")
    return dsl.Raw(answer, "application/x-git-receive-pack-result", headers={"Cache-Control": "no-cache"})


def _receive(call: dsl.Call, at: Destination, pushed: Push) -> bytes:
    names, shop = [one.name for one in pushed.commands], at.shop(call.store)
    arrived = call.store.objects.fork()
    try:
        _unpack(shop, pushed, arrived, call.settings.limits.push_bytes)
    except (PackError, Unsound) as error:
        return report(pushed, str(error), dict.fromkeys(names, "unpacker error"), [f"fatal: {error}"])
    call.store.objects.adopt(arrived)
    refused = at.refusal(call, pushed, arrived)
    if refused:
        call.store.objects.disown(arrived)
        return report(pushed, "ok", dict.fromkeys(names, DECLINED), [f"GitLab: {refused}"])
    told, problems = _problems(shop, pushed)
    moving = [one for one in pushed.commands if one.name not in problems and one.old != one.new]
    told += at.accept(call, moving, pushed.options) if moving else ()
    return report(pushed, "ok", problems, told)


def _unpack(shop: Shop, pushed: Push, arrived: Objects, most: int) -> None:
    """Read the objects of a push; raises ``PackError`` or ``Unsound``, so that no later push leads to one of these."""
    if len(pushed.pack) > most:
        raise PackError(f"pack exceeds maximum allowed size ({most / MIB:.2f} MiB)")
    shas = PackReader(arrived, pushed.pack).read() if pushed.pack else []
    named = check(arrived, shas) | {one.new for one in pushed.commands if one.new != ZERO}
    if foreign := _foreign(shop, named.difference(shas)):
        raise Unsound(f"missing necessary objects: {min(foreign)}")


def _foreign(shop: Shop, named: set[str]) -> set[str]:
    """Return what of some objects the repository does not have: those of others lie in the same place."""
    objects, known = shop.objects, reach(shop.objects, shop.tips, set())
    left = named.difference(known, shop.refs.values())
    left = left.difference(everything(objects, named.intersection(known))) if left else left
    return left.difference(everything(objects, known)) if left else left


def _problems(shop: Shop, pushed: Push) -> tuple[list[str], dict[str, str]]:
    """Return what git tells of the refs that it does not move, and for each in a word why."""
    refs, told, problems = dict(shop.refs), [], {}
    for one in pushed.commands:
        problem, text = _problem(shop, refs, one)
        told += [text] if text else []
        if problem:
            problems[one.name] = problem
        elif one.new == ZERO:
            refs.pop(one.name, None)
        else:
            refs[one.name] = one.new
    if problems and "atomic" in pushed.can:
        problems = {one.name: problems.get(one.name, "atomic push failure") for one in pushed.commands}
    return told, problems


def _problem(shop: Shop, refs: Mapping[str, str], one: Command) -> tuple[str, str]:
    """Return why git does not move a ref, and what it tells of it; ``refs`` are as the commands before leave them."""
    now = refs.get(one.name, ZERO)
    if one.name.startswith(INTERNAL):
        return f"deny {'deleting' if one.new == ZERO else 'updating'} a hidden ref", ""
    if not _is_name(one.name):
        return "funny refname", f"error: refusing to update funny ref '{one.name}' remotely"
    if now != one.old:
        return "failed to update ref", f"error: cannot lock ref '{one.name}': is at {now} but expected {one.old}"
    if one.new == ZERO:
        return _deletion_problem(shop, one, now)
    if one.name.startswith(HEADS) and (shop.objects.get(one.new) or ("",))[0] != "commit":
        text = f"error: cannot update ref '{one.name}': trying to write non-commit object {one.new} to branch"
        return "failed to update ref", f"{text} '{one.name}'"
    other = next((name for name in refs if clash(name, one.name)), None)
    told = f"error: cannot lock ref '{one.name}': '{other}' exists; cannot create '{one.name}'"
    return ("failed to update ref", told) if other else ("", "")


def _deletion_problem(shop: Shop, one: Command, now: str) -> tuple[str, str]:
    if one.name == shop.head and now != ZERO:
        text = f"error: refusing to delete the current branch: {one.name}"
        return "deletion of the current branch prohibited", text
    return "", "" if now != ZERO else "warning: Deleting a non-existent ref."


def _is_name(name: str) -> bool:
    below = name.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
    return name.startswith("refs/") and name.count("/") > 1 and is_ref_name(below)
