"""``python -m tools COMMAND``: what ``course.py`` hands over to."""

import importlib.util
import os
import sys
from pathlib import Path

from data.core.cards import DataError
from tools.commands import module_of, offered
from tools.notebook.common import BUILD, Problem, remedy
from utils.lessons import LessonError


def main(argv: list[str]) -> int:
    """Run one command; turn what a person can mend into one line and exit code 2."""
    if not argv or argv[0] not in offered():
        print(f"course.py: use one of {', '.join(offered())}", file=sys.stderr)
        return 2
    settle_libraries()
    try:
        module = importlib.import_module(module_of(argv[0]))
        return module.main(argv[1:])
    except Problem as problem:
        print(f"course.py {argv[0]}: {problem}", file=sys.stderr)
        return problem.exit_code
    except (DataError, LessonError) as error:
        print(f"course.py {argv[0]}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        build = str(error.filename).startswith(str(BUILD))
        otherwise = "set COURSE_BUILD_DIR to a folder that you may write to" if build else ""
        if not (why := remedy(error, otherwise or "change the permissions of that folder")):
            raise
        # A file that is open already has no name in the error that a full disk raises.
        message = f"{error.filename or 'a file'} can't be used ({error.strerror}); {why}"
        print(f"course.py {argv[0]}: {message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\ncourse.py {argv[0]}: stopped", file=sys.stderr)
        return 130


def settle_libraries() -> None:
    """Let this process and its kernels use Keras and Matplotlib with the settings of the course.

    A person's own ``keras.json`` may ask for another backend, for float64 or for channels first,
    and a ``matplotlibrc`` for other fonts and sizes, in samples that are drawn, too.
    """
    package = importlib.util.find_spec("matplotlib")
    os.environ["MATPLOTLIBRC"] = str(Path(package.origin).with_name("mpl-data"))  # type: ignore[union-attr, arg-type]
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["KERAS_HOME"] = str(BUILD / "keras")
    os.environ.pop("TF_USE_LEGACY_KERAS", None)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # no command ends for a letter that a terminal lacks
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
