"""What turns evidence into signals: ingest, code, count, detect. `pipeline` knows the order."""
