"""What is wrong with this evaluation? One finding a safeguard."""
