"""`import triplemem` and `triplemem --help`, over bare Python."""

import subprocess
import sys

from benchmarks._lib import ROOT, Row, main, ms, side_by_side

TITLE = "start-up, over bare Python"
HELP = "import sys; sys.argv = ['triplemem', '--help']; from triplemem.cli.main import main; sys.exit(main())"


def python(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def run(quick: bool = False) -> list[Row]:
    """Milliseconds over `python -c pass`."""
    for statement in ("import triplemem", HELP):
        python(statement)  # write the byte code first
    bare, library, help_ = side_by_side(
        5 if quick else 25, lambda: python("pass"), lambda: python("import triplemem"), lambda: python(HELP)
    )
    note = f"bare Python {ms(bare)}"
    return [
        Row("import triplemem", (library - bare) * 1e3, 80, " ms", note=note),
        Row("triplemem --help", (help_ - bare) * 1e3, 250, " ms", note=note),
    ]


if __name__ == "__main__":
    main(TITLE, run)
