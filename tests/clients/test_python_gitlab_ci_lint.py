"""Checking CI configurations with python-gitlab."""

from typing import Any

import gitlab
import pytest

pytestmark = pytest.mark.mockgitlab(
    scenario={
        "mockgitlab": 1,
        "users": [{"username": "ada"}],
        "tokens": [{"token": "ada-token", "user": "ada", "scopes": ["api"]}],
        "projects": [
            {
                "path": "ada/notes",
                "repository": {"branches": {"main": {".gitlab-ci.yml": "test: {script: make}\n"}}},
            }
        ],
    }
)


def test_configurations_are_checked(ada: Any) -> None:
    notes = ada.projects.get("ada/notes")
    found = notes.ci_lint.get(include_jobs=True)
    assert (found.valid, found.errors, [job["name"] for job in found.jobs]) == (True, [], ["test"])
    told = notes.ci_lint.create({"content": "test: {script: make}", "dry_run": True})
    assert told.merged_yaml == "---\ntest:\n  script: make\n"
    notes.ci_lint.validate({"content": "test: {script: make}"})
    with pytest.raises(gitlab.GitlabCiLintError, match="chosen stage x does not exist"):
        notes.ci_lint.validate({"content": "test: {script: make, stage: x}"})
