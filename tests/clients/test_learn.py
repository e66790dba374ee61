"""A client that was recorded does its session again on what was learned from the recording."""

import subprocess
import sys
from pathlib import Path

from mockgitlab import MockGitLab
from mockgitlab.playback.recording import Recording
from tests.clients import playback_rig as rig

SCENARIO = str(Path(__file__).parents[2] / "scenarios" / "team.yaml")
NOT_RECORDED = (
    *("merge_requests_count:", "user_notes_count:", "upvotes:", "blocking_issues_count:", "open_issues_count:"),
    *("local_time:", "body: was b'\\x1f", "body: had 3 items, has 1", "body[0].id: was 7"),
)
"""What of the session no answer tells: work in other projects, comments, a time zone, an archive, events."""


def test_a_session_of_python_gitlab_is_learned_and_goes_as_well_on_what_was_learned(tmp_path: Path) -> None:
    later = {"mockgitlab": 1, "gitlab": {"version": "17.9.0", "clock": "2024-05-20T10:00:00Z"}}
    path, learned = str(tmp_path / "session.yaml"), str(tmp_path / "learned.yaml")
    with MockGitLab(SCENARIO, later) as upstream, rig.command("record", "--upstream", upstream.url, "-o", path) as up:
        live = rig.python_session(up.url, upstream.token("ada"))
    done = subprocess.run([sys.executable, "-m", "mockgitlab", "learn", path, "-o", learned], text=True, stderr=-1)
    fields = [line for line in done.stderr.splitlines() if line.startswith("  ")]
    assert [line for line in fields if not any(one in line for one in NOT_RECORDED)] == []
    assert (done.returncode, len(live)) == (3, len(Recording(path)))
    with rig.command("serve", learned) as served:
        again = rig.python_session(served.url, "SCRUBBED-1")
    assert [status for status, _, _ in again] == [status for status, _, _ in live]
