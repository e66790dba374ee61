from typing import Any

import pytest

from tests.api.v4.repositories import sha
from tests.merge_request_world import MR, OPENED, mr_api, world
from tests.support import Api, names

DIFF = {
    "diff": "@@ -0,0 +1 @@\n+down\n",
    "collapsed": False,
    "too_large": False,
    "new_path": "land.txt",
    "old_path": "land.txt",
    "a_mode": "0",
    "b_mode": "100644",
    "new_file": True,
    "renamed_file": False,
    "deleted_file": False,
    "generated_file": False,
}
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def write(api: Api, branch: str = "feature", action: str = "create", path: str = "more.txt", **more: str) -> Any:
    actions = [{"action": action, "file_path": path, "content": "x\n", **more}]
    given = {"branch": branch, "commit_message": f"Write {path}", "actions": actions}
    answer = api.post("projects/1/repository/commits", "bob", **given)
    assert answer.status == 201, answer
    return answer.json


def test_the_commits_are_listed_the_newest_first(api: Api) -> None:
    shown = api.get(f"{MR}/1/commits", "rex")
    assert names(shown, "title") == ["Land", "Count"]
    kept = api.get("projects/1/repository/commits", ref_name="feature").json[0]
    assert shown.json[0] == {**kept, "parent_ids": [], "extended_trailers": {}}
    assert shown.headers["X-Total"] == "2"


def test_the_changed_files_are_shown(api: Api) -> None:
    shown = api.get(f"{MR}/1/changes").json
    assert (shown["iid"], shown["overflow"], shown["changes_count"]) == (1, False, "2")
    assert [one["new_path"] for one in shown["changes"]] == ["count.txt", "land.txt"]
    assert shown["changes"][1] == DIFF
    unified = api.get(f"{MR}/1/changes", unidiff=True, access_raw_diffs=True).json["changes"][1]["diff"]
    assert unified == "--- /dev/null\n+++ b/land.txt\n@@ -0,0 +1 @@\n+down\n"


def lines(count: int, width: int = 9) -> str:
    return ("x" * width + "\n") * count


def test_large_files_are_shown_when_asked_for_and_very_large_ones_never(api: Api) -> None:
    write(api, path="large.txt", content=lines(2_100))
    write(api, path="huge.txt", content=lines(21_000))

    def shown(**given: Any) -> dict[str, tuple[bool, bool, bool]]:
        found = api.get(f"{MR}/1/changes", **given).json["changes"]
        return {one["new_path"]: (one["diff"] != "", one["collapsed"], one["too_large"]) for one in found}

    plain, collapsed, too_large = (True, False, False), (False, True, False), (False, False, True)
    small = {"count.txt": plain, "land.txt": plain}
    assert shown() == {**small, "huge.txt": too_large, "large.txt": collapsed}
    assert shown(access_raw_diffs=True) == {**small, "huge.txt": too_large, "large.txt": plain}
    assert [one["too_large"] for one in api.get(f"{MR}/1/diffs").json] == [False, True, False, False]
    version = api.get(f"{MR}/1/versions").json[0]["id"]
    assert [one["collapsed"] for one in api.get(f"{MR}/1/versions/{version}").json["diffs"]] == [False] * 4


def test_a_large_file_that_is_alone_is_shown() -> None:
    api = mr_api({**OPENED, "source_branch": "fix"})
    write(api, "same", path="large.txt", content=lines(2_100))
    made = api.post(MR, "bob", source_branch="same", target_branch="main", title="x").json
    [alone] = api.get(f"{MR}/{made['iid']}/changes").json["changes"]
    assert (alone["collapsed"], alone["diff"] != "") == (False, True)


def test_more_than_a_hundred_files_are_collapsed_and_more_than_a_thousand_overflow() -> None:
    files = {f"f{number:04}": "x\n" for number in range(1_003)}
    many = {"many": {"from": "main", "commits": [{"message": "Many", "author": "bob", "files": files}]}}
    api = mr_api({**OPENED, "source_branch": "many"}, repository={"branches": {"main": {"a": "a"}, **many}})
    shown = api.get(f"{MR}/1/changes").json
    assert (shown["changes_count"], shown["overflow"], len(shown["changes"])) == ("1000+", True, 1_000)
    assert [one["collapsed"] for one in shown["changes"]] == [False] * 100 + [True] * 900
    raw = api.get(f"{MR}/1/changes", access_raw_diffs=True).json
    assert (raw["overflow"], {one["collapsed"] for one in raw["changes"]}) == (False, {False})
    assert api.get(f"{MR}/1/versions").json[0]["state"] == "overflow"
    page = api.get(f"{MR}/1/diffs", per_page=100, page=4)
    assert (page.headers["X-Per-Page"], page.headers["X-Next-Page"], len(page.json)) == ("30", "5", 30)
    assert [one["collapsed"] for one in page.json] == [False] * 10 + [True] * 20


def test_too_many_lines_overflow(api: Api) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(api, path=name, content=lines(20_000, 3))
    shown = api.get(f"{MR}/1").json
    assert shown["changes_count"] == "2+"


def test_files_that_a_tool_writes_are_told(api: Api) -> None:
    write(api, path="web/package-lock.json")
    shown = {one["new_path"]: one["generated_file"] for one in api.get(f"{MR}/1/diffs").json}
    assert shown == {"count.txt": False, "land.txt": False, "web/package-lock.json": True}


