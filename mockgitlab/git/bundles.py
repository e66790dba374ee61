"""Bundles: refs and the objects that they lead to, in one file. Source: gitformat-bundle(5)."""

import re
from collections.abc import Mapping

from mockgitlab.git.missing import everything, reach
from mockgitlab.git.names import HEADS, TAGS, is_ref_name, is_sha
from mockgitlab.git.objects import peeled
from mockgitlab.git.packs import PackError, PackReader, write_pack
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects

SIGNATURE = b"# v2 git bundle\n"
_KEPT = re.compile(r"refs/merge-requests/[1-9]\d{0,8}/(head|merge)")


class BundleError(Exception):
    """A file is no bundle, or its objects are not sound and complete."""


def write_bundle(objects: Objects, refs: Mapping[str, str]) -> bytes:
    """Return refs with their history as a bundle; nothing where there are none."""
    tips = [sha for sha in (peeled(objects, one) for one in refs.values()) if sha]
    commits = reach(objects, tips, set())
    shas = {**dict.fromkeys(refs.values()), **commits, **dict.fromkeys(everything(objects, commits))}
    head = "".join(f"{sha} {name}\n" for name, sha in refs.items())
    return SIGNATURE + f"{head}\n".encode() + write_pack(objects, list(shas)) if refs else b""


def read_bundle(objects: Objects, data: bytes, most: int) -> dict[str, str]:
    """Keep the objects of a bundle and return its branches, tags and heads of merge requests.

    Raises ``BundleError`` and keeps nothing where they are not sound and complete.
    """
    head, _, pack = data.removeprefix(SIGNATURE).partition(b"\n\n")
    if not data.startswith(SIGNATURE) or len(pack) > most:
        raise BundleError("is no bundle of version 2, or too big")
    refs = dict(_ref(line) for line in head.decode("utf-8", "surrogateescape").split("\n"))
    arrived = objects.fork()
    try:
        shas = set(PackReader(arrived, pack, most).read())
        checked = check(arrived, shas)
    except (PackError, Unsound) as error:
        raise BundleError(str(error)) from None
    if not shas.issuperset(refs.values()) or not shas.issuperset(checked.named):
        raise BundleError("names objects that it does not hold")
    objects.adopt(arrived)
    return {name: sha for name, sha in refs.items() if _is_kept(name, objects, sha)}


def _ref(line: str) -> tuple[str, str]:
    sha, _, name = line.partition(" ")
    if not is_sha(sha) or not name:
        raise BundleError(f"has no ref in {line[:80]!r}")
    return name, sha


def _is_kept(name: str, objects: Objects, sha: str) -> bool:
    if name.startswith(TAGS):
        return is_ref_name(name.removeprefix(TAGS))
    branch = name.startswith(HEADS) and is_ref_name(name.removeprefix(HEADS))
    return (branch or _KEPT.fullmatch(name) is not None) and (objects.get(sha) or ("",))[0] == "commit"
