"""One scenario file: what it is read as, where things stand in it, and how a bad one is refused."""

import gc
import json
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mockgitlab.scenario import files, loaders, nodes
from mockgitlab.scenario.problems import MAX_PROBLEMS, KeyPath, ScenarioError
from mockgitlab.scenario.source import Source, load, loads

LOADERS = [loaders.PureLoader, loaders.Loader] if loaders.Loader is not loaders.PureLoader else [loaders.PureLoader]


@pytest.fixture(autouse=True, scope="module", params=LOADERS)
def loader(request: pytest.FixtureRequest) -> Iterator[type]:
    """Each test runs with libyaml, if it is there, and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders, "Loader", request.param)
        yield request.param


def read(text: str | bytes, file: str = "world.yaml") -> Source:
    return loads(text.encode() if isinstance(text, str) else text, file)


def value_of(text: str) -> Any:
    return read(f"value: {text}\n").data["value"]


def refusals(text: str | bytes, file: str = "world.yaml") -> list[str]:
    """What is said about a bad file, without the excerpts."""
    with pytest.raises(ScenarioError) as caught:
        read(text, file)
    return [str(problem).splitlines()[0] for problem in caught.value.problems]


# What is read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", None),
        ("10", 10),
        ("-3", -3),
        ("+3", 3),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T09:00:00Z", "2024-05-01T09:00:00Z"),
        ("17.5", 17.5),
        ("17.5.0", "17.5.0"),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("inf", "inf"),
        ("nan", "nan"),
        ("٣", "٣"),
        ("=", "="),
        ("<<", "<<"),
        ("'10'", "10"),
        ('"true"', "true"),
        ("!!str 10", "10"),
        ("!!int '10'", 10),
        ("!!float 10", 10.0),
        ("!!float 0x1F", 31.0),
        ("!!null ''", None),
        ("!!bool 'true'", True),
        ("!!map {a: 1}", {"a": 1}),
        ("!!seq [1]", [1]),
        ("|\n  two\n  lines", "two\nlines\n"),
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(text: str, expected: object) -> None:
    value = value_of(text)
    assert (type(value), value) == (type(expected), expected)


def test_not_a_number_is_read() -> None:
    assert math.isnan(value_of(".NaN"))


def test_keys_are_text_as_written() -> None:
    source = read("on: 1\nno: 2\n010: 3\n1.0: 4\ntrue: 5\n~: 6\n'': 7\n2024-01-01: 8\n'<<': 9\n")
    assert list(source.data) == ["on", "no", "010", "1.0", "true", "~", "", "2024-01-01", "<<"]


def test_aliases_share_what_they_stand_for() -> None:
    data = read("a: &x {k: [1]}\nb: *x\nc: [*x, &y text, *y]\n").data
    assert data == {"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}, "text", "text"]}
    assert data["a"] is data["b"]


def test_merge_keys_give_way_to_own_keys_and_the_first_of_several_wins() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\nd: {<<: *b, z: 4}\n"
    data = read(text).data
    assert data["c"] == {"x": 1, "y": 1, "z": 3}
    assert data["d"] == {"y": 2, "z": 4}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    source = read(b"\xef\xbb\xbfmockgitlab: 1\n")
    assert source.data == {"mockgitlab": 1}
    assert source.position(("mockgitlab",)) == (1, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    source = read(f"mockgitlab: 1{end}users:{end}  - username: ada{end}")
    assert source.data["users"] == [{"username": "ada"}]
    assert source.position(("users", 0, "username")) == (3, 5)


# JSON


def test_a_json_file_is_read() -> None:
    data = {"mockgitlab": 1, "users": [{"username": "ada", "admin": True, "bio": None, "ratio": 1.5e-7}], "a/b": "\t\\"}
    assert read(json.dumps(data, indent="\t"), "world.json").data == data


def test_a_json_file_may_be_one_line_without_blanks() -> None:
    assert read('{"a":{"b":[1,-2,"x"],"c":"http://h/p"},"d":true}', "world.json").data == {
        "a": {"b": [1, -2, "x"], "c": "http://h/p"},
        "d": True,
    }


def test_a_pair_of_json_escapes_is_one_character() -> None:
    text = r'{"a": "\ud83d\ude80", "b": "\\ud83d\\ude80", "c": "\uD83D\uDE80\n\/"}'
    assert read(text, "world.json").data == json.loads(text)


def test_columns_count_a_pair_of_json_escapes_as_it_is_written() -> None:
    text = r'{"a": "\ud83d\ude80 \ud83d\ude80", "b": ["\ud83d\ude80", 1]}'
    source = read(text, "world.json")
    assert source.position(("b",)) == (1, text.index('"b"') + 1)
    assert source.position(("b", 1)) == (1, text.index("1]") + 1)


def test_half_a_pair_of_json_escapes_is_refused() -> None:
    (refusal,) = refusals(r'{"a": "\ud83d x"}', "world.json")
    assert refusal.startswith("world.json:1:")
    assert refusal.endswith(": this escape stands for no Unicode character")


# Positions

WORLD = """\
mockgitlab: 1
base: &base
  state: closed
