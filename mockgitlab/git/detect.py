"""What a repository holds by the looks of its files: the README, the license, the languages.

Source: GitLab's lib/gitlab/file_detector.rb; the languages are told by the endings of files alone.
"""

import re

from mockgitlab.git.objects import FOLDER, read_commit, read_tree
from mockgitlab.git.trees import files
from mockgitlab.store import Objects

_README = re.compile(r"(readme|index)(\.\w+)?", re.IGNORECASE)
_LICENSE = re.compile(r"(un)?(licen[sc]e|copying)(\.[^/]+)?", re.IGNORECASE)
_LICENSES = (
    ("mit", ("permission is hereby granted, free of charge",)),
    ("apache-2.0", ("apache license", "version 2.0")),
    ("agpl-3.0", ("gnu affero general public license",)),
    ("lgpl-3.0", ("gnu lesser general public license",)),
    ("gpl-3.0", ("gnu general public license", "version 3")),
    ("mpl-2.0", ("mozilla public license",)),
    ("bsd-3-clause", ("redistribution and use in source and binary forms", "neither the name")),
    ("bsd-2-clause", ("redistribution and use in source and binary forms",)),
)
_ENDINGS = """
Ruby rb rake gemspec|Python py pyi|JavaScript js jsx mjs cjs|TypeScript ts tsx|HTML html htm|CSS css|SCSS scss
Shell sh bash|Go go|Rust rs|Java java|Kotlin kt kts|C c|C++ cpp cc cxx hpp hh|C# cs|PHP php
Perl pl pm|Lua lua|Swift swift|Scala scala
Haskell hs|Elixir ex exs|Erlang erl|Clojure clj|Vue vue|Haml haml|Objective-C m|R r|Dart dart|PowerShell ps1|HCL tf hcl
"""
LANGUAGES = {
    ending: words[0]
    for line in re.split(r"[|\n]", _ENDINGS.strip())
    for words in [line.split()]
    for ending in words[1:]
}
_NAMED = {"Dockerfile": "Dockerfile", "Makefile": "Makefile", "Rakefile": "Ruby", "Gemfile": "Ruby"}


def readme(objects: Objects, sha: str) -> str | None:
    """Return the name of the README at the top of a commit's files."""
    names = [name for name, one in read_tree(objects, read_commit(objects, sha).tree).items() if one.mode != FOLDER]
    found = [name for name in names if _README.fullmatch(name)]
    return min(
        found, key=lambda name: (not name.lower().startswith("readme"), not name.lower().endswith(".md")), default=None
    )


def license_of(objects: Objects, sha: str) -> str | None:
    """Return the license by its SPDX id in small letters; ``other`` when it is not known."""
    for name, one in read_tree(objects, read_commit(objects, sha).tree).items():
        if one.kind == "blob" and _LICENSE.fullmatch(name):
            text = objects.data(one.sha, "blob").decode(errors="replace").lower()
            return next((key for key, words in _LICENSES if all(word in text for word in words)), "other")
    return None


def languages(objects: Objects, sha: str) -> dict[str, float]:
    """Return the share of each programming language in percent of bytes, the largest first."""
    sizes: dict[str, int] = {}
    for path, one in files(objects, read_commit(objects, sha).tree).items():
        name = path.rpartition("/")[2]
        language = _NAMED.get(name) or LANGUAGES.get(name.rpartition(".")[2].lower() if "." in name else "")
        if language and one.kind == "blob":
            sizes[language] = sizes.get(language, 0) + len(objects.data(one.sha, "blob"))
    total = sum(sizes.values())
    ranked = sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))
    return {language: round(100 * size / total, 2) for language, size in ranked if size}
