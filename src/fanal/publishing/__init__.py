"""From answers to editions, alerts, feeds and mail."""
