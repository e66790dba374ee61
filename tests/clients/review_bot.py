"""A bot that reviews merge requests, as people write them: it suggests another text for every added line it minds."""

import re
from collections.abc import Iterator
from typing import Any

import gitlab

PROJECT = "acme/rocket"
HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)")


def added_lines(diff: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that a difference adds, each with its number in the new file."""
    number = 0
    for line in diff.splitlines():
        if begins := HUNK.match(line):
            number = int(begins[1])
            continue
        if line.startswith("+"):
            yield number, line[1:]
        number += not line.startswith(("-", "\\"))


class ReviewBot:
    """Reviews merge requests of one project: digits are to be words."""

    def __init__(self, bot: gitlab.Gitlab) -> None:
        self.gl = bot
        self.project = bot.projects.get(PROJECT)

    def review(self, iid: int) -> int:
        """Suggest words for digits, in one review, and return how many lines are minded."""
        merge_request = self.project.mergerequests.get(iid)
        found = list(self.minded(merge_request))
        for place, word in found:
            note = f"In words, please.\n\n```suggestion:-0+0\n{word}\n```"
            merge_request.draft_notes.create({"note": note, "position": place})
        merge_request.draft_notes.create({"note": f"{len(found)} lines to look at"})
        merge_request.draft_notes.bulk_publish()
        merge_request.labels = [*merge_request.labels, "bug" if found else "ui"]
        merge_request.save()
        return len(found)

    def minded(self, merge_request: Any) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the place of each added line with a digit, and what is to stand there."""
        version = merge_request.diffs.list(get_all=True)[0]
        shas = {f"{name}_sha": getattr(version, f"{name}_commit_sha") for name in ("base", "start", "head")}
        where = f"/projects/{self.project.id}/merge_requests/{merge_request.iid}/diffs"
        for diff in self.gl.http_list(where, get_all=True, per_page=1):
            paths = {"old_path": diff["old_path"], "new_path": diff["new_path"], "position_type": "text"}
            for number, line in added_lines(diff["diff"]):
                if line.isdigit():
                    yield {**shas, **paths, "new_line": number}, ("zero", "one", "two", "three")[int(line)]

    def open_threads(self, iid: int) -> list[Any]:
        """Return the threads that are not resolved."""
        threads = self.project.mergerequests.get(iid).discussions.list(iterator=True)
        return [one for one in threads if any(note.get("resolved") is False for note in one.attributes["notes"])]

    def finish(self, iid: int) -> Any:
        """Answer and resolve what is still open, approve, and return the approvals."""
        for thread in self.open_threads(iid):
            thread.notes.create({"body": "Thank you."})
            thread.resolved = True
            thread.save()
        merge_request = self.project.mergerequests.get(iid)
        merge_request.approve()
        return merge_request.approvals.get()


def apply_suggestions(author: gitlab.Gitlab, iid: int) -> list[Any]:
    """Commit, as the author, every suggestion that can be applied, at once."""
    threads = author.projects.get(PROJECT).mergerequests.get(iid).discussions.list(iterator=True)
    notes = [note for thread in threads for note in thread.attributes["notes"]]
    ids = [one["id"] for note in notes for one in note.get("suggestions", ()) if one["appliable"]]
    applied: Any = author.http_put("/suggestions/batch_apply", post_data={"ids": ids})
    return list(applied)
