import io
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.test import Client

from mockgitlab import MockGitLab
from mockgitlab.playback.exchange import Body, Exchange, Got, Part, Sent
from mockgitlab.scenario.problems import ScenarioError
from tests.playback.exchanges import JSON, UPSTREAM, every_kind, got, posted, recorded

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


class Player:
    """A recording that is played, and a client that calls it without a socket."""

    def __init__(self, path: Path, *exchanges: Exchange, scenarios: tuple[Any, ...] = (), **rules: Any) -> None:
        strict = rules.pop("strict", None)
        recorded(path, *exchanges)
        self.gitlab = MockGitLab(*scenarios, playback={"file": path, **rules}, strict=strict)
        self.client = Client(self.gitlab.app, use_cookies=False)

    def call(self, target: str, method: str = "GET", **options: Any) -> Any:
        answer = self.client.open(target, method=method, **options)
        self.gitlab.check()
        return answer

    def statuses(self, *targets: str) -> list[int]:
        return [self.call(target).status_code for target in targets]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "played.yaml"


def test_answers_are_played_as_they_were_recorded(path: Path) -> None:
    headers = (
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Total", "3"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
    )
    body = Body("json", {"html": "<p>é"}, "rails")
    player = Player(path, Exchange(Sent("GET", "/api/v4/a"), Got(200, headers, body)))
    answer = player.call("/api/v4/a")
    assert answer.data == b'{"html":"\\u003cp\\u003e\xc3\xa9"}'
    assert [pair for pair in answer.headers if pair[0] not in ("X-Gitlab-Meta", "X-Request-Id")] == [
        *headers,
        ("Content-Length", str(len(answer.data))),
    ]


def test_every_kind_of_exchange_is_played(path: Path) -> None:
    player = Player(path, *every_kind())
    assert player.call("/api/v4/projects/acme%2frocket").json["emoji"] == "😀"
    assert player.call("/api/v4/projects/1/issues", "POST", json={"title": "a\nb\n"}).json == {"iid": 1}
    fields = {"title": "x", "labels[]": ["a", "b"], "file": (io.BytesIO(b"other"), "a.png", "image/png")}
    assert player.call("/uploads", "POST", data=fields).status_code == 400
    assert "notes.txt" in player.gitlab.world.verify().told()


def test_an_upload_fits_by_its_fields_and_files(path: Path) -> None:
    part = Part("a.png", "image/png", b"\x89\0")
    sent = Sent("POST", "/up", (), (("Content-Type", "multipart/form-data"),), Body("form", (("file", part),)))
    player = Player(path, Exchange(sent, Got(201)))
    with MockGitLab(playback=path) as gitlab:
        wrong = requests.post(f"{gitlab.url}/up", files={"file": ("a.png", b"\x89\1", "image/png")}, timeout=5)
        right = requests.post(f"{gitlab.url}/up", files={"file": ("a.png", b"\x89\0", "image/png")}, timeout=5)
    assert (wrong.status_code, right.status_code) == (400, 201)
    assert player.gitlab.world.playback.unused() == [f"{path} #1 POST /up"]


def test_head_and_bodyless_answers_are_played(path: Path) -> None:
    kept = (("Content-Type", "application/json"), ("Content-Length", "17"), ("X-Total", "4"))
    player = Player(path, Exchange(Sent("HEAD", "/a"), Got(200, kept)), Exchange(Sent("DELETE", "/a"), Got(204)))
    head, delete = player.call("/a", "HEAD"), player.call("/a", "DELETE")
    assert (head.headers["Content-Length"], head.headers["X-Total"], head.data) == ("17", "4", b"")
    assert (delete.status_code, delete.data, delete.headers.get("Content-Type")) == (204, b"", None)


def test_a_binary_is_played_from_its_file(path: Path) -> None:
    player = Player(
        path, Exchange(Sent("GET", "/a"), Got(200, (("Content-Type", "image/png"),), Body("file", b"\x89\0")))
    )
    answer = player.call("/a")
    assert (answer.data, answer.headers["Content-Type"]) == (b"\x89\0", "image/png")


