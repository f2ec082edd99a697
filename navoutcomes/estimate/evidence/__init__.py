"""What others found: published studies put together, and one's own numbers beside them."""
