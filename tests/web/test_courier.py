import pytest

from mockgitlab import MockGitLab
from mockgitlab.dsl import Parcel
from mockgitlab.web.courier import may_reach, post
from tests.receiver import Receiver
from tests.support import WORLD, Api


@pytest.mark.parametrize(
    ("host", "hosts", "may"),
    [
        ("localhost", (), True),
        ("hooks.localhost", (), True),
        ("127.0.0.1", (), True),
        ("127.9.9.9", (), True),
        ("::1", (), True),
        ("example.com", (), False),
        ("10.0.0.1", (), False),
        ("localhost.example.com", (), False),
        ("example.com", ("example.com",), True),
        ("CI.Example.com", ("*.example.com",), True),
        ("example.org", ("*.example.com",), False),
        ("anywhere", ("*",), True),
        ("", (), False),
    ],
)
def test_which_hosts_are_reached(host: str, hosts: tuple[str, ...], may: bool) -> None:
    assert may_reach(host, hosts) is may


def test_who_takes_too_long_is_given_up(receiver: Receiver) -> None:
    import threading

    answered = threading.Event()
    receiver.before = lambda: answered.wait(5)
    outcome = post(Parcel(1, receiver.url, {}, b"{}"), (), 0.05)
    answered.set()
    assert (outcome.status, outcome.error) == (0, "execution expired after 0.05 s")


@pytest.mark.parametrize("url", ["http://localhost:99999/", "http://[", "http://127.0.0.1:1/\n"])
def test_a_url_that_cannot_be_posted_to_is_told(url: str) -> None:
    outcome = post(Parcel(1, url, {}, b"{}"), (), 1)
    assert (outcome.status, bool(outcome.error)) == (0, True)


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
    import threading

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
        import urllib.request

        asked = urllib.request.Request(f"{one.url}/api/v4/projects/1/issues?title=x", method="POST")
        asked.add_header("Private-Token", "ada-token")
        urllib.request.urlopen(asked).close()
        assert len(one.deliveries()) == 1
        assert gl.deliveries() == []
    assert receiver.got[0][1]["X-Gitlab-Instance"].endswith("/@one")
