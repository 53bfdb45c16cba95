"""How importers read: archives, encodings, rows, sheets, dates, figures."""
