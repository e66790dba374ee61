"""Scenarios that include others: what comes of them, and where each part stands."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.scenario.includes import MAX_INCLUDE_DEPTH, Merged, load_merged
from mockgitlab.scenario.problems import KeyPath, Problems, ScenarioError
from mockgitlab.scenario.source import Source, loads


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `scenarios` folder in a checkout, which is the current folder."""
    checkout = tmp_path / "checkout"
    (checkout / "scenarios").mkdir(parents=True)
    monkeypatch.chdir(checkout)
    return checkout / "scenarios"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)


def refusals(**options: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_merged("scenarios/world.yaml", **options)
    return [str(problem).splitlines()[0] for problem in caught.value.problems]


def test_a_scenario_without_includes_is_its_own_data(folder: Path) -> None:
    write(folder, world="mockgitlab: 1\ngitlab: {edition: ee}\n")
    merged = load_merged("scenarios/world.yaml")
    assert merged.data == {"mockgitlab": 1, "gitlab": {"edition": "ee"}}
    assert str(merged.locate(("gitlab", "edition"), of_key=False)) == "scenarios/world.yaml:2:19"
    assert merged.root == folder.parent


def test_mappings_merge_lists_join_and_of_single_values_the_including_file_wins(folder: Path) -> None:
    write(
        folder,
        world="include: [a.yaml, b.yaml]\ngitlab: {edition: ee, limits: {x: null}}\nusers: [{username: top}]\n",
        a="gitlab: {edition: ce, version: 1.0.0, limits: {x: 1, y: 1}}\nusers: [{username: a}]\n",
        b="gitlab: {version: 2.0.0}\nusers: [{username: b}]\ngroups: [{path: g}]\n",
    )
    assert load_merged("scenarios/world.yaml").data == {
        "gitlab": {"edition": "ee", "version": "2.0.0", "limits": {"x": None, "y": 1}},
        "users": [{"username": "a"}, {"username": "b"}, {"username": "top"}],
        "groups": [{"path": "g"}],
    }


@pytest.mark.parametrize(("world", "included"), [("users:", "users: [1]"), ("users: [1]", "users:")])
def test_a_null_does_not_take_the_place_of_a_list(folder: Path, world: str, included: str) -> None:
    write(folder, world=f"include: [a.yaml]\n{world}\n", a=f"{included}\n")
    merged = load_merged("scenarios/world.yaml")
    assert merged.data == {"users": [1]}
    assert merged.locate(("users",)).file == ("scenarios/world.yaml" if world.endswith("]") else "scenarios/a.yaml")


def test_every_part_is_located_in_the_file_it_came_from(folder: Path) -> None:
    write(
        folder,
        world="include: [a.yaml]\ngitlab:\n  edition: ee\nusers:\n  - username: top\n",
        a="gitlab:\n  version: 1.0.0\n  edition: ce\nusers:\n  - username: a\n  - username: b\n",
    )
    merged = load_merged("scenarios/world.yaml")
    places: dict[KeyPath, str] = {
        ("gitlab",): "scenarios/world.yaml:2:1",
        ("gitlab", "edition"): "scenarios/world.yaml:3:3",
        ("gitlab", "version"): "scenarios/a.yaml:2:3",
        ("gitlab", "missing"): "scenarios/world.yaml:2:1",
        ("users", 0, "username"): "scenarios/a.yaml:5:5",
        ("users", 1): "scenarios/a.yaml:6:5",
        ("users", 2, "username"): "scenarios/world.yaml:5:5",
        ("users", 2, "nmae"): "scenarios/world.yaml:5:5",
        ("users", 3): "scenarios/world.yaml:4:1",
        ("gitlab", 0): "scenarios/world.yaml:2:1",
        (): "scenarios/world.yaml:1:1",
    }
    assert {path: str(merged.locate(path)) for path in places} == places


def test_problems_of_merged_data_name_the_file_they_came_from(folder: Path) -> None:
    write(folder, world="include: [a.yaml]\nusers: [{nmae: x}]\n", a="users:\n  - {usrname: ada}\n")
    problems = Problems(load_merged("scenarios/world.yaml"))
    problems.add(("users", 0, "usrname"), "unknown key", suggestion="username")
    problems.add(("users", 1, "nmae"), "unknown key", suggestion="name")
    assert [str(problem).splitlines()[:2] for problem in problems] == [
        [
            "scenarios/a.yaml:2:6: users[0].usrname: unknown key; did you mean 'username'?",
            "     2 |   - {usrname: ada}",
        ],
        [
            "scenarios/world.yaml:2:10: users[1].nmae: unknown key; did you mean 'name'?",
            "     2 | users: [{nmae: x}]",
        ],
    ]


def test_includes_are_relative_to_the_file_they_stand_in(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder.parent / "fixtures").mkdir()
    write(folder, world="include: [parts/a.yaml]\n")
    write(folder / "parts", a="include: [b.yaml, ../../fixtures/c.yaml]\nlist: [a]\n", b="list: [b]\n")
    write(folder.parent / "fixtures", c="list: [c]\n")
    merged = load_merged("scenarios/world.yaml")
    assert merged.data == {"list": ["b", "c", "a"]}
    assert [source.file for source in merged.sources] == [
        "scenarios/parts/b.yaml",
        "fixtures/c.yaml",
        "scenarios/parts/a.yaml",
        "scenarios/world.yaml",
    ]


def test_a_file_included_twice_counts_once(folder: Path) -> None:
    write(
        folder,
        world="include: [a.yaml, b.yaml, a.yaml]\n",
        a="include: [users.yaml]\nlist: [a]\n",
        b="include: [./users.yaml]\nlist: [b]\n",
        users="list: [users]\n",
    )
    assert load_merged("scenarios/world.yaml").data == {"list": ["users", "a", "b"]}


def test_a_json_file_is_included(folder: Path) -> None:
    write(folder, world="include: [a.json]\n")
    (folder / "a.json").write_text('{"users": [{"username": "ada"}]}')
    assert load_merged("scenarios/world.yaml").data == {"users": [{"username": "ada"}]}


# What is refused


def test_a_circle_is_refused_with_the_chain(folder: Path) -> None:
    write(folder, world="include: [a.yaml]\n", a="x: 1\ninclude: [b.yaml]\n", b="include: [world.yaml]\n")
    assert refusals() == [
        "scenarios/b.yaml:1:11: include[0]: includes go in a circle: scenarios/world.yaml includes "
        "scenarios/a.yaml includes scenarios/b.yaml includes scenarios/world.yaml"
    ]


def test_a_file_that_includes_itself_through_a_link_is_refused(folder: Path) -> None:
    write(folder, world="include: [link.yaml]\n")
    (folder / "link.yaml").symlink_to("world.yaml")
    (refusal,) = refusals()
    assert refusal.endswith("includes go in a circle: scenarios/world.yaml includes scenarios/link.yaml")


def test_includes_may_go_as_deep_as_the_limit(folder: Path) -> None:
    write(folder, world="include: [f1.yaml]\n", **chain(MAX_INCLUDE_DEPTH))
    assert len(load_merged("scenarios/world.yaml").sources) == MAX_INCLUDE_DEPTH + 1


def test_includes_that_go_deeper_are_refused(folder: Path) -> None:
    write(folder, world="include: [f1.yaml]\n", **chain(MAX_INCLUDE_DEPTH + 1))
    (refusal,) = refusals()
    assert refusal.startswith("scenarios/f16.yaml:1:11: include[0]: includes go deeper than 16 files: scenarios/world")


def chain(length: int) -> dict[str, str]:
    files = {f"f{number}": f"include: [f{number + 1}.yaml]\n" for number in range(1, length)}
    return {**files, f"f{length}": "end: true\n"}


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        ("a.yaml", "scenarios/world.yaml:1:1: include: must be a list of files, such as [users.yaml]"),
        ("{a: b}", "scenarios/world.yaml:1:1: include: must be a list of files, such as [users.yaml]"),
        ("[3]", "scenarios/world.yaml:1:11: include[0]: must be the name of a file, not 3"),
        ("['']", "scenarios/world.yaml:1:11: include[0]: must be the name of a file, not ''"),
        (
            "[x, nme.yaml]",
            "scenarios/world.yaml:1:14: include[1]: there is no file 'nme.yaml'; did you mean 'name.yaml'?",
        ),
        ("[x, ../scenarios]", "scenarios/world.yaml:1:14: include[1]: '../scenarios' is a folder, not a file"),
    ],
)
def test_a_wrong_include_is_refused(folder: Path, include: str, expected: str) -> None:
    write(folder, world=f"include: {include}\n", name="x: 1\n")
    (folder / "x").write_text("x: 1\n")
    assert refusals() == [expected]


