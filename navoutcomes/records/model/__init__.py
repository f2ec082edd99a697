"""The tidy data model: its twelve tables, and what is checked in and between them."""
