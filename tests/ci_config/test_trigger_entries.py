from typing import Any

import pytest

from mockgitlab.ci_config import ConfigError, Context, load


@pytest.mark.parametrize(
    ("trigger", "kept"),
    [
        ("'acme/other'", {"project": "acme/other"}),
        ("{project: acme/other, branch: main}", {"project": "acme/other", "branch": "main"}),
        ("{include: child.yml, strategy: depend}", {"include": "child.yml", "strategy": "depend"}),
        ("{project: a/b, forward: {yaml_variables: false}}", {"project": "a/b", "forward": {"yaml_variables": False}}),
    ],
)
def test_a_trigger_names_a_project_or_includes_a_configuration(trigger: str, kept: dict[str, Any]) -> None:
    assert load(f"go: {{trigger: {trigger}}}", Context()).jobs["go"].trigger == kept


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        ("[a]", " has to be either a string or a hash"),
        ("''", " config can't be blank"),
        ("{}", " config can't be blank"),
        ("{branch: main}", " project can't be blank"),
        ("{project: a/b, ref: main}", " config contains unknown keys: ref"),
        ("{project: a/b, branch: 1}", " branch should be a string"),
        ("{project: a/b, inputs: 1}", " inputs should be a hash"),
        ("{project: a/b, strategy: wait}", " strategy should be depend or mirror"),
        ("{include: c.yml, branch: main}", " config contains unknown keys: branch"),
        ("{include: c.yml, strategy: 1}", " strategy should be depend or mirror"),
        ("{include: [a.yml, b.yml, c.yml, d.yml]}", ":include config is too long (maximum is 3)"),
        ("{include: c.yml, forward: yes}", ":forward config should be a hash"),
        ("{include: c.yml, forward: {all: true}}", ":forward config contains unknown keys: all"),
        ("{include: c.yml, forward: {yaml_variables: 1}}", ":forward yaml variables should be a boolean value"),
    ],
)
def test_what_is_no_trigger_is_told(trigger: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(f"go: {{trigger: {trigger}}}", Context())
    assert str(refused.value) == f"jobs:go:trigger{told}"


def test_artifacts_are_included_by_children_alone() -> None:
    with pytest.raises(ConfigError, match="is only allowed when triggering child pipelines"):
        load("include: {artifact: gen.yml, job: gen}\ngo: {script: x}", Context())
