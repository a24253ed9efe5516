/**
 * Runs Python's unittest (3.8 and newer) and writes what came of every test to a file, one JSON object a line; the last is
 * `{"type": "end"}`. What begins is told too, as `begin`: where the time is up, what has not ended is known by `of`. Unittest has no
 * format of its own for that, and its console text a test can make up. After `--files` and before a `--` may stand files: everything is
 * loaded then, and only tests of these run.
 */
export const UNITTEST_REPORTER = `import json
import os
import sys
import time
import traceback
import unittest

out = open(sys.argv.pop(1), "w", encoding="utf-8")
only = None
if sys.argv[1:2] == ["--files"]:
    end = sys.argv.index("--")
    only = {os.path.realpath(file) for file in sys.argv[2:end]}
    del sys.argv[1 : end + 1]
sys.path[0] = os.getcwd()


def write(**fields):
    out.write(json.dumps(fields) + "\\n")
    out.flush()


def file_of(test):
    if isinstance(test, unittest.TestCase):
        name = type(test).__module__
    else:
        name = test.id().partition("(")[2].rstrip(")")
        while name and name not in sys.modules:
            name = name.rpartition(".")[0]
    return None if name == "unittest.loader" else getattr(sys.modules.get(name), "__file__", None)


def line_in(file, error):
    lines = [at.lineno for at in traceback.extract_tb(error[2]) if file and at.filename == file]
    return lines[-1] if lines else None


class Result(unittest.TextTestResult):
    def startTest(self, test):
        self.began = time.perf_counter()
        write(type="begin", name=test.id(), of=test.id())
        super().startTest(test)

    def took(self, outside):
        return None if outside else round((time.perf_counter() - self.began) * 1000, 3)

    def tell(self, test, status, error=None, message=None):
        file = file_of(test)
        if error is not None:
            message = "".join(traceback.format_exception_only(error[0], error[1])).strip()
        outside = not isinstance(test, unittest.TestCase) or type(test).__name__ == "_FailedTest"
        write(
            type="outside" if outside else "test",
            id=test.id(),
            name=getattr(test, "_testMethodName", None),
            owner=type(test).__qualname__,
            file=file,
            line=line_in(file, error) if error is not None else None,
            status=status,
            message=message,
            ms=self.took(outside),
            of=test.id(),
        )

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell(test, "failed", err)

    def addError(self, test, err):
        super().addError(test, err)
        self.tell(test, "failed", err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(getattr(test, "test_case", test), "skipped", None, reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.tell(test, "skipped", None, "expected failure")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.tell(test, "failed", None, "unexpected success")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell(test, "failed", err)


def wanted(test):
    if isinstance(test, unittest.TestSuite):
        return type(test)(filter(None, map(wanted, test)))
    file = file_of(test)
    return test if file and os.path.realpath(file) in only else None


class Runner(unittest.TextTestRunner):
    resultclass = Result

    def run(self, test):
        chosen = test if only is None else wanted(test)
        count = chosen.countTestCases()
        self.stream.writeln(f"Running {count} test{'' if count == 1 else 's'}")
        result = super().run(chosen)
        write(type="end", ran=result.testsRun)
        return result


unittest.main(module=None, testRunner=Runner)
`;
