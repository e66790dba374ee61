"""A report as one HTML page that needs nothing else: no network, no script, light and dark."""

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


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("mockgitlab.report", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
