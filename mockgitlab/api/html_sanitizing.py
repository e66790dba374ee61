"""Taking out of HTML what GitLab does not let through.

Source: GitLab's lib/banzai/filter/base_sanitization_filter.rb.
"""

from html import escape
from html.parser import HTMLParser

_TAGS = """
    a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strike strong sub summary sup table tbody td tfoot
    th thead time tr tt ul var video audio
"""
_ATTRIBUTES = """
    abbr align alt cite colspan datetime height hreflang href id lang open rel rowspan scope span src start title
    type valign value width
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
HIDING = ("script", "style")
"""Tags that go with all that is in them."""
SCHEMES = ("javascript:", "data:", "vbscript:")


class _Filter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDING:
            self.hidden += 1
        elif tag in TAGS and not self.hidden:
            shown = "".join(f' {name}="{escape(value)}"' for name, value in _allowed(attrs))
            self.kept.append(f"<{tag}{shown}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HIDING:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDING:
            self.hidden = max(self.hidden - 1, 0)
        elif tag in TAGS and not self.hidden:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def _allowed(attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    pairs = [(name, value or "") for name, value in attrs if name in ATTRIBUTES]
    return [(name, value) for name, value in pairs if not value.strip().lower().startswith(SCHEMES)]


def sanitized(html: str) -> str:
    """Return a piece of HTML with the tags and attributes alone that GitLab lets through; comments go."""
    reader = _Filter()
    reader.feed(html)
    reader.close()
    return "".join(reader.kept)
