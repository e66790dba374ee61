"""The application settings with which a world begins, ``gitlab: settings`` of a scenario."""

from dataclasses import replace
from typing import Any

from mockgitlab.dsl import InstanceSettings
from mockgitlab.scenario.problems import Problems, shown
from mockgitlab.store import Settings

PATH = ("gitlab", "settings")


def administered(settings: Settings, given: Any, problems: Problems, known: InstanceSettings | None) -> Settings:
    """Return the settings with what administrators set; what there is to set hangs on version and edition."""
    if not isinstance(given, dict) or known is None:
        if given:
            problems.add(PATH, f"must be a mapping, not {shown(given)}", of_key=False)
        return settings
    found = list(known.problems(given, settings))
    for name, problem in found:
        if not problem:
            problems.unknown((*PATH, name), known.names(settings))
        elif name in given:
            problems.add((*PATH, name), f"{problem}, not {shown(given[name])}", of_key=False)
        else:
            problems.add(PATH, f"{name} {problem}", of_key=False)
    return replace(settings, settings={**settings.settings, **known.kept(given)}) if not found else settings
