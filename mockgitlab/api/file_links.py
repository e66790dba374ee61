"""How GitLab links an uploaded file in Markdown. Source: GitLab's lib/gitlab/file_markdown_link_builder.rb."""

EMBEDDED = frozenset(
    (
        *("png", "jpg", "jpeg", "gif", "bmp", "tiff", "ico", "webp", "svg"),
        *("mp4", "m4v", "mov", "webm", "ogv", "mp3", "oga", "ogg", "spx", "wav"),
    )
)
"""The endings of what is shown in a page rather than linked."""


def link_name(filename: str) -> str:
    """Return what a link to a file says: pictures, films and sounds lose their ending."""
    stem, dot, ending = filename.rpartition(".")
    return stem if dot and ending.lower() in EMBEDDED else filename


def markdown_link(filename: str, url: str) -> str:
    """Return the link to a file: ``![rocket](/uploads/…/rocket.png)``."""
    shown = filename.rpartition(".")[2].lower() in EMBEDDED
    return f"{'!' if shown else ''}[{link_name(filename).replace(']', chr(92) + ']')}]({url})"
