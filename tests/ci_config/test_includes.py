"""Files that a configuration includes."""

from typing import Any

import pytest

from mockgitlab.ci_config import ConfigError, Files
from tests.ci_config.rig import jobs, planned, refused

OWN = {
    "ci/a.yml": "a: {script: a, stage: build}\n.base: {script: base}",
    "ci/b.yml": "include: ci/a.yml\nb: {script: b}",
    "loop.yml": "include: loop.yml\na: {script: x}",
    "empty.yml": " ",
    "broken.yml": "a: [",
    "none.yml": "{}",
    "typed.yml": """
spec:
  inputs:
    name: {default: job}
    stage: {options: [build, deploy]}
    count: {type: number, default: 1}
    runs: {type: array, default: [x]}
    fails: {type: boolean, default: false}
---
"$[[ inputs.name ]]-$[[ inputs.stage | truncate(0,3) ]]":
  stage: $[[ inputs.stage ]]
  script: $[[ inputs.runs ]]
  allow_failure: $[[ inputs.fails ]]
  variables: {COUNT: "$[[ inputs.count ]] of $[[ inputs.name ]]", WHERE: "$[[ inputs.name | expand_vars ]]"}
""",
    "text.txt": "a: {script: x}",
}
THERE = {"x.yml": "x: {script: x}", "y.yml": "include: x.yml\ny: {script: y}"}


def other(project: str, ref: str | None, path: str) -> str | None:
    if project != "acme/ci":
        raise ConfigError(f"Project `{project}` not found")
    return THERE.get(path) if ref in (None, "v1") else None


TEMPLATES = {"Go.gitlab-ci.yml": "go: {script: go}"}
FILES: dict[str, Any] = {
    "files": Files(OWN.get, other, lambda: tuple(OWN), TEMPLATES.get),
    "variables": {"DIR": "ci", "X": "x"},
}


@pytest.mark.parametrize(
    ("include", "found"),
    [
        ("ci/a.yml", ["a", "own"]),
        ("/ci/a.yml", ["a", "own"]),
        ("[ci/a.yml]", ["a", "own"]),
        ("[{local: ci/b.yml}]", ["a", "b", "own"]),
        ("{local: $DIR/a.yml}", ["a", "own"]),
        ("[{local: ci/*.yml}]", ["a", "b", "own"]),
        ("[{local: ci/a.yml, rules: [{if: $X}]}]", ["a", "own"]),
        ("[{local: ci/a.yml, rules: [{if: $NOT}]}]", ["own"]),
        ("[{project: acme/ci, file: x.yml}]", ["x", "own"]),
        ("[{project: ACME/ci, ref: v1, file: [/x.yml, y.yml]}]", ["x", "y", "own"]),
        ("[{template: Go.gitlab-ci.yml}]", ["go", "own"]),
        ("[]", ["own"]),
    ],
)
def test_what_is_included_comes_first(include: str, found: list[str]) -> None:
    assert jobs(f"include: {include}\nown: {{script: x}}", **FILES) == found


@pytest.mark.parametrize(
    ("include", "told"),
    [
        ("no.yml", "Local file `no.yml` does not exist!"),
        ("empty.yml", "Local file `empty.yml` is empty!"),
        ("text.txt", "Included file `text.txt` does not have YAML extension!"),
        ("none.yml", "Included file `none.yml` does not have valid YAML syntax!"),
        ("loop.yml", "Maximum of 150 nested includes are allowed!"),
        ("{local: 1}", "Included file `1` needs to be a string"),
        (
            "{foo: 1}",
            '`{"foo":1}` does not have a valid subkey for include. '
            "Valid subkeys are: `local`, `project`, `remote`, `template`, `component`, `artifact`",
        ),
        (
            "{local: a.yml, remote: b}",
            "Each include must use only one of: `local`, `project`, `remote`, `template`, `component`, `artifact`",
        ),
        ("{project: acme/ci}", "include config must specify the file where to fetch the config from"),
        ("{project: acme/ci, file: no.yml}", "Project `acme/ci` file `no.yml` does not exist!"),
        ("{project: acme/no, file: x.yml}", "Project `acme/no` not found"),
        (
            "https://example.com/a.yml",
            "Remote file `https://example.com/a.yml` could not be fetched because of a socket error!",
        ),
        ("{template: Nope.gitlab-ci.yml}", "Included file `Nope.gitlab-ci.yml` is empty or does not exist!"),
        ("{component: a/b/c@1}", "Included file `a/b/c@1` is empty or does not exist!"),
    ],
)
def test_what_cannot_be_included_is_told(include: str, told: str) -> None:
    assert refused(f"include: {include}\nown: {{script: x}}", **FILES) == told


def test_what_is_wrong_in_an_included_file_is_told_with_its_name() -> None:
    told = refused("include: broken.yml\nown: {script: x}", **FILES)
    assert told.startswith("`broken.yml`: (<unknown>): did not find expected node content")


def test_inputs_are_written_into_what_is_included() -> None:
    given = "{name: $DIR, stage: deploy, count: 2, runs: [a, b], fails: true}"
    [(_, stage, (job,))] = planned(f"include: {{local: typed.yml, inputs: {given}}}", **FILES).stages
    assert (job.name, stage, job.script, job.allow_failure) == ("$DIR-dep", "deploy", ("a", "b"), True)
    assert job.variables == {"COUNT": "2 of $DIR", "WHERE": "ci"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{}", "`stage` input: required value has not been provided"),
        ("{stage: test}", "`stage` input: `test` cannot be used because it is not in the list of allowed options"),
        ("{stage: build, name: 1}", "`name` input: provided value is not a string"),
        ("{stage: build, count: x}", "`count` input: provided value is not a number"),
        ("{stage: build, runs: x}", "`runs` input: provided value is not an array"),
        ("{stage: build, other: x}", "unknown input arguments: other"),
    ],
)
def test_wrong_inputs_are_told(given: str, told: str) -> None:
    assert refused(f"include: {{local: typed.yml, inputs: {given}}}", **FILES) == f"`typed.yml`: {told}"


def test_inputs_that_nobody_declares_are_told() -> None:
    told = refused("include: {local: ci/a.yml, inputs: {x: y}}\nown: {script: x}", **FILES)
    assert told == "`ci/a.yml`: Given inputs not defined in the `spec` section of the included configuration file"
    text = "spec: {inputs: {x: {default: y}}}\n---\n"
    assert jobs(f"{text}'$[[ inputs.x ]]': {{script: x}}") == ["y"]
    assert refused(f"{text}a: {{script: '$[[ inputs.z ]]'}}") == "unknown interpolation key: `z`"


def test_the_configuration_itself_wins() -> None:
    text = "include: ci/a.yml\na: {script: mine}\nc: {extends: .base}"
    found = [(job.name, job.stage, job.script) for _, _, inner in planned(text, **FILES).stages for job in inner]
    assert found == [("a", "build", ("mine",)), ("c", "test", ("base",))]
