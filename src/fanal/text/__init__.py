"""What the door and the coding both read texts with: the fold, its language, what scans them."""
