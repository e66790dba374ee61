"""Plain data as the YAML of a recording: keys as given, texts of several lines as blocks, every type kept."""

import re
from typing import Any

import yaml

from mockgitlab.scenario.loaders import STR, plain_tag

_ODD = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
"""What only an escape brings through YAML unchanged, line breaks of other kinds among them."""


def dump(data: Any) -> str:
    """Return data as YAML that YAML 1.1 and 1.2 read alike."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    if "\\U000" in text and _Dumper is not _PureDumper:  # libyaml escapes all characters beyond U+FFFF
        text = yaml.dump(data, Dumper=_PureDumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


class _Style:
    """What the dumper built on libyaml and the one in Python alone have in common."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out: an exchange is to be read, and edited, by itself."""
        return True

    def resolve(self, kind: type, value: Any, implicit: Any) -> Any:
        """Say how an unquoted scalar would be read; what only one version of YAML takes for text is not text."""
        tag = super().resolve(kind, value, implicit)  # type: ignore[misc]
        return plain_tag(value) if tag == STR and kind is yaml.ScalarNode and implicit[0] else tag


class _PureDumper(_Style, yaml.SafeDumper):
    """The dumper in Python alone."""


_Dumper: Any = _PureDumper
if hasattr(yaml, "CSafeDumper"):

    class _CDumper(_Style, yaml.CSafeDumper):
        """The dumper built on libyaml."""

    _Dumper = _CDumper


def _write_text(dumper: Any, text: str) -> Any:
    style = '"' if _ODD.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar(STR, text, style=style)


for dumper in (_PureDumper, _Dumper):
    dumper.add_representer(str, _write_text)
