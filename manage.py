"""Command line of spacedb. `python manage.py help` lists the commands."""

try:
    from spacedb.command_line import main
except ImportError as error:
    raise SystemExit("Django is not installed. Run `make setup` and use .venv/bin/python.") from error

if __name__ == "__main__":
    main()
