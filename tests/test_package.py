"""What users install: the wheel, built as an installer builds it and tried outside the checkout."""

import os
import shutil
import subprocess
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import mockgitlab

CHECKOUT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE")

pytestmark = pytest.mark.network


@dataclass
class Installation:
    """The wheel, and the environment into which it was installed."""

    wheel: Path
    programs: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment in an empty folder; what it prints."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        elsewhere = self.programs.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        done = subprocess.run(
            [self.programs / program, *arguments], cwd=elsewhere, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("package")
    venv.create(folder / "venv", with_pip=True)
    fresh = Installation(folder / "none-yet", folder / "venv" / "bin")
    fresh.run("python", "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), str(copied_sources(folder)))
    (wheel,) = folder.glob("*.whl")
    fresh.run("python", "-m", "pip", "install", str(wheel))
    return Installation(wheel, fresh.programs)


def copied_sources(folder: Path) -> Path:
    """A copy to build in: setuptools leaves its own folders, and packs whatever lies in them from last time."""
    copy = folder / "sources"
    shutil.copytree(CHECKOUT / "mockgitlab", copy / "mockgitlab", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SOURCES:
        shutil.copy(CHECKOUT / name, copy)
    return copy


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(installation: Installation) -> None:
    files = (path for path in (CHECKOUT / "mockgitlab").rglob("*") if path.is_file())
    expected = {path.relative_to(CHECKOUT).as_posix() for path in files if "__pycache__" not in path.parts}
    with zipfile.ZipFile(installation.wheel) as archive:
        packed = archive.namelist()
    assert {name for name in packed if ".dist-info/" not in name} == expected


def test_the_wheel_bears_the_version_of_the_package(installation: Installation) -> None:
    assert installation.wheel.name == f"mockgitlab-{mockgitlab.__version__}-py3-none-any.whl"


def test_the_installed_command_tells_its_version(installation: Installation) -> None:
    assert mockgitlab.__version__ in installation.run("mockgitlab", "--version")


def test_the_installed_package_is_imported_from_where_it_was_installed(installation: Installation) -> None:
    place = installation.run("python", "-c", "import mockgitlab; print(mockgitlab.__file__)")
    assert Path(place).is_relative_to(installation.programs.parent)
