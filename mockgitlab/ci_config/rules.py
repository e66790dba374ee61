"""``rules``: the first that holds says when a job runs, whether at all.

Source: https://docs.gitlab.com/ci/yaml/#rules and GitLab's lib/gitlab/ci/build/rules.rb, rules/rule/clause/*.rb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.ci_config.context import Context
from mockgitlab.ci_config.errors import ConfigError
from mockgitlab.ci_config.expressions import truthful
from mockgitlab.ci_config.globs import matches
from mockgitlab.ci_config.variables import expanded

COMPARISONS_AT_MOST = 50_000
"""After so many comparisons of paths a rule is taken to hold."""
NEVER = "never"
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What the rules say: when, and what else the rule that holds sets."""

    when: str
    rule: Rule = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether there is to be a job, or a pipeline."""
        return self.when != NEVER


def evaluate(rules: Any, variables: Mapping[str, str], context: Context, default: str) -> Result:
    """Return what rules say; raises ``ConfigError`` where one compares with a ref that there is not."""
    if rules is None:
        return Result(default)
    rule = next((one for one in flat(rules) if _holds(one, variables, context)), None)
    return Result(NEVER) if rule is None else Result(str(rule.get("when") or default), rule)


def passes(rules: Any, variables: Mapping[str, str], context: Context) -> bool:
    """Tell whether rules let something through, which without any they do."""
    return evaluate(rules, variables, context, "always").passes


def flat(rules: Any) -> list[Rule]:
    """Return rules without the lists that references put between them."""
    if not isinstance(rules, list):
        return [rules] if isinstance(rules, dict) else []
    return [rule for one in rules for rule in flat(one)]


def _holds(rule: Rule, variables: Mapping[str, str], context: Context) -> bool:
    if rule.get("if") is not None and not truthful(rule["if"], variables):
        return False
    if rule.get("changes") is not None and not changed(rule["changes"], variables, context):
        return False
    return rule.get("exists") is None or _exists(rule["exists"], variables, context)


def changed(wanted: Any, variables: Mapping[str, str], context: Context) -> bool:
    """Tell whether a file that patterns name changed; where nothing is known of what changed, it did."""
    given = wanted if isinstance(wanted, dict) else {"paths": wanted}
    since = given.get("compare_to")
    try:
        paths = context.changed(expanded(str(since), variables) if since else None)
    except LookupError:
        raise ConfigError("rules:changes:compare_to is not a valid ref") from None
    return True if paths is None else _any_matches(given.get("paths"), paths, variables)


def _exists(wanted: Any, variables: Mapping[str, str], context: Context) -> bool:
    given = wanted if isinstance(wanted, dict) else {"paths": wanted}
    if given.get("project"):
        ref = expanded(str(given["ref"]), variables) if given.get("ref") else None
        project = expanded(str(given["project"]), variables)
        return any(
            context.files.other(project, ref, expanded(path, variables)) is not None for path in _list(given["paths"])
        )
    return _any_matches(given.get("paths"), context.files.paths(), variables)


def _any_matches(globs: Any, paths: Any, variables: Mapping[str, str]) -> bool:
    wanted = dict.fromkeys(expanded(glob, variables) for glob in _list(globs))
    compared = 0
    for glob in wanted:
        for path in paths:
            compared += 1
            if compared > COMPARISONS_AT_MOST or glob == path or matches(glob, path):
                return True
    return False


def _list(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
