"""KOSTRA's forms 11CF and 11F: read without reading who people are, put together over years, written for tests."""
