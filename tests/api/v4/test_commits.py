"""The pages on commits that are there."""

from typing import Any

import pytest

from tests.api.v4.repositories import REPO, make_api, sha, world
from tests.support import Api, names

FEATURE = f"{REPO}/commits/feature%2Flaunch"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def titles(api: Api, **given: Any) -> list[str]:
    return names(api.get(f"{REPO}/commits", "rex", **given), "title")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["Initial commit"]),
        ({"ref_name": "feature/launch"}, ["Launch", "Count down", "Initial commit"]),
        ({"ref_name": "v1.1"}, ["Launch", "Count down", "Initial commit"]),
        ({"ref_name": "main..feature/launch"}, ["Launch", "Count down"]),
        ({"ref_name": "nowhere"}, []),
        ({"ref_name": "feature/launch...done"}, ["Launch", "Count down"]),
        ({"ref_name": "feature/launch..nowhere"}, []),
        ({"ref_name": "nowhere..feature/launch"}, []),
        ({"ref_name": "..feature/launch"}, ["Launch", "Count down"]),
        ({"all": True}, ["Initial commit", "Count down", "Launch"]),
        ({"all": True, "path": "src/launch.py"}, ["Initial commit", "Launch"]),
        ({"all": True, "path": "src"}, ["Initial commit", "Count down", "Launch"]),
        ({"all": True, "author": "Ada"}, ["Count down"]),
        ({"all": True, "since": "2024-04-02T00:00:00Z"}, ["Count down", "Launch"]),
        ({"all": True, "until": "2024-04-02T10:00:00Z"}, ["Initial commit", "Count down"]),
        ({"all": True, "order": "topo", "first_parent": True}, ["Initial commit", "Count down", "Launch"]),
        ({"all": True, "per_page": 2}, ["Count down", "Launch"]),
        ({"all": True, "per_page": 2, "page": 2}, ["Initial commit"]),
    ],
)
def test_commits_are_listed_and_narrowed(api: Api, given: Any, expected: list[str]) -> None:
    assert titles(api, **given) == expected


def test_a_list_does_not_tell_how_many_there_are(api: Api) -> None:
    answer = api.get(f"{REPO}/commits", ref_name="v1.1", per_page=2, with_stats=True, trailers=True)
    assert "X-Total" not in answer.headers
    assert 'rel="last"' not in answer.headers["Link"]
    assert answer.headers["X-Next-Page"] == "2"
    assert answer.json[0]["stats"] == {"additions": 1, "deletions": 1, "total": 2}
    assert answer.json[0]["trailers"] == {"Signed-off-by": "Ada <ada@example.com>"}


def test_a_full_page_is_said_to_have_a_next_one(api: Api) -> None:
    pages = [api.get(f"{REPO}/commits", ref_name="v1.1", per_page=3, page=page) for page in (1, 2)]
    assert [(len(page.json), page.headers["X-Next-Page"]) for page in pages] == [(3, "2"), (0, "")]
    assert 'rel="next"' in pages[0].headers["Link"]
    assert 'rel="next"' not in pages[1].headers["Link"]


def test_a_file_is_followed_to_the_paths_that_it_had(api: Api) -> None:
    moved = {"action": "move", "file_path": "bin/go.py", "previous_path": "src/launch.py"}
    given = {"branch": "main", "commit_message": "Move it", "actions": [moved]}
    assert api.post(f"{REPO}/commits", **given).status == 201
    assert titles(api, path="bin/go.py") == ["Move it", "Initial commit"]
    assert titles(api, path="bin") == ["Move it"]
    assert titles(api, path="bin/go.py", until="2024-04-30T00:00:00Z") == []


def test_an_empty_repository_has_no_commits() -> None:
    assert make_api({}).get(f"{REPO}/commits").json == []