def test_urls_of_the_upstream_are_those_of_this_server_and_of_the_sandbox(path: Path) -> None:
    link = (("Link", f'<{UPSTREAM}/api/v4/a?page=2>; rel="next"'), *JSON)
    body = Body("json", {"web_url": f"{UPSTREAM}/acme", "other": f"{UPSTREAM}.evil.org", "port": f"{UPSTREAM}:8080/a"})
    recorded(path, Exchange(Sent("GET", "/api/v4/a"), Got(200, link, body)))
    with MockGitLab(playback=path) as gitlab:
        for base in (gitlab.url, f"{gitlab.url}/@one"):
            answer = requests.get(f"{base}/api/v4/a", timeout=5)
            assert answer.json() == {**body.value, "web_url": f"{base}/acme"}
            assert answer.links["next"]["url"] == f"{base}/api/v4/a?page=2"


def test_urls_of_this_server_in_a_request_are_those_of_the_upstream(path: Path) -> None:
    recorded(path, posted("/hooks", {"url": f"{UPSTREAM}/hook"}, {}))
    with MockGitLab(playback=path) as gitlab:
        assert requests.post(f"{gitlab.url}/hooks", json={"url": f"{gitlab.url}/hook"}, timeout=5).status_code == 201


# The order


def test_in_strict_order_only_the_next_exchange_is_played(path: Path) -> None:
    player = Player(path, got("/a", 1), got("/b", 2), got("/a", 3))
    assert player.statuses("/b", "/a", "/a", "/b") == [400, 200, 400, 200]
    assert player.call("/a").data == b"3"
    assert player.statuses("/a") == [400]


def test_matched_exchanges_are_played_in_any_order_each_once(path: Path) -> None:
    player = Player(path, got("/a", 1), got("/b", 2), got("/a", 3), order="match")
    assert [player.call(target).data for target in ("/b", "/a", "/a")] == [b"2", b"1", b"3"]
    assert player.statuses("/b", "/a") == [400, 400]


def test_matched_exchanges_may_be_repeated_the_last_again_and_again(path: Path) -> None:
    player = Player(path, got("/a", 1), got("/a", 2), got("/b", 3), order="match", repeat=True)
    assert [player.call(target).data for target in ("/a", "/a", "/a", "/b", "/b", "/a")] == [
        b"1", b"2", b"2", b"3", b"3", b"2",
    ]  # fmt: skip


def test_each_world_has_its_own_place_in_the_recording(path: Path) -> None:
    player = Player(path, got("/a", 1), got("/b", 2))
    assert player.statuses("/a", "/@one/a", "/b", "/@one/b", "/@one/b") == [200, 200, 200, 200, 400]
    player.gitlab.reset()
    assert player.statuses("/a") == [200]


def test_of_several_recordings_each_has_its_own_order(tmp_path: Path) -> None:
    recorded(tmp_path / "one.yaml", got("/a", 1), got("/b", 2))
    recorded(tmp_path / "two.yaml", got("/x", 3), got("/a", 4))
    client = Client(MockGitLab(playback=[tmp_path / "one.yaml", tmp_path / "two.yaml"]).app)
    assert [client.get(path).data for path in ("/x", "/a", "/a", "/b")] == [b"3", b"1", b"4", b"2"]


# What fits