projects:
  - path: acme/rocket
    issues:
    - {title: One, labels: [bug, "two words"]}
    - title: Two
      <<: *base
"""


@pytest.mark.parametrize(
    ("path", "of_key", "expected"),
    [
        (("mockgitlab",), True, (1, 1)),
        (("mockgitlab",), False, (1, 13)),
        (("projects", 0), True, (5, 5)),
        (("projects", 0, "path"), True, (5, 5)),
        (("projects", 0, "path"), False, (5, 11)),
        (("projects", 0, "issues", 0, "labels"), True, (7, 20)),
        (("projects", 0, "issues", 0, "labels", 1), True, (7, 34)),
        (("projects", 0, "issues", 1, "title"), False, (8, 14)),
        (("projects", 0, "issues", 1, "state"), True, (3, 3)),
        (("projects", 0, "issues", 1, "nowhere"), True, (8, 7)),
        (("projects", 0, "issues", 7, "title"), True, (6, 5)),
        (("projects", "issues"), True, (4, 1)),
        (("mockgitlab", 0), True, (1, 1)),
        ((), True, (1, 1)),
    ],
)
def test_every_key_and_value_has_a_position(path: KeyPath, of_key: bool, expected: tuple[int, int]) -> None:
    assert read(WORLD).position(path, of_key=of_key) == expected


def test_keys_are_found_through_long_chains_of_merges() -> None:
    links = "".join(f"m{number}: &m{number} {{<<: [*m{number - 1}]}}\n" for number in range(1, 1500))
    source = read(f"m0: &m0 {{deep: 1}}\n{links}")
    assert source.data["m1499"] == {"deep": 1}
    assert source.position(("m1499", "deep")) == (1, 10)


def test_the_first_of_several_merged_mappings_is_where_a_key_stands() -> None:
    source = read("a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: [*a, *b, *a]}\n")
    assert source.position(("c", "x")) == (1, 8)
    assert source.position(("c", "y")) == (3, 1)


def test_a_good_file_is_parsed_once_and_once_more_for_all_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    parses: list[str] = []
    compose = nodes.compose
    monkeypatch.setattr(nodes, "compose", lambda text: parses.append(text) or compose(text))  # type: ignore[func-returns-value]
    source = read(WORLD)
    assert len(parses) == 1
    assert source.position(("base",)) != source.position(("projects",))
    assert len(parses) == 2


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        read(WORLD)
        assert refusals("a: [")
        assert gc.isenabled() is enabled
    finally:
        gc.enable() if before else gc.disable()


def test_a_location_names_the_file_and_shows_the_line() -> None:
    location = read(WORLD).locate(("projects", 0, "path"), of_key=False)
    assert (str(location), location.path) == ("world.yaml:5:11", Path("world.yaml"))
    assert location.excerpt.splitlines() == ["     5 |   - path: acme/rocket", "       |           ^"]


# Refusals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "world.yaml:1:1: is empty; a scenario starts with 'mockgitlab: 1'"),
        ("# nothing\n", "world.yaml:1:1: is empty; a scenario starts with 'mockgitlab: 1'"),
        (
            "---\n",
            "world.yaml:2:1: is a single value; a scenario is a mapping that starts with 'mockgitlab: 1'",
        ),
        ("\n- a\n", "world.yaml:2:1: is a list; a scenario is a mapping that starts with 'mockgitlab: 1'"),
        ("text", "world.yaml:1:1: is a single value; a scenario is a mapping that starts with 'mockgitlab: 1'"),
        (
            "a: 1\n---\nb: 1\n",
            "world.yaml:2:1: a second document starts here; a scenario is one document, others are included",
        ),
        ("a:\n\tb: 1\n", "world.yaml:2:1: a tab; YAML is indented with spaces"),
        ("a: @b\n", "world.yaml:1:4: text cannot start with '@'; put it in quotes"),
        ("a: `b`\n", "world.yaml:1:4: text cannot start with '`'; put it in quotes"),
        ("a: b: c\n", "world.yaml:1:5: a second colon on this line; put text that holds ': ' in quotes"),
        (
            "a: *b\n",
            "world.yaml:1:4: there is no anchor of this name above; put text that starts with '*' in quotes",
        ),
        ("a: 1\nk: [1,\n  2\nb: 3\n", "world.yaml:4:2: the bracket opened on line 2 is not closed"),
        ("a: 1\nk: {x: 1, y\n", "world.yaml:3:1: the bracket opened on line 2 is not closed"),
        ("a: 1\nk: 'x\n\n", "world.yaml:4:1: the quote opened on line 2 is not closed"),
        (
            "a:\n  - b: 1\n    c: 2\n   d: 3\n",
            "world.yaml:4:4: does not fit what starts on line 2; check the indentation",
        ),
        ("a:\n  b: 1\n  - 2\n", "world.yaml:3:3: does not fit what starts on line 2; check the indentation"),
        ("a: 1\n  : 2\n", "world.yaml:2:3: does not fit what starts on line 1; check the indentation"),
        ("a: {", "world.yaml:1:5: a key or value is missing here"),
        ("a: {: 1}\n", "world.yaml:1:5: a key or value is missing here"),
        (
            "a: ok\nb: 'x\x07y'\n",
            "world.yaml:2:6: a control character, which YAML does not allow; write it as an escape in double quotes",
        ),
        (b"a: ok\nb: \xc3\xa4\xff\n", "world.yaml:2:5: is not UTF-8 from here on"),
        (b"\xef\xbb\xbfb: \xff\n", "world.yaml:1:4: is not UTF-8 from here on"),
        ("a: 1\n".encode("utf-16"), "world.yaml:1:1: is not UTF-8 from here on"),
        ("a: 1\nb: 2\na: 3\n", "world.yaml:3:1: a: this key stands twice in one mapping, first on line 1"),
        (
            "users:\n  - {name: x, 'name': y}\n",
            "world.yaml:2:15: users[0].name: this key stands twice in one mapping, first on line 2",
        ),
        (
            "1: a\n'1': b\n",
            "world.yaml:2:1: 1: this key stands twice in one mapping, first on line 1",
        ),
        (
            "a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n",
            "world.yaml:4:3: b['<<']: this key stands twice in one mapping; write one '<<' with a list of aliases",
        ),
        ("a: {<<: 1}\n", "world.yaml:1:9: a['<<']: '<<' takes an alias of a mapping, or a list of such aliases"),
        ("a: {<<: [[]]}\n", "world.yaml:1:10: a['<<'][0]: '<<' takes an alias of a mapping, or a list of such aliases"),
        ("? [a]\n: 1\n", "world.yaml:1:3: ['?']: a key must be text, not a list or mapping"),
        ("a:\n  ?\n  : 1\n", "world.yaml:2:4: a['']: a key is missing before this colon"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "world.yaml:1:4: a: the tag '!!python/object/apply:os.system' is not allowed: "
            "a scenario holds plain data only",
        ),
        ("a: !foo bar\n", "world.yaml:1:4: a: the tag '!foo' is not allowed: a scenario holds plain data only"),
        ("a: !foo {}\n", "world.yaml:1:4: a: the tag '!foo' is not allowed: a scenario holds plain data only"),
        ("!foo a: 1\n", "world.yaml:1:1: a: the tag '!foo' is not allowed: a scenario holds plain data only"),
        ("!!set {a}\n", "world.yaml:1:1: the tag '!!set' is not allowed: a scenario holds plain data only"),
        (
            "a: !!binary aGk=\n",
            "world.yaml:1:4: a: the tag '!!binary' is not allowed: a scenario holds plain data only",
        ),
        (
            "a: !!timestamp 2024-01-01\n",
            "world.yaml:1:4: a: the tag '!!timestamp' is not allowed: a scenario holds plain data only",
        ),
        ("a: !!int abc\n", "world.yaml:1:4: a: 'abc' is not an integer, as its tag demands"),
        ("a: !!int 1_0\n", "world.yaml:1:4: a: '1_0' is not an integer, as its tag demands"),
        ("a: !!bool on\n", "world.yaml:1:4: a: 'on' is not true or false, as its tag demands"),
        ("a: 1e999\n", "world.yaml:1:4: a: the number '1e999' is too large; put it in quotes if it is text"),
        (
            "a: !!float " + "9" * 400,
            f"world.yaml:1:4: a: the number '{'9' * 59}... is too large; put it in quotes if it is text",
        ),
        ("a: [1, &x [*x]]\n", "world.yaml:1:8: a[1]: contains itself through an alias"),
        ("a: &a {<<: *a}\n", "world.yaml:1:4: a: contains itself through an alias"),
        ("&top a: *top\n&b c: *b\nd: &e {f: *e}\n", "world.yaml:3:4: d: contains itself through an alias"),
    ],
)
def test_a_bad_file_is_refused_with_position_and_reason(text: str | bytes, expected: str) -> None:
    assert refusals(text) == [expected]


def test_all_that_is_wrong_with_a_file_is_told_at_once() -> None:
    assert refusals("a: !foo 1\nb: 1e999\nusers: [{x: 1, x: 2}]\n") == [
        "world.yaml:1:4: a: the tag '!foo' is not allowed: a scenario holds plain data only",
        "world.yaml:2:4: b: the number '1e999' is too large; put it in quotes if it is text",
        "world.yaml:3:16: users[0].x: this key stands twice in one mapping, first on line 3",
    ]


def test_a_refusal_shows_the_line_with_a_caret() -> None:
    with pytest.raises(ScenarioError) as caught:
        read("title: x\ntitle: y\n")
    assert str(caught.value).splitlines() == [
        "world.yaml:2:1: title: this key stands twice in one mapping, first on line 1",
        "     2 | title: y",
        "       | ^",
    ]


def test_an_integer_with_more_digits_than_python_converts_is_refused() -> None:
    (refusal,) = refusals("a: " + "9" * 5000)
    assert refusal.startswith("world.yaml:1:4: a: the number '999")
    assert refusal.endswith("is too large; put it in quotes if it is text")


def test_only_so_many_problems_of_a_file_are_told() -> None:
    assert len(refusals("".join(f"a{number}: !foo x\n" for number in range(2 * MAX_PROBLEMS)))) == MAX_PROBLEMS


@pytest.mark.parametrize("escape", [r"\ud800", r"\Uffffffff", r"\U00110000"])
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    (refusal,) = refusals(f'a: 1\nb: "x{escape}"\n')
    assert refusal.startswith("world.yaml:2:")
    assert refusal.endswith(": this escape stands for no Unicode character")


# Bounds


def nested(levels: int) -> str:
    return "a: " + "[" * levels + "]" * levels


def test_data_may_nest_to_the_limit() -> None:
    assert read(nested(loaders.MAX_DEPTH)).data["a"]


def test_data_nested_deeper_is_refused() -> None:
    assert refusals(nested(loaders.MAX_DEPTH + 1)) == [
        f"world.yaml:1:{3 + loaders.MAX_DEPTH}: nested deeper than 64 levels"
    ]


def test_data_nested_deeper_than_the_parser_itself_allows_is_refused_in_the_same_words() -> None:
    (refusal,) = refusals(nested(200_000))
    assert refusal.startswith("world.yaml:1:")
    assert refusal.endswith(": nested deeper than 64 levels")


def test_blocks_nested_too_deep_are_refused() -> None:
    text = "".join(f"{' ' * level}k:\n" for level in range(100))
    assert refusals(text) == ["world.yaml:65:65: nested deeper than 64 levels"]


def test_nesting_through_aliases_counts() -> None:
    lines = ["a0: &a0 [x]", *(f"a{number}: &a{number} [*a{number - 1}]" for number in range(1, 100))]
    assert refusals("\n".join(lines)) == ["world.yaml:63:6: nested deeper than 64 levels once aliases are expanded"]
    assert read("\n".join(lines[:63])).data["a62"] != []


def test_a_billion_laughs_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 10)]
    (refusal,) = refusals("\n".join(lines))
    assert refusal == "world.yaml:6:5: more than 5,000,000 values once aliases are expanded"


def test_a_billion_merges_are_refused() -> None:
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{number}: &a{number} {{<<: [*a{number - 1}, *a{number - 1}]}}" for number in range(1, 100)]
    (refusal,) = refusals("\n".join(lines))
    assert refusal.endswith(": more than 5,000,000 values once aliases are expanded")


def test_a_file_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_NODES", 10)
    assert read("a: [1, 2, 3, 4, 5, 6, 7]").data == {"a": [1, 2, 3, 4, 5, 6, 7]}
    assert refusals("b: 1\na: [1, 2, 3, 4, 5, 6]") == ["world.yaml:2:4: more than 10 values"]


# Files


def test_a_file_is_loaded_under_the_name_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "world.yaml").write_text("mockgitlab: 1\n")
    source = load("world.yaml")
    assert (source.data, source.file, source.path) == ({"mockgitlab": 1}, "world.yaml", tmp_path / "world.yaml")


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("mockgitlab: 1\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "wrold.yaml")
    name = str(tmp_path / "wrold.yaml")
    assert caught.value.problems[0].file == name
    assert str(caught.value).endswith(f"; did you mean '{tmp_path / 'world.yaml'}'?")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a folder, not a file"):
        load(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match="is a device, not a file"):
        load(tmp_path / "pipe.yaml")


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1024 * 1024)
    path = tmp_path / "big.yaml"
    path.write_text("#" * (1024 * 1024 + 1))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value) == f"{path}: is larger than 1 MiB"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "loop"])
def test_a_name_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ScenarioError):
        load(tmp_path / name)


# Anything at all

INDICATORS = r"""a : [ ] { } , &x *x << ? ! !! ' " | > \ \u # --- ... % 1 e9 0x .inf ~ é"""
BLANKS = (" ", "\n", "  ", "- ", ": ", "\t", "\r", "\x85", "\u2028", "\ufeff")
PIECES = st.sampled_from((*INDICATORS.split(), *BLANKS))


