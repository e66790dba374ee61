"""What the tests of recording and playing share: the commands as processes, and sessions of clients."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gitlab
import requests

from mockgitlab.playback.secrets import PLACEHOLDER, find

VOLATILE = {"date", "content-length", "connection", "x-request-id", "x-gitlab-meta", "x-runtime"}
"""Headers that tell one answer from another, or are of the connection."""
Seen = list[tuple[int, dict[str, str], bytes]]


class Running:
    """A command that runs: ``url`` is where it listens; once it has ended, ``code``, ``out`` and ``err``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        line = process.stdout.readline()
        found = re.search(r"listening on (\S+)", line)
        assert found, f"{line}{process.communicate()}"
        self.url = found[1]

    def end(self) -> None:
        """End the command as a user does."""
        self.process.send_signal(signal.SIGINT)
        self.out, self.err = self.process.communicate(timeout=20)
        self.code = self.process.returncode


@contextmanager
def command(*arguments: str) -> Iterator[Running]:
    """Run a command of mockgitlab that listens, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mockgitlab", *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("MOCKGITLAB_")},
    )
    running = Running(process)
    try:
        yield running
    finally:
        if process.poll() is None:
            running.end()


def python_session(url: str, token: str) -> Seen:
    """Do fifty calls with python-gitlab, and return the answers as they came over the wire."""
    seen: Seen = []

    def see(answer: requests.Response, *_: Any, **__: Any) -> None:
        seen.append((answer.status_code, dict(answer.headers), answer.content))

    with gitlab.Gitlab(url, private_token=token, retry_transient_errors=False) as gl:
        gl.session.hooks["response"].append(see)
        _pages_and_errors(gl)
        _issues(gl)
        _repository(gl)
        _minted_token(gl, url, see)
    return seen


def _refused(call: Any, *args: Any, **kwargs: Any) -> None:
    try:
        call(*args, **kwargs)
    except gitlab.GitlabError:
        return
    raise AssertionError("it was not refused")


def _pages_and_errors(gl: Any) -> None:
    gl.auth()
    gl.version()
    assert len(gl.projects.get("acme/rocket").issues.list(get_all=True, per_page=4, state="all")) > 40
    list(gl.projects.list(iterator=True, per_page=2, order_by="id", pagination="keyset"))
    _refused(gl.projects.get, "no/such")
    _refused(gl.http_get, "/no/such/route")
    _refused(gl.projects.get("acme/rocket").issues.create, {"title": ""})


def _issues(gl: Any) -> None:
    project = gl.projects.get("acme/rocket")
    issue = project.issues.create({"title": "Ünïcode 🚀 <b>&", "description": "one\ntwo\n", "labels": ["bug", "日本"]})
    issue.notes.create({"body": "first\n\n- [ ] `glpat-` is a prefix"})
    issue.state_event = "close"
    issue.save()
    assert project.issues.get(issue.iid).state == "closed"
    assert len(issue.notes.list(get_all=True)) >= 1
    issue.delete()
    _refused(project.issues.get, issue.iid)
    gl.http_request("head", "/projects")


def _repository(gl: Any) -> None:
    with open(__file__, "rb") as stream:
        files = {"avatar": ("a.png", b"\x89PNG\r\n\x1a\n" + stream.read(200), "image/png")}
    answer = gl.session.put(f"{gl.api_url}/user/avatar", files=files, headers={"PRIVATE-TOKEN": gl.private_token})
    assert answer.status_code in (200, 400), answer.text
    project = gl.projects.get("acme/engines/ion")
    _refused(project.commits.get, "0" * 40)
    branch = {"branch": "binary", "start_branch": project.default_branch, "commit_message": "Add"}
    action = {"action": "create", "file_path": "ö.bin", "content": "AP8B/g==", "encoding": "base64"}
    project.commits.create({**branch, "actions": [action]})
    assert project.files.raw("ö.bin", ref="binary") == b"\0\xff\1\xfe"
    assert project.files.get("ö.bin", ref="binary").decode() == b"\0\xff\1\xfe"
    assert project.repository_archive(sha="binary")[:2] == b"\x1f\x8b"


def _minted_token(gl: Any, url: str, see: Any) -> None:
    minted = gl.projects.get("acme/rocket").access_tokens.create(
        {"name": "bot", "scopes": ["api"], "expires_at": "2024-06-01", "access_level": 40}
    )
    with gitlab.Gitlab(url, private_token=minted.token) as bot:
        bot.session.hooks["response"].append(see)
        bot.auth()
        bot.projects.get("acme/rocket").issues.create({"title": f"my token is {minted.token}"})
        _refused(
            bot.users.create, {"name": "x", "username": "x", "email": "x@example.com", "password": "s3cret-enough"}
        )
        for name in ("labels", "milestones", "members", "events", "branches", "issues"):
            getattr(bot.projects.get("acme/rocket", lazy=True), name).list(get_all=False)


JAVASCRIPT_SESSION = """
import { Gitlab } from "@gitbeaker/rest";
const seen = [];
const real = globalThis.fetch;
globalThis.fetch = async (...given) => {
    const answer = await real(...given);
    const body = Buffer.from(await answer.clone().arrayBuffer()).toString("base64");
    seen.push([answer.status, Object.fromEntries(answer.headers), body]);
    return answer;
};
const gitlab = new Gitlab({ host: process.env.HOST, token: process.env.TOKEN });
const quiet = async promise => { try { await promise } catch (error) { if (!error.cause) throw error } };
await gitlab.Users.showCurrentUser();
await gitlab.Issues.all({ projectId: "acme/rocket", perPage: 2, maxPages: 20 });
await quiet(gitlab.Projects.show("no/such"));
for (let number = 0; number < 5; number++) {
    const issue = await gitlab.Issues.create("acme/rocket", `Nummer ${number} ü 🚀`, { labels: "bug,日本" });
    await gitlab.IssueNotes.create("acme/rocket", issue.iid, "Erste\\nZweite");
    await gitlab.Issues.edit("acme/rocket", issue.iid, { stateEvent: "close" });
    await gitlab.Issues.show(issue.iid, { projectId: "acme/rocket" });
    await gitlab.Issues.remove("acme/rocket", issue.iid);
}
await gitlab.Projects.all({ perPage: 2, orderBy: "id", sort: "asc" });
console.log(JSON.stringify(seen));
"""


def normalised(seen: Seen, url: str) -> list[tuple[int, dict[str, str], bytes]]:
    """Return answers as the documentation says that they are equal: without host, secrets and volatile headers."""
    return [
        (
            status,
            {name.lower(): _plain(value, url) for name, value in headers.items() if name.lower() not in VOLATILE},
            _plain(body.decode(), url).encode() if _is_text(body) else body,
        )
        for status, headers, body in seen
    ]


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


def _plain(text: str, url: str) -> str:
    text = text.replace(url, "URL")
    for found in sorted(find(text), key=lambda one: -one.start):
        text = f"{text[: found.start]}SECRET{text[found.end :]}"
    return PLACEHOLDER.sub("SECRET", text)
