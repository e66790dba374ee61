"""GitLab's REST API v3: one module for each page of its documentation, said as differences from v4 where it can be."""
