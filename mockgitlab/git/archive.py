"""Archives of a commit's files, as ``git archive`` makes them."""

from collections.abc import Mapping

from mockgitlab.git.attributes import exported
from mockgitlab.git.objects import Commit, Entry
from mockgitlab.git.trees import files as every_file
from mockgitlab.store import Objects

FORMATS = {
    "zip": "zip",
    "tar": "tar",
    "tar.gz": "tar.gz",
    "tgz": "tar.gz",
    "gz": "tar.gz",
    "tar.bz2": "tar.bz2",
    "tbz": "tar.bz2",
    "tbz2": "tar.bz2",
    "tb2": "tar.bz2",
    "bz2": "tar.bz2",
}
"""The endings that GitLab takes, and what they mean."""


def archive(objects: Objects, commit: Commit, files: Mapping[str, Entry], prefix: str, form: str) -> bytes:
    """Return files of a commit below a folder ``prefix``; ``form`` is ``zip``, ``tar``, ``tar.gz`` or ``tar.bz2``."""
    from mockgitlab.git.archive_writing import write  # its libraries take long to import, for what few worlds ask

    return write(objects, commit, exported(objects, files, every_file(objects, commit.tree)), prefix, form)
