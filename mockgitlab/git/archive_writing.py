"""Writing archives of a commit's files: tar, plain or compressed, and zip. The same commit makes the same bytes.

They hold what ``git archive`` puts there. dulwich's archives have neither folders nor submodules, neither links nor the
commit's hash, and refuse a path with a colon.
"""

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone

from mockgitlab.git.objects import EXECUTABLE, LINK, SUBMODULE, Commit, Entry
from mockgitlab.store import Objects

FIRST_IN_ZIP, LAST_IN_ZIP = 315_532_800, 4_354_819_198


def write(objects: Objects, commit: Commit, files: Mapping[str, Entry], prefix: str, form: str) -> bytes:
    """Return files below a folder ``prefix`` as an archive."""
    if form == "zip":
        return _zip(objects, commit, files, prefix)
    plain = _tar(objects, commit, files, prefix)
    if form == "tar.gz":
        return gzip.compress(plain, mtime=0)
    return bz2.compress(plain) if form == "tar.bz2" else plain


def _permissions(entry: Entry) -> int:
    return 0o775 if entry.mode == EXECUTABLE else 0o777 if entry.mode == LINK else 0o664


def _with_folders(files: Mapping[str, Entry], prefix: str) -> Iterator[tuple[str, Entry | None]]:
    """Yield what an archive holds: files, before them the folders in which they lie; a submodule is a folder."""
    seen = {prefix}
    yield f"{prefix}/", None
    for path, entry in files.items():
        whole = f"{prefix}/{path}"
        for folder in [whole[:at] for at, letter in enumerate(whole) if letter == "/"]:
            if folder not in seen:
                seen.add(folder)
                yield f"{folder}/", None
        yield (f"{whole}/", None) if entry.mode == SUBMODULE else (whole, entry)


def _tar(objects: Objects, commit: Commit, files: Mapping[str, Entry], prefix: str) -> bytes:
    buffer = io.BytesIO()
    headers = {"comment": commit.sha}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers) as tar:
        for path, entry in _with_folders(files, prefix):
            if entry is None:
                tar.addfile(_member(path, commit, 0o775, tarfile.DIRTYPE))
                continue
            data = objects.data(entry.sha, "blob")
            member = _member(path, commit, _permissions(entry), tarfile.REGTYPE)
            if entry.mode == LINK:
                member.type, member.linkname = tarfile.SYMTYPE, data.decode("utf-8", "surrogateescape")
                tar.addfile(member)
            else:
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def _member(name: str, commit: Commit, mode: int, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mtime, member.mode, member.type = max(commit.committer.time, 0), mode, kind
    member.uname = member.gname = "root"
    return member


def _zip(objects: Objects, commit: Commit, files: Mapping[str, Entry], prefix: str) -> bytes:
    buffer = io.BytesIO()
    seconds = min(max(commit.committer.time, FIRST_IN_ZIP), LAST_IN_ZIP)
    date = datetime.fromtimestamp(seconds, timezone.utc)
    moment = (date.year, date.month, date.day, date.hour, date.minute, date.second)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.comment = commit.sha.encode()
        for path, entry in _with_folders(files, prefix):
            info = zipfile.ZipInfo(path.encode("utf-8", "replace").decode(), moment)
            mode = 0o40775 if entry is None else (entry.mode & 0o170000) | _permissions(entry)
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            zipped.writestr(info, b"" if entry is None else objects.data(entry.sha, "blob"))
    return buffer.getvalue()
