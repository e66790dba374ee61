"""One call of every operation on releases, snippets, wikis, Markdown and templates that answers with a record."""

from collections.abc import Callable
from typing import Any

RELEASE, RELEASE_PATH = "projects/:id/releases/:tag_name", "projects/1/releases/v1"
LINK = {"name": "App", "url": "https://example.com/app", "direct_asset_path": "/app"}
SNIPPET, SNIPPET_PATH = "projects/:id/snippets/:snippet_id", "projects/1/snippets/1"
THREAD, THREAD_PATH = f"{SNIPPET}/discussions/:discussion_id", f"{SNIPPET_PATH}/discussions/{{snippet_discussion}}"
NOTE, NOTE_PATH = f"{SNIPPET}/notes/:note_id", f"{SNIPPET_PATH}/notes/{{snippet_note}}"
FILE = {"title": "x", "visibility": "private", "files": [{"file_path": "a", "content": "b"}]}
PAGE = {"title": "home", "content": "x"}
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "POST /projects/:id/releases",
        "projects/1/releases",
        "root",
        {"tag_name": "v1", "ref": "main", "milestones": ["1.0"]},
    ),
    (f"POST /{RELEASE}/assets/links", f"{RELEASE_PATH}/assets/links", "root", LINK),
    (f"PUT /{RELEASE}/assets/links/:link_id", f"{RELEASE_PATH}/assets/links/1", "root", {"name": "Program"}),
    (f"PUT /{RELEASE}", RELEASE_PATH, "root", {"description": "d"}),
    ("POST /projects/:id/snippets", "projects/1/snippets", "root", FILE),
    (f"PUT /{SNIPPET}", SNIPPET_PATH, "root", {"title": "y"}),
    ("POST /snippets", "snippets", "root", {**FILE, "visibility": "public"}),
    ("PUT /snippets/:id", "snippets/2", "root", {"title": "y"}),
    (f"POST /{SNIPPET}/award_emoji", f"{SNIPPET_PATH}/award_emoji", "root", {"name": "tada"}),
    (f"POST /{SNIPPET}/discussions", f"{SNIPPET_PATH}/discussions", "root", {"body": "d"}),
    (f"POST /{SNIPPET}/notes", f"{SNIPPET_PATH}/notes", "root", {"body": "d"}),
    ("POST /projects/:id/wikis", "projects/1/wikis", "root", PAGE),
    ("PUT /projects/:id/wikis/:slug", "projects/1/wikis/home", "root", PAGE),
    ("POST /groups/:id/wikis", "groups/1/wikis", "root", PAGE),
    ("PUT /groups/:id/wikis/:slug", "groups/1/wikis/home", "root", PAGE),
    ("POST /markdown", "markdown", "root", {"text": "x"}),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
LATER: list[tuple[str, str, str, dict[str, Any]]] = [
    (f"POST /{THREAD}/notes", f"{THREAD_PATH}/notes", "root", {"body": "d"}),
    (f"PUT /{THREAD}/notes/:note_id", f"{THREAD_PATH}/notes/{{snippet_thread_note}}", "root", {"body": "d"}),
    (f"PUT /{NOTE}", NOTE_PATH, "root", {"body": "d"}),
    (f"POST /{NOTE}/award_emoji", f"{NOTE_PATH}/award_emoji", "root", {"name": "tada"}),
]
"""What needs the names in braces, which ``found`` returns after the first calls."""
READS = {
    RELEASE: RELEASE_PATH,
    "snippets/:id": "snippets/2",
    "groups/:id/releases": "groups/1/releases",
    "projects/:id/wikis/:slug": "projects/1/wikis/home",
    "groups/:id/wikis/:slug": "groups/1/wikis/home",
    f"{SNIPPET}/award_emoji/:award_id": f"{SNIPPET_PATH}/award_emoji/{{snippet_award}}",
    THREAD: THREAD_PATH,
    f"{THREAD}/notes/:note_id": f"{THREAD_PATH}/notes/{{snippet_thread_note}}",
    NOTE: NOTE_PATH,
    f"{NOTE}/award_emoji/:award_id": f"{NOTE_PATH}/award_emoji/{{snippet_note_award}}",
    "projects/:id/templates/:type": "projects/1/templates/licenses",
    "projects/:id/templates/:type/:name": "projects/1/templates/licenses/mit",
    "templates/dockerfiles/:name": "templates/dockerfiles/Binary",
    "templates/gitignores/:name": "templates/gitignores/C",
    "templates/gitlab_ci_ymls/:name": "templates/gitlab_ci_ymls/Bash",
    "templates/licenses/:key": "templates/licenses/mit",
}
"""Where there is something to read."""


def found(get: Callable[[str], Any]) -> dict[str, Any]:
    """Return the ids of what hangs on the snippet of the first project, as soon as there is one."""
    threads = get(f"{SNIPPET_PATH}/discussions")
    if not isinstance(threads, list) or len(threads) < 2:
        return {}
    thread, note = threads[0], threads[-1]["notes"][0]["id"]
    reactions = get(f"{SNIPPET_PATH}/notes/{note}/award_emoji")
    return {
        "snippet_discussion": thread["id"],
        "snippet_thread_note": thread["notes"][0]["id"],
        "snippet_note": note,
        "snippet_award": get(f"{SNIPPET_PATH}/award_emoji")[0]["id"],
        **({"snippet_note_award": reactions[0]["id"]} if reactions else {}),
    }
