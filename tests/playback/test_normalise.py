from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from mockgitlab.playback.exchange import Exchange, header
from mockgitlab.playback.normalise import HOST, normalise, normalise_file
from mockgitlab.playback.recording import Recording
from tests.clients.playback_rig import python_session
from tests.playback.exchanges import UPSTREAM, every_kind, got, posted, recorded
from tests.playback.rig import recorder

SHA = "6104942438c14ec7bd21c6cd5bd995272b3faff6"


def values(*exchanges: Exchange) -> list[Any]:
    return [one.response.body.value for one in normalise(exchanges, UPSTREAM)]


def test_ids_are_numbered_by_kind_and_still_refer() -> None:
    issue = {"id": 8_004, "iid": 77, "project_id": 4_711, "author": {"id": 4_711}, "assignees": [{"id": 12}]}
    project = {"id": 4_711, "owner": {"id": 12}}
    exchanges = [got("/api/v4/projects/4711/issues/77", issue), got("/api/v4/projects/4711", project)]
    [first, second] = normalise(exchanges, UPSTREAM)
    assert first.request.path == "/api/v4/projects/1/issues/1"
    assert first.response.body.value == {
        "id": 1, "iid": 1, "project_id": 1, "author": {"id": 1}, "assignees": [{"id": 2}],
    }  # fmt: skip
    assert (second.request.path, second.response.body.value) == ("/api/v4/projects/1", {"id": 1, "owner": {"id": 2}})


def test_numbers_that_are_no_ids_stay() -> None:
    value = {"weight": 8_000, "user_notes_count": 7, "labels": ["1"], "title": "77", "size": 4_711, "group_id": None}
    assert values(got("/api/v4/projects/4711/issues/77", value)) == [value]


def test_shas_keep_their_form_and_their_short_ones_fit() -> None:
    commit, text = {"id": SHA, "short_id": SHA[:8]}, {"message": f"see {SHA} ({SHA[:8]})"}
    [one, message] = values(got("/a", commit), got("/b", text))
    assert len(one["id"]) == 40
    assert one["id"] != SHA
    assert one["short_id"] == one["id"][:8]
    assert message == {"message": f"see {one['id']} ({one['short_id']})"}


def test_dates_keep_their_order_and_their_form() -> None:
    later, sooner = "2026-03-04T05:06:07.123Z", "2025-03-04T05:06:07.000+02:00"
    dates = {"updated_at": later, "created_at": sooner, "again": f"on {later}", "due": "2026-01-01"}
    [value] = values(got("/a", dates))
    assert value == {
        "updated_at": "2024-01-01T00:01:00.000Z",
        "created_at": "2024-01-01T00:00:00.000+00:00",
        "again": "on 2024-01-01T00:01:00.000Z",
        "due": "2026-01-01",
    }


def test_hosts_links_and_references_follow() -> None:
    value = {
        "iid": 77,
        "web_url": f"{UPSTREAM}/acme/-/issues/77",
        "ssh": "git@gitlab.internal:acme/rocket.git",
        "_links": {"self": "https://gitlab.internal/api/v4/projects/4711/issues/77"},
        "references": {"short": "#77", "full": "acme/rocket#77"},
    }
    exchange = got("/api/v4/projects/4711/issues/77", {**value, "web_url": "https://gitlab.internal/acme/-/issues/77"})
    assert normalise([exchange], "https://gitlab.internal")[0].response.body.value == {
        "iid": 1,
        "web_url": f"{HOST}/acme/-/issues/1",
        "ssh": "git@gitlab.example.com:acme/rocket.git",
        "_links": {"self": f"{HOST}/api/v4/projects/1/issues/1"},
        "references": {"short": "#1", "full": "acme/rocket#1"},
    }


@pytest.mark.parametrize("name", ["bot-1700000000", "branch_8f3a2b1c9d", "x-8f3a2b1c"])
def test_temporary_names_are_numbered(name: str) -> None:
    label = {"name": name}
    [made, seen] = normalise([posted("/api/v4/projects/1/labels", label, label), got(f"/a/{name}", 1)], "")
    stem = name.rstrip("0123456789abcdef")
    assert made.request.body.value == made.response.body.value == {"name": f"{stem}1"}
    assert seen.request.path == f"/a/{stem}1"


def test_a_session_recorded_again_elsewhere_and_later_gives_the_same_recording(tmp_path: Path) -> None:
    """Another host, clock, and ids that begin elsewhere."""
    found = []
    for number, clock in enumerate(("2024-05-20T10:00:00Z", "2024-05-25T11:12:13Z")):
        with MockGitLab("scenarios/team.yaml", {"mockgitlab": 1, "gitlab": {"clock": clock}}) as gitlab:
            for name in range(number * 3):
                issues, root = f"{gitlab.url}/api/v4/projects/3/issues", {"PRIVATE-TOKEN": "root-token"}
                made = requests.post(issues, {"title": f"Before {name}"}, headers=root, timeout=5).json()["iid"]
                requests.delete(f"{issues}/{made}", headers=root, timeout=5)
            with recorder(gitlab.gateway, tmp_path / f"{number}.yaml") as rig:
                python_session(rig.url, "ada-token")
                found.append(normalise(list(rig.recording()), rig.upstream))
    assert len(found[0]) >= 50
    for one, other in zip(*found, strict=True):
        assert str(one.request) == str(other.request)
        assert one.response.status == other.response.status
        assert shape(one) == shape(other)


def shape(exchange: Exchange) -> Any:
    """Return a response without its length, which follows the width of what it was made of."""
    kept = [pair for pair in exchange.response.headers if pair[0] not in ("Content-Length", "X-Mockgitlab-Reason")]
    body = exchange.response.body
    return kept, body.value if body.kind == "json" else header(exchange.response.headers, "content-type")


def test_a_normalised_recording_can_be_played(tmp_path: Path) -> None:
    with MockGitLab("scenarios/team.yaml") as gitlab, recorder(gitlab.gateway, tmp_path / "raw.yaml") as rig:
        for path in ("projects/acme%2Frocket", "projects/1/issues/3", "users/2"):
            rig.call("GET", f"/api/v4/{path}", headers={"PRIVATE-TOKEN": "ada-token"})
        exchanges = normalise(list(Recording(rig.path)), rig.upstream)
    assert [one.request.path for one in exchanges] == [
        "/api/v4/projects/acme%2Frocket",
        "/api/v4/projects/1/issues/1",
        f"/api/v4/users/{exchanges[2].response.body.value['id']}",
    ]


def test_the_raw_recording_is_kept_beside_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "tape.yaml"
    recorded(path, got("/api/v4/projects/4711", {"id": 4_711}), *every_kind(), upstream="https://gitlab.internal")
    normalise_file(path, keep_raw=True)
    assert Recording(path)[0].response.body.value == {"id": 1}
    assert Recording(path).meta["normalised"] is True
    raw = Recording(tmp_path / "tape.raw.yaml")
    assert (raw.upstream, raw[0].response.body.value) == ("https://gitlab.internal", {"id": 4_711})
    assert raw[5].response.body == Recording(path)[5].response.body == every_kind()[4].response.body
