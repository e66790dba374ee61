"""What a configuration asks of the pipeline that it is to make: its ref, its variables, its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["branch", "tag", "merge_request"]
ChangedSince = Callable[[str | None], Sequence[str] | None]


@dataclass(frozen=True)
class Files:
    """Reads files: of the commit, of another project and ref, or a template of GitLab; ``None`` where there is none.

    ``other`` raises ``ConfigError`` where there is no such project or ref, or who starts the pipeline may not read it.
    ``artifact`` reads a file of what a job of the parent pipeline left, where there is such a pipeline.
    ``place`` is the project and ref that they are of, where it is not the pipeline's own.
    """

    own: Callable[[str], str | None] = lambda path: None
    other: Callable[[str, str | None, str], str | None] = lambda project, ref, path: None
    paths: Callable[[], Sequence[str]] = tuple
    template: Callable[[str], str | None] = lambda name: None
    artifact: Callable[[str, str], str] | None = None
    place: tuple[str, str] | None = None


def _unknown(compare_to: str | None) -> Sequence[str] | None:
    return None


def _none(environment: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Context:
    """The pipeline to be: ``given`` are the variables that win over those of the configuration.

    ``scoped`` returns those that jobs of an environment have in their place.

    ``inputs`` are those of the configuration itself.

    ``changed`` returns the paths that changed since a ref, or as the pipeline's event has it.

    It returns ``None`` where nothing is known of what changed, and raises ``LookupError`` for no ref.
    """

    ref: str = "main"
    kind: Kind = "branch"
    source: str = "push"
    project_path: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    scoped: Callable[[str], Mapping[str, str]] = _none
    inputs: Mapping[str, Any] | None = None
    files: Files = Files()
    changed: ChangedSince = _unknown

    @property
    def source_name(self) -> str:
        """The source as ``only`` and ``except`` name it, ``merge_request`` for ``merge_request_event``."""
        return self.source.removesuffix("_event")