@pytest.mark.parametrize(
    ("exchange", "target", "options", "fits"),
    [
        (got("/a", 1, query=(("x", "1"), ("y", "2"))), "/a?y=2&x=1", {}, True),
        (got("/a", 1, query=(("x", "1"),)), "/a?x=2", {}, False),
        (got("/a", 1, query=(("x", "1"),)), "/a", {}, False),
        (got("/a", 1, query=(("x[]", "1"), ("x[]", "2"))), "/a?x%5B%5D=1&x[]=2", {}, True),
        (got("/a", 1, query=(("x[]", "1"), ("x[]", "2"))), "/a?x[]=2&x[]=1", {}, False),
        (got("/a%2Fb", 1), "/a%2fb", {}, True),
        (got("/a%2Fb", 1), "/a/b", {}, False),
        (got("/user/SCRUBBED-1@scrubbed.invalid", 1), "/user/ada%40example.com", {}, True),
        (got("/a", 1, query=(("private_token", "SCRUBBED-1"),)), "/a?private_token=mine", {}, True),
        (posted("/a", {"x": 1, "y": [1.5]}, 1), "/a", {"json": {"y": [1.5], "x": 1}}, True),
        (posted("/a", {"x": 1}, 1), "/a", {"json": {"x": True}}, False),
        (posted("/a", {"x": 1}, 1), "/a", {"json": {"x": 1, "y": 2}}, False),
        (posted("/a", {"x": 1}, 1), "/a", {}, False),
        (posted("/a", {"token": "glpat-SCRUBBED-1"}, 1), "/a", {"json": {"token": "glpat-other"}}, True),
        (posted("/a", {"to": "mail SCRUBBED-1@scrubbed.invalid!"}, 1), "/a", {"json": {"to": "mail a@b.c!"}}, True),
        (posted("/a", {"to": "mail SCRUBBED-1@scrubbed.invalid!"}, 1), "/a", {"json": {"to": "letter"}}, False),
    ],
)
def test_a_request_fits_by_method_path_query_and_body(
    path: Path, exchange: Exchange, target: str, options: dict[str, Any], fits: bool
) -> None:
    player = Player(path, exchange)
    assert (player.call(target, exchange.request.method, **options).status_code < 300) == fits
    matched = Player(path.with_name("other.yaml"), exchange, order="match")
    assert (matched.call(target, exchange.request.method, **options).status_code < 300) == fits


def test_a_form_fits_by_its_fields(path: Path) -> None:
    sent = Sent("POST", "/a", (), FORM, Body("form", (("title", "x y"), ("labels[]", "a"))))
    player = Player(path, Exchange(sent, Got(201)), order="match", repeat=True)
    assert player.call("/a", "POST", data={"labels[]": "a", "title": "x y"}).status_code == 201
    assert player.call("/a", "POST", data={"title": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("rules", "fits"),
    [
        ({}, False),
        ({"on": ["method", "path"]}, True),
        ({"ignore": ["query.page", "body.user.at", "body.list.n"]}, True),
        ({"ignore": ["query.page"]}, False),
        ({"on": ["method", "path"], "headers": ["Sudo"]}, False),
    ],
)
def test_what_does_not_matter_can_be_ignored(path: Path, rules: dict[str, Any], fits: bool) -> None:
    body = Body("json", {"user": {"at": "now", "id": 1}, "list": [{"n": 1}, {"n": 2}]})
    sent = Sent("POST", "/a", (("page", "1"),), (*JSON, ("Sudo", "ada")), body)
    player = Player(path, Exchange(sent, Got(201)), **rules)
    came = {"user": {"at": "later", "id": 1}, "list": [{"n": 3}, {"n": 4}]}
    assert (player.call("/a?page=2", "POST", json=came, headers={"Sudo": "bob"}).status_code == 201) == fits


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"order": "any"}, "order must be strict or match, not 'any'"),
        ({"repeat": True}, "repeat goes with order: match"),
        ({"on": ["host"]}, "on takes method, path, query, body, not 'host'"),
        ({"ignore": ["page"]}, r"ignore takes query\.NAME and body\.KEY"),
        ({"behnd": True}, "did you mean 'behind'"),
        ({"behind": 1}, "behind must be true or false"),
        ({"on": "path"}, "on must be a list of texts"),
    ],
)
def test_rules_that_make_no_sense_are_refused(path: Path, rules: dict[str, Any], told: str) -> None:
    recorded(path)
    with pytest.raises(ValueError, match=told):
        MockGitLab(playback={"file": path, **rules})


# What does not fit


