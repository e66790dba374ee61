import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused

CODE = "\n".join(f"line {number}" for number in range(1, 21)) + "\n"
FILES = {"README.md": "# Rocket\n", "src/launch.py": CODE, "src/notes": "Launch\nline 5", "image": "line 5 \0"}


@pytest.fixture(scope="module")
def api() -> Api:
    """The world with something of every kind to find in acme/rocket, and an archived project beside it."""
    world = copy.deepcopy(WORLD)
    world["projects"][0] |= {
        "description": "To the moon",
        "repository": {"branches": {"main": FILES, "other": {"commits": [{"files": {"b.md": "A branch\n"}}]}}},
        "milestones": [{"title": "Launch", "description": "Soon"}, {"title": "Landing"}],
        "issues": [
            {"title": "Engine fails", "author": "ada", "notes": [{"author": "bob", "body": "Engines do that"}]},
            {"title": "Quiet", "description": "The engine is loud", "state": "closed", "confidential": True},
        ],
        "merge_requests": [{"title": "Mend the engine", "source_branch": "other", "target_branch": "main"}],
    }
    world["projects"].append({"path": "acme/relic", "archived": True, "issues": [{"title": "Old engine"}]})
    world["projects"][2]["issues"] = [{"title": "My engine"}]
    world["snippets"] = [
        {"title": "Ignite", "author": "ada", "files": {"a.py": "x"}},
        {"title": "Other", "author": "bob", "description": "Ignites", "visibility": "private", "files": {"b.py": "x"}},
    ]
    made = Api(world)
    made.post("groups/1/milestones", title="Launch of all")
    made.post("projects/1/wikis", "ada", title="Home", content="hello\n\nlaunch day")
    return made


def found(api: Api, path: str, scope: str, search: str, as_: str | None = "ada", /, **more: Any) -> list[Any]:
    key = {"users": "username", "projects": "path", "notes": "body"}.get(scope, "title")
    return names(api.get(path, as_, scope=scope, search=search, **more), key)


@pytest.mark.parametrize(
    ("scope", "search", "expected"),
    [
        ("projects", "acme", ["rocket"]),
        ("projects", "MOON", ["rocket"]),
        ("projects", "ro", []),
        ("issues", "engine", ["My engine", "Quiet", "Engine fails"]),
        ("issues", "loud engine", ["Quiet"]),
        ("issues", "#2", ["Quiet"]),
        ("merge_requests", "engine", ["Mend the engine"]),
        ("merge_requests", "see #1", ["Mend the engine"]),
        ("milestones", "launch", ["Launch"]),
        ("users", "ada", ["ada"]),
        ("users", "", []),
        ("snippet_titles", "ignite", ["Ignite"]),
    ],
)
def test_the_instance_is_searched(api: Api, scope: str, search: str, expected: list[str]) -> None:
    assert sorted(found(api, "search", scope, search)) == sorted(expected)


@pytest.mark.parametrize(
    ("scope", "search", "expected"),
    [
        ("projects", "rocket", ["rocket"]),
        ("issues", "engine", ["Quiet", "Engine fails"]),
        ("merge_requests", "engine", ["Mend the engine"]),
        ("milestones", "launch", ["Launch", "Launch of all"]),
        ("users", "bob", ["bob"]),
        ("users", "nora", []),
    ],
)
def test_a_group_is_searched_with_what_is_below_it(api: Api, scope: str, search: str, expected: list[str]) -> None:
    for path in ("groups/1/search", "groups/acme/-/search"):
        assert sorted(found(api, path, scope, search)) == sorted(expected)


@pytest.mark.parametrize(
    ("scope", "search", "expected"),
    [
        ("issues", "engine", ["Quiet", "Engine fails"]),
        ("merge_requests", "engine", ["Mend the engine"]),
        ("milestones", "launch", ["Launch"]),
        ("notes", "engines", ["Engines do that"]),
        ("notes", "quiet", []),
        ("users", "rex", ["rex"]),
        ("users", "root", []),
        ("commits", "initial", ["Initial commit"]),
    ],
)
def test_a_project_is_searched(api: Api, scope: str, search: str, expected: list[str]) -> None:
    for path in ("projects/1/search", "projects/acme%2Frocket/-/search"):
        assert sorted(found(api, path, scope, search)) == sorted(expected)


