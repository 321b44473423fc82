"""`python -m cuework` is `cuework`."""

from cuework.cli import main

if __name__ == "__main__":
    main()
