"""Addresses outside the API to which its answers lead: one module for each kind of what is found there."""
