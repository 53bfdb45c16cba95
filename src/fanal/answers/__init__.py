"""What people ask of the tables: evidence, series, prices, documents, substances."""
