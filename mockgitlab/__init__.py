"""A stateful fake GitLab for the tests of GitLab clients."""

__version__ = "0.1.0"