def test_a_request_that_fits_nothing_is_told_what_was_expected(path: Path) -> None:
    player = Player(path, posted("/api/v4/projects/1/issues", {"title": "It explodes", "labels": "bug"}, {}))
    answer = player.call("/api/v4/projects/1/issues?x=1", "POST", json={"title": "It smokes", "labels": "bug"})
    assert answer.status_code == 400
    assert answer.json == {
        "message": "400 Bad request - POST /api/v4/projects/1/issues?x=1 fits no exchange that is left",
        "expected": f"POST /api/v4/projects/1/issues (exchange 1 of 1 in {path})",
        "criteria": [
            "✓ method POST",
            "✓ path /api/v4/projects/1/issues",
            '✗ query none: came {"x": ["1"]}',
            '✗ body {"labels": "bug", "title": "It explodes"}: came {"labels": "bug", "title": "It smokes"}',
        ],
        "diff": [
            "--- query expected", "+++ query that came", "-{}", "+{", '+  "x": [', '+    "1"', "+  ]", "+}",
            "--- body expected", "+++ body that came", " {", '   "labels": "bug",', '-  "title": "It explodes"',
            '+  "title": "It smokes"', " }",
        ],
    }  # fmt: skip
    assert "expected next: POST /api/v4/projects/1/issues" in answer.headers["X-Mockgitlab-Reason"]


def test_when_all_was_played_it_is_told(path: Path) -> None:
    player = Player(path, got("/a", 1))
    assert player.statuses("/a") == [200]
    assert player.call("/a").json["message"].endswith(f"all 1 exchanges of {path} have been played")


def test_of_matched_exchanges_the_most_similar_that_is_left_is_told(path: Path) -> None:
    player = Player(path, got("/users", 1), got("/projects/1/issues", 2), got("/version", 3), order="match")
    assert player.call("/projects/2/issues").json["expected"].startswith("GET /projects/1/issues (exchange 2 of 3")


def test_what_did_not_fit_fails_the_verification(path: Path) -> None:
    player = Player(path, got("/a", 1))
    player.call("/b")
    with pytest.raises(AssertionError, match=r"GET /b fits no exchange that is left\n  expected next: GET /a"):
        player.gitlab.verify()
    assert player.call("/_mockgitlab/verify").json["unfitting"][0].startswith("GET /b fits no exchange")


@pytest.mark.parametrize("strict", [None, "warn", "fail"])
def test_exchanges_that_were_not_played_are_told_and_fail_in_strict_mode(path: Path, strict: Any) -> None:
    player = Player(path, got("/a", 1), got("/b", 2), strict=strict)
    player.call("/a")
    found = player.call("/_mockgitlab/verify").json
    assert found["unused_exchanges"] == [f"{path} #2 GET /b"]
    assert found["ok"] == (strict != "fail")


# On top of the API


def test_what_fits_no_exchange_reaches_the_api_when_asked(path: Path) -> None:
    played = got("/api/v4/version", {"version": "recorded"})
    player = Player(path, played, got("/api/v4/user", {"id": 7}), scenarios=("scenarios/quickstart.yaml",), behind=True)
    token: dict[str, Any] = {"headers": {"PRIVATE-TOKEN": "ada-token"}}
    assert player.call("/api/v4/user", **token).json["username"] == "ada"
    assert [player.call("/api/v4/version", **token).json["version"] for _ in range(2)] == ["recorded", "17.5.0-ee"]
    assert player.call("/api/v4/user", **token).json == {"id": 7}
    made = player.call("/api/v4/projects/1/issues", "POST", json={"title": "x"}, **token)
    assert made.json["title"] == "x"
    assert player.gitlab.world.verify().ok


def test_the_journal_knows_what_was_played(path: Path) -> None:
    player = Player(path, posted("/api/v4/projects/1/issues", {"title": "x"}, {"iid": 1}))
    player.call("/api/v4/projects/1/issues", "POST", json={"title": "x"})
    [entry] = player.gitlab.journal
    assert (entry.operation, entry.json, entry.status) == ("POST /projects/:id/issues", {"title": "x"}, 201)
    assert entry.to_json()["stub"] == f"{path} #1 POST /api/v4/projects/1/issues"
    player.gitlab.assert_called("POST /projects/:id/issues", times=1, json={"title": "x"})


def test_faults_strike_what_is_played(path: Path) -> None:
    player = Player(path, got("/api/v4/projects/1/issues", []), got("/api/v4/version", {"version": "1234567890123"}))
    player.gitlab.fault("GET /projects/:id/issues", nth=1, status=502)
    player.gitlab.fault("GET /version", nth=1, answer="malformed")
    assert player.statuses("/api/v4/projects/1/issues", "/api/v4/projects/1/issues") == [502, 200]
    assert player.call("/api/v4/version").data == b'{"version":"1,'


