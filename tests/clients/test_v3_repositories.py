"""What a client of 2016 did with repositories and the work on them, as python-gitlab 0.20 spelled it."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.v3_rig import TOKEN, Ask, asking

SCENARIO: dict[str, Any] = {
    "mockgitlab": 1,
    "gitlab": {"api": ["v3"], "version": "8.16.9"},
    "users": [{"username": "ada", "admin": True, "private_token": TOKEN}],
    "projects": [{"path": "ada/rocket", "repository": {"branches": {"master": {"README.md": "# R\n"}}}}],
}
AT = "/projects/ada%2Frocket"


@pytest.fixture
def ask() -> Iterator[Ask]:
    """A function that calls v3 of a server of its own as ada does."""
    yield from asking(SCENARIO)


def commit_to(ask: Ask, branch: str, content: str) -> Any:
    given = {"branch_name": branch, "commit_message": "Change", "file_path": "a/b.txt", "content": content}
    return ask("POST", f"{AT}/repository/files", **given)


def test_a_branch_is_made_changed_and_deleted(ask: Ask) -> None:
    made = ask("POST", f"{AT}/repository/branches/", branch_name="next", ref="master")
    assert (made.status_code, made.json()["name"]) == (201, "next")
    assert commit_to(ask, "next", "1\n").json() == {"file_path": "a/b.txt", "branch_name": "next"}
    file = ask("GET", f"{AT}/repository/files?file_path=a/b.txt&ref=next").json()
    assert base64.b64decode(file["content"]) == b"1\n"
    assert ask("GET", f"{AT}/repository/blobs/next?filepath=a/b.txt").text == "1\n"
    titles = [one["title"] for one in ask("GET", f"{AT}/repository/commits?ref_name=next&page=0&per_page=1").json()]
    assert titles == ["Change"]
    tag = ask("POST", f"{AT}/repository/tags", tag_name="v1", ref="next", release_description="New").json()
    assert tag["release"] == {"tag_name": "v1", "description": "New"}
    assert ask("DELETE", f"{AT}/repository/tags/v1").json() == {"tag_name": "v1"}
    gone = ask("DELETE", f"{AT}/repository/branches/next")
    assert (gone.status_code, gone.json()) == (200, {"branch_name": "next"})


def test_a_merge_request_is_opened_discussed_and_merged(ask: Ask) -> None:
    ask("POST", f"{AT}/repository/branches", branch_name="next", ref="master")
    commit_to(ask, "next", "1\n")
    opened = ask(
        "POST", f"{AT}/merge_requests", title="Next", source_branch="next", target_branch="master", labels="bug, ui"
    )
    assert (opened.status_code, opened.json()["labels"]) == (201, ["bug", "ui"])
    here = f"{AT}/merge_request/{opened.json()['id']}"
    assert ask("POST", f"{here}/comments", note="Good").json()["note"] == "Good"
    (note,) = ask("GET", f"{AT}/merge_requests//{opened.json()['id']}/notes").json()
    assert (note["body"], note["upvote"]) == ("Good", False)
    assert [one["new_path"] for one in ask("GET", f"{here}/changes").json()["changes"]] == ["a/b.txt"]
    merged = ask("PUT", f"{here}/merge", should_remove_source_branch="true")
    assert (merged.status_code, merged.json()["state"]) == (200, "merged")
    assert [one["name"] for one in ask("GET", f"{AT}/repository/branches").json()] == ["master"]
    assert ask("PUT", f"{here}/merge").json() == {"message": "405 Method Not Allowed"}
    closed = ask("GET", f"{AT}/merge_requests?state=merged&iid=1")
    assert ([one["iid"] for one in closed.json()], closed.headers["X-Total"]) == ([1], "1")


def test_labels_milestones_hooks_and_snippets_are_kept(ask: Ask) -> None:
    label = ask("POST", f"{AT}/labels", name="late", color="#ff0000").json()
    milestone = ask("POST", f"{AT}/milestones", title="1.0").json()
    issue = ask("POST", f"{AT}/issues", title="Fly", labels="late", milestone_id=milestone["id"]).json()
    assert [one["id"] for one in ask("GET", f"{AT}/milestones/{milestone['id']}/issues").json()] == [issue["id"]]
    award = ask("POST", f"{AT}/issues/{issue['id']}/award_emoji", name="rocket").json()
    assert ask("DELETE", f"{AT}/issues/{issue['id']}/award_emoji/{award['id']}").json() == award
    assert ask("DELETE", f"{AT}/labels?name=late").json()["id"] == label["id"]
    hook = ask("POST", f"{AT}/hooks", url="http://127.0.0.1:1/", build_events="true").json()
    assert (hook["build_events"], ask("DELETE", f"{AT}/hooks/{hook['id']}").json()) == (True, hook)
    snippet = ask("POST", f"{AT}/snippets", title="S", file_name="s.rb", code="puts 1", visibility_level=10).json()
    assert ask("GET", f"{AT}/snippets/{snippet['id']}/raw").text == "puts 1"
    assert ask("DELETE", f"{AT}/snippets/{snippet['id']}").json() == snippet
    upload = ask("POST", f"{AT}/uploads", files={"file": ("a.txt", b"a")}).json()
    assert list(upload) == ["alt", "url", "markdown"]
