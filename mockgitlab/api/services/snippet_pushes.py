"""Pushes to the repositories of snippets: one branch, at least one file, at most ten, and not too much.

Source: GitLab's lib/gitlab/git_access_snippet.rb, lib/gitlab/checks/snippet_check.rb,
lib/gitlab/repository_size_checker.rb and repository_size_error_message.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.snippet import BRANCH, Snippet
from mockgitlab.api.services.snippets import count_problem
from mockgitlab.git.names import HEADS
from mockgitlab.git.objects import peeled, read_commit
from mockgitlab.git.protocol import ZERO
from mockgitlab.git.receive import Command, Push
from mockgitlab.git.sizes import size

ONE_BRANCH = "You can not create or delete branches."
FULL = "Your push has been rejected, because this repository has exceeded its size limit of {most} by {over}. "
FILLS = "Your push to this repository would cause it to exceed the size limit of {most} so it has been rejected. "
ASK = "Please contact your GitLab administrator for more information."
UNITS = ("Bytes", "KiB", "MiB", "GiB")


def refs(snippet: Snippet) -> dict[str, str]:
    """Return what refs there are: the one branch."""
    return {HEADS + BRANCH: snippet.head_sha} if snippet.head_sha else {}


def refusal(store: dsl.Store, snippet: Snippet, pushed: Push) -> str:
    """Return why GitLab does not take a push, in its words; nothing where it does."""
    most, now = store.settings.limits.snippet_bytes, size(store.objects, [snippet.head_sha])
    if now > most:
        return FULL.format(most=_human(most), over=_human(now - most)) + ASK
    for one in pushed.commands:
        if text := _change_problem(store, one):
            return text
    return FILLS.format(most=_human(most)) + ASK if now + len(pushed.pack) > most else ""


def _change_problem(store: dsl.Store, one: Command) -> str:
    if one.name != HEADS + BRANCH or ZERO in (one.old, one.new):
        return ONE_BRANCH
    sha = peeled(store.objects, one.new)
    return count_problem(store.objects, read_commit(store.objects, sha).tree if sha else "")


def accept(call: dsl.Call, snippet: Snippet, commands: list[Command]) -> None:
    """Let the snippet have other files."""
    for one in commands:
        call.store.update(snippet, head_sha=one.new, updated_at=call.now)


def _human(count: int) -> str:
    """Return a number of bytes as Rails' ``number_to_human_size`` writes it, with two digits that count."""
    power = next((power for power in (3, 2, 1) if count >= 1024**power), 0)
    return f"{count if power == 0 else float(f'{count / 1024**power:.2g}'):g} {UNITS[power]}"
