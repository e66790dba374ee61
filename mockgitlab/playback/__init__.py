"""Recorded traffic: recorded from a real GitLab, scrubbed, played back, compared."""
