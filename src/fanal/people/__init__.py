"""What people say and who they are: decisions, corrections, accounts."""
