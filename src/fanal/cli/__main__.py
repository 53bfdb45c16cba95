"""`python -m fanal.cli` is `fanal`."""

from fanal.cli.app import main

if __name__ == "__main__":
    main()
