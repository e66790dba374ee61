"""The real git through the recorder: passed on, recorded only when asked, and then played."""

from pathlib import Path

import pytest

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git, git_world
from tests.playback.rig import recorder

TOKEN = "bob-token"


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)


def address(url: str) -> str:
    return f"{url.replace('://', f'://oauth2:{TOKEN}@')}/acme/rocket.git"


def test_git_is_passed_on_and_not_recorded(git: Git, tmp_path: Path) -> None:
    with MockGitLab(git_world()) as gitlab, recorder(gitlab.gateway, tmp_path / "git.yaml") as rig:
        git("clone", "-q", address(rig.url), "work")
        work = Git(tmp_path / "work")
        work("checkout", "-q", "-b", "through-the-recorder")
        sha = work.commit({"new.txt": "new\n"})
        work("push", "-q", "origin", "through-the-recorder")
        assert work("ls-remote", "origin", "through-the-recorder").startswith(sha)
        assert len(rig.recording()) == 0


def test_git_is_recorded_and_played_when_asked(git: Git, tmp_path: Path) -> None:
    with MockGitLab(git_world()) as gitlab, recorder(gitlab.gateway, tmp_path / "git.yaml", git=True) as rig:
        git("clone", "-q", address(rig.url), "live")
        assert [one.request.path for one in rig.recording()][-1] == "/acme/rocket.git/git-upload-pack"
    with MockGitLab(playback=tmp_path / "git.yaml", strict="fail") as player:
        git("clone", "-q", address(player.url), "played")
        player.verify()
    heads = [Git(tmp_path / name)("rev-parse", "HEAD") for name in ("live", "played")]
    assert heads[0] == heads[1]
