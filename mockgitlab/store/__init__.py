"""State: tables of immutable rows, transactions, forks, and one clock. Knows nothing of GitLab or HTTP."""

from mockgitlab.store.clock import Clock, duration_text, parse_duration, parse_instant, timestamp
from mockgitlab.store.objects import Objects
from mockgitlab.store.query import Condition, Order, Query
from mockgitlab.store.row import Row, Serial
from mockgitlab.store.settings import (
    Limits,
    Settings,
    Transition,
    Transitions,
    Webhooks,
    release,
    transition,
    with_transitions,
)
from mockgitlab.store.store import Store
from mockgitlab.store.table import Table

__all__ = [
    "Clock",
    "Condition",
    "Limits",
    "Objects",
    "Order",
    "Query",
    "Row",
    "Serial",
    "Settings",
    "Store",
    "Table",
    "Transition",
    "Transitions",
    "Webhooks",
    "duration_text",
    "parse_duration",
    "parse_instant",
    "release",
    "timestamp",
    "transition",
    "with_transitions",
]
