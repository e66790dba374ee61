"""The real git pushes to wikis: what the API then shows, what is recorded, and who is refused."""

import os
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import DEPLOY, JOB, api, clone_of, git_world

PAGES = [{"title": "home", "content": "# Home\n"}, {"title": "guides/First steps", "content": "One\n"}]
WIKI, OF_GROUP = "acme/rocket.wiki", "acme.wiki"
NO_WIKI = "The wiki you were looking for could not be found."


def scene() -> dict[str, Any]:
    given = git_world(JOB, {**DEPLOY, "project": "acme/rocket"})
    rocket, *others = given["projects"]
    closed = {"path": "acme/closed", "wiki_access_level": "disabled"}
    old = {"path": "acme/old", "archived": True, "wikis": PAGES}
    groups = [{**one, "wikis": PAGES} if one["path"] == "acme" else one for one in given["groups"]]
    return {**given, "groups": groups, "projects": [{**rocket, "wikis": PAGES}, *others, closed, old]}


pytestmark = pytest.mark.mockgitlab(scenario=scene())


def events(server: MockGitLab, project: int = 1) -> list[tuple[Any, ...]]:
    found = api(server, f"projects/{project}/events?target_type=wiki&sort=asc")
    return [(one["action_name"], one["target_title"], one["author_username"]) for one in found]


def slugs(server: MockGitLab, at: str = "projects/1") -> list[str]:
    return [one["slug"] for one in api(server, f"{at}/wikis")]


def test_a_pushed_page_is_shown_by_the_api_and_is_an_event(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, WIKI)
    sha = git.commit({"How-to.md": "# How\n", "home.md": "# Home\nNew\n"}, "Explain")
    git("push", "-q")
    page = api(mockgitlab, "projects/1/wikis/how-to")
    assert (page["slug"], page["title"], page["content"], page["format"]) == ("How-to", "How to", "# How\n", "markdown")
    assert api(mockgitlab, f"projects/1/wikis/home?version={sha}")["content"] == "# Home\nNew\n"
    assert events(mockgitlab) == [("created", "How to", "bob"), ("updated", "home", "bob")]
    assert api(mockgitlab, "projects/1")["last_activity_at"] == "2024-05-01T09:00:00.000Z"


def test_a_page_that_moves_keeps_its_record_and_one_that_goes_is_destroyed(
    mockgitlab: MockGitLab, tmp_path: Path
) -> None:
    git = clone_of(mockgitlab, tmp_path, WIKI)
    git.commit({"Old.md": "one\ntwo\nthree\n"})
    git("push", "-q")
    git("mv", "Old.md", "New name.asciidoc")
    git("commit", "-q", "-m", "Rename")
    git("push", "-q")
    found = api(mockgitlab, "projects/1/wikis/New%20name")
    assert (found["slug"], found["title"], found["format"]) == ("New name", "New name", "asciidoc")
    git("rm", "-q", "New name.asciidoc")
    git("commit", "-q", "-m", "Remove")
    git("push", "-q")
    told = [("created", "Old"), ("updated", "New name"), ("destroyed", "New name")]
    assert events(mockgitlab) == [(*one, "bob") for one in told]
    assert len({one["target_id"] for one in api(mockgitlab, "projects/1/events?target_type=wiki")}) == 1
    assert slugs(mockgitlab) == ["guides/First-steps", "home"]


def test_pages_in_folders_and_other_files_are_no_events(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, WIKI)
    files = ("_sidebar.md", "guides/Second-steps.md", "guides/Third.unknown", "LICENSE", "uploads/a.txt", "x.bin")
    git.commit(dict.fromkeys(files, "Two\n"))
    git("push", "-q")
    assert events(mockgitlab) == [("created", "_sidebar", "bob")]
    assert slugs(mockgitlab) == ["_sidebar", "guides/First-steps", "guides/Second-steps", "home", "uploads/a"]
    assert api(mockgitlab, "projects/1/wikis/guides%2Fsecond-steps")["content"] == "Two\n"