def test_a_commit_is_shown_whole(api: Api) -> None:
    assert api.get(FEATURE).json == {
        "id": sha(api, "feature/launch"),
        "short_id": sha(api, "feature/launch")[:8],
        "created_at": "2024-04-03T08:00:00.000+00:00",
        "parent_ids": [sha(api, "feature/launch~1")],
        "title": "Launch",
        "message": "Launch\n\nFor real.\n\nSigned-off-by: Ada <ada@example.com>",
        "author_name": "Bob Kahn",
        "author_email": "bob@example.com",
        "authored_date": "2024-04-03T08:00:00.000+00:00",
        "committer_name": "Bob Kahn",
        "committer_email": "bob@example.com",
        "committed_date": "2024-04-03T08:00:00.000+00:00",
        "trailers": {"Signed-off-by": "Ada <ada@example.com>"},
        "extended_trailers": {"Signed-off-by": ["Ada <ada@example.com>"]},
        "web_url": f"http://localhost/acme/rocket/-/commit/{sha(api, 'feature/launch')}",
        "stats": {"additions": 1, "deletions": 1, "total": 2},
        "status": None,
        "project_id": 1,
        "last_pipeline": None,
    }
    assert "stats" not in api.get(FEATURE, stats=False).json


def test_a_commit_of_another_project_is_not_found(api: Api) -> None:
    answer = api.get(f"{REPO}/commits/{sha(api, project=2)}")
    assert (answer.status, answer.json) == (404, {"message": "404 Commit Not Found"})
    assert api.get(f"projects/2/repository/commits/{sha(api)}").status == 404


def test_a_commit_is_found_by_the_beginning_of_its_hash(api: Api) -> None:
    assert sha(api, sha(api)[:7]) == sha(api, sha(api).upper()) == sha(api, sha(api)[:7].upper()) == sha(api)
    assert sha(api, "@") == sha(api, "HEAD~0") == sha(api)


def test_the_difference_of_a_commit(api: Api) -> None:
    difference = {
        "diff": "@@ -1,2 +1,2 @@\n def go():\n-    pass\n+    print('up')\n",
        "collapsed": False,
        "too_large": False,
        "new_path": "src/launch.py",
        "old_path": "src/launch.py",
        "a_mode": "100644",
        "b_mode": "100644",
        "new_file": False,
        "renamed_file": False,
        "deleted_file": False,
        "generated_file": None,
    }
    assert api.get(f"{FEATURE}/diff").json == [difference]
    unified = api.get(f"{FEATURE}/diff", unidiff=True).json[0]["diff"]
    assert unified == f"--- a/src/launch.py\n+++ b/src/launch.py\n{difference['diff']}"
    first = api.get(f"{REPO}/commits/main/diff", unidiff=True).json[0]
    assert (first["new_file"], first["a_mode"]) == (True, "0")
    assert first["diff"].startswith("--- /dev/null\n+++ b/README.md\n@@ -0,0 +1 @@\n")


def test_where_a_commit_is(api: Api) -> None:
    refs = api.get(f"{FEATURE}/refs").json
    assert refs == [{"type": "branch", "name": "feature/launch"}, {"type": "tag", "name": "v1.1"}]
    assert names(api.get(f"{REPO}/commits/main/refs", type="tag")) == ["v1.0", "v1.1"]
    assert api.get(f"{REPO}/commits/main/refs", type="x").status == 400


def test_the_sequence_of_a_commit(api: Api) -> None:
    assert api.get(f"{FEATURE}/sequence").json == {"count": 3}
    assert api.get(f"{FEATURE}/sequence", first_parent=True).json == {"count": 3}


def test_no_commit_is_signed(api: Api) -> None:
    assert api.get(f"{FEATURE}/signature").json == {"message": "404 GPG Signature Not Found"}


def test_a_ref_that_is_an_option_is_refused(api: Api) -> None:
    answer = api.get(f"{REPO}/commits", ref_name="--all")
    assert (answer.status, answer.json) == (400, {"message": "ref_name is invalid"})


def test_comments_on_a_commit(api: Api) -> None:
    at = f"{FEATURE}/comments"
    assert api.post(at, "rex", note="Nice").status == 201
    placed = api.post(at, "bob", note="Up?", path="src/launch.py", line=2, line_type="new").json
    assert (placed["path"], placed["line"], placed["line_type"]) == ("src/launch.py", 2, "new")
    assert api.post(at, "bob", note="Where?", path="src/launch.py", line=1).json["path"] is None
    found = api.get(at).json
    assert [(one["note"], one["author"]["username"]) for one in found] == [
        ("Nice", "rex"),
        ("Up?", "bob"),
        ("Where?", "bob"),
    ]
    assert api.post(at, "bob", note="x", path="src/launch.py").json == {"message": '400 (Bad request) "line" not given'}
    assert api.post(at, "gil", note="x").status == 403
    assert api.get("projects/1/events").json[0]["target_title"] == "Launch"
