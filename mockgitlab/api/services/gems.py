"""What is in a gem, and the format in which Ruby's programs are told of gems.

Source: https://guides.rubygems.org/specification-reference/, Ruby's doc/marshal.rdoc and GitLab's
app/services/packages/rubygems/*.rb.
"""

import gzip
import io
import tarfile
import zlib
from dataclasses import dataclass
from typing import Any

import yaml

METADATA_BYTES = 1024 * 1024
"""So much of a gem's metadata is read."""
ANY_VERSION = ">= 0"


@dataclass(frozen=True)
class Gem:
    """What a gem says of itself; ``dependencies`` are those at run time, each a name and the versions that do."""

    name: str
    version: str
    platform: str
    dependencies: tuple[tuple[str, str], ...]

    @property
    def file_name(self) -> str:
        """Under which name it is kept."""
        platform = "" if self.platform == "ruby" else f"-{self.platform}"
        return f"{self.name}-{self.version}{platform}.gem"


class _Loader(yaml.SafeLoader):
    """Reads YAML in which Ruby names the classes of what is written: mappings, lists and texts are taken as such."""


def _plain(loader: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!ruby/", _plain)


def read_gem(data: bytes) -> Gem | None:
    """Return what a gem says of itself, nothing where it is none."""
    try:
        told = yaml.load(_metadata(data), _Loader)
        return Gem(
            _text(told["name"]), _text(told["version"]["version"]), str(told.get("platform") or "ruby"), _needs(told)
        )
    except (tarfile.TarError, OSError, EOFError, zlib.error, yaml.YAMLError):
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value


def _metadata(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        file = archive.extractfile("metadata.gz")
        if file is None:
            raise ValueError("a gem has the file metadata.gz")
        return gzip.GzipFile(fileobj=io.BytesIO(file.read())).read(METADATA_BYTES)


def _needs(told: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = [one for one in told.get("dependencies") or [] if one.get("type") in (":runtime", None)]
    return tuple((_text(one["name"]), _requirement(one.get("requirement") or {})) for one in found)


def _requirement(told: dict[str, Any]) -> str:
    pairs = told.get("requirements") or []
    return ", ".join(f"{operator} {number['version']}" for operator, number in pairs) or ANY_VERSION


# Marshal


def marshal(value: Any) -> bytes:
    """Return a value as Ruby's Marshal writes it: lists, texts, and hashes whose keys are symbols."""
    return b"\x04\x08" + _written(value, {})


def _written(value: Any, symbols: dict[str, int]) -> bytes:
    if isinstance(value, (list, tuple)):
        return b"[" + _number(len(value)) + b"".join(_written(one, symbols) for one in value)
    if isinstance(value, dict):
        pairs = (_symbol(key, symbols) + _written(one, symbols) for key, one in value.items())
        return b"{" + _number(len(value)) + b"".join(pairs)
    text = str(value).encode()
    return b'I"' + _number(len(text)) + text + _number(1) + _symbol("E", symbols) + b"T"


def _symbol(name: str, symbols: dict[str, int]) -> bytes:
    if name in symbols:
        return b";" + _number(symbols[name])
    symbols[name] = len(symbols)
    return b":" + _number(len(name)) + name.encode()


def _number(value: int) -> bytes:
    if value == 0:
        return b"\x00"
    if value < 123:
        return bytes([value + 5])
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "little")
