"""State: tables of immutable rows, transactions, forks, and one clock. Knows nothing of GitLab or HTTP."""

from mockgitlab.store.clock import Clock
from mockgitlab.store.clock import parse_duration
from mockgitlab.store.clock import parse_instant
from mockgitlab.store.clock import timestamp
from mockgitlab.store.query import Condition
from mockgitlab.store.query import Order
from mockgitlab.store.query import Query
from mockgitlab.store.row import Row
from mockgitlab.store.row import Serial
from mockgitlab.store.settings import Limits
from mockgitlab.store.settings import Settings
from mockgitlab.store.settings import release
from mockgitlab.store.store import Store
from mockgitlab.store.table import Table

__all__ = [
    "Clock",
    "Condition",
    "Limits",
    "Order",
    "Query",
    "Row",
    "Serial",
    "Settings",
    "Store",
    "Table",
    "parse_duration",
    "parse_instant",
    "release",
    "timestamp",
]
