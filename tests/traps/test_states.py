"""Traps of projects and their repositories."""

from typing import Any

from tests.support import WORLD, Api

SOURCE: dict[str, Any] = {
    "mockgitlab": 1,
    "projects": [{"path": "acme/source", "repository": {"branches": {"main": {"a.txt": "a"}}}}],
}


def trapped(*names: str) -> Api:
    return Api(WORLD, {**SOURCE, "traps": list(names)})


def test_a_fork_is_empty_until_it_was_asked_for_three_times() -> None:
    api = trapped("slow_import")
    fork = api.post("projects/acme%2Fsource/fork", "ada").json["id"]
    seen = [api.get(f"projects/{fork}/repository/tree", "ada").status for _ in range(4)]
    assert seen == [404, 404, 404, 200]


def test_whether_a_merge_request_can_be_merged_is_told_when_it_was_asked_for_three_times() -> None:
    api = trapped("slow_mergeability")
    at = "projects/acme%2Fsource"
    change = {"action": "create", "file_path": "b.txt", "content": "b"}
    given = {"branch": "new", "start_branch": "main", "commit_message": "B", "actions": [change]}
    api.post(f"{at}/repository/commits", **given)
    made = api.post(f"{at}/merge_requests", title="B", source_branch="new", target_branch="main").json
    listed = api.get(f"{at}/merge_requests").json[0]
    assert (made["merge_status"], made["has_conflicts"], listed["detailed_merge_status"]) == (
        "checking",
        False,
        "unchecked",
    )
    assert api.get(f"{at}/merge_requests", with_merge_status_recheck=True).json[0]["merge_status"] == "checking"
    refused = api.put(f"{at}/merge_requests/1/merge")
    assert (refused.status, refused.json) == (405, {"message": "405 Method Not Allowed"})
    seen = [api.get(f"{at}/merge_requests/1").json["detailed_merge_status"] for _ in range(3)]
    assert seen == ["checking", "checking", "mergeable"]
    assert api.put(f"{at}/merge_requests/1/merge").json["state"] == "merged"


def test_a_source_branch_is_rebased_when_it_was_asked_for_three_times() -> None:
    api = trapped("slow_rebase")
    at = "projects/acme%2Fsource"
    for branch, path in (("new", "b.txt"), ("main", "c.txt")):
        change = {"action": "create", "file_path": path, "content": "x"}
        more = {"start_branch": "main"} if branch == "new" else {}
        api.post(f"{at}/repository/commits", branch=branch, commit_message=path, actions=[change], **more)
    old = api.post(f"{at}/merge_requests", title="B", source_branch="new", target_branch="main").json["sha"]
    answer = api.put(f"{at}/merge_requests/1/rebase")
    assert (answer.status, answer.json) == (202, {"rebase_in_progress": True})
    again = api.put(f"{at}/merge_requests/1/rebase")
    assert (again.status, again.json) == (409, {"message": "409 Conflict"})
    shown = [api.get(f"{at}/merge_requests/1", include_rebase_in_progress=True).json for _ in range(3)]
    assert [one["rebase_in_progress"] for one in shown] == [True, True, False]
    assert [one["sha"] == old for one in shown] == [True, True, False]
    assert api.get(f"{at}/repository/commits/new").json["committer_name"] == "Administrator"


def test_a_pipeline_is_pending_until_it_was_asked_for_three_times() -> None:
    api = trapped("slow_pipelines")
    given = {"branch": "main", "content": "rspec: {script: rspec}", "commit_message": "CI"}
    assert api.post("projects/acme%2Fsource/repository/files/.gitlab-ci.yml", **given).status == 201
    at = "projects/acme%2Fsource/repository/commits/main"
    assert [api.get(at).json["status"] for _ in range(4)] == ["pending", "pending", "pending", "success"]


def test_the_path_of_a_deleted_project_is_taken_until_it_was_asked_for_three_times() -> None:
    api = trapped("slow_deletion")
    api.delete("projects/ada%2Fnotes", "ada")
    assert [api.post("projects", "ada", name="notes").status for _ in range(5)] == [400, 400, 400, 201, 400]


def test_deleting_marks_and_only_more_deletes() -> None:
    api = trapped("delayed_deletion")
    assert api.delete("projects/3", "ada").status == 202
    marked = api.get("projects/3", "ada").json
    assert (marked["path"], marked["marked_for_deletion_on"]) == ("notes-deleted-3", "2024-05-01")
    sent = {"permanently_remove": True, "full_path": marked["path_with_namespace"]}
    assert api.delete("projects/3", "ada", **sent).status == 202
    assert api.get("projects/3", "ada").status == 404


def test_every_project_has_moved_and_reads_alone_are_sent_there() -> None:
    api = trapped("moved_project")
    answer = api.get("projects/acme%2Frocket", "ada")
    assert (answer.status, answer.headers["Location"]) == (301, "http://localhost/api/v4/projects/1")
    refused = api.put("projects/acme%2Frocket", "ada", name="x")
    assert (refused.status, refused.json["message"]) == (405, "Non GET methods are not allowed for moved projects")
    assert api.get("projects/1", "ada").json["path_with_namespace"] == "acme/rocket-moved"


def test_repositories_are_empty() -> None:
    api = trapped("empty_repository")
    project = api.get("projects/acme%2Fsource", "ada").json
    assert project["empty_repo"] is True
    assert api.get("projects/acme%2Fsource/repository/tree", "ada").status == 404
