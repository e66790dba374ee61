"""Whatever is done to merge requests, in whatever order: each answer is well formed, and what is told fits together."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge_request_world import MR, world
from tests.support import Api

BRANCHES = st.sampled_from(["main", "feature", "fix", "clash", "other", "gone"])
TEXTS = st.sampled_from(
    ["", "x", "/approve", "/rebase", "/request_changes", "/submit_review approve", "/draft", "/close", "Closes #1"]
)
FILES = st.sampled_from(["count.txt", "README.md", "new.txt"])
CONTENTS = st.sampled_from(["3\n2\n", "0\n3\n2\n", "z\n", ""])
SETTINGS = st.fixed_dictionaries(
    {
        "merge_method": st.sampled_from(["merge", "rebase_merge", "ff"]),
        "squash_option": st.sampled_from(["always", "never", "default_on", "default_off"]),
        "resolve_outdated_diff_discussions": st.booleans(),
        "only_allow_merge_if_all_discussions_are_resolved": st.booleans(),
        "approvals_before_merge": st.integers(0, 1),
    }
)
Step = tuple[str, str, dict[str, Any]]


def step(method: str, to: str, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Return requests of one kind; ``{}`` in the path is one of three merge requests."""
    numbers = st.integers(1, 3)
    return st.tuples(st.just(method), numbers.map(lambda iid: to.format(f"{MR}/{iid}")), st.fixed_dictionaries(given))


STEPS = st.one_of(
    step("POST", MR, title=TEXTS, source_branch=BRANCHES, target_branch=BRANCHES, description=TEXTS),
    step("PUT", "{}", title=TEXTS, target_branch=BRANCHES, squash=st.booleans()),
    step("PUT", "{}", state_event=st.sampled_from(["close", "reopen"]), discussion_locked=st.booleans()),
    step("PUT", "{}/merge", auto_merge=st.booleans(), merge_when_pipeline_succeeds=st.booleans(), squash=st.booleans()),
    step("PUT", "{}/rebase"),
    step("POST", "{}/approve"),
    step("POST", "{}/unapprove"),
    step("POST", "{}/notes", body=TEXTS),
    step("POST", "{}/draft_notes", note=TEXTS),
    step("POST", "{}/draft_notes/bulk_publish"),
    step("POST", "{}/cancel_merge_when_pipeline_succeeds"),
    step("POST", "{}/blocks", blocking_merge_request_id=st.sampled_from([10001, 10002])),
    step("POST", "{}/discussions", body=TEXTS, line=st.integers(1, 3), path=FILES),
    step(
        *("POST", "projects/1/repository/commits"),
        branch=BRANCHES,
        commit_message=st.sampled_from(["More", "Draft: more", "Closes #2"]),
        actions=st.tuples(st.sampled_from(["create", "update", "delete"]), FILES, CONTENTS).map(
            lambda one: [dict(zip(("action", "file_path", "content"), one, strict=True))]
        ),
    ),
    st.tuples(st.just("DELETE"), BRANCHES.map("projects/1/repository/branches/{}".format), st.just({})),
    step("POST", "projects/1/repository/branches", branch=BRANCHES, ref=BRANCHES),
)


def placed(api: Api, path: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a thread with the place that a line and a path name, in the newest version."""
    shown = api.get(path.rpartition("/")[0])
    refs = shown.json.get("diff_refs") if shown.status == 200 else None
    place = {"position_type": "text", "new_path": given["path"], "old_path": given["path"], "new_line": given["line"]}
    return {"body": given["body"], "position": {**place, **(refs or {})}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SETTINGS, st.lists(st.tuples(STEPS, st.sampled_from(["root", "ada", "bob", "rex"])), min_size=5, max_size=25))
def test_merge_requests_stay_whole_in_any_order(project: dict[str, Any], steps: list[tuple[Step, str]]) -> None:
    opened = [
        {"title": name, "source_branch": name, "author": "bob", "reviewers": ["ada"]} for name in ("feature", "fix")
    ]
    api = Api(world(*opened, **project))
    for (method, path, sent), who in steps:
        more = placed(api, path, sent) if path.endswith("/discussions") else sent
        answer = api.request(method, path, who, **more)
        assert answer.status < 500, (method, path, sent, answer)
    for shown in api.get(MR, per_page=100).json:
        one = api.get(f"{MR}/{shown['iid']}").json
        assert (one["merged_at"] is not None) == (one["merged_by"] is not None) == (one["state"] == "merged")
        assert (one["closed_at"] is not None) == (one["state"] == "closed")
        assert one["has_conflicts"] == (one["merge_status"] == "cannot_be_merged")
        assert one["diff_refs"] is None or one["diff_refs"]["head_sha"] == one["sha"]
        versions = api.get(f"{MR}/{shown['iid']}/versions").json
        assert (versions[0]["head_commit_sha"], versions[0]["real_size"]) == (one["sha"], one["changes_count"])
        assert api.get(f"{MR}/{shown['iid']}/discussions").status == 200
