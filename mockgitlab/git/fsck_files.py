"""What is wrong with the files by which git is led: ``.gitmodules``, ``.gitattributes``. Source: git's fsck.c."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

LINE_AT_MOST, ATTRIBUTES_AT_MOST = 2_048, 100 * 1024 * 1024
_HEADING = re.compile(rb'\[([\w.-]+)(?:\s+"((?:[^"\\\n]|\\[^\n])*)")?\]')
_KEY = re.compile(rb"[A-Za-z][A-Za-z0-9-]*")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"b": b"\b", b"\\": b"\\", b'"': b'"'}
_HOST = re.compile(
    rb"(?i)[a-z][a-z0-9+.-]*://(?:[^@/?#]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?(?:[/?#].*)?", re.DOTALL
)
_CURLS = re.compile(rb"(?:https?|ftps?)::(.*)|((?:https?|ftps?)://.*)", re.DOTALL)
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
Setting = tuple[bytes, str, bytes]


class Unreadable(Exception):
    """Git could not read a list of submodules."""


def attributes_problems(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a file of attributes."""
    if len(data) > ATTRIBUTES_AT_MOST:
        yield "gitattributesLarge", ".gitattributes too large to parse"
    elif any(len(line) >= LINE_AT_MOST for line in data.split(b"\n")):
        yield "gitattributesLineLength", ".gitattributes has too long lines to parse"


def modules_problems(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a list of submodules: names that lead elsewhere, addresses that are commands."""
    found: list[Setting] = []
    try:
        found.extend(settings(data))
    except Unreadable:
        yield "gitmodulesParse", "could not parse gitmodules blob"
    for name, key, value in found:
        shown = value.decode(errors="replace")
        if not name or b".." in re.split(rb"[/\\]", name):
            yield "gitmodulesName", f"disallowed submodule name: {name.decode(errors='replace')}"
        if key == "url" and _is_bad_address(value):
            yield "gitmodulesUrl", f"disallowed submodule url: {shown}"
        if key == "path" and value.startswith(b"-"):
            yield "gitmodulesPath", f"disallowed submodule path: {shown}"
        if key == "update" and value.startswith(b"!"):
            yield "gitmodulesUpdate", f"disallowed submodule update setting: {shown}"


def _is_bad_address(url: bytes) -> bool:
    if url.startswith(b"-"):
        return True
    if url.startswith((b"./", b"../", b"git://")):
        rest = re.sub(rb"\A(?:\.\.?/)+", b"", url)
        return b"\n" in unquote_to_bytes(url) or (url.startswith(b"../") and rest.startswith((b":", b"/")))
    found = _CURLS.fullmatch(url)
    if found is None:
        return False
    whole = found[1] or found[2]
    return b"\n" in unquote_to_bytes(whole) or bool(_BAD_ESCAPE.search(whole)) or _HOST.fullmatch(whole) is None


def settings(data: bytes) -> Iterator[Setting]:
    """Yield name, key and value of what a list of submodules says; raises ``Unreadable``."""
    text, section = data.replace(b"\r\n", b"\n"), None
    at = 0
    while at < len(text):
        if text[at : at + 1].isspace():
            at += 1
        elif text[at : at + 1] in (b"#", b";"):
            at = _line_end(text, at)
        elif found := _HEADING.match(text, at):
            at, section = found.end(), _submodule(found)
        elif found := _KEY.match(text, at):
            value, at = _value(text, found.end())
            if section is not None:
                yield section, found[0].decode().lower(), value
        else:
            raise Unreadable


def _submodule(found: "re.Match[bytes]") -> bytes | None:
    """Return the name of the submodule that a heading begins, if it is one's."""
    heading, name = found[1], found[2]
    if name is not None:
        return re.sub(rb"\\(.)", rb"\1", name) if heading.lower() == b"submodule" else None
    return heading[10:].lower() if heading.lower().startswith(b"submodule.") else None


def _line_end(text: bytes, at: int) -> int:
    end = text.find(b"\n", at)
    return len(text) if end < 0 else end


def _value(text: bytes, at: int) -> tuple[bytes, int]:
    """Return what stands behind a key and where its line ends; raises ``Unreadable``."""
    while text[at : at + 1] in (b" ", b"\t"):
        at += 1
    if text[at : at + 1] in (b"", b"\n", b"#", b";"):
        return b"", at
    if text[at : at + 1] != b"=":
        raise Unreadable
    at, value, kept, quoted = at + 1, bytearray(), 0, False
    while (byte := text[at : at + 1]) not in (b"", b"\n"):
        if byte in (b"#", b";") and not quoted:
            at = _line_end(text, at)
            break
        if byte == b"\\":
            at, byte = at + 1, text[at + 1 : at + 2]
            value += b"" if byte == b"\n" else _ESCAPES.get(byte, b"")
            if byte != b"\n" and byte not in _ESCAPES:
                raise Unreadable
            kept = len(value)
        elif byte == b'"':
            quoted = not quoted
        elif quoted or not byte.isspace():
            value += byte
            kept = len(value)
        elif value:
            value += byte
        at += 1
    if quoted:
        raise Unreadable
    return bytes(value[:kept]), at
