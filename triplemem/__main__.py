"""The command line, as `python -m triplemem` and as the `triplemem` script."""

import sys


def main() -> int:
    """Run the command line and return its exit code; Ctrl-C ends it quietly while the rest is still loading, too."""
    try:
        from triplemem.cli.main import main as run

        return run()
    except KeyboardInterrupt:  # where click does not see it: before its commands, and after them
        print(file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