def test_pages_that_are_no_text_and_odd_names_are_shown_all_the_same(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, path=WIKI)
    odd = {b"bin.md": b"\xff\xfe\0bad", b"\xff.md": b"x", b"fm.md": b"---\ntitle: [x\n---\nbody", b".md": b"dot"}
    for name, content in odd.items():
        (git.folder / os.fsdecode(name)).write_bytes(content)
    (git.folder / "link.md").symlink_to("home.md")
    git("add", "--all")
    git("commit", "-q", "-m", "Odd")
    git("push", "-q")
    found = {one["slug"]: one["content"] for one in api(mockgitlab, "projects/1/wikis?with_content=1")}
    assert (found["bin"], found["\ufffd"], found["link"]) == ("\ufffd\ufffd\0bad", "x", "home.md")
    assert api(mockgitlab, "projects/1/wikis/bin?render_html=1")["slug"] == "bin"
    assert sorted(one[1] for one in events(mockgitlab)) == ["bin", "fm", "link", "\ufffd"]


def test_a_hundred_events_of_a_push_are_enough(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, WIKI)
    git.commit({f"p{number}.md": "x\n" for number in range(105)})
    git("push", "-q")
    assert len(api(mockgitlab, "projects/1/events?target_type=wiki&per_page=100")) == 100
    assert len(api(mockgitlab, "projects/1/events?target_type=wiki&per_page=100&page=2")) == 0
    assert len(slugs(mockgitlab)) == 107


