"""Command line of spacedb. `python manage.py help` lists the commands."""

try:
    from spacedb.command_line import main
except ModuleNotFoundError as error:
    raise SystemExit(f"{error}. Run `make setup` and use .venv/bin/python.") from error

if __name__ == "__main__":
    main()
