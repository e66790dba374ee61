from tests.support import WORLD, Api, seen


def test_records_are_counted_for_administrators() -> None:
    projects = [{"path": "acme/big", "issues": [{"title": "No {n}", "repeat": 1_200}], "milestones": [{"title": "1"}]}]
    api = Api({**WORLD, "projects": projects})
    api.post("users/2/block")
    api.post("projects/1/fork", namespace_id=2)
    counted = {
        "forks": "1",
        "issues": "1,200",
        "merge_requests": "0",
        "notes": "0",
        "snippets": "0",
        "ssh_keys": "0",
        "milestones": "1",
        "users": "6",
        "projects": "2",
        "groups": "3",
        "active_users": "5",
    }
    assert seen(api.get("application/statistics")) == (200, counted)
    assert api.get("application/statistics", "bob").status == 403
