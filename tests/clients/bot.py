"""A small bot, as people write them: it comments on every open bug of a project and keeps one report up to date.

``BOT_FAULTS`` plants mistakes that are often made: ``misspelt`` (a parameter's name), ``totals`` (counting pages by
``X-Total-Pages``), ``retry`` (trying a POST again without looking). Without it the bot is mended.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import gitlab
import requests
from gitlab.exceptions import GitlabAuthenticationError, GitlabError

PROJECT = "acme/rocket"
REMARK = "Triaged: somebody will look at this within a week."
REPORT = "Triage report"
T = TypeVar("T")


class Bot:
    """Triages one project."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        retry = "retry" in faults
        self.gl = gitlab.Gitlab(os.environ["GITLAB_URL"], self.token(), retry_transient_errors=retry, per_page=2)

    @staticmethod
    def token() -> str:
        """Read the token, which somebody may have renewed."""
        return os.environ["GITLAB_TOKEN"]

    # Asking

    def read(self, ask: Callable[[], T]) -> T:
        """Ask, once more where the token had expired; what only reads may be tried again."""
        try:
            return ask()
        except GitlabAuthenticationError:
            self.gl.private_token = self.token()
            return ask()

    def write_once(self, find: Callable[[], T | None], write: Callable[[], T]) -> T:
        """Write; where the answer is lost, look whether it happened before writing again."""
        for _ in range(3):
            try:
                return write()
            except (GitlabError, requests.ConnectionError) as error:
                if not self.may_be_tried_again(error):
                    raise
                found = self.read(find)
                if found is not None:
                    return found
        raise RuntimeError("three times is enough")

    def may_be_tried_again(self, error: Exception) -> bool:
        """Tell whether an error may be that of an answer, not of the request."""
        if "retry" in self.faults:
            return False
        return not isinstance(error, GitlabError) or error.response_code in (401, 500, 502, 503, 504)

    # What it does

    def project(self) -> Any:
        """Find the project by its path, or among the bot's own where a proxy spoils paths."""
        patient = {"retry_transient_errors": True}
        try:
            return self.read(lambda: self.gl.projects.get(PROJECT, **patient))
        except gitlab.GitlabGetError:
            mine = self.read(lambda: list(self.gl.projects.list(membership=True, iterator=True, **patient)))
            return next(one for one in mine if one.path_with_namespace == PROJECT)

    def bugs(self, project: Any) -> list[Any]:
        """List the open bugs."""
        label = {"lables": "bug"} if "misspelt" in self.faults else {"labels": "bug"}
        query = {"state": "opened", "retry_transient_errors": True, **label}
        if "totals" in self.faults:
            pages = project.issues.list(iterator=True, **query).total_pages
            return [issue for page in range(1, pages + 1) for issue in project.issues.list(page=page, **query)]
        query |= {"pagination": "keyset", "order_by": "created_at"}
        return self.read(lambda: list(project.issues.list(iterator=True, **query)))

    def remark(self, issue: Any) -> None:
        """Comment on an issue, once."""

        def find() -> Any:
            notes = issue.notes.list(iterator=True, retry_transient_errors=True)
            return next((note for note in notes if note.body == REMARK), None)

        if self.read(find) is None:
            self.write_once(find, lambda: issue.notes.create({"body": REMARK}))

    def report(self, project: Any, bugs: list[Any]) -> None:
        """Open the report, or bring it up to date."""
        text = "\n".join(f"- {bug.title} (by {(bug.author or {}).get('username', 'somebody')})" for bug in bugs)

        def find() -> Any:
            query = {"search": REPORT, "state": "opened", "retry_transient_errors": True}
            return next(iter(project.issues.list(iterator=True, **query)), None)

        self.write_once(find, lambda: project.issues.create({"title": REPORT, "description": text}))

    def triage(self) -> None:
        """Do the day's work."""
        project = self.project()
        bugs = self.bugs(project)
        for bug in bugs:
            self.remark(bug)
        self.report(project, bugs)
        print(f"{len(bugs)} bugs triaged")


if __name__ == "__main__":
    Bot(os.environ.get("BOT_FAULTS", "").split(",")).triage()
