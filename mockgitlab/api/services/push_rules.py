"""Keeping push rules: what they refuse of a change, in GitLab's words.

Source: GitLab's ee/lib/ee/gitlab/checks/push_rules/*.rb, diff_check.rb, file_size_limit_check.rb, and
https://docs.gitlab.com/user/project/repository/push_rules/.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.push_rule import REGEXES, PushRule
from mockgitlab.api.models.repository import commit_changes, shown
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services.email_addresses import emails_of, owner_of
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.api.services.signatures import signature_type
from mockgitlab.git.changes import Change as FileChange
from mockgitlab.git.history import walk
from mockgitlab.git.objects import Commit, read_commit

if TYPE_CHECKING:
    from mockgitlab.api.services.push_checks import Change

_KEYS = r"(ssh|config)\/(personal|server)_(rsa|dsa|ed25519|ecdsa|ecdsa_sk|ed25519_sk)"
SECRETS = (
    r"aws\/credentials$",
    _KEYS,
    *(rf"id_{kind}$" for kind in ("rsa", "dsa", "ed25519", "ecdsa", "ecdsa_sk", "ed25519_sk")),
    r"\.pem$",
    r"\.key$",
    r"[._]history$",
)
"""Names of files that likely hold secrets."""
SIGN_OFF = "Signed-off-by:.+<.+@.+>"
MEGABYTE = 1_048_576


class WrongPattern(Exception):
    """A pattern is no regular expression; the message says why."""


@lru_cache(maxsize=512)
def pattern(regex: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression ready for use; raises ``WrongPattern``."""
    try:
        return re.compile(regex.replace(r"\z", r"\Z"), flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise WrongPattern(f"not valid RE2 syntax: {error}") from None


def problems_of(columns: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with the columns of a push rule: patterns that are none or too long, a size below 0."""
    problems: dict[str, list[str]] = {}
    for name, longest in REGEXES.items():
        problems |= regex_problems({name: columns.get(name)}, longest)
    if (columns.get("max_file_size") or 0) < 0:
        problems["max_file_size"] = ["must be greater than or equal to 0"]
    return problems


def regex_problems(columns: Mapping[str, Any], longest: int = 255) -> dict[str, list[str]]:
    """Return which columns hold no regular expression, or one that is too long."""
    problems: dict[str, list[str]] = {}
    for name, value in columns.items():
        regex = value or ""
        found = [f"is too long (maximum is {longest} characters)"] if len(regex) > longest else _wrong(regex)
        problems.update({name: found} if found else {})
    return problems


def _wrong(regex: str) -> list[str]:
    try:
        pattern(regex)
    except WrongPattern as wrong:
        return [str(wrong)]
    return []


def refusal(call: dsl.Call, project: Project, change: "Change") -> str:
    """Return why the push rule of a project refuses a change; nothing where it does not."""
    rule = call.store[PushRule].find(project_id=project.id)
    if rule is None or call.settings.edition != "ee":
        return ""
    if change.name.startswith(TAGS):
        denied = rule.deny_delete_tag and change.new is None and not change.web
        return "You cannot delete a tag" if denied else ""
    return "" if change.new is None else _Judge(call, project, rule, change).refusal()


def _new_commits(repository: Repository, tip: str) -> list[Commit]:
    """Return the commits that no ref led to, newest first; where each has one parent, without a look at those known."""
    known, found, sha = set(repository.tips), [], tip
    while sha not in known:
        commit = read_commit(repository.objects, sha)
        found.append(commit)
        if len(commit.parents) != 1:
            return list(walk(repository.objects, [tip], known))
        sha = commit.parents[0]
    return found


class _Judge:
    """Holds a push to a branch against a push rule."""

    def __init__(self, call: dsl.Call, project: Project, rule: PushRule, change: "Change") -> None:
        self.call, self.project, self.rule, self.change = call, project, rule, change
        self.repository = Repository(call.store, project)
        self.user = access.me(call)

    @cached_property
    def commits(self) -> list[Commit]:
        """The commits that no ref led to before, oldest first."""
        return _new_commits(self.repository, self.change.new or "")[::-1]

    def refusal(self) -> str:
        found = (one for part in (self._files(), self._name(), self._commits(), self._sizes()) for one in part)
        return next(filter(None, found), "")

    # Files

    @cached_property
    def _changes(self) -> list[FileChange]:
        plain = [commit for commit in self.commits if len(commit.parents) < 2]
        return [one for commit in plain for one in commit_changes(self.repository.objects, commit)]

    def _files(self) -> Iterator[str]:
        wrong = [*(SECRETS if self.rule.prevent_secrets else ())]
        wrong += [self.rule.file_name_regex] if self.rule.file_name_regex else []
        for one in self._changes if wrong else ():
            new = one.new is not None and (one.old is None or one.renamed)
            found = next((regex for regex in wrong if new and pattern(regex).search(one.new_path)), "")
            text = f"File name {shown(one.new_path)} was prohibited by the pattern {inspect(found)}."
            yield text if found else ""

    def _sizes(self) -> Iterator[str]:
        limit, objects = self.rule.max_file_size, self.repository.objects
        for one in self._changes if limit else ():
            if one.new is not None and one.new.kind == "blob":
                large = len(objects.data(one.new.sha, "blob")) / MEGABYTE > limit
                text = f'File "{shown(one.new_path)}" is larger than the allowed size of {limit} MB. '
                yield f"{text}Use Git LFS to manage this file." if large else ""

    # The branch and its commits

    def _name(self) -> Iterator[str]:
        branch, regex = self.change.name.removeprefix(HEADS), self.rule.branch_name_regex
        if regex and branch != (self.project.default_branch or "main") and not pattern(regex).search(branch):
            yield f"Branch name does not follow the pattern '{regex}'"

    def _commits(self) -> Iterator[str]:
        for commit in self.commits if self._looks_at_commits() else ():
            yield from self._message(commit.message)
            yield from self._emails(commit)
            yield from self._committer(commit)
            yield from self._sign_off(commit)
            yield from self._members(commit)

    def _looks_at_commits(self) -> bool:
        return any(getattr(self.rule, name) for name in PushRule.fields if name.startswith(("commit", "reject"))) or (
            bool(self.rule.author_email_regex) or self.rule.member_check
        )

    def _message(self, message: str) -> Iterator[str]:
        wanted, forbidden = self.rule.commit_message_regex, self.rule.commit_message_negative_regex
        if wanted and not pattern(wanted, re.MULTILINE).search(message):
            yield f"Commit message does not follow the pattern '{wanted}'"
        if forbidden and pattern(forbidden, re.MULTILINE).search(message.removesuffix("\n")):
            yield f"Commit message contains the forbidden pattern '{forbidden}'"

    def _emails(self, commit: Commit) -> Iterator[str]:
        regex, web = self.rule.author_email_regex, self.change.web
        for who, person in (*(() if web else (("Committer", commit.committer),)), ("Author", commit.author)):
            if regex and not pattern(regex).search(person.email):
                yield f"{who}'s email '{shown(person.email)}' does not follow the pattern '{regex}'"

    def _committer(self, commit: Commit) -> Iterator[str]:
        email, own = (commit.author if self.change.web else commit.committer).email, emails_of(self.call, self.user)
        if self.rule.commit_committer_check and not own.get(email.lower()):
            text = f"You cannot push commits for '{shown(email)}'. You can only push commits if the committer email "
            unverified = f"Committer email '{shown(email)}' is not verified."
            yield unverified if email.lower() in own else f"{text}is one of your own verified emails."
        alone = commit.committer.email == commit.author.email
        if self.rule.commit_committer_name_check and alone and commit.author.name != self.user.name:
            yield "Your git username is inconsistent with GitLab account name"

    def _sign_off(self, commit: Commit) -> Iterator[str]:
        if self.rule.reject_non_dco_commits and not pattern(SIGN_OFF).search(commit.message):
            yield "Commit message must contain a DCO signoff"
        if self.rule.reject_unsigned_commits and not self.change.web:
            yield "" if signature_type(self.repository.objects, commit.sha) else "Commit must be signed with a GPG key"

    def _members(self, commit: Commit) -> Iterator[str]:
        if not self.rule.member_check or self.change.web:
            return
        same = commit.author.email.lower() == commit.committer.email.lower()
        for who, person in (("Author", commit.author), *(() if same else (("Committer", commit.committer),))):
            if not owner_of(self.call, person.email):
                yield f"{who} '{shown(person.email)}' is not a member of team"
