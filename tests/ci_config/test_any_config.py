"""Whatever a configuration says, it makes a plan or is refused in GitLab's words."""

import json
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockgitlab.ci_config import ConfigError, Context, Files, Filtered, Plan, load, plan

EXPRESSIONS = [
    "$A",
    "$A == 'x'",
    "$A =~ /x/",
    "$A !~ $B",
    "(",
    "$A && ($B || null)",
    "/a/ =~ /b/",
    '"',
    "$A =~ ($A == $B)",
]
WORDS = [
    *(
        "test",
        "build",
        ".hidden",
        "$A",
        "${B}",
        "main",
        "branches",
        "/^ma/",
        "/(/",
        "never",
        "manual",
        "delayed",
        "always",
    ),
    *("30 minutes", "src/**/*.{a,b}", "[", "x@y", "ci.yml", "false", "exit 1", "", "1", "a/b", "x" * 300, *EXPRESSIONS),
]
KEYS = [
    *("script", "stage", "stages", "rules", "if", "changes", "exists", "when", "only", "except", "refs", "variables"),
    *("needs", "job", "optional", "extends", "default", "workflow", "include", "local", "project", "file", "paths"),
    *("allow_failure", "exit_codes", "parallel", "matrix", "trigger", "start_in", "inherit", "dependencies", "tags"),
    *("compare_to", "environment", "name", "run", "value", "spec", "types", "a", "b", ".c", "before_script", "image"),
]
SCALARS = st.none() | st.booleans() | st.integers(-3, 300) | st.floats() | st.sampled_from(WORDS) | st.text(max_size=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | SCALARS, inner, max_size=4),
    max_leaves=12,
)
JOBS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4).map(lambda job: {"script": "x", **job})
CONFIGS = st.dictionaries(st.sampled_from(KEYS), VALUES | JOBS, max_size=4)
TEXTS = st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@\n #,?<~0.") | st.characters(), max_size=40)
DEEP = "[" * 3_000
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 20))
CHAIN = "j: {script: x}\n" + "".join(f".b{n}: {{extends: [.b{n + 1}, .b{n + 1}]}}\n" for n in range(60)) + ".b60: {}\n"
DOUBLED = "variables:\n" + "".join(f"  V{n}: $V{n + 1}$V{n + 1}\n" for n in range(60)) + "  V60: xx\nj: {script: x}"

LONG = "variables:\n" + "".join(f"  V{n}: x$V{n + 1}\n" for n in range(5_000)) + "  V5000: x\nj: {script: x}"
CIRCLE = LONG.replace("V5000: x", "V5000: $V0")


def planned(text: str, **more: Any) -> Plan | str:
    """Return the plan, or what is said against it."""
    files = Files(
        own={"ci.yml": text, "main": "a: {script: x}"}.get, other=lambda *place: text, paths=lambda: ("src/a.b",)
    )
    context = Context(variables={"A": "x", "B": "/x/"}, files=files, **more)
    try:
        return plan(load(text, context), context)
    except (ConfigError, Filtered) as error:
        return str(error)


@settings(max_examples=500, deadline=None)
@given(config=CONFIGS, kind=st.sampled_from(["branch", "tag", "merge_request"]))
@example(config={"a": {"script": "x", "rules": [{"if": "$A =~ ($A == $B)"}]}}, kind="branch")
@example(config={"include": "ci.yml", "a": {"script": "x"}}, kind="branch")
@example(config={"a": {"script": "x", "only": []}}, kind="branch")
def test_any_configuration_is_planned_or_refused(config: Any, kind: Any) -> None:
    assert planned(yaml.safe_dump(config), kind=kind)
    assert planned(json.dumps(config), kind=kind)


@settings(max_examples=500, deadline=None)
@given(text=TEXTS)
@example(text=DEEP)
@example(text="{a: " * 3_000)
@example(text=LAUGHS)
@example(text=MERGES)
@example(text=CHAIN)
@example(text=DOUBLED)
@example(text=LONG)
@example(text=CIRCLE)
@example(text="a: &a {<<: *a, b: *a}")
@example(text="a: 9" + "9" * 6_000)
@example(text="? [a]\n: b")
@example(text="a: !!set {a, b}")
@example(text="a: !!python/object:os.system {}")
@example(text="a: !reference [a]\nb: {script: x}")
@example(text="a: !reference {a: b}\nb: {script: !reference [c, d]}")
@example(text="a: =\nb: <<\nc: {script: x, <<: 1}")
@example(text="--- {spec: {}}\n--- {a: {script: x}}\n--- 3")
@example(text="a: \x00")
@example(
    text="spec: {inputs: {x: {default: '" + "y" * 9_000 + "'}}}\n---\na: {script: [" + "'$[[inputs.x]]'," * 900 + "]}"
)
@example(
    text="spec: {inputs: {x: {type: [], default: {}, regex: '(', options: x}}}\n---\na: {script: '$[[ inputs.x ]]'}"
)
@example(text="spec: {inputs: {x: {default: y}}}\n---\na: {script: '$[[ inputs.x | nope ]] $[[ | ]] $[[ inputs ]]'}")
@example(text="spec: {inputs: {x: {type: array, default: [y]}}}\n---\n'$[[ inputs.x ]]': {script: x}")
@example(text="\ud800")
def test_any_text_is_planned_or_refused(text: str) -> None:
    assert planned(text)


def test_what_would_grow_without_end_is_refused() -> None:
    assert [planned(text) for text in (DEEP, LAUGHS)] == ["The parsed YAML is too big"] * 2
    assert isinstance(planned(DOUBLED), Plan)
    assert isinstance(planned(LONG), Plan)
    assert str(planned(CIRCLE)).startswith('j: circular variable reference detected: ["V0", "V1", ')
