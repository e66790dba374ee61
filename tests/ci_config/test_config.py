"""What is wrong with a configuration, in GitLab's words; and what extends, anchors and references make of it."""

import subprocess
import sys

import pytest

from tests.ci_config.rig import jobs, planned, refused

WRONG = [
    ("", "Please provide content of .gitlab-ci.yml"),
    ("# nothing", "Invalid configuration format"),
    ("- a", "Invalid configuration format"),
    ("a: [b", "(<unknown>): did not find expected ',' or ']' while parsing a flow sequence at line 1 column 4"),
    ("a:\n  b: c: d", "(<unknown>): mapping values are not allowed in this context at line 2 column 7"),
    ("a: *b", "An alias referenced an unknown anchor: b"),
    ("a: 2001-01-01", "Tried to load unspecified class: Date"),
    ("{}", "jobs config should contain at least one visible job"),
    (".a: {script: x}", "jobs config should contain at least one visible job"),
    ("my_job: {stage: x}", "jobs my job config should implement the script:, run:, or trigger: keyword"),
    ("a: x", "jobs a config should implement the script:, run:, or trigger: keyword"),
    ("1: {script: x}", "jobs:1 name should be a symbol"),
    ("a: {script: ''}", "jobs:a script can't be blank"),
    ("a: {script: 1}", "jobs:a:script config should be a string or a nested array of strings up to 10 levels deep"),
    ("A: {script: x, foo: 1, bar: 2}", "jobs:a config contains unknown keys: foo, bar"),
    ("a: {script: x, trigger: y}", "jobs:a config these keys cannot be used together: script, trigger"),
    ("a: {script: x, stage: 1}", "jobs:a:stage config should be a string"),
    (
        "a: {script: x, stage: b}",
        "a job: chosen stage b does not exist; available stages are .pre, build, test, deploy, .post",
    ),
    ("a: {script: x, when: never}", "jobs:a when should be one of: on_success, on_failure, always, manual, delayed"),
    ("a: {script: x, when: delayed}", "jobs:a start in should be a duration"),
    ("a: {script: x, when: delayed, start_in: 2 weeks}", "jobs:a start in should not exceed the limit"),
    ("a: {script: x, start_in: 1 day}", "jobs:a start in must be blank"),
    ("a: {script: x, allow_failure: maybe}", "jobs:a allow failure should be a hash or a boolean value"),
    ("a: {script: x, dependencies: [1]}", "jobs:a dependencies should be an array of strings"),
    ("a: {script: x, rules: []}", "jobs:a:rules config can't be blank"),
    ("a: {script: x, rules: x}", "jobs:a rules should be an array containing hashes and arrays of hashes"),
    ("a: {script: x, rules: [{if: $A =}]}", "jobs:a:rules:rule if invalid expression syntax"),
    ("a: {script: x, rules: [{foo: 1}]}", "jobs:a:rules:rule config contains unknown keys: foo"),
    ("a: {script: x, rules: [{when: soon}]}", "jobs:a:rules:rule when unknown value: soon"),
    ("a: {script: x, rules: [{start_in: 1 day}]}", "jobs:a:rules:rule config contains disallowed keys: start_in"),
    ("a: {script: x, rules: [{when: delayed}]}", "jobs:a:rules:rule start in can't be blank"),
    ("a: {script: x, rules: [{changes: x}]}", "jobs:a:rules:rule:changes should be an array or a hash"),
    ("a: {script: x, rules: [{if: $A}], only: [main]}", "jobs:a config key may not be used with `rules`: only"),
    ("a: {script: x, only: main}", "jobs:a:only has to be either an array of conditions or a hash"),
    (
        "a: {script: x, only: [/(/]}",
        "jobs:a:only config should be an array of strings or regular expressions using re2 syntax",
    ),
    ("a: {script: x, except: {foo: 1}}", "jobs:a:except config contains unknown keys: foo"),
    ("a: {script: x, only: {variables: ['$A =']}}", "jobs:a:only variables invalid expression syntax"),
    ("a: {script: x, needs: x}", "jobs:a:needs config can only be a hash or an array"),
    ("a: {script: x, needs: [1]}", "jobs:a:needs:need has an unsupported type"),
    ("a: {script: x, needs: [b]}", "a job: undefined need: b"),
    ("a: {script: x, dependencies: [b]}", "a job: undefined dependency: b"),
    ("a: {script: x, needs: [b, b]}\nb: {script: x}", "a has the following needs duplicated: b."),
    (
        "a: {script: x, needs: [b]}\nb: {script: x, stage: deploy}",
        "a job: need b is not defined in current or prior stages",
    ),
    ("a: {script: x, parallel: 0}", "jobs:a:parallel config must be greater than or equal to 1"),
    ("a: {script: x, parallel: 201}", "jobs:a:parallel config must be less than or equal to 200"),
    ("a: {script: x, variables: [b]}", "jobs:a:variables config should be a hash"),
    ("a: {script: x, variables: {B: [c]}}", "variable definition must be either a string or a hash"),
    ("variables: {B: {foo: 1}}\na: {script: x}", "variables:b config uses invalid data keys: foo"),
    ("stages: x\na: {script: x}", "stages config should be an array of strings"),
    ("default: {foo: 1}\na: {script: x}", "default config contains unknown keys: foo"),
    (
        "before_script: 1\na: {script: x}",
        "before_script config should be a string or a nested array of strings up to 10 levels deep",
    ),
    ("workflow: {foo: 1}\na: {script: x}", "workflow config contains unknown keys: foo"),
    ("workflow: {rules: [{when: manual}]}\na: {script: x}", "workflow:rules:rule when unknown value: manual"),
    ("a: {script: x, extends: .b}", "a: unknown keys in `extends` (.b)"),
    ("a: {script: x, extends: 1}", "a: unknown keys in `extends` (1)"),
    ("A: {script: x, only: main}", "jobs:A:only has to be either an array of conditions or a hash"),
    ("a: {script: x, needs: [{job: b, parallel: 2}]}", 'jobs:a:needs config cannot use "parallel: <number>".'),
    ("a: {script: x, variables: {B: {value: [c]}}}", "jobs:a:variables:b config value must be a scalar"),
    (".b: x\na: {script: x, extends: .b}", "a: invalid base hashes in `extends` (.b)"),
    ("a: {script: x, extends: b}\nb: {script: x, extends: a}", "a: circular dependency detected in `extends`"),
    ("a: {script: !reference [b, c]}", '!reference ["b", "c"] could not be found'),
    ("a: {script: !reference []}", "!reference [] is not valid"),
    ("a: {script: !reference [a, script]}", '!reference ["a", "script"] is part of a circular chain'),
    ("a: {trigger: 1}", "jobs:a:trigger has to be either a string or a hash"),
    ("a: {trigger: b/c, script: x}", "jobs:a config these keys cannot be used together: trigger, script"),
    ("a: {trigger: b/c, image: x}", "jobs:a config contains unknown keys: image"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_the_first_thing_that_is_wrong_is_told(text: str, told: str) -> None:
    assert refused(text) == told


def test_needs_in_a_circle_are_told() -> None:
    told = refused("a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}")
    assert told == 'The pipeline has circular dependencies: topological sort failed: ["a", "b"]'
    told = refused("c: {script: x}\na: {script: x, needs: [c, a]}")
    assert told == "The pipeline has circular dependencies: self-dependency: a"


def test_jobs_extend_others() -> None:
    text = """
.base: {script: base, variables: {A: "1", B: "2"}, tags: [x]}
.mid: {extends: .base, variables: {B: "3"}}
.other: {stage: deploy}
a: {extends: [.mid, .other], variables: {C: "4"}}
"""
    [(_, stage, (job,))] = planned(text).stages
    assert (stage, job.script, job.tags) == ("deploy", ("base",), ("x",))
    assert job.variables == {"A": "1", "B": "3", "C": "4"}


def test_anchors_and_references_take_over_what_stands_elsewhere() -> None:
    text = """
.base: &base {stage: build, script: [one]}
.more: {script: [two, [three]]}
a: {<<: *base, script: [!reference [.base, script], !reference [.more, script], four]}
"""
    [(_, stage, (job,))] = planned(text).stages
    assert (stage, job.script) == ("build", ("one", "two", "three", "four"))


def test_a_header_is_no_part_of_the_configuration() -> None:
    assert jobs("spec: {inputs: {x: {default: y}}}\n---\na: {script: x}") == ["a"]


def test_old_words_still_count() -> None:
    [(_, stage, _)] = planned("types: [x]\na: {script: x, type: x}").stages
    assert stage == "x"


def test_a_bridge_is_a_job() -> None:
    [(_, _, (job,))] = planned("a: {trigger: b/c, needs: []}").stages
    assert (job.trigger, job.needs) == ({"project": "b/c"}, ())


def test_what_reads_configurations_is_imported_when_there_is_one() -> None:
    served = "from mockgitlab.server import MockGitLab; from mockgitlab.api.definitions import definitions"
    asked = (
        "MockGitLab(); definitions().tables['v4']; import sys; assert not [m for m in sys.modules if 'ci_config' in m]"
    )
    subprocess.run([sys.executable, "-c", f"{served}; {asked}"], check=True, timeout=60)
