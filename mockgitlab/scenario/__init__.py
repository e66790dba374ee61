"""Scenarios: YAML files that say what a fake GitLab holds."""
