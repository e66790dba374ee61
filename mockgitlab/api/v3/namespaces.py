"""Namespaces. Source: GitLab 8's doc/api/namespaces.md and lib/api/namespaces.rb."""

from mockgitlab.api.models.namespace_shape import NAMESPACE
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import namespaces
from mockgitlab.api.v4.base import v4

v3.dialect.show({NAMESPACE: NAMESPACE.only("id", "name", "path", "kind")})
v3.adopt(v4, "GET", "namespaces", takes=(), filters=namespaces.FILTERS)
