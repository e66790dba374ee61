"""Which files a tool writes, told by their names."""

import re

_NAMES = re.compile(
    r"""(?:^|/)(?:
        node_modules/ | Godeps/ | Pods/ | Carthage/Build/
      | (?:package-lock|npm-shrinkwrap)\.json$ | pnpm-lock\.yaml$ | \.pnp\.(?:c|m)?js$
      | (?:Cargo|Gopkg|glide|Pipfile|poetry|pdm|uv|composer|flake|deno|mix)\.lock$ | \.terraform\.lock\.hcl$
      | [^/]*\.(?:nib|xcworkspacedata|xcuserstate)$
    )""",
    re.VERBOSE,
)


def is_generated(path: str) -> bool:
    """Tell whether a tool wrote a file, such as ``package-lock.json``; marks in ``.gitattributes`` do not count."""
    return _NAMES.search(path) is not None
