"""Runs every example of the README: curl against a served scenario, Python, pytest, the scenario, the shell."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockgitlab.scenario.loader import load_scenario
from mockgitlab.server import MockGitLab

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"<!-- ([^\n]+?) -->\n```\w+\n(.*?)```", re.S)
BLOCKS = BLOCK.findall(README)


def blocks(marker: str) -> list[tuple[str, str]]:
    found = [(name, text) for name, text in BLOCKS if name.split()[0] == marker]
    assert found, f"the README has no block marked <!-- {marker} -->"
    return found


def run(command: list[str], folder: Path = ROOT, **environment: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PATH": path, **environment},
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


CURLS = [(scenario.split()[1], line) for scenario, text in blocks("with") for line in text.strip().splitlines()]


@pytest.mark.parametrize(("scenario", "line"), CURLS)
def test_each_curl_of_the_readme_is_answered(scenario: str, line: str) -> None:
    assert line.startswith("curl ")
    with MockGitLab(ROOT / scenario) as gitlab:
        command = line.replace("http://127.0.0.1:4747", gitlab.url).replace("curl ", "curl --fail-with-body ", 1)
        assert run(["bash", "-c", command])
    gitlab.check()


@pytest.mark.parametrize("text", [text for _, text in blocks("python")])
def test_each_python_example_of_the_readme_runs(text: str) -> None:
    run([sys.executable, "-c", text])


@pytest.mark.parametrize("text", [text for _, text in blocks("pytest")])
def test_each_pytest_example_of_the_readme_passes(text: str, tmp_path: Path) -> None:
    test = tmp_path / "test_readme_example.py"
    test.write_text(text.replace('"scenarios/', f'"{ROOT}/scenarios/'))
    report = run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(test)], tmp_path
    )
    assert re.search(r"\d+ passed", report)


@pytest.mark.parametrize("text", [text for _, text in blocks("scenario")])
def test_each_scenario_of_the_readme_loads(text: str, tmp_path: Path) -> None:
    scenario = tmp_path / "readme.yaml"
    scenario.write_text(text)
    load_scenario(scenario)


@pytest.mark.parametrize("text", [text for _, text in blocks("shell")])
def test_each_shell_example_of_the_readme_runs(text: str, tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    assert '"username":"ada"' in run(["bash", "-euo", "pipefail", "-c", text], tmp_path)


def plain(text: str) -> list[str]:
    """Return the words of each line, without how long anything took."""
    return [" ".join(re.sub(r"[\d.]+ s\b|--+", "", line).split()) for line in text.strip().splitlines()]


def test_the_sweep_of_the_readme_tells_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    [(_, text)] = blocks("sweep")
    told = run(["bash", "-euo", "pipefail", "-c", text], tmp_path)
    shown = README.partition(text)[2].split("```")[2]
    assert plain(told) == [*plain(shown), "exit code 1"]


def test_the_serve_command_of_the_readme_is_the_one_that_the_text_promises() -> None:
    [(_, text)] = blocks("serve")
    assert text.strip().endswith("mockgitlab serve scenarios/quickstart.yaml")
