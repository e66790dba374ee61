import pytest

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.rendering import html_of, plain_html
from tests.support import WORLD, Api

ACME = {
    **WORLD,
    "projects": [
        {
            "path": "acme/rocket",
            "labels": [{"name": "bug", "color": "#d9534f"}],
            "milestones": [{"title": "1.0"}],
            "repository": {"branches": {"main": {"a": "1"}, "work": {"commits": [{"files": {"b": "2"}}]}}},
            "merge_requests": [{"title": "Work", "source_branch": "work", "target_branch": "main"}],
            "snippets": [{"title": "Script", "visibility": "private"}],
            "issues": [{"title": "Open <up>"}, {"title": "Secret", "confidential": True}],
        }
    ],
}
OUT = 'rel="nofollow noreferrer noopener" target="_blank"'


def flavoured(text: str, who: int = 1) -> str:
    api = Api(ACME)
    return html_of(text, dsl.View(api.store, "http://h", who), api.store[Project][1])


def test_the_documented_example_is_rendered_to_the_letter() -> None:
    emoji = '<gl-emoji title="party popper" data-name="tada" data-unicode-version="6.0">🎉</gl-emoji>'
    assert flavoured("Hello world! :tada:") == f'<p dir="auto">Hello world! {emoji}</p>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (":tada: #1", "<p>:tada: #1</p>"),
        ("# A *b*", "<h1>A <em>b</em></h1>"),
        ("```py\n<a>\n```", '<pre lang="py"><code>&lt;a&gt;\n</code></pre>'),
        ("~~x~~", "<p><del>x</del></p>"),
        ("<b onclick='x'>y</b><script>z</script>", "<p><b>y</b>z</p>"),
        ("<script>\nx\n</script>\n\ny", "\n<p>y</p>"),
        ('<a href="javascript:x" title="t">y</a>', '<p><a title="t">y</a></p>'),
        ("a | b\n--|--\n1 | 2", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"),
    ],
)
def test_plain_markdown(text: str, html: str) -> None:
    assert plain_html(text).startswith(html)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("see #1.", '<a href="http://h/acme/rocket/-/issues/1" data-reference-type="issue"'),
        ("see acme/rocket#1", 'title="Open &lt;up&gt;" class="gfm gfm-issue">acme/rocket#1</a>'),
        ("see !1", 'title="Work" class="gfm gfm-merge_request">!1</a>'),
        ("acme/rocket!1", 'href="http://h/acme/rocket/-/merge_requests/1"'),
        ("$1", 'title="Script" class="gfm gfm-snippet">$1</a>'),
        ("@ada", 'title="Ada Lovelace" class="gfm gfm-project_member">@ada</a>'),
        ("@open", 'href="http://h/groups/open"'),
        ("~bug", 'style="background-color: #d9534f">bug</span>'),
        ('%"1.0"', 'href="http://h/acme/rocket/-/milestones/1"'),
        ("https://x.org/a?b=c.", f'<a href="https://x.org/a?b=c" {OUT}>https://x.org/a?b=c</a>.'),
        ("[x](https://x.org)", f'<a href="https://x.org" {OUT}>x</a>'),
        ("[x](http://h/y)", '<a href="http://h/y">x</a>'),
        ("```\na\n```", '<code><span id="LC1" class="line" lang="plaintext">a</span></code></pre>'),
        ("- [ ] a", '<ul dir="auto" class="task-list">\n<li class="task-list-item">'),
    ],
)
def test_what_means_something_is_linked(text: str, part: str) -> None:
    assert part in flavoured(text)


MEANINGLESS = "#9 !9 $9 Wow! 1$1 none!1 `#1` @nobody ~none %2.0 :nothing: a#b x@ada @acme"


@pytest.mark.parametrize("text", MEANINGLESS.split())
def test_what_means_nothing_stays_as_it_is(text: str) -> None:
    assert "<a" not in flavoured(text)
    assert "<gl-emoji" not in flavoured(text)


def test_issues_that_may_not_be_seen_are_no_links() -> None:
    assert "Secret" in flavoured("#2")
    assert flavoured("#2", who=5) == '<p dir="auto">#2</p>'


def test_headings_of_one_name_have_anchors_of_their_own() -> None:
    html = flavoured("# A b!\n\n# A b\n\n# 1")
    assert [f'id="user-content-{slug}"' in html for slug in ("a-b", "a-b-1", "anchor-1")] == [True] * 3
