import threading

import pytest

from mockgitlab.dsl import Parcel
from mockgitlab.web.posting import may_reach, post
from tests.receiver import Receiver


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
    answered = threading.Event()
    receiver.before = lambda: answered.wait(5)
    outcome = post(Parcel(1, receiver.url, {}, b"{}"), (), 0.05)
    answered.set()
    assert (outcome.status, outcome.error) == (0, "execution expired after 0.05 s")


@pytest.mark.parametrize("url", ["http://localhost:99999/", "http://[", "http://127.0.0.1:1/\n"])
def test_a_url_that_cannot_be_posted_to_is_told(url: str) -> None:
    outcome = post(Parcel(1, url, {}, b"{}"), (), 1)
    assert (outcome.status, bool(outcome.error)) == (0, True)