def test_a_file_outside_the_tree_is_refused_unless_allowed(folder: Path) -> None:
    write(folder.parent.parent, secret="secret: 1\n")
    write(folder, world="include: [../../secret.yaml]\n")
    assert refusals() == [
        "scenarios/world.yaml:1:11: include[0]: '../../secret.yaml' leads outside "
        f"{folder.parent}, the only folder this scenario may read"
    ]
    merged = load_merged("scenarios/world.yaml", allow_outside=True)
    assert (merged.data, merged.root) == ({"secret": 1}, None)


def test_the_tree_can_be_chosen(folder: Path) -> None:
    write(folder.parent, beside="beside: 1\n")
    write(folder, world="include: [../beside.yaml]\n")
    assert load_merged("scenarios/world.yaml").data == {"beside": 1}
    assert "leads outside" in refusals(root=Path("scenarios"))[0]


def test_the_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    write(folder, world="include: [a.yaml, gone, b.yaml, 3]\n", a="x: 1\nx: 2\n", b="- 1\n")
    assert refusals() == [
        "scenarios/a.yaml:2:1: x: this key stands twice in one mapping, first on line 1",
        "scenarios/world.yaml:1:19: include[1]: there is no file 'gone'",
        "scenarios/b.yaml:1:1: is a list; a scenario is a mapping that starts with 'mockgitlab: 1'",
        "scenarios/world.yaml:1:33: include[3]: must be the name of a file, not 3",
    ]


