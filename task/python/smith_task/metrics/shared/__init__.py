"""What several metrics share: reading and checking submissions."""
