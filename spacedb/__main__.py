"""`python -m spacedb`: the command `spacedb`."""

from spacedb.command_line import main

if __name__ == "__main__":
    main()
