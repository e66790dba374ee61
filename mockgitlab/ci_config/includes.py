"""``include``: other files that a configuration begins with, of the commit or of another project.

What lies elsewhere, at a URL or in GitLab's catalog of components, is not fetched: it is told as GitLab tells what it
cannot find. Source: GitLab's lib/gitlab/ci/config/external/{mapper,processor,file/*}.rb.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mockgitlab.ci_config.context import Context, Files
from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.globs import matches
from mockgitlab.ci_config.merging import merged
from mockgitlab.ci_config.reading import read
from mockgitlab.ci_config.rules import passes
from mockgitlab.ci_config.variables import expanded

FILES_AT_MOST = 150
KINDS = ("local", "project", "remote", "template", "component", "artifact")
_YAML = re.compile(r".+\.(yml|yaml)$", re.IGNORECASE)


def with_includes(data: dict[Any, Any], context: Context) -> dict[Any, Any]:
    """Return a configuration with the files that it includes merged under it; raises ``ConfigError``."""
    return _Including().expand(data, context)


class _Including:
    """Counts the files, as GitLab bounds them: a file that includes itself ends there."""

    def __init__(self) -> None:
        self.count = 0

    def expand(self, data: dict[Any, Any], context: Context) -> dict[Any, Any]:
        wanted = data.get("include")
        if not wanted:
            return data
        found: dict[Any, Any] = {}
        for one in wanted if isinstance(wanted, list) else [wanted]:
            for shown, text, inner in self._texts(one, context):
                given = one.get("inputs") if isinstance(one, dict) else None
                found = merged(found, self._read(shown, text, given, inner))
        return merged(found, {key: value for key, value in data.items() if key != "include"})

    def _read(self, shown: str, text: str, given: Any, context: Context) -> dict[Any, Any]:
        self.count += 1
        if self.count > FILES_AT_MOST:
            raise ConfigError(f"Maximum of {FILES_AT_MOST} nested includes are allowed!")
        try:
            found = read(text, context.variables, given)
        except ConfigError as error:
            raise ConfigError(f"`{shown}`: {error}") from None
        if not found:
            raise ConfigError(f"Included file `{shown}` does not have valid YAML syntax!")
        return self.expand(found, context)

    def _texts(self, one: Any, context: Context) -> Iterator[tuple[str, str, Context]]:
        """Yield what is included here: how it is called, its text, and where its own includes are found."""
        where = _where(one)
        if not passes(where.get("rules"), context.variables, context):
            return
        [kind] = [name for name in KINDS if where.get(name)]
        place = where[kind]
        if kind == "project":
            yield from _of_project(where, context)
        elif kind == "local":
            yield from _local(_path(place, context), context)
        elif kind == "remote":
            raise ConfigError(f"Remote file `{place}` could not be fetched because of a socket error!")
        else:
            text = context.files.template(str(place)) if kind == "template" else None
            if not text:
                raise ConfigError(f"Included file `{place}` is empty or does not exist!")
            yield str(place), text, context


def _where(one: Any) -> dict[str, Any]:
    """Return an include in full: a text is a path, or a URL."""
    if isinstance(one, str) and one:
        return {"remote" if re.match("https?://", one) else "local": one}
    given = [name for name in KINDS if isinstance(one, dict) and one.get(name)]
    if isinstance(one, dict) and len(given) == 1:
        return one
    kinds = "`, `".join(KINDS)
    if given:
        raise ConfigError(f"Each include must use only one of: `{kinds}`")
    shown = json.dumps(one, ensure_ascii=False, default=str, separators=(",", ":"))
    raise ConfigError(f"`{shown}` does not have a valid subkey for include. Valid subkeys are: `{kinds}`")


def _path(given: Any, context: Context) -> str:
    if not isinstance(given, str):
        raise ConfigError(f"Included file `{given}` needs to be a string")
    path = expanded(given, context.variables).lstrip("/")
    if not _YAML.fullmatch(path.rpartition("/")[2]):
        raise ConfigError(f"Included file `{path}` does not have YAML extension!")
    return path


def _local(path: str, context: Context) -> Iterator[tuple[str, str, Context]]:
    paths = [one for one in context.files.paths() if matches(path, one)] if "*" in path else [path]
    for one in paths:
        text = context.files.own(one)
        if text is None:
            raise ConfigError(f"Local file `{one}` does not exist!")
        if not text.strip():
            raise ConfigError(f"Local file `{one}` is empty!")
        yield one, text, context


def _of_project(where: dict[str, Any], context: Context) -> Iterator[tuple[str, str, Context]]:
    project = expanded(str(where["project"]), context.variables).lower()
    ref = expanded(str(where["ref"]), context.variables) if where.get("ref") else None
    files = where.get("file")
    if not files:
        raise ConfigError("include config must specify the file where to fetch the config from")
    for one in files if isinstance(files, list) else [files]:
        path = _path(one, context)
        text = context.files.other(project, ref, path)
        if text is None:
            raise ConfigError(f"Project `{project}` file `{path}` does not exist!")
        if not text.strip():
            raise ConfigError(f"Project `{project}` file `{path}` is empty!")
        yield path, text, replace(context, files=_files_of(project, ref, context.files))


def _files_of(project: str, ref: str | None, files: Files) -> Files:
    """Return the files of another project, for what its files include."""
    return replace(files, own=lambda path: files.other(project, ref, path), paths=tuple)
