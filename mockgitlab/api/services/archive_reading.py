"""Reading archives of projects and groups: the files in them, and from their lines what fits the records here.

An archive comes from outside: what does not fit is left out, and nothing is inflated without a bound.
"""

import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.services.project_archives import FORMAT
from mockgitlab.dsl.params import Param, of_field

FILES_AT_MOST = 1_000
BYTES_AT_MOST = 256 * 1024 * 1024


class ArchiveError(Exception):
    """A file is no archive that could be imported; the message says why, in GitLab's words."""


class RowRefused(Exception):
    """A record of an archive cannot be imported; the message says why."""


def read_archive(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name; raises ``ArchiveError``."""
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflated(data))) as tar:
            members = [one for one in tar if one.isfile()][:FILES_AT_MOST]
            files = {one.name.removeprefix("./"): _content(tar, one) for one in members}
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OSError):
        raise ArchiveError("Invalid gzip archive") from None
    version = files.get("VERSION", b"").decode("ascii", "replace").strip()
    if version != FORMAT:
        raise ArchiveError(f"Import version mismatch: Required {FORMAT} but was {version[:40]}")
    return files


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(31)
    inflated = inflater.decompress(data, BYTES_AT_MOST)
    if inflater.unconsumed_tail or not inflater.eof:
        raise ArchiveError("Decompressed archive size validation failed.")
    return inflated


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = tar.extractfile(member)
    return found.read() if found is not None else b""


def rows_of(files: dict[str, bytes], name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of lines; what is no JSON object is an empty row."""
    for line in files.get(name, b"").splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = {}
        yield row if isinstance(row, dict) else {}


def parts(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the records that a row holds under a name."""
    found = row.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def part(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the record that a row holds under a name, an empty one where there is none."""
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def fitting(kind: type[dsl.Entity], row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return those of the named columns that a row gives, and whose values are such as a kind of record takes."""
    found = {name: _column(kind, name).coerce(row[name]) for name in names if row.get(name) is not None}
    return {name: value for name, value in found.items() if fits(_column(kind, name), value)}


@cache
def _column(kind: type[dsl.Entity], name: str) -> Param:
    field = kind.fields[name]
    if name.endswith("_at"):
        return dsl.param(name, dsl.Timestamp, required=True)
    if name.endswith(("_id", "iid")) and field.type is not str:
        return dsl.param(name, int, required=True, minimum=1, maximum=2**31 - 1)
    return of_field(field, required=True)


def fits(param: Param, value: Any) -> bool:
    """Tell whether a read value is such as a parameter takes."""
    return bool(_validator(param).is_valid(value))


@cache
def _validator(param: Param) -> Any:
    from jsonschema import Draft202012Validator  # takes longer to import than all the rest, and few worlds need it

    return Draft202012Validator(param.schema())
