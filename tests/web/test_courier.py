import threading
import urllib.request

import pytest

from mockgitlab import MockGitLab
from tests.receiver import Receiver
from tests.support import WORLD, Api


def test_the_control_page_waits_for_what_is_to_be_delivered(api: Api, receiver: Receiver) -> None:
    api.post("projects/1/hooks", url=receiver.url, issues_events=True)
    api.post("projects/1/issues", title="x")
    control = Api.__new__(Api)
    control.server, control.prefix, control._client = api.server, "/_mockgitlab/", api._client
    [one] = control.get("deliveries", None, event="Issue Hook").json["deliveries"]
    assert (one["hook_id"], one["status"], one["json"]["object_kind"]) == (1, 200, "issue")
    assert control.get("deliveries", None, event="Push Hook").json == {"deliveries": []}
    told = control.get("deliveries", None, colour="red")
    assert (told.status, told.json["error"][:43]) == (400, "deliveries cannot be filtered by 'colour': ")


def test_waiting_ends_after_a_while(api: Api, receiver: Receiver) -> None:
    answered = threading.Event()
    receiver.before = lambda: answered.wait(5)
    api.post("projects/1/hooks", url=receiver.url, issues_events=True)
    api.post("projects/1/issues", title="x")
    with pytest.raises(TimeoutError, match="hooks are still being posted to after"):
        api.server.deliveries(timeout=0.05)
    answered.set()
    assert len(api.server.deliveries()) == 1


def test_sandboxes_deliver_for_themselves(receiver: Receiver) -> None:
    hooks = [{"url": receiver.url, "issues_events": True, "project_id": 1}]
    with MockGitLab({**WORLD, "projects": [{"path": "acme/rocket", "hooks": hooks}]}) as gl, gl.sandbox("one") as one:
        asked = urllib.request.Request(f"{one.url}/api/v4/projects/1/issues?title=x", method="POST")
        asked.add_header("Private-Token", "ada-token")
        urllib.request.urlopen(asked).close()
        assert len(one.deliveries()) == 1
        assert gl.deliveries() == []
    assert receiver.got[0][1]["X-Gitlab-Instance"].endswith("/@one")


def test_what_cannot_be_told_does_not_fail_the_answer(
    api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mockgitlab.api.hook_data import occasions

    def broken(*_: object) -> None:
        raise RuntimeError("a payload cannot be made")

    api.post("projects/1/hooks", url=receiver.url, issues_events=True)
    monkeypatch.setattr(occasions, "of_pushes", broken)
    with pytest.raises(RuntimeError, match="a payload cannot be made"):
        api.post("projects/1/issues", title="x")
    api.server.errors.clear()
    assert api.get("projects/1/issues/1").json["title"] == "x"
