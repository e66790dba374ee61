"""Snippets of users, of which each user sees only the own ones.

Source: GitLab 8's doc/api/snippets.md and lib/api/snippets.rb.
"""

from dataclasses import replace

from mockgitlab import dsl
from mockgitlab.api.models.snippet import SNIPPET, Snippet
from mockgitlab.api.services import snippets
from mockgitlab.api.v3.base import LEVELS, VISIBILITY_LEVEL, plain, v3
from mockgitlab.api.v4 import snippets as page
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.fields import MISSING
from mockgitlab.errors import NotFound, RecordNotFound, ValidationFailed

SHOWN = SNIPPET.only("id", "title", "file_name", "author", "updated_at", "created_at", "web_url", "raw_url")
RENAMES = {"visibility_level": VISIBILITY_LEVEL}
TITLE = dsl.param("title", str, "The title of a snippet", required=True, present=True, max_length=255)
FILE = dsl.param("file_name", str, "The name of its file", required=True)
CONTENT = dsl.param("content", str, "What is in it", required=True)
LEVEL = dsl.param("visibility_level", int, "Who sees it", enum=tuple(LEVELS), default=10)
CHANGES = [replace(one, required=False, default=MISSING) for one in (TITLE, FILE, CONTENT, LEVEL)]


def check_content(given: dsl.Given) -> None:
    """Raise ``ValidationFailed`` for a snippet in which there is nothing."""
    if not (given.get("content") or "").strip():
        raise ValidationFailed({"content": ["can't be blank"]}, reason="the content was empty")


def show_raw_snippet(call: dsl.Call, snippet: Snippet) -> dsl.Raw:
    """Show what is in a snippet."""
    return plain(page.first_file(call, snippet))


@v3.locator(page.AT, integer=True)
def find_snippet(call: dsl.Call, value: str) -> Snippet:
    """Return the current user's own snippet with an id."""
    try:
        return page.find_own_snippet(call, value)
    except NotFound as error:
        raise RecordNotFound(reason=error.reason) from None


v3.adopt(v4, "GET", "snippets", shape=SHOWN, filters=())
v3.adopt(v4, "GET", "snippets/public", shape=SHOWN, filters=())
v3.adopt(v4, "GET", page.AT, shape=SHOWN)
v3.adopt(v4, "DELETE", page.AT, success=204)
v3.adopt(v4, "GET", f"{page.AT}/raw", locators=page.OWN, handler=show_raw_snippet)


@v3.post("snippets", rule=page.CREATES, shape=SHOWN, params=[TITLE, FILE, CONTENT, LEVEL], renames=RENAMES)
def create_snippet(call: dsl.Call, given: dsl.Given) -> Snippet:
    """Create a snippet."""
    check_content(given)
    return snippets.create(call, None, given)


@v3.put(page.AT, rule=page.UPDATES, shape=SHOWN, params=CHANGES, renames=RENAMES, locators=page.OWN)
def update_snippet(call: dsl.Call, snippet: Snippet, given: dsl.Given) -> Snippet:
    """Change a snippet."""
    if "content" in given:
        check_content(given)
    return snippets.update(call, snippet, given)
