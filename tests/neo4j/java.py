"""Where a Java that can run Neo4j is, and the jars of the server, by Maven. The standard library only.

`python tests/neo4j/java.py` prints the path of a Java, or says on stderr why there is none and exits with 1.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST = 21
POM = Path(__file__).with_name("pom.xml")


class Unavailable(Exception):
    """This machine cannot give a server; the message says what is missing."""


def pinned(name: str = "neo4j.version") -> str:
    """The value of that property of `pom.xml`."""
    found = re.search(f"<{re.escape(name)}>(.+?)<", POM.read_text("utf-8"))
    assert found, f"{POM} has no property {name!r}"
    return found[1]


def find_java() -> str:
    """The first Java that is new enough; `Unavailable` if there is none."""
    seen = {str(path): _release(path) for path in _candidates()}
    for path, release in seen.items():
        if release >= OLDEST:
            return path
    there = ", ".join(f"{path} is {release or 'none'}" for path, release in seen.items()) or "no java at all"
    raise Unavailable(f"Java >= {OLDEST} is needed ({there}; $JAVA_HOME is tried first)")


def _candidates() -> Iterator[Path]:
    """`$JAVA_HOME`, the `java` on the path, and what is installed beside that one."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java")
    if on_path := shutil.which("java"):
        yield Path(on_path)
        yield from sorted(Path(on_path).resolve().parents[2].glob("*/bin/java"), reverse=True)


def _release(java: Path) -> int:
    """The feature release of that program, as 21; 0 if it does not say."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def classpath() -> str:
    """The class path of the server, its jars in Maven's own repository; resolved once for each `pom.xml`.

    `Unavailable` if Maven is missing or cannot fetch them.
    """
    folder = _cache()
    kept = folder / f"classpath-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    with locked(folder / "lock"):
        if not _whole(kept):
            _resolve(kept)
        return kept.read_text("utf-8").strip()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base, "triplemem", "neo4j-for-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _whole(kept: Path) -> bool:
    return kept.exists() and all(Path(jar).exists() for jar in kept.read_text("utf-8").strip().split(os.pathsep))


def _resolve(kept: Path) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise Unavailable("Maven (mvn) is needed to fetch the server once, 160 MB")
    new = kept.with_suffix(".new")
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={new}"]
    done = subprocess.run([maven, "-q", "-B", "-f", POM, *goal], capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"Maven could not fetch the server: {(done.stdout + done.stderr).strip()[-600:]}")
    new.replace(kept)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside, of all that name this file."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        print(find_java())
    except Unavailable as error:
        sys.exit(str(error))
