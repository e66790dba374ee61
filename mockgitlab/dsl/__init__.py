"""The language in which an API is declared. It knows the store and GitLab's errors, and nothing of Flask or HTTP servers.

Import it whole and write its words with its name: ``from mockgitlab import dsl`` and ``dsl.required("The title")``.
"""

from mockgitlab.dsl.call import Call
from mockgitlab.dsl.call import Credential
from mockgitlab.dsl.call import Presented
from mockgitlab.dsl.call import Raw
from mockgitlab.dsl.call import present
from mockgitlab.dsl.entity import DefinitionError
from mockgitlab.dsl.entity import Entity
from mockgitlab.dsl.fields import MISSING
from mockgitlab.dsl.fields import Constraints
from mockgitlab.dsl.fields import Date
from mockgitlab.dsl.fields import Timestamp
from mockgitlab.dsl.fields import computed
from mockgitlab.dsl.fields import computed_in
from mockgitlab.dsl.fields import hidden
from mockgitlab.dsl.fields import now
from mockgitlab.dsl.fields import optional
from mockgitlab.dsl.fields import parent
from mockgitlab.dsl.fields import readonly
from mockgitlab.dsl.fields import reference
from mockgitlab.dsl.fields import references
from mockgitlab.dsl.fields import required
from mockgitlab.dsl.fields import serial
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.filters import by
from mockgitlab.dsl.filters import contains
from mockgitlab.dsl.filters import dates
from mockgitlab.dsl.filters import eq
from mockgitlab.dsl.filters import ids
from mockgitlab.dsl.filters import names
from mockgitlab.dsl.filters import order
from mockgitlab.dsl.filters import search
from mockgitlab.dsl.operations import Api
from mockgitlab.dsl.operations import Collection
from mockgitlab.dsl.operations import Definitions
from mockgitlab.dsl.operations import Locator
from mockgitlab.dsl.operations import Operation
from mockgitlab.dsl.operations import Rule
from mockgitlab.dsl.params import CommaList
from mockgitlab.dsl.params import File
from mockgitlab.dsl.params import Given
from mockgitlab.dsl.params import IdList
from mockgitlab.dsl.params import Param
from mockgitlab.dsl.params import param
from mockgitlab.dsl.shapes import OMIT
from mockgitlab.dsl.shapes import Shape
from mockgitlab.dsl.shapes import View
from mockgitlab.store import Store
from mockgitlab.dsl.validation import at_least_one_of
from mockgitlab.dsl.validation import exactly_one_of
from mockgitlab.dsl.validation import mutually_exclusive

__all__ = [
    "MISSING", "OMIT", "Api", "Call", "Collection", "CommaList", "Constraints", "Credential", "Date", "DefinitionError",
    "Definitions", "Entity", "File", "Filter", "Given", "IdList", "Locator", "Operation", "Param", "Presented", "Raw", "Rule",
    "Shape", "Store", "Timestamp", "View", "at_least_one_of", "by", "computed", "computed_in", "contains", "dates", "eq",
    "exactly_one_of", "hidden", "ids", "mutually_exclusive", "names", "now", "optional", "order", "param", "parent",
    "present", "readonly", "reference", "references", "required", "search", "serial",
]