def settles(content: bytes, file: str) -> None:
    """Anything but data or a ScenarioError fails the test."""
    try:
        source = loads(content, file)
    except ScenarioError as error:
        problems = error.problems
        assert_positions((problem.line, problem.column) for problem in problems)
    else:
        assert_positions(source.position((key,)) for key in source.data)


def assert_positions(positions: Iterable[tuple[int, int]]) -> None:
    assert all(line > 0 and column > 0 for line, column in positions)


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\0")
def test_any_bytes_are_data_or_a_scenario_error(content: bytes) -> None:
    settles(content, "any.yaml")


@given(st.text(max_size=200))
def test_any_text_is_data_or_a_scenario_error(text: str) -> None:
    settles(text.encode("utf-8", "surrogatepass"), "any.yaml")


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["any.yaml", "any.json"]))
@example("? &x {<<: *x}\n: [*x]\n", "any.yaml")
@example("%YAML 1.\n---\na: 1", "any.yaml")
@example('a: "\\', "any.yaml")
@example("? [&x [*x]]\n: !foo 1", "any.yaml")
def test_anything_like_yaml_is_data_or_a_scenario_error(text: str, file: str) -> None:
    settles(text.encode(), file)


TEXT = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda children: st.lists(children) | st.dictionaries(TEXT, children),
    max_leaves=20,
)


@given(st.dictionaries(TEXT, JSON))
def test_any_json_object_is_read_as_json_reads_it(data: dict[str, Any]) -> None:
    assert read(json.dumps(data), "any.json").data == data


@given(st.dictionaries(TEXT, JSON))
def test_any_data_written_as_yaml_are_read_back(data: dict[str, Any]) -> None:
    assert read(yaml.safe_dump(data, default_style='"')).data == data