def test_what_the_api_writes_and_git_pushes_is_one_repository(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git, key = clone_of(mockgitlab, tmp_path, WIKI), {"Private-Token": "bob-token"}
    at = f"{mockgitlab.url}/api/v4/projects/1/wikis"
    assert requests.post(at, {"title": "Api", "content": "a\n"}, headers=key, timeout=10).status_code == 201
    git.commit({"git.md": "g\n"})
    assert "fetch first" in git("push", fails=True)
    git("pull", "-q", "--rebase")
    git("push", "-q")
    assert requests.put(f"{at}/git", {"content": "changed\n"}, headers=key, timeout=10).json()["content"] == "changed\n"
    git("pull", "-q")
    assert ((git.folder / "git.md").read_text(), (git.folder / "Api.md").read_text()) == ("changed\n", "a\n")
    assert git("fsck", "--full", "--strict") == ""
    assert git("log", "--format=%s").split("\n")[0] == "bob updated page: git"


def test_the_first_push_to_a_wiki_says_which_branch_the_pages_are_on(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, "ada/notes.wiki", "ada")
    assert slugs(mockgitlab, "projects/3") == []
    git("checkout", "-q", "-b", "master")
    git.commit({"home.md": "# Notes\n"})
    git("push", "-q", "origin", "master")
    assert slugs(mockgitlab, "projects/3") == ["home"]
    assert events(mockgitlab, 3) == [("created", "home", "ada")]
    key = {"Private-Token": "ada-token"}
    sent = {"title": "More", "content": "m\n"}
    assert requests.post(f"{mockgitlab.url}/api/v4/projects/3/wikis", sent, headers=key, timeout=10).status_code == 201
    git("pull", "-q", "origin", "master")
    assert git("ls-files").split() == ["More.md", "home.md"]


def test_branches_and_tags_are_pushed_but_the_default_branch_stays(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, WIKI)
    git("tag", "-a", "v1", "-m", "First")
    sha = git.commit({"home.md": "Draft\n"})
    git("push", "-q", "origin", "HEAD:draft", "v1")
    assert [line.split()[1] for line in git("ls-remote").split("\n") if "refs" in line] == [
        *("refs/heads/draft", "refs/heads/main", "refs/tags/v1", "refs/tags/v1^{}")
    ]
    assert api(mockgitlab, "projects/1/wikis/home")["content"] == "# Home\n"
    assert api(mockgitlab, "projects/1/wikis/home?version=draft")["content"] == "Draft\n"
    assert api(mockgitlab, f"projects/1/wikis/home?version={sha[:8]}")["content"] == "Draft\n"
    assert api(mockgitlab, "projects/1/wikis/home?version=v1")["content"] == "# Home\n"
    assert events(mockgitlab) == []
    refused = git("push", "origin", ":main", fails=True)
    assert "! [remote rejected] main (deletion of the current branch prohibited)" in refused
    assert "remote: error: refusing to delete the current branch: refs/heads/main" in refused
    git("push", "-q", "origin", ":draft")
    git("push", "-q", "--force", "origin", "HEAD:main")
    assert events(mockgitlab) == [("updated", "home", "bob")]


def test_the_wiki_of_a_group_takes_pushes_and_has_no_events(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git = clone_of(mockgitlab, tmp_path, OF_GROUP)
    git.commit({"new.md": "n\n"})
    git("push", "-q")
    assert slugs(mockgitlab, "groups/acme") == ["guides/First-steps", "home", "new"]
    assert api(mockgitlab, "projects/1/events?target_type=wiki") == []


@pytest.mark.parametrize(
    ("path", "who", "status", "text"),
    [
        (WIKI, ("x", "gil-token"), 403, "You are not allowed to write to this project's wiki."),
        (WIKI, ("x", "rex-token"), 403, "You are not allowed to write to this project's wiki."),
        (WIKI, ("gitlab-ci-token", "job"), 403, "You are not allowed to write to this project's wiki."),
        (WIKI, ("x", "reads"), 403, "You are not allowed to upload code."),
        (WIKI, ("cd", "deploy"), 403, "You are not allowed to upload code."),
        (WIKI, ("x", "nora-token"), 404, NO_WIKI),
        (OF_GROUP, ("x", "gil-token"), 403, "You are not allowed to write to this group's wiki."),
        ("acme/labs.wiki", ("x", "bob-token"), 404, "A repository for this group wiki does not exist yet."),
        ("acme/closed.wiki", ("x", "root-token"), 404, "A repository for this wiki does not exist yet."),
        ("acme/old.wiki", ("x", "bob-token"), 403, "You can't push code to an archived project."),
    ],
)
def test_who_may_not_push_is_told_so(
    mockgitlab: MockGitLab, path: str, who: tuple[str, str], status: int, text: str
) -> None:
    at = f"{mockgitlab.url}/{path}.git/info/refs?service=git-receive-pack"
    answers = [requests.get(at, auth=who, timeout=10)]
    answers.append(requests.post(f"{mockgitlab.url}/{path}.git/git-receive-pack", b"0000", auth=who, timeout=10))
    assert [(one.status_code, one.text) for one in answers] == [(status, f"{text}\n")] * 2


def test_who_does_not_say_who_it_is_is_asked(mockgitlab: MockGitLab) -> None:
    answer = requests.get(f"{mockgitlab.url}/{WIKI}.git/info/refs?service=git-receive-pack", timeout=10)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab"')


def test_the_wiki_of_a_project_that_moved_says_so(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    git, key = clone_of(mockgitlab, tmp_path, WIKI), {"Private-Token": "root-token"}
    at = f"{mockgitlab.url}/api/v4/projects/1"
    assert requests.put(at, {"path": "shuttle"}, headers=key, timeout=10).status_code == 200
    git.commit({"new.md": "n\n"})
    told = git("push")
    assert "Project wiki 'acme/rocket.wiki' was moved to 'acme/shuttle.wiki'." in told
    assert f"git remote set-url origin {mockgitlab.url}/acme/shuttle.wiki.git" in told


def test_an_attachment_goes_to_a_branch_that_git_can_name(mockgitlab: MockGitLab) -> None:
    at, key = f"{mockgitlab.url}/api/v4/projects/1/wikis/attachments", {"Private-Token": "bob-token"}

    def attach(branch: str) -> requests.Response:
        return requests.post(at, {"branch": branch}, files={"file": ("a.txt", b"a")}, headers=key, timeout=10)

    assert attach("a..b").json() == {"message": "Branch name is invalid"}
    assert attach("files").json()["branch"] == "files"
