"""What is to be said of a configuration without making a pipeline of it.

Source: GitLab's lib/gitlab/ci/lint.rb, lib/gitlab/ci/yaml_processor.rb and
lib/gitlab/ci/config/entry/processable.rb (``validate_against_warnings``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from mockgitlab.ci_config import entries
from mockgitlab.ci_config.config import Config, checked, whole
from mockgitlab.ci_config.context import Context
from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.includes import Included
from mockgitlab.ci_config.rules import flat

WARNINGS_AT_MOST = 25
MORE = "read more: https://docs.gitlab.com/ee/ci/troubleshooting.html#pipeline-warnings"
TWICE = "may allow multiple pipelines to run for a single action due to `rules:when` clause with no `workflow:rules`"


@dataclass(frozen=True)
class Findings:
    """What a configuration says, as far as it can be read, and what is wrong or doubtful about it.

    ``data`` is the whole of it with what it ``included``; nothing where that cannot be put together.
    """

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    data: dict[Any, Any] | None = None
    included: tuple[Included, ...] | None = None
    config: Config | None = None


def examine(text: str, context: Context) -> Findings:
    """Return what is to be said of a configuration."""
    try:
        data, included = whole(text, context)
    except ConfigError as error:
        return Findings((str(error),))
    problems = tuple(entries.problems(data))
    if problems:
        return Findings(problems, (), data, tuple(included))
    doubts = tuple(_doubts(data))[:WARNINGS_AT_MOST]
    try:
        return Findings((), doubts, data, tuple(included), checked(data))
    except ConfigError as error:
        return Findings((str(error),), doubts, data, tuple(included))


def _doubts(data: dict[Any, Any]) -> Iterator[str]:
    """Yield the jobs whose last rule is for everything, where nothing says which pipelines there are."""
    if (data.get("workflow") or {}).get("rules") is not None:
        return
    for name, one in entries.job_texts(data).items():
        rules = [] if entries.is_hidden(name) else flat(one.get("rules") or [])
        if rules and isinstance(rules[-1], dict) and list(rules[-1]) == ["when"] and rules[-1]["when"] != "never":
            yield f"jobs:{name} {TWICE} - {MORE}"


class _Dumper(yaml.SafeDumper):
    """Writes YAML as Psych does: without aliases, texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def merged_yaml(data: dict[Any, Any]) -> str:
    """Return a whole configuration as one text."""
    named = {str(key): value for key, value in data.items()}
    return yaml.dump(named, Dumper=_Dumper, explicit_start=True, sort_keys=False, allow_unicode=True)
