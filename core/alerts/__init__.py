"""Alerts: a question asked on a schedule, and people told when its answer changes state."""
