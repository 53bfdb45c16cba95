"""What the door and the coding both read texts with: the fold, and expressions compiled to scan."""