def test_the_changed_files_are_listed_in_pages(api: Api) -> None:
    assert api.get(f"{MR}/1/diffs").json[1] == DIFF
    assert names(api.get(f"{MR}/1/diffs", per_page=1, page=2), "new_path") == ["land.txt"]
    assert api.get(f"{MR}/1/diffs", unidiff=True).json[1]["diff"].startswith("--- /dev/null\n+++ b/land.txt\n@@")


def test_only_what_changed_since_the_branches_parted_counts(api: Api) -> None:
    write(api, "main", path="other.txt")
    assert names(api.get(f"{MR}/1/diffs"), "new_path") == ["count.txt", "land.txt"]


def test_every_push_makes_a_version(api: Api) -> None:
    first = api.get(f"{MR}/1/versions").json
    base, head = sha(api, "main"), sha(api, "feature")
    assert first == [
        {
            "id": 1,
            "head_commit_sha": head,
            "base_commit_sha": base,
            "start_commit_sha": base,
            "created_at": "2024-05-01T09:00:00.000Z",
            "merge_request_id": 10001,
            "state": "collected",
            "real_size": "2",
            "patch_id_sha": first[0]["patch_id_sha"],
        }
    ]
    pushed = write(api)
    second, old = api.get(f"{MR}/1/versions").json
    assert (second["id"], second["head_commit_sha"], second["real_size"]) == (2, pushed["id"], "3")
    assert old == first[0]
    assert len(second["patch_id_sha"]) == 40
    assert second["patch_id_sha"] != old["patch_id_sha"]
    assert api.get(f"{MR}/1").json["sha"] == pushed["id"]


def test_a_version_shows_its_commits_and_files(api: Api) -> None:
    write(api)
    version = api.get(f"{MR}/1/versions/1").json
    assert [one["title"] for one in version["commits"]] == ["Land", "Count"]
    assert version["diffs"][1] == DIFF
    newer = api.get(f"{MR}/1/versions/2", unidiff=True).json
    assert [one["new_path"] for one in newer["diffs"]] == ["count.txt", "land.txt", "more.txt"]
    assert newer["diffs"][2]["diff"].startswith("---")
    assert api.get(f"{MR}/1/versions/9").json == {"message": "404 Not found"}


def test_a_merge_request_without_commits_has_an_empty_version(api: Api) -> None:
    made = api.post(MR, "bob", title="x", source_branch="nowhere", target_branch="main").json
    [version] = api.get(f"{MR}/{made['iid']}/versions").json
    assert (version["state"], version["head_commit_sha"], version["real_size"]) == ("empty", None, None)
    assert (made["sha"], made["diff_refs"], made["changes_count"]) == (None, None, None)
    for path in ("commits", "diffs"):
        assert api.get(f"{MR}/{made['iid']}/{path}").json == []
    assert api.get(f"{MR}/{made['iid']}/raw_diffs").text == ""
    assert api.get(f"{MR}/{made['iid']}/changes").json["changes"] == []
    assert api.get(f"{MR}/{made['iid']}/versions/{version['id']}").json["commits"] == []


def test_the_raw_differences_are_written_as_git_does(api: Api) -> None:
    answer = api.get(f"{MR}/1/raw_diffs")
    assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    assert answer.text == (
        "diff --git a/count.txt b/count.txt\n"
        "new file mode 100644\n"
        "index 0000000000000000000000000000000000000000..f1e5eeed2d935fb330d6755eeb3e46d18fa7aac1\n"
        "--- /dev/null\n+++ b/count.txt\n@@ -0,0 +1,2 @@\n+3\n+2\n"
        "diff --git a/land.txt b/land.txt\n"
        "new file mode 100644\n"
        "index 0000000000000000000000000000000000000000..eb0e90439e019dc21bc44c935cac4e8fb6da70a5\n"
        "--- /dev/null\n+++ b/land.txt\n@@ -0,0 +1 @@\n+down\n"
    )


def test_who_may_not_see_the_merge_request_sees_no_changes(api: Api) -> None:
    for path in ("commits", "changes", "diffs", "raw_diffs", "versions", "versions/1"):
        assert api.get(f"{MR}/1/{path}", "gil").status == 403
        assert api.get(f"{MR}/1/{path}", None).status == 404


# Pipelines


def test_the_pipelines_of_a_merge_request_are_listed_the_newest_first() -> None:
    api = mr_api({"title": "Launch", "source_branch": "feature", "author": "bob"})
    assert api.get(f"{MR}/1/pipelines", "rex").json == []
    shas = [one["id"] for one in api.get(f"{MR}/1/commits").json]
    for one in shas[::-1]:
        assert api.post(f"projects/1/statuses/{one}", "bob", state="success", ref="feature").status == 201
    assert api.post("projects/1/statuses/main", "ada", state="failed", ref="main").status == 201
    found = api.get(f"{MR}/1/pipelines", "rex").json
    assert [(one["sha"], one["status"]) for one in found] == [(one, "success") for one in shas]
    shown = api.get(f"{MR}/1").json
    assert (shown["head_pipeline"]["id"], shown["pipeline"]["sha"]) == (found[0]["id"], shas[0])
