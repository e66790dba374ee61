from typing import Any

import pytest

from tests.api.v4.repositories import sha
from tests.merge_request_world import MR, mr_api, open_mr, remarks, world
from tests.support import WORLD, Api, names

OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob", "reviewers": ["rex"]}
GROUPS = WORLD["groups"][:2]
pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def write(api: Api, branch: str = "feature", path: str = "more.txt", **given: Any) -> str:
    change = {"action": "create", "file_path": path, "content": "x\n"}
    sent = {"branch": branch, "commit_message": f"Write {path}", "actions": [change], **given}
    answer = api.post("projects/1/repository/commits", "bob", **sent)
    assert answer.status == 201, answer
    found: str = answer.json["id"]
    return found


def test_a_push_is_remarked_with_its_commits(api: Api) -> None:
    old, new = sha(api, "feature"), write(api)
    assert remarks(api) == [
        f"added 1 commit\n\n<ul><li>{new[:8]} - Write more.txt</li></ul>\n\n"
        f"[Compare with previous version](/acme/rocket/-/merge_requests/1/diffs?diff_id=2&start_sha={old})"
    ]


def test_commits_of_the_target_branch_are_counted_together(api: Api) -> None:
    old = sha(api, "feature")
    onto = write(api, "main", "new.txt")
    api.put(f"{MR}/1/rebase", "bob")
    [told] = remarks(api)
    assert told.startswith("added 3 commits\n\n<ul><li>" + onto[:8] + " - 1 commit from branch <code>main</code></li>")
    assert old in told


def test_a_push_moves_the_time_of_the_last_change(api: Api) -> None:
    api.store.set_clock("2024-05-02T09:00:00Z")
    write(api)
    assert api.get(f"{MR}/1").json["updated_at"] == "2024-05-02T09:00:00.000Z"
    write(api, "main", "other.txt")
    assert len(api.get(f"{MR}/1/versions").json) == 2


def test_a_push_solves_and_makes_conflicts(api: Api) -> None:
    open_mr(api, source_branch="clash")
    change = {"action": "update", "file_path": "README.md", "content": "# Mine\n"}
    api.post("projects/1/repository/commits", branch="main", commit_message="Mine", actions=[change])
    assert api.get(f"{MR}/2").json["has_conflicts"] is True
    api.post("projects/1/repository/commits", branch="clash", commit_message="Mine, too", actions=[change])
    assert api.get(f"{MR}/2").json["detailed_merge_status"] == "mergeable"


def test_the_author_is_told_once_that_the_branches_conflict(api: Api) -> None:
    open_mr(api, "ada", source_branch="clash")
    change = {"action": "update", "file_path": "README.md", "content": "# Mine\n"}

    def todos() -> list[Any]:
        api.get(f"{MR}/2", "rex")
        found = api.get("todos", "ada", state="pending").json
        return [(one["action_name"], one["author"]["username"], one["target"]["iid"]) for one in found]

    assert todos() == []
    api.post("projects/1/repository/commits", branch="main", commit_message="Mine", actions=[change])
    assert todos() == [("unmergeable", "ada", 2)]
    api.post("todos/mark_as_done", "ada")
    write(api, "main", "other.txt")
    assert todos() == []
    api.post("projects/1/repository/commits", branch="clash", commit_message="Mine, too", actions=[change])
    assert todos() == []
    api.post(
        "projects/1/repository/commits", branch="main", commit_message="Again", actions=[{**change, "content": "# x\n"}]
    )
    api.post(
        "projects/1/repository/commits",
        branch="clash",
        commit_message="Yours",
        actions=[{**change, "content": "# y\n"}],
    )
    assert todos() == [("unmergeable", "ada", 2)]


def test_a_draft_commit_makes_a_draft(api: Api) -> None:
    new = write(api, commit_message="draft: not yet")
    shown = api.get(f"{MR}/1").json
    assert (shown["title"], shown["draft"]) == ("Draft: Launch", True)
    assert remarks(api)[-1] == f"marked this merge request as **draft** from {new}"


def test_what_has_no_source_branch_any_more_is_closed_for_good(api: Api) -> None:
    old = sha(api, "feature")
    open_mr(api, source_branch="feature", target_branch="fix")
    api.delete("projects/1/repository/branches/feature", "bob")
    api.post("projects/1/repository/branches", "bob", branch="feature", ref="fix")
    for iid in (1, 2):
        shown = api.get(f"{MR}/{iid}").json
        assert (shown["state"], shown["closed_by"]["username"], shown["sha"]) == ("closed", "bob", old)
        assert names(api.get(f"{MR}/{iid}/resource_state_events"), "state") == ["closed"]
        assert remarks(api, iid) == []
    assert api.put(f"{MR}/1", "bob", state_event="reopen").json["detailed_merge_status"] == "mergeable"
    assert names(api.get(f"{MR}/1/versions"), "head_commit_sha") == [sha(api, "fix"), old]


