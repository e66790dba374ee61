"""The control API, as one table: what is served under ``/_mockgitlab``, and what its OpenAPI document says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.report.formats import FORMATS
from mockgitlab.report.journal import CRITERIA
from mockgitlab.web import control, delivery_filters, delivery_pages, journal_pages, overview, report_pages, trap_pages
from mockgitlab.web.control_openapi import show_openapi
from mockgitlab.web.fault_options import OPTIONS
from mockgitlab.web.gateway import CONTROL

__all__ = ["CONTROL", "ROUTES", "ControlRoute"]

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(names: Any) -> Schema:
    return {"type": "string", "enum": list(names)}


OBJECT: Schema = {"type": "object"}
ERROR = _object(error=TEXT)
CLOCK = _object(now={"type": "string", "format": "date-time"})
FAULT: Schema = {**_object(on=TEXT), "properties": {name: {} for name in OPTIONS} | {"on": TEXT}}
ENTRY = _object(id=NUMBER, method=TEXT, path=TEXT, status=NUMBER, changes=_list(TEXT), findings=_list(TEXT))
TRAP = _object(name=TEXT, told=TEXT, why=TEXT, set=FLAG)
DELIVERY = _object(id=NUMBER, event=TEXT, trigger=TEXT, url=TEXT, headers=OBJECT, json=OBJECT, integration=TEXT)
FINDING = _object(kind=TEXT, text=TEXT, where=_list(TEXT), failing=FLAG, known=FLAG)


@dataclass(frozen=True)
class ControlRoute:
    """One operation of the control API: its view's docstring says what it does.

    ``answers`` are JSON Schemas by status, ``others`` further media types of the first, ``body`` the request's,
    ``media_type`` what is answered.
    """

    method: str
    path: str
    view: Callable[..., Any]
    answers: Mapping[int, Schema]
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    others: tuple[str, ...] = ()
    media_type: str = "application/json"


_JOURNAL = {**dict.fromkeys(CRITERIA, TEXT), "wait": NUMBER, "timeout": {"type": "number"}}
_FORMATS = _one_of(journal_pages.FORMATS)
_REPORTS = _one_of((*FORMATS, report_pages.ACCOUNT))
_MEDIA_TYPES = tuple(kind.partition(";")[0] for _, kind, _ in FORMATS.values() if kind != "application/json")
_MOVE: Schema = {"type": "object", "properties": {"now": TEXT, "advance": TEXT}, "minProperties": 1}
_WAITING = _object(waiting=_list(OBJECT))
_WHICH: Schema = {"type": "object", "properties": {"kind": TEXT, "id": NUMBER}}
_TRAPS: Schema = {"type": "object", "properties": {"trap": TEXT, "traps": _list(TEXT)}, "minProperties": 1}
_VERDICT = _object(ok=FLAG, expectations=_list(OBJECT), findings=_list(TEXT))
_SANDBOX = _object(sandbox=TEXT, url={"type": "string", "format": "uri"})

ROUTES = (
    ControlRoute("GET", "/", overview.show, {200: TEXT}, query={"kind": TEXT}, media_type="text/html"),
    ControlRoute("GET", "/ready", control.ready, {200: _object(ready=FLAG, version=TEXT)}),
    ControlRoute("POST", "/reset", control.reset, {200: _object(reset=TEXT)}),
    ControlRoute("GET", "/state", control.state, {200: {"type": "object", "additionalProperties": _list(OBJECT)}}),
    ControlRoute("GET", "/clock", control.clock, {200: CLOCK}),
    ControlRoute("POST", "/clock", control.set_clock, {200: CLOCK, 400: ERROR}, body=_MOVE),
    ControlRoute("PUT", "/clock", control.set_clock, {200: CLOCK, 400: ERROR}, body=_MOVE),
    ControlRoute("GET", "/transitions", control.transitions, {200: _WAITING}),
    ControlRoute("PUT", "/transitions", control.set_transitions, {200: _WAITING, 400: ERROR}, body=OBJECT),
    ControlRoute("POST", "/transitions", control.finish, {200: _object(finished=NUMBER), 400: ERROR}, body=_WHICH),
    ControlRoute("GET", "/sandboxes", control.sandboxes, {200: _object(sandboxes=_list(TEXT))}),
    ControlRoute("POST", "/sandboxes/<name>", control.create_sandbox, {201: _SANDBOX, 400: ERROR}),
    ControlRoute("DELETE", "/sandboxes/<name>", control.drop_sandbox, {200: _object(dropped=TEXT), 404: ERROR}),
    ControlRoute(
        "GET",
        "/journal",
        journal_pages.read_journal,
        {200: _object(entries=_list(ENTRY), kept=NUMBER, dropped=NUMBER), 400: ERROR, 408: ERROR},
        query={**_JOURNAL, "format": _FORMATS},
        others=("application/x-ndjson",),
    ),
    ControlRoute("DELETE", "/journal", journal_pages.clear_journal, {200: _object(removed=NUMBER)}),
    ControlRoute(
        "GET",
        "/deliveries",
        delivery_pages.list_deliveries,
        {200: _object(deliveries=_list(DELIVERY)), 400: ERROR, 408: ERROR},
        query={**dict.fromkeys(delivery_filters.CRITERIA, TEXT), "timeout": {"type": "number"}},
    ),
    ControlRoute("GET", "/verify", journal_pages.verify, {200: _VERDICT}),
    ControlRoute("GET", "/faults", journal_pages.list_faults, {200: _object(faults=_list(FAULT))}),
    ControlRoute("POST", "/faults", journal_pages.add_fault, {201: FAULT, 400: ERROR}, body=FAULT),
    ControlRoute("DELETE", "/faults", journal_pages.clear_faults, {200: _object(removed=NUMBER)}),
    ControlRoute("GET", "/traps", trap_pages.list_traps, {200: _object(traps=_list(TRAP))}),
    ControlRoute("POST", "/traps", trap_pages.set_traps, {200: _object(set=_list(TEXT)), 400: ERROR}, body=_TRAPS),
    ControlRoute("DELETE", "/traps", trap_pages.clear_traps, {200: _object(removed=NUMBER)}),
    ControlRoute(
        "GET",
        "/report",
        report_pages.report,
        {200: OBJECT, 400: ERROR},
        query={"format": _REPORTS, "max_requests": NUMBER},
        others=_MEDIA_TYPES,
    ),
    ControlRoute("GET", "/findings", report_pages.findings, {200: _object(findings=_list(FINDING))}),
    ControlRoute("GET", "/openapi.json", show_openapi, {200: OBJECT}),
)
"""Every operation of the control API."""
