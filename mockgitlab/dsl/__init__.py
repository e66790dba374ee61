"""The language in which an API is declared.

It knows the store and GitLab's errors, and nothing of Flask or HTTP servers.
Import it whole and write its words with its name: ``from mockgitlab import dsl`` and ``dsl.required("The title")``.
"""

from mockgitlab.dsl.adoption import Renamed
from mockgitlab.dsl.api import Api, anonymous, known_operations
from mockgitlab.dsl.call import Call, Credential, Presented, Raw, present
from mockgitlab.dsl.collections import (
    Background,
    Collection,
    Collections,
    Definitions,
    InstanceSettings,
    Listed,
    Parents,
    Seeding,
    Standing,
    Tables,
    Throttle,
)
from mockgitlab.dsl.declared import Declared
from mockgitlab.dsl.deliveries import Deliveries, Delivery, Outcome, Parcel
from mockgitlab.dsl.dialect import Dialect
from mockgitlab.dsl.entity import DefinitionError, Entity
from mockgitlab.dsl.fields import (
    MISSING,
    Constraints,
    Date,
    Timestamp,
    computed,
    computed_in,
    hidden,
    now,
    optional,
    parent,
    readonly,
    reference,
    references,
    required,
    serial,
)
from mockgitlab.dsl.filters import Filter, by, contains, dates, eq, ids, order, search
from mockgitlab.dsl.kinds import CommaList, File, IdList, OneOrMore
from mockgitlab.dsl.mapped import Mapped
from mockgitlab.dsl.operations import Locator, Operation, Rule
from mockgitlab.dsl.params import Given, Param, param
from mockgitlab.dsl.shapes import OMIT, Shape, View
from mockgitlab.dsl.validation import (
    all_or_none_of,
    at_least_one_of,
    exactly_one_of,
    mutually_exclusive,
    not_empty,
)
from mockgitlab.store import Store

__all__ = [
    "MISSING",
    "OMIT",
    "Api",
    "Background",
    "Call",
    "Collection",
    "Collections",
    "CommaList",
    "Constraints",
    "Credential",
    "Date",
    "Declared",
    "DefinitionError",
    "Definitions",
    "Deliveries",
    "Delivery",
    "Dialect",
    "Entity",
    "File",
    "Filter",
    "Given",
    "IdList",
    "InstanceSettings",
    "Listed",
    "Locator",
    "Mapped",
    "OneOrMore",
    "Operation",
    "Outcome",
    "Param",
    "Parcel",
    "Parents",
    "Presented",
    "Raw",
    "Renamed",
    "Rule",
    "Seeding",
    "Shape",
    "Standing",
    "Store",
    "Tables",
    "Throttle",
    "Timestamp",
    "View",
    "all_or_none_of",
    "anonymous",
    "at_least_one_of",
    "by",
    "computed",
    "computed_in",
    "contains",
    "dates",
    "eq",
    "exactly_one_of",
    "hidden",
    "ids",
    "known_operations",
    "mutually_exclusive",
    "not_empty",
    "now",
    "optional",
    "order",
    "param",
    "parent",
    "present",
    "readonly",
    "reference",
    "references",
    "required",
    "search",
    "serial",
]
