"""GitLab's REST API v4: one module for each page of its documentation, named as the page is."""
