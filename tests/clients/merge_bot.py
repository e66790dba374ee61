"""A bot that merges what it is assigned to, as such bots do: one after another, rebased, approved again, and tested."""

from typing import Any

import gitlab

PROJECT = "acme/rocket"
TRIES = 5


class CannotMerge(Exception):
    """A merge request is given back to its author, with the reason."""


class MergeBot:
    """Merges the merge requests that it is assigned to, the oldest first; ``admin`` approves in the name of others."""

    def __init__(self, bot: gitlab.Gitlab, admin: gitlab.Gitlab) -> None:
        bot.auth()
        self.user: Any = bot.user
        self.project = bot.projects.get(PROJECT)
        self.admin = admin.projects.get(PROJECT)

    def run(self) -> list[str]:
        """Merge all that is assigned, and return what came of each."""
        listed = self.project.mergerequests.list(
            state="opened", order_by="created_at", sort="asc", assignee_id=self.user.id, get_all=True
        )
        return [self.accept(one.iid) for one in listed]

    def accept(self, iid: int) -> str:
        """Merge one, or give it back."""
        try:
            for _ in range(TRIES):
                merge_request = self.checked(iid)
                approvers = [one["user"]["username"] for one in merge_request.approvals.get().approved_by]
                head = self.rebased(merge_request)
                self.approve_again(iid, approvers)
                self.tested(head)
                if self.merged(iid, head):
                    return "merged"
            raise CannotMerge("it is always late")
        except CannotMerge as reason:
            self.give_back(iid, str(reason))
            return str(reason)

    def checked(self, iid: int) -> Any:
        """Return the merge request, which is no draft, approved, and without open threads."""
        found = self.project.mergerequests.get(iid, include_rebase_in_progress=True)
        if found.state != "opened":
            raise CannotMerge(f"it is {found.state}")
        if found.draft:
            raise CannotMerge("it is a draft")
        if found.approvals.get().approvals_left:
            raise CannotMerge("it lacks approvals")
        if not found.blocking_discussions_resolved:
            raise CannotMerge("threads are open")
        return found

    def rebased(self, merge_request: Any) -> str:
        """Rebase the source branch, and return its head."""
        try:
            asked = merge_request.rebase()
        except gitlab.GitlabMRRebaseError as refused:
            raise CannotMerge(f"GitLab refuses it: {refused.error_message}") from refused
        while asked["rebase_in_progress"]:
            now = self.project.mergerequests.get(merge_request.iid, include_rebase_in_progress=True)
            asked = {"rebase_in_progress": now.rebase_in_progress}
        if now.merge_error:
            raise CannotMerge(now.merge_error)
        return str(now.sha)

    def approve_again(self, iid: int, approvers: list[str]) -> None:
        """Approve in the name of those who did before the rebase, where it cost their approvals."""
        left = {one["user"]["username"] for one in self.project.mergerequests.get(iid).approvals.get().approved_by}
        for username in approvers:
            if username not in left:
                self.admin.mergerequests.get(iid, lazy=True).approve(sudo=username)

    def tested(self, head: str) -> None:
        """Wait for the status of the head, which another system sets here."""
        state = next((one.status for one in self.project.commits.get(head).statuses.list(iterator=True)), "success")
        if state == "failed":
            raise CannotMerge("the pipeline failed")

    def merged(self, iid: int, head: str) -> bool:
        """Merge the head that was tested; tells that another try is needed where the branches moved meanwhile."""
        found = self.project.mergerequests.get(iid)
        try:
            found.merge(should_remove_source_branch=True, sha=head)
        except gitlab.GitlabMRClosedError as refused:
            if refused.response_code in (406, 409, 422):
                return False
            raise CannotMerge(f"GitLab refuses it: {refused.error_message}") from refused
        except gitlab.GitlabAuthenticationError as refused:
            raise CannotMerge("the bot may not merge") from refused
        return str(found.state) == "merged"

    def give_back(self, iid: int, reason: str) -> None:
        """Assign the author, and say why."""
        found = self.project.mergerequests.get(iid)
        found.assignee_id = found.author["id"]
        found.save()
        found.notes.create({"body": f"I could not merge it: {reason}"})
