"""``only`` and ``except``: for which refs, variables and changes a job is.

Source: https://docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except and GitLab's lib/gitlab/ci/build/policy/*.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab.ci_config.context import Context
from mockgitlab.ci_config.expressions import truthful
from mockgitlab.ci_config.regular_expressions import regular_expression
from mockgitlab.ci_config.rules import changed

DEFAULT_ONLY = ("branches", "tags")


def included(only: Any, excluded: Any, variables: Mapping[str, str], context: Context) -> bool:
    """Tell whether a job is for a pipeline: all that ``only`` asks for holds, and nothing that ``except`` names."""
    wanted, unwanted = _specifications(only), _specifications(excluded)
    return all(_holds(*one, variables, context) for one in wanted) and not any(
        _holds(*one, variables, context) for one in unwanted
    )


def _specifications(policy: Any) -> list[tuple[str, Any]]:
    """Return what a policy asks for, one by one; a list are refs."""
    return list(policy.items()) if isinstance(policy, dict) else [("refs", policy)] if policy is not None else []


def _holds(kind: str, wanted: Any, variables: Mapping[str, str], context: Context) -> bool:
    if kind == "refs":
        return any(_is_ref(one, context) for one in wanted or ())
    if kind == "variables":
        return any(truthful(one, variables) for one in wanted or ())
    # No project has a cluster.
    return kind == "changes" and changed(wanted, variables, context)


def _is_ref(pattern: str, context: Context) -> bool:
    name, at, path = pattern.partition("@")
    if at and path != context.project_path:
        return False
    if name in (context.source_name, _plural(context.source_name)) or name == {"branch": "branches", "tag": "tags"}.get(
        context.kind
    ):
        return True
    if context.kind == "merge_request":
        return False
    found = regular_expression(name)
    return found.search(context.ref) is not None if found else name == context.ref


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith("sh") else f"{word}s"
