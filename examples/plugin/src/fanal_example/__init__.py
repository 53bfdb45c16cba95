"""One plug-in of each family of Fanal."""
