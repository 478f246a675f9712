"""`python -m triplemem`: the command line."""

import sys

from triplemem.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
