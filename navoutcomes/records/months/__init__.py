"""Registers that are written month by month: panels, employment, and what counts as having got a job."""
