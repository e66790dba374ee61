"""What a secret looks like: by GitLab's prefixes, by its form, and by the name of what holds it.

Source of the prefixes: https://docs.gitlab.com/security/tokens/#token-prefixes.
"""

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MARK = "SCRUBBED-"
"""What every placeholder contains; a number follows."""
PLACEHOLDER = re.compile(rf"(?:[\w.-]*-|GR1348941)?{MARK}\d+(?:@scrubbed\.invalid)?")
DOMAIN = "@scrubbed.invalid"
ALLOW = "mockgitlab:allow"
"""A line with this in it is passed over by ``mockgitlab scan``."""


class Finding(NamedTuple):
    """A secret in a text: where it begins and ends, what kind it is, and itself."""

    start: int
    end: int
    kind: str
    secret: str


class Kind(NamedTuple):
    """A kind of secret: ``pattern`` has the secret in its group ``s``, or is it whole.

    One that is not ``sure`` is scrubbed from recordings, and not reported in just any file.
    """

    name: str
    pattern: re.Pattern[str]
    sure: bool = True


PREFIXES = {
    "glpat": "personal, project, group or impersonation access token",
    "gloas": "OAuth application secret",
    "gldt": "deploy token",
    "glrtr": "runner authentication token",
    "glrt": "runner authentication token",
    "glcbt": "CI/CD job token",
    "glptt": "trigger token",
    "glft": "feed token",
    "glimt": "incoming mail token",
    "glagent": "agent token",
    "glwt": "workspace token",
    "glsoat": "SCIM token",
    "glffct": "feature flags client token",
}
EMAIL = "e-mail"
_IN_A_URL = re.compile(r"://[^\s/@]*\Z")
_VALUE = r"[\w\-]{8,}(?:\.[\w\-]+)*"
_NAME = (
    r"(?:[\w-]*[_-])?(?:token|secret|password|passwd|passphrase|private[_-]key|api[_-]?key|apikey|access[_-]key"
    r"|secret[_-]key|signing[_-]key|password[_-]confirmation|credential|otp[_-]attempt|client[_-]assertion"
    r"|code[_-]verifier|device[_-]code|jwt|samlresponse)s?"
)
_SIGNED = (
    "X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|X-Goog-Signature|X-Goog-Credential|AWSAccessKeyId"
    "|GoogleAccessId|Signature|Policy|Key-Pair-Id|sig"
)
_TOKEN_HEADERS = r"(?:private|job|deploy|x-gitlab)-token"


def _kind(name: str, pattern: str, *, sure: bool = True, case: bool = True) -> Kind:
    flags = re.DOTALL | re.ASCII | (0 if case else re.IGNORECASE)
    return Kind(name, re.compile(pattern, flags), sure)


