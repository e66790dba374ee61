"""Markdown to HTML, plain or as GitLab flavours it.

Source: https://docs.gitlab.com/user/markdown/ and GitLab's lib/banzai/pipeline/. Positions in the source
(``data-sourcepos``) are left out, as in the examples of GitLab's documents.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.reference_links import EXTERNAL, linked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DIRECTED = ("paragraph_open", "heading_open", "ordered_list_open", "bullet_list_open", "blockquote_open", "table_open")
"""The blocks that say ``dir="auto"`` where they are in no other block."""
_TASK = re.compile(r"\[([ xX])\][ \t]+")


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # takes longer to import than many worlds live without it

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def plain_html(text: str) -> str:
    """Return Markdown as HTML, without what is GitLab's own."""
    return _rendered(_sanitized(_parser().parse(text)), plain=True)


def html_of(text: str, view: dsl.View, project: Project | None = None) -> str:
    """Return GitLab Flavored Markdown as HTML; ``project`` is what its references mean, those that may be seen."""
    tokens = _sanitized(_parser().parse(text))
    anchors: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.level == 0 and token.type in DIRECTED:
            token.attrSet("dir", "auto")
        if token.type == "inline":
            token.children = list(_flavoured(token.children or [], view, project))
            _tick(tokens, index)
            if tokens[index - 1].type == "heading_open":
                token.children.insert(0, _html(_anchor(token.content, anchors)))
    return _rendered(tokens, plain=False)


def _sanitized(tokens: "list[Token]") -> "list[Token]":
    from mockgitlab.api.html_sanitizing import sanitized  # the parser of HTML takes long to import, too

    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            token.content = sanitized(token.content)
        elif token.type in ("s_open", "s_close"):
            token.tag = "del"
        _sanitized(token.children or [])
    return tokens


def _html(content: str) -> "Token":
    from markdown_it.token import Token

    return Token("html_inline", "", 0, content=content)


def _flavoured(children: "Iterable[Token]", view: dsl.View, project: Project | None) -> "Iterable[Token]":
    """Yield the parts of a line, of which plain words became links; links that lead out say so."""
    within = 0
    for token in children:
        if token.type in ("link_open", "image"):
            _place_upload(token, view.base, project)
        if token.type == "link_open":
            within += 1
            _mark_external(token, view.base)
        elif token.type == "link_close":
            within -= 1
        yield _html(linked(token.content, view, project)) if token.type == "text" and not within else token


def _place_upload(token: "Token", base: str, project: Project | None) -> None:
    """Let a link to an uploaded file, ``/uploads/…``, lead to the project that has it."""
    name = "src" if token.type == "image" else "href"
    address = str(token.attrGet(name) or "")
    if project is not None and address.startswith("/uploads/"):
        token.attrSet(name, f"{base}/-/project/{project.id}{address}")
        token.attrSet("class", "gfm")


def _mark_external(token: "Token", base: str) -> None:
    href = str(token.attrGet("href") or "")
    if re.match(r"(https?:)?//", href) and not href.startswith(base):
        for name, value in re.findall(r'(\w+)="([^"]*)"', EXTERNAL):
            token.attrSet(name, value)


def _tick(tokens: "list[Token]", index: int) -> None:
    """Make a task of a list item that begins with a box."""
    token = tokens[index]
    first = token.children[0] if token.children else None
    box = _TASK.match(first.content) if first and first.type == "html_inline" else None
    if first is None or box is None or index < 2 or tokens[index - 2].type != "list_item_open":
        return
    tokens[index - 2].attrSet("class", "task-list-item")
    around = [one for one in tokens[:index] if one.type.endswith("list_open") and one.level == token.level - 3]
    if around:
        around[-1].attrSet("class", "task-list")
    checked = "" if box[1] == " " else " checked"
    first.content = (
        f'<input type="checkbox" class="task-list-item-checkbox" disabled{checked}> ' + first.content[box.end() :]
    )


def _anchor(title: str, taken: dict[str, int]) -> str:
    words = re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
    slug = re.sub(r"-+", "-", words)
    slug = f"anchor-{slug}" if slug.isdigit() else slug
    count = taken[slug] = taken.get(slug, -1) + 1
    name = escape(f"{slug}-{count}" if count else slug)
    return f'\n<a id="user-content-{name}" class="anchor" href="#{name}" aria-hidden="true"></a>'


def _rendered(tokens: "list[Token]", *, plain: bool) -> str:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            token.content = _code(token, plain=plain)
            token.type = "html_block"
    text: Any = _parser().renderer.render(tokens, _parser().options, {})
    return str(text).rstrip("\n")


def _code(token: "Token", *, plain: bool) -> str:
    language, code = token.info.split(" ")[0], escape(token.content, quote=False)
    if plain:
        lang = f' lang="{escape(language)}"' if language else ""
        return f"<pre{lang}><code>{code}</code></pre>\n"
    lang = escape(language) or "plaintext"
    lines = [
        f'<span id="LC{number}" class="line" lang="{lang}">{line}</span>'
        for number, line in enumerate(code.rstrip("\n").split("\n"), 1)
    ]
    pre = f'<pre class="code highlight js-syntax-highlight language-{lang}" lang="{lang}" v-pre="true">'
    return (
        '<div class="gl-relative markdown-code-block js-markdown-code">\n'
        f"{pre}<code>{chr(10).join(lines)}</code></pre>\n<copy-code></copy-code>\n</div>\n"
    )
