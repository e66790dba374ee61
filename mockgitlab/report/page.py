"""A report as one HTML page that needs nothing else: no network, no script, light and dark."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from mockgitlab import __version__
from mockgitlab.report.summary import Summary

if TYPE_CHECKING:
    from jinja2 import Environment


def to_html(summary: Summary) -> str:
    """Return a summary as an HTML page."""
    return render("report.html", summary=summary)


def render(template: str, **values: Any) -> str:
    """Return a template filled in; every value is escaped."""
    return _environment().get_template(template).render(version=__version__, **values)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _prettified(text: str) -> str:
    """Return a text indented where it is JSON, as it is where it is not, or was cut."""
    try:
        return _pretty(json.loads(text))
    except (ValueError, RecursionError):
        return text


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("mockgitlab.report", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"pretty": _pretty, "prettified": _prettified}
    return environment
