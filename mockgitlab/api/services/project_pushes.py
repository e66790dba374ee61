"""Pushes to the repositories of projects: GitLab's checks, what follows, push options, and what the user is told.

Source: GitLab's lib/gitlab/checks/changes_access.rb and global_file_size_check.rb.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.git_pushes import INTERNAL, MIB, Destination
from mockgitlab.api.services.push_checks import Change, refusal
from mockgitlab.api.services.push_messages import messages
from mockgitlab.api.services.push_options import carry_out_options
from mockgitlab.api.services.pushes import carry_out
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.git.protocol import ZERO
from mockgitlab.git.receive import Command, Push
from mockgitlab.git.upload import Shop
from mockgitlab.store import Objects

WITH_PIPELINES_AT_MOST = 4
"""More refs than this pushed at once run no pipelines."""
TOO_BIG = """You are attempting to check in one or more blobs which exceed the {most}MiB limit:

{files}

To resolve this error, you must either reduce the size of the above blobs, or utilize LFS.
You may use "git ls-tree -r HEAD | grep $BLOB_ID" to see the file path."""


@dataclass(frozen=True)
class ProjectRepository(Destination):
    """The repository of a project."""

    project: Project

    def shop(self, store: dsl.Store) -> Shop:
        """Return what is in it."""
        repository = Repository(store, store.fresh(self.project))
        head = HEADS + (repository.project.default_branch or "main")
        return Shop(repository.objects, repository.refs, repository.tips, head)

    def refusal(self, call: dsl.Call, pushed: Push, arrived: Objects) -> str:
        """Return what the checks of branches, tags and push rules refuse, then files that are too big."""
        project = call.store.fresh(self.project)
        for one in pushed.commands:
            old, new = (None if sha == ZERO else sha for sha in (one.old, one.new))
            hidden = one.name.startswith(INTERNAL)
            if not hidden and (text := refusal(call, project, Change(one.name, old, new, web=False))):
                return text
        most = call.settings.limits.file_bytes
        return "" if most is None else _too_big(arrived, most)

    def accept(self, call: dsl.Call, commands: list[Command], options: list[str]) -> Iterable[str]:
        """Move the refs with all that follows, and carry out the push options."""
        runs = len(commands) <= WITH_PIPELINES_AT_MOST
        for one in self._in_order(call.store, commands):
            new = None if one.new == ZERO else one.new
            carry_out(call, call.store.fresh(self.project), one.name, new, options=options, runs_pipelines=runs)
        project = call.store.fresh(self.project)
        moved = [one.name for one in commands if one.new != ZERO]
        branches = [name.removeprefix(HEADS) for name in moved if name.startswith(HEADS)]
        return [*carry_out_options(call, project, branches, options), *messages(call, project, moved)]

    def _in_order(self, store: dsl.Store, commands: list[Command]) -> list[Command]:
        """Return commands with the branch first that becomes the default one where there was none, as Gitaly has it."""
        shop = self.shop(store)
        if shop.head in shop.refs:
            return commands
        names = [one.name for one in commands if one.new != ZERO]
        first = next((name for name in (shop.head, f"{HEADS}main", f"{HEADS}master") if name in names), None)
        return sorted(commands, key=lambda one: one.name != first)


def _too_big(arrived: Objects, most: int) -> str:
    files = {sha: len(data) for sha, (kind, data) in arrived.added().items() if kind == "blob"}
    lines = [f"- {sha} ({size / MIB:.3g} MiB)" for sha, size in files.items() if size > most]
    return TOO_BIG.format(most=f"{most / MIB:g}", files="\n".join(lines)) if lines else ""