def test_a_source_branch_deleted_by_who_may_not_close_is_remarked() -> None:
    made = world()
    made["projects"][3]["members"] = {"gil": "maintainer"}
    api = Api(made)
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    assert api.delete("projects/4/repository/branches/patch", "gil").status == 204
    shown = api.get("projects/2/merge_requests/1").json
    assert (shown["state"], shown["detailed_merge_status"]) == ("opened", "commits_status")
    api.post("projects/4/repository/branches", "gil", branch="patch", ref="main")
    assert remarks(api, project=2) == ["deleted source branch `patch`", "restored source branch `patch`"]


def test_a_push_clears_the_error_of_a_rebase(api: Api) -> None:
    open_mr(api, source_branch="clash")
    write(api, "main", actions=[{"action": "update", "file_path": "README.md", "content": "# New\n"}])
    api.put(f"{MR}/2/rebase", "bob")
    assert api.get(f"{MR}/2").json["merge_error"].startswith("Rebase failed")
    write(api, "main", "other.txt")
    assert api.get(f"{MR}/2").json["merge_error"].startswith("Rebase failed")
    write(api, "clash")
    assert api.get(f"{MR}/2").json["merge_error"] is None


def test_closed_merge_requests_stay_as_they_are(api: Api) -> None:
    api.put(f"{MR}/1", "bob", state_event="close")
    new = write(api)
    assert len(api.get(f"{MR}/1/versions").json) == 1
    api.put(f"{MR}/1", "bob", state_event="reopen")
    assert names(api.get(f"{MR}/1/versions"), "head_commit_sha")[0] == new


def test_a_push_to_a_fork_reaches_the_merge_request_in_its_source() -> None:
    api = mr_api()
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    change = {"action": "create", "file_path": "n", "content": "x"}
    given = {"branch": "patch", "commit_message": "On", "actions": [change]}
    made = api.post("projects/4/repository/commits", "nora", **given).json
    assert api.get("projects/2/merge_requests/1").json["sha"] == made["id"]
    assert names(api.get("projects/2/merge_requests/1/commits"), "title") == ["On", "Patch"]
    assert "patch" not in names(api.get("projects/2/repository/branches"))


def test_a_merge_is_an_event_and_a_push(api: Api) -> None:
    api.put(f"{MR}/1/merge", "ada")
    found = [(one["action_name"], one["author_username"]) for one in api.get("projects/1/events").json]
    assert found[:3] == [("accepted", "ada"), ("closed", "bob"), ("pushed to", "ada")]
    assert api.get("projects/1/events").json[0]["target_title"] == "Launch"
    assert names(api.get(f"{MR}/1/resource_state_events"), "state") == ["merged"]


def test_forks_do_not_get_the_refs_of_merge_requests() -> None:
    api = mr_api()
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    api.post("projects/2/fork", "ada", path="copy")
    kinds = [kind for kind in api.store.kinds() if kind.__name__ == "Ref"]
    own = [ref.name for ref in api.store[kinds[0]].all() if ref.project_id > 4]
    assert own == ["refs/heads/main"]


def test_who_may_merge_it_pushes_to_a_fork_that_lets_him() -> None:
    made = world()
    made["projects"][3]["visibility"] = "public"
    opened = {"path": "open", "visibility": "public", "members": {"bob": "developer"}}
    api = Api({**made, "groups": [*GROUPS, opened]})
    open_mr(api, "nora", 4, source_branch="patch", target_project_id=2)
    change = {"action": "create", "file_path": "n", "content": "x"}
    given: dict[str, Any] = {"branch": "patch", "commit_message": "On", "actions": [change]}

    def push(**more: Any) -> int:
        return api.post("projects/4/repository/commits", "bob", **{**given, **more}).status

    assert push() == 403
    api.put("projects/2/merge_requests/1", "nora", allow_collaboration=True)
    assert (push(), push(branch="main"), push(branch="new", start_branch="main")) == (201, 403, 403)
    assert api.put("projects/2/merge_requests/1/rebase", "bob").status == 202
    assert api.post("projects/4/repository/commits", "rex", **given).status == 403
    api.put("projects/2/merge_requests/1", "nora", state_event="close")
    assert push(actions=[{**change, "file_path": "m"}]) == 403
