from typing import Any

import pytest

from mockgitlab.web import gateway, worlds
from mockgitlab.web.request import base_url
from tests.web.zoo import Animal, Zoo

ONE = "keepers/1/animals/1"


# OPTIONS and other origins


def test_options_says_what_a_path_takes(zoo: Zoo) -> None:
    answer = zoo.call("OPTIONS", ONE)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_refusals_may_be_read_from_another_origin_too(zoo: Zoo) -> None:
    assert zoo.get("unknown", headers={"Origin": "http://app.test"}).headers["Access-Control-Allow-Origin"] == "*"


def test_options_on_an_unknown_path_is_404(zoo: Zoo) -> None:
    assert zoo.call("OPTIONS", "unknown").status_code == 404


# The base of URLs


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HTTP_HOST": "git.test:8080"}, "http://git.test:8080"),
        ({"HTTP_HOST": "[::1]:80"}, "http://[::1]:80"),
        ({"HTTP_HOST": "git.test", "wsgi.url_scheme": "https"}, "https://git.test"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_HOST": "git.test, proxy", "HTTP_X_FORWARDED_PROTO": "https"}, "https://git.test"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_PORT": "8443"}, "http://in:8443"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_PORT": "443", "HTTP_X_FORWARDED_PROTO": "https"}, "https://in"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_PREFIX": "/gitlab/"}, "http://in/gitlab"),
        ({"HTTP_HOST": "in", "SCRIPT_NAME": "/mounted"}, "http://in/mounted"),
        ({"HTTP_HOST": "evil\"><script>", "SERVER_NAME": "here", "SERVER_PORT": "81"}, "http://here:81"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_PROTO": "javascript"}, "http://in"),
        ({"HTTP_HOST": "in", "HTTP_X_FORWARDED_PREFIX": "/\"<"}, "http://in"),
        ({}, "http://localhost:80"),
    ],
)  # fmt: skip
def test_urls_begin_as_the_client_knows_them(environ: dict[str, str], expected: str) -> None:
    assert base_url(environ) == expected


def test_a_fixed_url_goes_before_all() -> None:
    zoo = Zoo(url="https://gitlab.example.com/gitlab")
    assert zoo.get(ONE).json["web_url"] == "https://gitlab.example.com/gitlab/animals/1"
    assert zoo.get(f"/@box/api/v4/{ONE}").json["web_url"] == "https://gitlab.example.com/gitlab/@box/animals/1"


def test_a_sandboxs_urls_have_its_prefix(zoo: Zoo) -> None:
    assert zoo.get(f"/@box/api/v4/{ONE}").json["web_url"] == "http://localhost/@box/animals/1"


# Memory


