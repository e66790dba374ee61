"""A bot that makes releases, as people write them: a branch, a commit, a merge request, then tag, release and notes."""

from typing import Any

import gitlab

PROJECT = "acme/rocket"


class ReleaseBot:
    """Releases versions of one project; ``approver`` is somebody else's connection."""

    def __init__(self, bot: gitlab.Gitlab, approver: gitlab.Gitlab) -> None:
        self.gl = bot
        self.project = bot.projects.get(PROJECT)
        self.theirs = approver.projects.get(PROJECT)

    def release(self, version: str) -> Any:
        """Make a release from beginning to end, and return it."""
        merge_request = self.propose(version)
        self.theirs.mergerequests.get(merge_request.iid).approve(sha=merge_request.sha)
        merge_request.merge(merge_commit_message=f"Merge {version}", should_remove_source_branch=True)
        self.write_changelog(version)
        tag = self.project.tags.create({"tag_name": f"v{version}", "ref": "main", "message": f"Version {version}"})
        self.tell(version, tag.commit["id"])
        return self.publish(version)

    def propose(self, version: str) -> Any:
        """Open a merge request with what the version changes."""
        branch = self.project.branches.create({"branch": f"release/{version}", "ref": "main"}).name
        actions = [
            {"action": "create", "file_path": f"releases/{version}.md", "content": f"# {version}\n"},
            {"action": "create", "file_path": f"bin/{version}.sh", "content": "echo go\n"},
            {"action": "chmod", "file_path": f"bin/{version}.sh", "execute_filemode": True},
        ]
        message = f"Prepare {version}\n\nChangelog: added"
        self.project.commits.create({"branch": branch, "commit_message": message, "actions": actions})
        wanted = {"source_branch": branch, "target_branch": "main", "title": f"Release {version}", "labels": ["ui"]}
        return self.project.mergerequests.create({**wanted, "remove_source_branch": True})

    def write_changelog(self, version: str) -> None:
        """Commit what is new to the changelog."""
        first = list(self.project.commits.list(ref_name="main", first_parent=True, iterator=True))[-1].id
        where = f"/projects/{self.project.id}/repository/changelog"
        self.gl.http_post(where, post_data={"version": version, "branch": "main", "from": first})

    def tell(self, version: str, sha: str) -> None:
        """Write a page of the wiki, and a comment on what is released."""
        self.project.wikis.create({"title": f"releases/{version}", "content": f"Version {version} is `{sha[:8]}`."})
        self.project.commits.get(sha).comments.create({"note": f"Released as {version}"})

    def publish(self, version: str) -> Any:
        """Make the release, with a link to what was built and the milestone that it ends."""
        link = {"name": "Program", "url": f"https://example.com/{version}.zip", "direct_asset_path": "/bin/program"}
        milestone = self.project.milestones.create({"title": f"Version {version}"})
        given = {"name": f"Version {version}", "tag_name": f"v{version}", "description": "Flies higher"}
        release = self.project.releases.create({**given, "milestones": [milestone.title], "assets": {"links": [link]}})
        milestone.state_event = "close"
        milestone.save()
        return release