def test_an_included_file_above_the_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockgitlab.scenario.files.MAX_FILE_BYTES", 1024 * 1024)
    write(folder, world="include: [a.yaml]\n", a="#" * (1024 * 1024 + 1))
    assert refusals() == ["scenarios/world.yaml:1:11: include[0]: is larger than 1 MiB"]


@pytest.mark.parametrize(
    ("world", "included", "expected"),
    [
        ("[1]", "{b: 1}", "is a list here, but a mapping in scenarios/a.yaml:2:4; these cannot be merged"),
        ("{b: 1}", "text", "is a mapping here, but a single value in scenarios/a.yaml:2:4; these cannot be merged"),
        ("1", "[1]", "is a single value here, but a list in scenarios/a.yaml:2:4; these cannot be merged"),
    ],
)
def test_values_of_different_kinds_are_refused_with_both_places(
    folder: Path, world: str, included: str, expected: str
) -> None:
    write(folder, world=f"include: [a.yaml]\nk: {{x: {world}}}\n", a=f"k:\n   x: {included}\n")
    assert refusals() == [f"scenarios/world.yaml:2:5: k.x: {expected}"]


# Files named by values


def test_a_file_named_by_a_value_is_read_relative_to_the_file_it_stands_in(folder: Path) -> None:
    (folder / "parts").mkdir()
    write(folder, world="include: [parts/a.yaml]\n")
    write(folder / "parts", a="launch: {file: launch.py}\n")
    (folder / "parts" / "launch.py").write_text("launch")
    merged = load_merged("scenarios/world.yaml")
    assert merged.read_file("launch.py", ("launch", "file")) == b"launch"
    with pytest.raises(ScenarioError) as caught:
        merged.read_file("lanch.py", ("launch", "file"))
    assert str(caught.value).splitlines()[0] == (
        "scenarios/parts/a.yaml:1:16: launch.file: there is no file 'lanch.py'; did you mean 'launch.py'?"
    )


# Anything that merges

KEYS = st.sampled_from("abc")
VALUES = st.recursive(st.integers(0, 9), lambda children: st.dictionaries(KEYS, children), max_leaves=8)


@given(st.lists(st.dictionaries(KEYS, st.lists(VALUES, max_size=3)), min_size=1, max_size=4))
def test_the_place_of_any_item_holds_what_the_merged_data_hold(worlds: list[dict[str, Any]]) -> None:
    merged = Merged([source_of(number, world) for number, world in enumerate(worlds)], None)
    texts = {source.file: str(worlds[number]) for number, source in enumerate(merged.sources)}
    for key, items in merged.data.items():
        for index, item in enumerate(items):
            place = merged.locate((key, index))
            assert texts[place.file][place.column - 1 :].startswith(str(item))


def source_of(number: int, world: dict[str, Any]) -> Source:
    return loads(str(world).encode(), f"{number}.yaml")