def count_calls(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    pipeline = zoo.app.wsgi_app.pipeline  # type: ignore[attr-defined]
    calls: list[str] = []
    answer = pipeline.answer

    def counted(request: Any, world: Any) -> Any:
        calls.append(request.path)
        return answer(request, world)

    monkeypatch.setattr(pipeline, "answer", counted)
    return calls


def test_an_answer_is_given_again_while_nothing_changes(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_calls(zoo, monkeypatch)
    zoo.get(ONE, "ada")
    first, second = zoo.get(ONE, "ada"), zoo.get(ONE, "ada")
    assert len(calls) == 2
    assert (first.data, first.status_code) == (second.data, second.status_code)
    different = {name for name, value in second.headers if first.headers[name] != value}
    assert different == {"X-Request-Id", "X-Gitlab-Meta"}


def test_a_remembered_answer_is_never_stale(zoo: Zoo) -> None:
    for name in ("one", "two", "three"):
        assert zoo.get(ONE, "ada").data == zoo.get(ONE, "ada").data == zoo.get(ONE, "ada").data
        zoo.call("PUT", ONE, "ada", json={"name": name})
        assert zoo.get(ONE, "ada").json["name"] == name


def test_a_refused_write_leaves_memory_right(zoo: Zoo) -> None:
    before = [zoo.get("keepers/1/animals").json for _ in range(3)][-1]
    zoo.post("break")
    assert zoo.get("keepers/1/animals").json == before


def test_memory_is_by_token(zoo: Zoo) -> None:
    assert [zoo.get("me", name).json["username"] for name in ("ada", "bob") * 3] == ["ada", "bob"] * 3
    assert zoo.get("me").status_code == 401


def test_memory_is_by_query_and_host(zoo: Zoo) -> None:
    numbers, hosts = (1, 2) * 3, ("a", "b") * 3
    assert [zoo.get(f"echo?a={number}").json for number in numbers] == [{"sent": {"a": str(n)}} for n in numbers]
    urls = [zoo.get(ONE, base_url=f"http://{host}").json["web_url"] for host in hosts]
    assert urls == [f"http://{host}/animals/1" for host in hosts]


def test_a_get_with_a_body_is_not_remembered(zoo: Zoo) -> None:
    numbers = (1, 1, 1, 2)
    assert [zoo.get("echo", data={"a": n}).json for n in numbers] == [{"sent": {"a": str(n)}} for n in numbers]


def test_memory_ends_with_the_world(zoo: Zoo) -> None:
    zoo.call("PUT", ONE, "ada", json={"name": "renamed"})
    assert zoo.get(ONE).json["name"] == "renamed"
    zoo.worlds.reset()
    assert zoo.get(ONE).json["name"] == "animal 01"


def test_memory_of_an_answer_made_while_another_wrote_is_not_kept(zoo: Zoo) -> None:
    world = zoo.worlds.main
    version = world.store.version
    world.store.insert(Animal(keeper_id=1, name="meanwhile"))
    world.remember("key", version, (200, [], b"old", None))
    assert world.remembered("key") is None


def test_memory_is_bounded(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "REMEMBERED_AT_MOST", 5)
    monkeypatch.setattr(worlds, "ASKED_AT_MOST", 8)
    for number in range(24):
        zoo.get(f"echo?a={number // 2}")
    assert 0 < len(zoo.worlds.main._answers) <= 5
    assert len(zoo.worlds.main.asked) <= 8


# Sandboxes


def names(zoo: Zoo, prefix: str = "") -> list[str]:
    return [one["name"] for one in zoo.get(f"{prefix}/api/v4/keepers/1/animals").json]


def test_sandboxes_and_the_main_world_do_not_see_each_other(zoo: Zoo) -> None:
    for prefix, name in (("/@one", "first"), ("/@two", "second"), ("", "main")):
        zoo.post(f"{prefix}/api/v4/keepers/1/animals", json={"name": name})
    assert [names(zoo, prefix)[3:] for prefix in ("", "/@one", "/@two", "/@three")] == [
        ["main"],
        ["first"],
        ["second"],
        [],
    ]


def test_a_sandbox_can_be_reset_and_dropped(zoo: Zoo) -> None:
    zoo.post("/@box/api/v4/keepers/1/animals", json={"name": "x"})
    zoo.post("/@box/_mockgitlab/reset", None)
    assert len(names(zoo, "/@box")) == 3
    assert zoo.call("DELETE", "/_mockgitlab/sandboxes/box").json == {"dropped": "box"}
    assert zoo.call("DELETE", "/_mockgitlab/sandboxes/box").status_code == 404


def test_there_are_only_so_many_sandboxes(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "SANDBOXES_AT_MOST", 2)
    monkeypatch.setattr(gateway, "SANDBOXES_AT_MOST", 2)
    assert [zoo.get(f"/@{name}/api/v4/{ONE}").status_code for name in "abc"] == [200, 200, 404]
    assert "drop some" in zoo.get(f"/@c/api/v4/{ONE}").headers["X-Mockgitlab-Reason"]
    assert zoo.post("/_mockgitlab/sandboxes/c", None).status_code == 400
    assert zoo.get("/@c/_mockgitlab/ready").status_code == 404


def test_what_is_no_name_of_a_sandbox_is_a_plain_path(zoo: Zoo) -> None:
    assert zoo.get(f"/@a%20b/api/v4/{ONE}").status_code == 404
    assert zoo.worlds.names() == []


def test_a_mount_point_goes_before_the_sandbox(zoo: Zoo) -> None:
    environ = {"SCRIPT_NAME": "/gitlab", "REQUEST_URI": f"/gitlab/@box/api/v4/{ONE}"}
    answer = zoo.get(f"/@box/api/v4/{ONE}", environ_overrides=environ)
    assert answer.json["web_url"] == "http://localhost/gitlab/@box/animals/1"
