"""The operations of every API that an instance serves, found by method and raw path."""

from mockgitlab.dsl import Definitions, Operation
from mockgitlab.errors import ApiRemoved
from mockgitlab.store import Settings
from mockgitlab.web.reasons import of_unknown_route
from mockgitlab.web.router import Router, WrongMethod


class Routes:
    """One router over all served APIs; operations that this GitLab version or edition lacks are not in it."""

    def __init__(self, definitions: Definitions, settings: Settings) -> None:
        self.router: Router[Operation] = Router()
        self._methods: dict[str, list[str]] = {}
        self._removed = tuple(f"{base}/" for base in definitions.bases.get("v3", ()) if "v3" not in settings.api)
        for api in settings.api:
            for base in definitions.bases.get(api, ()):
                self._add(definitions.tables[api], base, settings)
        self._add(definitions.addresses(), "", settings)

    def _add(self, table: tuple[Operation, ...], base: str, settings: Settings) -> None:
        for operation in table:
            if operation.exists_in(settings):
                template = f"{base}/{operation.path}".strip("/")
                self.router.add(operation.method, template, operation, json_suffix=operation.json_suffix)
                self._methods.setdefault(template, []).append(operation.method)

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | WrongMethod | None:
        """Return the operation and the parameters of its path; what the path takes instead; or nothing."""
        found = self.router.match(method, path)
        if found is None and f"{path}/".startswith(self._removed):
            raise ApiRemoved(reason="the scenario serves " + "no v3; add it to gitlab.api")
        return found if found is None or isinstance(found, WrongMethod) else (found.value, found.parameters)

    def explain(self, method: str, path: str) -> str:
        """Say which route was meant by a path that none has."""
        return of_unknown_route(self.router, self._methods, method, path)