def test_git_is_played_where_it_was_recorded(path: Path) -> None:
    target = "/acme/rocket.git/info/refs"
    kind = (("Content-Type", "application/x-git-upload-pack-advertisement"),)
    sent = Sent("GET", target, (("service", "git-upload-pack"),))
    player = Player(path, Exchange(sent, Got(200, kind, Body("file", b"001e"))))
    assert player.call(f"{target}?service=git-upload-pack").data == b"001e"
    assert player.call(f"{target}?service=git-upload-pack").status_code == 400


# In a scenario


def scenario(folder: Path, text: str) -> str:
    (folder / "world.yaml").write_text(f"mockgitlab: 1\n{text}")
    return str(folder / "world.yaml")


def test_a_scenario_may_name_recordings(tmp_path: Path) -> None:
    recorded(tmp_path / "a.yaml", got("/a", 1), got("/b", 2))
    recorded(tmp_path / "b.yaml", got("/c", 3))
    text = "playback:\n  - a.yaml\n  - {file: b.yaml, order: match, repeat: true, behind: true}\n"
    gitlab = MockGitLab(scenario(tmp_path, text))
    client = Client(gitlab.app)
    assert [client.get(one).data for one in ("/c", "/a", "/c", "/b")] == [b"3", b"1", b"3", b"2"]
    assert client.get("/api/v4/version").status_code == 401
    assert {path.name for path in gitlab.files} == {"world.yaml", "a.yaml", "b.yaml"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("playback: [c.yaml]", "world.yaml:2:12: playback[0]: there is no file 'c.yaml'; did you mean 'a.yaml'?"),
        (
            "playback: [{file: a.yaml, oder: match}]",
            "2:27: playback[0].oder: is not a key known here; did you mean 'order'",
        ),
        ("playback: [{file: a.yaml, order: any}]", "playback[0]: order must be strict or match, not 'any'"),
        ("playback: [{order: match}]", "playback[0]: must be a file, or a mapping of file, order"),
        ("playback: 3", "playback: must be a file or a list of files, not 3"),
        ("playback: [world.yaml]", "world.yaml:2:1: playback: is not a key known here"),
    ],
)
def test_what_is_wrong_with_playback_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    recorded(tmp_path / "a.yaml")
    with pytest.raises(ScenarioError) as error:
        MockGitLab(scenario(tmp_path, text))
    assert told in str(error.value)


def test_the_body_of_a_refusal_is_json_whatever_was_sent(path: Path) -> None:
    player = Player(path, posted("/a", {"x": 1}, 1))
    answer = player.call("/a", "POST", data=b"\xff\0{", headers={"Content-Type": "application/json"})
    assert json.loads(answer.data)["criteria"][-1] == '✗ body {"x": 1}: came "<3 bytes>"'


def test_a_cookie_of_the_upstream_is_one_of_this_server(path: Path) -> None:
    cookie = (("Set-Cookie", "a=SCRUBBED-1; Domain=gitlab.example.com; Secure; HttpOnly"),)
    player = Player(path, Exchange(Sent("GET", "/a"), Got(200, cookie)))
    assert player.call("/a").headers["Set-Cookie"] == "a=SCRUBBED-1; HttpOnly"


def test_a_large_upload_is_played_though_the_api_would_refuse_it(path: Path) -> None:
    data = b"x" * 11_000_000
    kind = (("Content-Type", "application/octet-stream"),)
    player = Player(path, Exchange(Sent("PUT", "/package", (), kind, Body("file", data)), Got(201)))
    assert player.call("/package", "PUT", data=data, content_type="application/octet-stream").status_code == 201


def test_traps_bend_what_is_played(path: Path) -> None:
    player = Player(path, got("/api/v4/version", {"version": "1", "nothing": None}))
    player.gitlab.trap("sparse")
    assert player.call("/api/v4/version").json == {"version": "1"}
