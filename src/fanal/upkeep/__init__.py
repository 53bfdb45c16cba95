"""What a keeper of the observatory does: erase, back up, exchange, check."""
