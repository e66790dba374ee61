"""GitLab over HTTP: from the socket to the operation and back."""
