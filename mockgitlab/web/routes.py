"""The operations of every API that an instance serves, found by method and raw path."""

from collections.abc import Mapping
from functools import lru_cache

from mockgitlab.dsl import Declared, Definitions, Operation
from mockgitlab.errors import ApiRemoved
from mockgitlab.store import Settings
from mockgitlab.web.paths import plain_path
from mockgitlab.web.reasons import of_unknown_route
from mockgitlab.web.router import Router, WrongMethod

REMEMBERED_AT_MOST = 4_096
"""Of so many paths it is remembered where they lead: a client asks for the same ones again and again."""


class Routes:
    """One router over all served APIs; operations that this GitLab version or edition lacks are not in it.

    ``match(method, path)`` returns the operation and the parameters of its path, which are not to be changed; what the
    path takes instead; or nothing.
    """

    def __init__(self, definitions: Definitions, settings: Settings) -> None:
        self.router: Router[Declared] = Router()
        self.match = lru_cache(maxsize=REMEMBERED_AT_MOST)(self._match)
        self._methods: dict[str, list[str]] = {}
        self._removed = tuple(f"{base}/" for base in definitions.bases.get("v3", ()) if "v3" not in settings.api)
        for api in settings.api:
            for base in definitions.bases.get(api, ()):
                self._add(definitions.tables.declared(api), base, settings)
        self._add([Declared.of(one) for one in definitions.addresses()], "", settings)

    def _add(self, operations: list[Declared], base: str, settings: Settings) -> None:
        for one in operations:
            if one.exists_in(settings):
                template = f"{base}/{one.path}".strip("/")
                self.router.add(one.method, template, one, json_suffix=one.json_suffix)
                self._methods.setdefault(template, []).append(one.method)

    def _match(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | WrongMethod | None:
        """Return the operation and the parameters of its path; what the path takes instead; or nothing."""
        found = self.router.match(method, path)
        if found is None and "%" in path:
            found = self.router.match(method, plain_path(path))
        if found is None and f"{path}/".startswith(self._removed):
            raise ApiRemoved(reason="the scenario serves " + "no v3; add it to gitlab.api")
        return found if found is None or isinstance(found, WrongMethod) else (found.value.load(), found.parameters)

    def explain(self, method: str, path: str) -> str:
        """Say which route was meant by a path that none has."""
        return of_unknown_route(self.router, self._methods, method, path)
