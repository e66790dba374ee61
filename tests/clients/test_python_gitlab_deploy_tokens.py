"""Deploy tokens through python-gitlab, and git that fetches with them."""

from pathlib import Path
from typing import Any

import gitlab

from mockgitlab import MockGitLab
from tests.clients.git_rig import Git
from tests.clients.python_gitlab_rig import refused


def test_git_fetches_with_a_new_deploy_token_until_it_is_deleted(
    root: Any, rocket: Any, mockgitlab: MockGitLab, tmp_path: Path
) -> None:
    made = rocket.deploytokens.create({"name": "fetch", "scopes": ["read_repository"], "username": "cd"})
    address = mockgitlab.url.replace("://", f"://cd:{made.token}@")
    Git(tmp_path)("clone", f"{address}/acme/rocket.git")
    assert (tmp_path / "rocket" / "README.md").exists()
    assert made.id in [one.id for one in root.deploytokens.list(all=True)]
    group = root.groups.get("acme")
    token = group.deploytokens.create({"name": "all", "scopes": ["read_registry"]})
    assert group.deploytokens.get(token.id).username == f"gitlab+deploy-token-{token.id}"
    made.delete()
    assert refused(gitlab.GitlabGetError, rocket.deploytokens.get, made.id) == (404, "404 Not found")
