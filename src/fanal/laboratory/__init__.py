"""What laboratories found: dangers, doses, contents against names."""
