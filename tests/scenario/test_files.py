"""Files a scenario refers to, and the folder tree they must lie in."""

from pathlib import Path

import pytest

from mockgitlab.scenario import files
from mockgitlab.scenario.files import default_root, read_file
from mockgitlab.scenario.problems import Location, ScenarioError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with a scenario, fixtures beside it, and a secret outside."""
    project = tmp_path / "project"
    (project / "scenarios").mkdir(parents=True)
    (project / "fixtures").mkdir()
    (project / "scenarios" / "world.yaml").write_text("mockgitlab: 1\n")
    (project / "fixtures" / "launch.py").write_bytes(b"\x00launch\xff")
    (tmp_path / "secret").write_text("secret")
    return project


def at(project: Path) -> Location:
    """A place in the scenario."""
    return Location("world.yaml", 3, 7, path=project / "scenarios" / "world.yaml")


def refusal(project: Path, reference: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_file(reference, at(project), project, key="files[0]")
    return str(caught.value)


def test_the_default_root_is_the_parent_of_the_scenarios_folder(project: Path) -> None:
    assert default_root(project / "scenarios" / "world.yaml") == project


@pytest.mark.parametrize(("scenario", "root"), [("/srv/world.yaml", "/srv"), ("/world.yaml", "/")])
def test_the_whole_file_system_is_not_given_to_a_scenario_in_a_folder(scenario: str, root: str) -> None:
    assert default_root(Path(scenario)) == Path(root)


def test_a_file_is_read_as_bytes_relative_to_the_place_of_its_reference(project: Path) -> None:
    assert read_file("../fixtures/launch.py", at(project), project) == b"\x00launch\xff"


def test_a_file_is_read_relative_to_a_path(project: Path) -> None:
    scenario = project / "scenarios" / "world.yaml"
    assert read_file("world.yaml", scenario, default_root(scenario)) == b"mockgitlab: 1\n"


def test_a_location_without_a_path_is_where_its_file_says(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "scenarios")
    assert read_file("../fixtures/launch.py", Location("world.yaml"), project) == b"\x00launch\xff"


def test_an_absolute_reference_inside_the_tree_is_read(project: Path) -> None:
    assert read_file(str(project / "fixtures" / "launch.py"), at(project), project) == b"\x00launch\xff"


@pytest.mark.parametrize("reference", ["../../secret", "/etc/passwd", "../../no/such/file", "../fixtures/../../secret"])
def test_a_file_outside_the_tree_is_refused_whether_it_exists_or_not(project: Path, reference: str) -> None:
    expected = f"'{reference}' leads outside {project}, the only folder this scenario may read"
    assert refusal(project, reference) == f"world.yaml:3:7: files[0]: {expected}"


def test_a_symbolic_link_that_leads_outside_is_refused(project: Path) -> None:
    (project / "fixtures" / "link").symlink_to(project.parent / "secret")
    (project / "fixtures" / "up").symlink_to(project.parent)
    assert "leads outside" in refusal(project, "../fixtures/link")
    assert "leads outside" in refusal(project, "../fixtures/up/secret")


def test_a_symbolic_link_within_the_tree_is_followed(project: Path) -> None:
    (project / "fixtures" / "link").symlink_to("launch.py")
    assert read_file("../fixtures/link", at(project), project) == b"\x00launch\xff"


def test_a_tree_that_is_itself_reached_by_a_link_holds_its_files(project: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(project)
    alias = tmp_path / "alias"
    assert read_file("../fixtures/launch.py", at(alias), alias) == b"\x00launch\xff"


def test_without_a_root_any_file_is_read(project: Path) -> None:
    assert read_file("../../secret", at(project), None) == b"secret"


def test_a_missing_file_is_refused_with_the_nearest_name(project: Path) -> None:
    assert refusal(project, "../fixtures/lunch.py") == (
        "world.yaml:3:7: files[0]: there is no file '../fixtures/lunch.py'; did you mean '../fixtures/launch.py'?"
    )


def test_a_missing_folder_leaves_nothing_to_suggest(project: Path) -> None:
    assert refusal(project, "../fixture/a.py") == "world.yaml:3:7: files[0]: there is no file '../fixture/a.py'"


def test_a_folder_is_refused(project: Path) -> None:
    assert refusal(project, "../fixtures") == "world.yaml:3:7: files[0]: '../fixtures' is a folder, not a file"


@pytest.mark.parametrize("reference", ["a\0b", "x" * 5000, "loop"])
def test_a_reference_that_cannot_be_opened_is_refused(project: Path, reference: str) -> None:
    (project / "scenarios" / "loop").symlink_to("loop")
    assert refusal(project, reference).startswith("world.yaml:3:7: files[0]: ")


def test_a_file_that_vanishes_or_may_not_be_read_is_refused(project: Path) -> None:
    with pytest.raises(files.Unreadable, match="cannot be read: No such file or directory"):
        files.read_bounded(project / "gone")


def test_a_file_above_the_limit_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1024 * 1024)
    (project / "fixtures" / "full").write_bytes(b"x" * 1024 * 1024)
    (project / "fixtures" / "fuller").write_bytes(b"x" * (1024 * 1024 + 1))
    assert len(read_file("../fixtures/full", at(project), project)) == 1024 * 1024
    assert refusal(project, "../fixtures/fuller") == "world.yaml:3:7: files[0]: is larger than 1 MiB"