KINDS = (
    _kind(
        "private key",
        r"-----BEGIN (?P<k>(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----(?!(?:\\[rn]|\s)*SCRUBBED-)"
        r"(?:\\[rn]|\s)*(?P<s>[^\"'<>]{16,}?)(?:\\[rn]|\s)*(?:-----END (?P=k)-----|(?=[\"'<>])|\Z)",
    ),
    _kind("JSON web token", r"\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*"),
    *(_kind(name, rf"(?<![A-Za-z0-9]){prefix}-(?!{MARK}){_VALUE}") for prefix, name in PREFIXES.items()),
    _kind("runner registration token", rf"\bGR1348941(?!{MARK})[\w-]{{8,}}"),
    _kind("session cookie", r"\b(?:_gitlab_session|remember_user_token)=(?P<s>[\w%.-]{8,})"),
    _kind("AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _kind("GitHub token", r"\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{22,})"),
    _kind("Slack token", r"\bxox[abeoprs]-[\w-]{10,}"),
    _kind("Slack webhook", r"hooks\.slack\.com/services/(?P<s>\w+/\w+/\w+)"),
    _kind("Google API key", r"\bAIza[\w-]{35}"),
    _kind("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _kind("PyPI token", r"\bpypi-[\w-]{16,}"),
    _kind("Docker token", r"\bdckr_pat_[\w-]{20,}"),
    _kind("signed URL", rf"[?&;](?:{_SIGNED})=(?P<s>[^\s&;\"'<>\\]{{6,}})", case=False),
    _kind("password in a URL", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]*:(?P<s>[^\s/@\"'<>\\]+)@", case=False),
    _kind("token in a header", rf"\b{_TOKEN_HEADERS}[\"']?\s*[:=]\s*[\"']?(?P<s>[\w.-]{{16,}})", case=False),
    _kind(
        "bearer token", r"\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|token)\s+(?P<s>[\w.~+/=-]{16,})", case=False
    ),
    _kind("basic credentials", r"\bauthorization[\"']?\s*[:=]\s*[\"']?basic\s+(?P<s>[\w+/=-]{16,})", case=False),
    _kind("token in a URL", r"[?&](?:private|access|job|feed|rss)_token=(?P<s>[\w.-]{16,})"),
    _kind("secret by name", rf"(?<![\w-]){_NAME}=(?P<s>[^\s&;\"'<>,\\]+)", sure=False, case=False),
    _kind("secret by name", rf"(?<![\w-]){_NAME}\\*\"?\s*:\s*\\*\"(?P<s>[^\"\\]+)", sure=False, case=False),
    _kind("secret by name", rf"\b(?:{_TOKEN_HEADERS}|authorization): *(?P<s>[^\s\"']+)\s*$", sure=False, case=False),
    _kind(
        EMAIL,
        r"(?<![\w.%+-])(?!git@)[\w.%+'-]+@(?!scrubbed\.invalid)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w])",
        sure=False,
    ),
)
_HINTS = re.compile(
    r"gl[a-z]{2,5}-|GR1348941|eyJ|-----BEGIN|://|@|AKIA|ASIA|gh[oprsu]_|github_pat|xox|hooks\.slack|AIza|npm_|pypi-"
    r"|dckr_|sig|polic|key|token|secret|passw|passphrase|credential|authorization|session|otp|assertion|code|jwt|saml",
    re.IGNORECASE,
)
"""A text in which none of this stands holds no secret that a pattern would find."""
_NO_SECRET = re.compile(r"true|false|null|none|bearer|basic|oauth2|\W*|(.)\1*|[$<{\[*%].*", re.IGNORECASE | re.DOTALL)


def find(text: str, *, sure: bool = False) -> Iterator[Finding]:
    """Yield the secrets in a text by their form, none of which overlap; with ``sure``, only the unmistakable."""
    if len(text) < 6 or not _HINTS.search(text):
        return
    found = [one for kind in KINDS if kind.sure or not sure for one in _of_kind(kind, text)]
    end = 0
    for one in sorted(found, key=lambda one: one.start):
        if one.start >= end:
            end = one.end
            yield one


def _of_kind(kind: Kind, text: str) -> Iterator[Finding]:
    group = "s" if "s" in kind.pattern.groupindex else 0
    for match in kind.pattern.finditer(text):
        of_url = kind.name == EMAIL and _IN_A_URL.search(text, max(0, match.start() - 200), match.start())
        if is_worth_hiding(match[group]) and not of_url:
            yield Finding(match.start(group), match.end(group), kind.name, match[group])


def is_worth_hiding(value: str) -> bool:
    """Tell whether a value in the place of a secret is one: not empty, a variable, masked, or a placeholder."""
    return not (_NO_SECRET.fullmatch(value) or PLACEHOLDER.fullmatch(value) or MARK in _decoded(value))


def _decoded(value: str) -> str:
    """Return what base64 stands for; empty where a text is none."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        return ""


_NAMED = re.compile(_NAME, re.IGNORECASE)
_NO_NAMES = ("page_token", "next_page_token", "cancellation_token")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Tell whether a parameter, a key or a header of this name holds a secret: ``user[password]``, ``clientSecret``."""
    last = name.removesuffix("[]").rstrip("]").rpartition("[")[2]
    plain = _CAMEL.sub("_", last).lower().replace("-", "_")
    return plain not in _NO_NAMES and (_NAMED.fullmatch(plain) is not None or plain in _SIGNED_NAMES)


_SIGNED_NAMES = {name.lower().replace("-", "_") for name in _SIGNED.split("|") if name != "Policy"}