def test_results_are_shown_as_the_pages_of_their_kind_show_them(api: Api) -> None:
    issue = api.get("search", "ada", scope="issues", search="#1").json[-1]
    assert issue == {key: value for key, value in api.get("projects/1/issues/1", "ada").json.items() if key in issue}
    note = api.get("projects/1/search", "ada", scope="notes", search="engines").json
    assert note == api.get("projects/1/issues/1/notes", "ada").json
    snippet = api.get("search", "ada", scope="snippet_titles", search="ignite").json
    assert snippet == [api.get("snippets/1", "ada").json]


def test_what_is_hidden_is_not_found(api: Api) -> None:
    assert found(api, "search", "issues", "engine", "gil") == ["Engine fails"]
    assert found(api, "search", "issues", "engine", "nora") == []
    assert found(api, "search", "projects", "rocket", "nora") == []
    assert found(api, "groups/3/search", "users", "bob", "nora") == []
    assert api.get("projects/1/search", "gil", scope="blobs", search="rocket").json == []
    assert api.get("projects/1/search", "gil", scope="commits", search="").json == []
    assert api.get("groups/1/search", "nora", scope="users", search="bob").json == {"message": "404 Group Not Found"}
    assert api.get("search", None, scope="users", search="bob").json == {"message": "401 Unauthorized"}


def test_issues_and_merge_requests_are_narrowed_and_ordered(api: Api) -> None:
    path = "projects/1/search"
    assert found(api, path, "issues", "engine", state="closed") == ["Quiet"]
    assert found(api, path, "issues", "engine", confidential=False) == ["Engine fails"]
    assert found(api, path, "issues", "engine", order_by="created_at", sort="asc") == ["Engine fails", "Quiet"]
    assert found(api, path, "merge_requests", "engine", state="merged") == []


def test_archived_projects_are_left_out_since_gitlab_16_6() -> None:
    projects = [{"path": "ada/relic", "archived": True, "issues": [{"title": "Old engine"}]}]
    now = Api({**WORLD, "projects": projects, "gitlab": {"version": "18.9.0"}})
    assert found(now, "search", "issues", "engine") == found(now, "search", "projects", "relic") == []
    assert found(now, "search", "issues", "engine", include_archived=True) == ["Old engine"]
    assert found(now, "projects/1/search", "issues", "engine") == ["Old engine"]
    before = Api({**WORLD, "projects": projects, "gitlab": {"version": "16.5.0"}})
    assert found(before, "search", "projects", "relic") == ["relic"]


def test_places_in_files_are_shown_with_the_lines_around_them(api: Api) -> None:
    answer = api.get("projects/1/search", "ada", scope="blobs", search="LINE 5")
    place = {
        "basename": "src/launch",
        "data": "line 3\nline 4\nline 5\nline 6\nline 7\n",
        "path": "src/launch.py",
        "filename": "src/launch.py",
        "id": None,
        "ref": "main",
        "startline": 3,
        "project_id": 1,
    }
    whole = {**place, "basename": "src/notes", "data": "Launch\nline 5\n", "startline": 1}
    assert answer.json == [place, {**whole, "path": "src/notes", "filename": "src/notes"}]
    assert (answer.headers["X-Total"], answer.headers["X-Search-Type"]) == ("2", "basic")
    assert [one["startline"] for one in blobs(api, "line 1")] == [1, 8]


def blobs(api: Api, search: str, **more: Any) -> list[Any]:
    answer = api.get("projects/1/search", "ada", scope="blobs", search=search, **more)
    assert answer.status == 200
    return list(answer.json)


