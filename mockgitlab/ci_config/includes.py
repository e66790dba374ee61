"""``include``: other files that a configuration begins with, of the commit or of another project.

What lies elsewhere, at a URL or in GitLab's catalog of components, is not fetched: it is told as GitLab tells what it
cannot find. Source: GitLab's lib/gitlab/ci/config/external/{mapper,processor,file/*}.rb.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

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


class Included(NamedTuple):
    """A file that a configuration includes: where it is, its text, and the contexts of what includes it and of its own.

    ``more`` is what else the configuration says of it.
    """

    kind: str
    location: str
    text: str
    outer: Context
    context: Context
    more: dict[str, Any]


def with_includes(data: dict[Any, Any], context: Context) -> tuple[dict[Any, Any], list[Included]]:
    """Return a configuration with the files that it includes merged under it, and these; raises ``ConfigError``."""
    including = _Including()
    return including.expand(data, context), including.files


class _Including:
    """Counts the files, as GitLab bounds them: a file that includes itself ends there."""

    def __init__(self) -> None:
        self.files: list[Included] = []

    def expand(self, data: dict[Any, Any], context: Context) -> dict[Any, Any]:
        wanted = data.get("include")
        if not wanted:
            return data
        files = [file for one in (wanted if isinstance(wanted, list) else [wanted]) for file in _files(one, context)]
        self.files += files
        if len(self.files) > FILES_AT_MOST:
            raise ConfigError(f"Maximum of {FILES_AT_MOST} nested includes are allowed!")
        found: dict[Any, Any] = {}
        for file in files:
            found = merged(found, self._read(file))
        return merged(found, {key: value for key, value in data.items() if key != "include"})

    def _read(self, file: Included) -> dict[Any, Any]:
        try:
            found = read(file.text, file.context.variables, file.more.get("inputs"))
        except ConfigError as error:
            raise ConfigError(f"`{file.location}`: {error}") from None
        if not found:
            raise ConfigError(f"Included file `{file.location}` does not have valid YAML syntax!")
        return self.expand(found, file.context)


def _files(one: Any, context: Context) -> Iterator[Included]:
    where = _where(one)
    if not passes(where.get("rules"), context.variables, context):
        return
    [kind] = [name for name in KINDS if where.get(name)]
    place = where[kind]
    if kind == "project":
        yield from _of_project(where, context)
    elif kind == "local":
        more = {key: value for key, value in where.items() if key != kind}
        yield from _local(_path(place, context), context, more)
    elif kind == "artifact":
        yield _artifact(where, context)
    elif kind == "remote":
        raise ConfigError(f"Remote file `{place}` could not be fetched because of a socket error!")
    else:
        text = context.files.template(str(place)) if kind == "template" else None
        if not text:
            raise ConfigError(f"Included file `{place}` is empty or does not exist!")
        yield Included(kind, str(place), text, context, context, where)


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


def _local(path: str, context: Context, more: dict[str, Any]) -> Iterator[Included]:
    paths = [one for one in context.files.paths() if matches(path, one)] if "*" in path else [path]
    for one in paths:
        text = context.files.own(one)
        if text is None:
            raise ConfigError(f"Local file `{one}` does not exist!")
        if not text.strip():
            raise ConfigError(f"Local file `{one}` is empty!")
        yield Included("local", one, text, context, context, more)


def _artifact(where: dict[str, Any], context: Context) -> Included:
    path, job = _path(where["artifact"], context), where.get("job")
    if context.files.artifact is None:
        raise ConfigError("Including configs from artifacts is only allowed when triggering child pipelines")
    if not job:
        raise ConfigError("Job must be provided when including configs from artifacts")
    text = context.files.artifact(expanded(str(job), context.variables), path)
    if not text.strip():
        raise ConfigError(f"File `{path}` is empty!")
    return Included("artifact", path, text, context, context, where)


def _of_project(where: dict[str, Any], context: Context) -> Iterator[Included]:
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
        inner = replace(context, files=_files_of(project, ref, context.files))
        yield Included("file", path, text, context, inner, where)


def _files_of(project: str, ref: str | None, files: Files) -> Files:
    """Return the files of another project, for what its files include."""
    place = (project, ref or "HEAD")
    return replace(files, own=lambda path: files.other(project, ref, path), paths=tuple, place=place)
