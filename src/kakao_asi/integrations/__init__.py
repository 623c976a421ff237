"""Thin adapters to frameworks of the host; each is imported by the host itself, and none is imported here."""
