"""How people's languages write numbers, days, places and sentences."""
