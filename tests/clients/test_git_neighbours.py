"""The real git against the repositories beside those of projects: wikis and snippets."""

from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab
from tests.clients.git_rig import DEPLOY, JOB, Git, clone_of, git_world

NO_PROJECT = "The project you were looking for could not be found or you don't have permission to view it."
TOKENS = [JOB, {**DEPLOY, "project": "acme/rocket"}, {**DEPLOY, "token": "open-deploy", "project": "open/source"}]
PAGES = [{"title": "home", "content": "# Home\n"}, {"title": "a/Deep page", "content": "Deep\n"}]
SNIPPETS: list[dict[str, Any]] = [
    {"title": "Own", "author": "bob", "visibility": "private", "files": {"a.txt": "a\n", "b.txt": "b\n"}},
    {"title": "For all", "author": "ada", "visibility": "public", "file_name": "all.md", "content": "# All\n"},
]


def scene() -> dict[str, Any]:
    given = git_world(*TOKENS)
    rocket, source, *others = given["projects"]
    rocket = {**rocket, "wikis": PAGES, "snippets": [{**SNIPPETS[1], "title": "Rocket's", "visibility": "private"}]}
    source = {**source, "wikis": PAGES, "snippets": [{**SNIPPETS[1], "title": "Open"}]}
    groups = [{**one, "wikis": PAGES} if one["path"] == "acme" else one for one in given["groups"]]
    return {**given, "groups": groups, "projects": [rocket, source, *others], "snippets": SNIPPETS}


pytestmark = pytest.mark.mockgitlab(scenario=scene())


def refs(server: MockGitLab, path: str, who: tuple[str, str] | None, service: str = "upload") -> requests.Response:
    at = f"{server.url}/{path}.git/info/refs?service=git-{service}-pack"
    return requests.get(at, auth=who, timeout=10)


WIKI_OF_ACME, WIKI_OF_ROCKET, WIKI_OF_SOURCE = "acme.wiki", "acme/rocket.wiki", "open/source.wiki"
BOB, GIL, ADA, NORA = (("x", f"{name}-token") for name in ("bob", "gil", "ada", "nora"))


def test_a_wiki_is_cloned_and_what_the_api_writes_is_fetched(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    clone = clone_of(mockgitlab, tmp_path, WIKI_OF_ROCKET)
    assert clone("ls-files").split() == ["a/Deep-page.md", "home.md"]
    assert (clone("fsck", "--full", "--strict"), clone("branch", "--show-current")) == ("", "main")
    page = {"title": "New", "content": "n\n"}
    at = f"{mockgitlab.url}/api/v4/projects/1/wikis"
    assert requests.post(at, page, headers={"Private-Token": "bob-token"}, timeout=10).status_code == 201
    clone("pull", "-q")
    assert (clone.folder / "New.md").read_text() == "n\n"
    assert clone("log", "-1", "--format=%s %an") == "bob created page: New Bob Kahn"


def test_the_wiki_of_a_group_is_cloned(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    clone_of(mockgitlab, tmp_path, WIKI_OF_ACME)
    assert (tmp_path / "clone/home.md").read_text() == "# Home\n"


@pytest.mark.parametrize(
    ("at", "path", "names"),
    [
        ("snippets/1", "snippets/1", ["a.txt", "b.txt"]),
        ("projects/2/snippets/4", "open/source/snippets/4", ["all.md"]),
    ],
)
def test_snippets_are_cloned_from_where_the_api_says(
    mockgitlab: MockGitLab, tmp_path: Path, at: str, path: str, names: list[str]
) -> None:
    shown = requests.get(f"{mockgitlab.url}/api/v4/{at}", headers={"Private-Token": "bob-token"}, timeout=10).json()
    assert shown["http_url_to_repo"] == f"{mockgitlab.url}/{path}.git"
    assert clone_of(mockgitlab, tmp_path, path)("ls-files").split() == names


def test_what_is_public_is_cloned_by_anybody(mockgitlab: MockGitLab, tmp_path: Path) -> None:
    for number, path in enumerate(("snippets/2", "open/source/snippets/4", WIKI_OF_SOURCE)):
        Git(tmp_path)("clone", "-q", f"{mockgitlab.url}/{path}.git", str(number))


@pytest.mark.parametrize("path", ["snippets/1", "acme/rocket/snippets/3", WIKI_OF_ROCKET, WIKI_OF_ACME, "snippets/99"])
def test_what_is_not_public_asks_for_a_name(mockgitlab: MockGitLab, path: str) -> None:
    refused = refs(mockgitlab, path, None)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab"')


@pytest.mark.parametrize(
    ("path", "who", "status", "text"),
    [
        ("snippets/1", ADA, 403, "You are not allowed to read this snippet."),
        ("snippets/99", BOB, 404, NO_PROJECT),
        ("snippets/3", BOB, 404, NO_PROJECT),
        ("open/source/snippets/3", BOB, 404, NO_PROJECT),
        ("nowhere/snippets/3", BOB, 404, NO_PROJECT),
        ("acme/rocket/snippets/3", NORA, 404, NO_PROJECT),
        ("acme/rocket/snippets/3", ("cd", "deploy"), 403, "The authentication mechanism is not supported."),
        ("snippets/2", ("x", "api-only"), 403, "You are not allowed to download code."),
        ("acme/rocket/snippets/3", ("gitlab-ci-token", "job"), 403, "You are not allowed to download code."),
        (WIKI_OF_ROCKET, NORA, 404, "The wiki you were looking for could not be found."),
        (WIKI_OF_ROCKET, GIL, 403, "You are not allowed to download files from this wiki."),
        (WIKI_OF_ROCKET, ("cd", "deploy"), 403, "You are not allowed to download files from this wiki."),
        (WIKI_OF_ACME, NORA, 404, "The group you were looking for could not be found."),
        ("acme/labs.wiki", BOB, 404, "A repository for this group wiki does not exist yet."),
        ("nowhere/at-all.wiki", BOB, 404, NO_PROJECT),
        ("ada.wiki", ADA, 404, NO_PROJECT),
    ],
)
def test_who_may_not_is_told_so(
    mockgitlab: MockGitLab, path: str, who: tuple[str, str], status: int, text: str
) -> None:
    refused = refs(mockgitlab, path, who)
    assert (refused.status_code, refused.text) == (status, f"{text}\n")


def test_a_deploy_token_fetches_a_wiki_that_is_public(mockgitlab: MockGitLab) -> None:
    assert refs(mockgitlab, WIKI_OF_SOURCE, ("cd", "open-deploy")).status_code == 200


def test_the_community_edition_has_no_wikis_of_groups() -> None:
    given = scene()
    given["groups"] = git_world()["groups"]
    given["gitlab"] = {**given["gitlab"], "edition": "ce"}
    with MockGitLab(given) as server:
        assert refs(server, WIKI_OF_ACME, BOB).text == f"{NO_PROJECT}\n"