def test_files_are_found_by_their_path_and_narrowed(api: Api) -> None:
    readme = blobs(api, "README.md")[0]
    assert (readme["path"], readme["data"], readme["startline"], len(readme["id"])) == (
        "README.md",
        "# Rocket\n",
        1,
        40,
    )
    assert [one["path"] for one in blobs(api, "src")] == ["src/launch.py", "src/notes"]
    assert [one["path"] for one in blobs(api, "line 5 extension:py")] == ["src/launch.py"]
    assert [one["path"] for one in blobs(api, "line 5 -filename:lau*.py")] == ["src/notes"]
    assert [one["path"] for one in blobs(api, 'line 5 path:"src/n"')] == ["src/notes"]
    assert blobs(api, "") == blobs(api, "extension:py") == blobs(api, "line", ref="none") == []
    assert [(one["path"], one["ref"]) for one in blobs(api, "a branch", ref="other")] == [("b.md", "other")]


def test_commits_are_found_by_message_and_hash(api: Api) -> None:
    listed = api.get("projects/1/repository/commits", "ada").json
    whole = api.get(f"projects/1/repository/commits/{listed[0]['id']}", "ada", stats=False).json
    title = listed[0]["title"].upper()
    assert api.get("projects/1/search", "ada", scope="commits", search=title).json == [whole]
    assert api.get("projects/1/search", "ada", scope="commits", search=listed[0]["short_id"]).json == [whole]


def test_wikis_are_searched(api: Api) -> None:
    answer = api.get("projects/1/search", "ada", scope="wiki_blobs", search="launch")
    page = answer.json[0]
    assert len(answer.json) == 1
    assert (page["path"], page["data"], page["ref"]) == ("Home.md", "hello\n\nlaunch day\n", "main")
    assert (page["startline"], page["group_id"]) == (1, None)
    assert api.get("projects/2/search", "ada", scope="wiki_blobs", search="launch").json == []


def test_what_needs_an_index_is_refused(api: Api) -> None:
    for path in ("search", "groups/1/search"):
        code = refused(api.get(path, "ada", scope="blobs", search="x"))
        assert code == {"error": "Scope supported only with advanced search or exact code search"}
        for scope in ("commits", "wiki_blobs", "notes"):
            other = refused(api.get(path, "ada", scope=scope, search="x"))
            assert other == {"error": "Scope supported only with advanced search"}
    free = Api({**WORLD, "gitlab": {"edition": "ce"}}).get("search", scope="blobs", search="x")
    assert (free.status, free.json) == (400, {"error": "scope does not have a valid value"})


@pytest.mark.parametrize(
    ("path", "given", "body"),
    [
        ("search", {"scope": "users"}, {"message": '400 (Bad request) "search" not given'}),
        ("search", {"search": "x"}, {"message": '400 (Bad request) "scope" not given'}),
        ("search", {"scope": "things", "search": "x"}, {"error": "scope does not have a valid value"}),
        ("groups/1/search", {"scope": "snippet_titles", "search": "x"}, {"error": "scope does not have a valid value"}),
        ("projects/1/search", {"scope": "projects", "search": "x"}, {"error": "scope does not have a valid value"}),
        ("search", {"scope": "issues", "search": "x", "state": "y"}, {"error": "state does not have a valid value"}),
    ],
)
def test_wrong_parameters_are_refused(api: Api, path: str, given: dict[str, str], body: dict[str, str]) -> None:
    answer = api.get(path, "ada", **given)
    assert (answer.status, answer.json) == (400, body)


def test_results_in_pages_tell_no_total_where_gitlab_does_not_count(api: Api) -> None:
    first = api.get("search", "ada", scope="issues", search="engine", per_page=2)
    assert (len(first.json), first.headers["X-Next-Page"], "X-Total" in first.headers) == (2, "2", False)
    assert api.get("search", "ada", scope="issues", search="engine", per_page=2, page=2).headers["X-Next-Page"] == ""
    assert api.get("projects/1/search", "ada", scope="users", search="bob").headers["X-Total"] == "1"
