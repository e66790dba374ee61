"""Which names refs and files may have.

Source: git-check-ref-format(1), GitLab's lib/gitlab/git_ref_validator.rb and Gitaly's checks of paths.
"""

import re

HEADS, TAGS = "refs/heads/", "refs/tags/"
_SHA = re.compile(r"[0-9a-f]{40}")
_DOT_GIT = re.compile(r"\.git|git~\d+", re.IGNORECASE)
_NO_REF_BEGINS = ("-", HEADS, "refs/remotes/", "refs/tags")
BYTES_AT_MOST = 1_024
LEVELS_AT_MOST = 200
"""How deep files may lie, so that every walk of a tree ends."""


def is_ref_name(name: str) -> bool:
    """Tell whether GitLab takes this for the name of a branch or tag: it is not HEAD and does not begin like a ref."""
    from dulwich.refs import Ref, check_ref_format

    if (
        name in ("@", "HEAD")
        or name.startswith(_NO_REF_BEGINS)
        or not name.isprintable()
        or len(name.encode()) > BYTES_AT_MOST
    ):
        return False
    return check_ref_format(Ref(b"refs/heads/" + name.encode()))


def clash(one: str, two: str) -> bool:
    """Tell whether a ref would stand where another has its folder, or the other way round."""
    return one.startswith(f"{two}/") or two.startswith(f"{one}/")


def is_sha(text: str) -> bool:
    """Tell whether a text is the whole name of an object."""
    return bool(_SHA.fullmatch(text))


def normal_path(path: str) -> str:
    """Return the path of a file without what means nothing: slashes around it, doubled ones, and dots between them."""
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def path_problem(path: str) -> str:
    """Return what is wrong with the path of a file, in Gitaly's words; nothing where it is fine."""
    parts = path.split("/")
    if ".." in parts:
        return "Path cannot include directory traversal"
    if len(parts) > LEVELS_AT_MOST:
        return f"invalid path: it has {len(parts)} levels, {LEVELS_AT_MOST} are allowed"
    if "\0" in path or "." in parts or "" in parts or any(_DOT_GIT.fullmatch(part.rstrip(" .")) for part in parts):
        return f"invalid path: '{path}'"
    return ""
