"""The JavaScript client @gitbeaker/rest against a running server."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockgitlab import MockGitLab
from tests.clients.javascript_rig import javascript_available, run_javascript

pytestmark = pytest.mark.network
CONNECTED = """
import { Gitlab, GitbeakerRequestError, GitbeakerRetryError } from "@gitbeaker/rest";
const options = JSON.parse(process.env.OPTIONS);
const gitlab = new Gitlab({ host: process.env.HOST, token: process.env.TOKEN, ...options });
async function refusal(promise) {
    try { await promise } catch (error) {
        if (!(error instanceof GitbeakerRequestError)) throw error;
        const { description, response } = error.cause;
        return [response.status, description, response.headers.get("x-mockgitlab-reason")];
    }
    throw new Error("it was not refused");
}
const answer = await (async () => { %s })();
console.log(JSON.stringify(answer));
"""
Run = Callable[..., Any]


@pytest.fixture
def run(mockgitlab: MockGitLab) -> Run:
    """Return a function that runs JavaScript with a client named ``gitlab``, and returns what it returns."""
    if reason := javascript_available():
        pytest.skip(reason)

    def run(source: str, username: str = "ada", host: str | None = None, **options: Any) -> Any:
        env = {"HOST": host or mockgitlab.url, "TOKEN": mockgitlab.token(username), "OPTIONS": json.dumps(options)}
        answer = run_javascript(CONNECTED % source, env)
        mockgitlab.check()
        return answer

    return run


def test_the_client_finds_out_who_and_where_it_is(run: Run) -> None:
    source = "return [(await gitlab.Users.showCurrentUser()).username, (await gitlab.Metadata.show()).version]"
    assert run(source) == ["ada", "17.5.0-ee"]


def test_projects_are_listed_page_by_page_until_the_end(run: Run) -> None:
    source = """
        const all = await gitlab.Projects.all({ perPage: 2, orderBy: "id", sort: "asc" });
        const two = await gitlab.Projects.all({ perPage: 2, maxPages: 1, orderBy: "id", sort: "asc" });
        const mine = await gitlab.Projects.all({ membership: true, search: "rock", simple: true });
        return [all, two, mine].map(list => list.map(project => project.path_with_namespace));
    """
    everything = ["acme/rocket", "acme/engines/ion", "friends/website", "ada/notes", "acme/relic"]
    assert run(source) == [everything, everything[:2], ["acme/rocket"]]


def test_projects_are_listed_by_keyset(run: Run) -> None:
    source = """
        const keyset = { pagination: "keyset", orderBy: "id", perPage: 2, sort: "asc" };
        return (await gitlab.Projects.all(keyset)).map(project => project.id);
    """
    assert run(source) == [1, 2, 3, 4, 5]


def test_issues_are_listed_with_totals_and_filters(run: Run) -> None:
    source = """
        const page = await gitlab.Issues.all({ projectId: "acme/rocket", perPage: 10, page: 2, showExpanded: true });
        const all = await gitlab.Issues.all({ projectId: "acme/rocket", perPage: 10 });
        const bugs = await gitlab.Issues.all({
            projectId: 1, state: "opened", labels: "bug", not: { labels: "priority::high" }
        });
        const some = await gitlab.Issues.all({ projectId: 1, iids: [1, 4] });
        const group = await gitlab.Issues.all({ groupId: "acme", state: "opened", orderBy: "title", sort: "asc" });
        return [page.paginationInfo, page.data.length, all.length, bugs.map(one => one.iid),
                some.map(one => one.iid), group.map(one => one.title)];
    """
    assert run(source) == [
        {"total": 45, "next": 3, "current": 2, "previous": 1, "perPage": 10, "totalPages": 5},
        10,
        45,
        [3],
        [4, 1],
        ["A quiet leak", "It explodes", "More thrust", "Needs xenon", "Write the manual"],
    ]


def test_an_issue_is_created_edited_closed_and_removed(run: Run) -> None:
    source = """
        const made = await gitlab.Issues.create("acme/rocket", "It stutters", {
            description: "On cold days", labels: "bug,cold", assigneeIds: [3], dueDate: "2024-06-01"
        });
        const edited = await gitlab.Issues.edit("acme/rocket", made.iid, { title: "It coughs", addLabels: "docs" });
        const closed = await gitlab.Issues.edit("acme/rocket", made.iid, { stateEvent: "close" });
        const removed = await gitlab.Issues.remove("acme/rocket", made.iid);
        return [made.iid, made.author.username, made.assignees[0].username, made.due_date, edited.title, edited.labels,
                closed.state, closed.closed_at, removed, await refusal(gitlab.Issues.show(made.iid, { projectId: 1 }))];
    """
    assert run(source) == [
        *(46, "ada", "bob", "2024-06-01"),
        *("It coughs", ["bug", "cold", "docs"]),
        *("closed", "2024-05-01T09:00:00.000Z", None),
        [404, "404 Not found", "acme/rocket has no issue 46"],
    ]


def test_the_answers_may_be_in_camel_case(run: Run) -> None:
    source = """
        const issue = await gitlab.Issues.show(1, { projectId: "acme/rocket" });
        return [issue.dueDate, issue.userNotesCount, issue.timeStats.humanTimeEstimate, issue.webUrl];
    """
    *rest, web_url = run(source, camelize=True)
    assert rest == ["2024-05-10", 4, "1d"]
    assert web_url.endswith("/acme/rocket/-/issues/1")


def test_notes_discussions_and_reactions(run: Run) -> None:
    source = """
        const note = await gitlab.IssueNotes.create(1, 1, "Looks bad");
        await gitlab.IssueNotes.edit(1, 1, note.id, { body: "Looks good" });
        const award = await gitlab.IssueAwardEmojis.award(1, 1, "rocket");
        const thread = await gitlab.IssueDiscussions.create(1, 1, "Why?");
        await gitlab.IssueDiscussions.addNote(1, 1, thread.id, "Because");
        const notes = await gitlab.IssueNotes.all(1, 1, { sort: "asc" });
        await gitlab.IssueNotes.remove(1, 1, note.id);
        await gitlab.IssueAwardEmojis.remove(1, 1, award.id);
        return [notes.map(one => one.body), (await gitlab.IssueNotes.all(1, 1)).length,
                (await gitlab.IssueAwardEmojis.all(1, 1)).map(one => one.name)];
    """
    written = ["On it", "Thank you", "Which engine?", "The left one", "Looks good", "Why?", "Because"]
    assert run(source) == [written, 6, ["thumbsup", "thumbsup", "fire"]]


def test_labels_and_milestones(run: Run) -> None:
    source = """
        await gitlab.ProjectLabels.create(1, "a/b", "#00ff00", { description: "odd" });
        await gitlab.ProjectLabels.edit(1, "a/b", { newName: "even" });
        const labels = (await gitlab.ProjectLabels.all(1, { search: "even" })).map(one => [one.name, one.color]);
        await gitlab.ProjectLabels.promote(1, "even");
        const promoted = (await gitlab.GroupLabels.all("acme", { search: "even" })).length;
        const made = await gitlab.ProjectMilestones.create(1, "2.0", { dueDate: "2024-12-01" });
        const closed = await gitlab.ProjectMilestones.edit(1, made.id, { stateEvent: "close" });
        await gitlab.ProjectMilestones.remove(1, made.id);
        const left = (await gitlab.ProjectMilestones.all(1)).map(one => one.title).sort();
        return [labels, promoted, closed.state, left];
    """
    assert run(source) == [[["even", "#00ff00"]], 1, "closed", ["0.9", "1.0"]]


def test_links_members_to_do_items_and_time(run: Run) -> None:
    source = """
        const link = await gitlab.IssueLinks.create(1, 1, 1, 4, { linkType: "blocks" });
        const member = await gitlab.ProjectMembers.add(1, 20, { userId: 8 });
        const all = await gitlab.ProjectMembers.all(1, { includeInherited: true });
        const [todo] = await gitlab.TodoLists.all();
        const done = await gitlab.TodoLists.done({ todoId: todo.id });
        const time = await gitlab.Issues.addSpentTime(1, 4, "1h 30m");
        return [link.target_issue.iid, member.username, all.length > 5, done.state, time.total_time_spent];
    """
    assert run(source) == [4, "old", True, "done", 5400]


def test_a_refusal_is_a_request_error_with_status_message_and_reason(run: Run) -> None:
    source = """
        return [
            await refusal(gitlab.Projects.show("acme/nowhere")),
            await refusal(gitlab.Issues.create(1, "")),
            await refusal(gitlab.Issues.edit(1, 1, { stateEvent: "burn" })),
            await refusal(gitlab.ProjectLabels.create(1, "docs", "red")),
            await refusal(gitlab.PagesDomains.all({ projectId: 1 })),
            await refusal(new Gitlab({ host: process.env.HOST, token: "wrong" }).Users.showCurrentUser()),
        ].map(([status, description]) => [status, description]);
    """
    assert run(source) == [
        [404, "404 Project Not Found"],
        [400, '{"title":["can\'t be blank"]}'],
        [400, "state_event does not have a valid value"],
        [409, "Label already exists"],
        [
            501,
            "501 Not Implemented: GitLab has GET /projects/:id/pages/domains, mockgitlab does not answer it yet",
        ],
        [401, "401 Unauthorized"],
    ]


def test_an_administrator_acts_as_somebody_else_with_sudo(run: Run) -> None:
    source = "return (await gitlab.Issues.create(1, 'From eve', { sudo: 'eve' })).author.username"
    assert run(source, "root") == "eve"
    assert run("return (await gitlab.Users.showCurrentUser()).username", "root", sudo="rex") == "rex"


def test_an_oauth_token_is_a_bearer(run: Run) -> None:
    source = "return (await new Gitlab({ host: process.env.HOST, oauthToken: 'ada-oauth' }).Users.showCurrentUser()).id"
    assert run(source) == 2


def test_two_sandboxes_at_once_hold_worlds_of_their_own(run: Run, mockgitlab: MockGitLab) -> None:
    source = """
        async function fill(name, count) {
            const client = new Gitlab({ host: `${process.env.HOST}/@${name}`, token: process.env.TOKEN });
            await Promise.all(Array.from({ length: count }, (_, n) => client.Issues.create(1, `${name} ${n}`)));
            const opened = await client.Issues.all({ projectId: 1, state: "opened", search: name, perPage: 3 });
            const urls = opened.map(issue => issue.web_url.includes(`/@${name}/acme/rocket/-/issues/`));
            return [opened.length, new Set(opened.map(issue => issue.iid)).size, urls.every(Boolean)];
        }
        return Promise.all([fill("one", 10), fill("two", 7)]);
    """
    assert run(source) == [[10, 10, True], [7, 7, True]]
    assert run("return (await gitlab.Issues.all({ projectId: 1 })).length") == 45


def test_a_client_that_asks_too_often_tries_again(run: Run, make_mockgitlab: Any, mockgitlab_scenario: str) -> None:
    limits = {"mockgitlab": 1, "gitlab": {"limits": {"requests_per_minute": 1}}}
    server: MockGitLab = make_mockgitlab(mockgitlab_scenario, limits)
    source = """
        const fetched = globalThis.fetch, statuses = [];
        globalThis.fetch = async (...args) => {
            const answer = await fetched(...args);
            statuses.push(answer.status);
            const clock = `${process.env.HOST}/_mockgitlab/clock`;
            if (answer.status == 429) await fetched(clock, { method: "POST", body: '{"advance": "1m"}' });
            return answer;
        };
        await gitlab.Users.showCurrentUser();
        return [(await gitlab.Users.showCurrentUser()).username, statuses];
    """
    assert run(source, host=server.url) == ["ada", [200, 429, 200]]


def test_a_merge_request_is_opened_looked_at_and_merged(run: Run) -> None:
    source = """
        const { Branches, Commits, MergeRequests, MergeRequestNotes, RepositoryFiles } = gitlab;
        await Branches.create("acme/rocket", "speed", "main");
        await RepositoryFiles.create(1, "speed.txt", "speed", "fast\\n", "Be fast");
        const made = await MergeRequests.create(1, "speed", "main", "Draft: Be fast", {
            removeSourceBranch: true, labels: "bug", reviewerIds: [3]
        });
        const again = await refusal(MergeRequests.create(1, "speed", "main", "Be fast"));
        const early = await refusal(MergeRequests.accept(1, made.iid));
        const ready = await MergeRequests.edit(1, made.iid, { title: "Be fast" });
        await MergeRequestNotes.create(1, made.iid, "Go");
        const diffs = await MergeRequests.allDiffs(1, made.iid);
        const commits = await MergeRequests.allCommits(1, made.iid);
        const merged = await MergeRequests.accept(1, made.iid, { squash: true, sha: ready.sha });
        const open = await MergeRequests.all({ projectId: 1, state: "opened" });
        const head = await Commits.show(1, "main");
        return [made.detailed_merge_status, again.slice(0, 2), early.slice(0, 2), ready.detailed_merge_status,
                diffs.map(one => one.new_path), commits.map(one => one.title),
                [merged.state, merged.merge_commit_sha === head.id, merged.squash_commit_sha !== null],
                open.map(one => one.iid)];
    """
    told = '["Another open merge request already exists for this source branch: !3"]'
    assert run(source) == [
        "draft_status",
        [409, told],
        [405, "405 Method Not Allowed"],
        "mergeable",
        ["speed.txt"],
        ["Be fast"],
        ["merged", True, True],
        [1],
    ]


def test_a_reviewing_bot_speaks_on_lines_of_a_merge_request_and_keeps_to_one_comment(run: Run) -> None:
    source = """
        const { Branches, MergeRequests, MergeRequestNotes, MergeRequestDiscussions: threads } = gitlab;
        const { MergeRequestApprovals, RepositoryFiles, Users } = gitlab;
        await Branches.create(1, "speed", "main");
        await RepositoryFiles.create(1, "speed.txt", "speed", "fast\\n1 km/s\\n", "Be fast");
        const { iid } = await MergeRequests.create(1, "speed", "main", "Be fast");
        const made = await MergeRequests.show(1, iid), me = await Users.showCurrentUser();
        const [change] = (await MergeRequests.showChanges(1, iid)).changes;
        const position = {
            baseSha: made.diff_refs.base_sha, startSha: made.diff_refs.start_sha, headSha: made.diff_refs.head_sha,
            positionType: "text", oldPath: change.old_path, newPath: change.new_path
        };
        const on = newLine => ({ position: { ...position, newLine } });
        const thread = await threads.create(1, iid, "How fast?", on("1"));
        await threads.editNote(1, iid, thread.id, thread.notes[0].id, { body: "Why so fast?" });
        const nowhere = await refusal(threads.create(1, iid, "Where?", on("9")));
        await MergeRequestNotes.create(1, iid, "One warning");
        const mine = (await MergeRequestNotes.all(1, iid)).filter(one => one.author.id === me.id && !one.position);
        await MergeRequestNotes.edit(1, iid, mine[0].id, { body: "No warnings" });
        await threads.resolve(1, iid, thread.id, true);
        await MergeRequests.edit(1, iid, { addLabels: "reviewed" });
        const { approved_by } = await MergeRequestApprovals.showConfiguration(1, { mergerequestIId: iid });
        const all = await threads.all(1, iid);
        const told = note => [note.body, note.position?.new_line ?? null, note.resolved ?? null];
        return [all.flatMap(one => one.notes.map(told)),
                nowhere.slice(0, 2), approved_by, (await MergeRequests.show(1, iid)).labels];
    """
    refused = '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'
    said: list[Any] = [["Why so fast?", 1, True], ["resolved all threads", None, None], ["No warnings", None, None]]
    notes, *rest = run(source)
    assert sorted(notes) == sorted(said)
    assert rest == [[400, refused], [], ["reviewed"]]
