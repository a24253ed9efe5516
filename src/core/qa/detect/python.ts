/** How the tests of a Python project run: pytest where the project speaks of it, else unittest where test files use it. */
import { noSetup } from '../test-setup.ts';
import { instrument, setupOf } from './flags.ts';
import type { DetectOptions, FilesView, TestSetup } from '../test-setup.ts';

/** Never throws for what files hold. */
export async function detectPython(view: FilesView, options: DetectOptions): Promise<TestSetup> {
  const evidence = await pytestEvidence(view);
  const tests = await testFiles(view);
  if (evidence === undefined && tests === undefined) return noSetup(NOTHING);
  const python = await interpreterOf(view, options);
  const isPytest = evidence !== undefined || tests?.style === 'pytest';
  const where = tests === undefined || tests.dir === '' ? '' : ` -s ${tests.dir}`;
  const line = isPytest ? `${python.run} -m pytest` : `${python.run} -m unittest discover${where}`;
  const why =
    evidence ?? `${tests?.path ?? 'A test file'} uses ${isPytest ? 'plain test functions' : 'unittest'}.`;
  return {
    ...setupOf(instrument(line), { label: line, why }),
    ...(python.setup.length === 0 ? {} : { setupCommands: python.setup }),
  };
}

const NOTHING =
  'No Python tests were found (looked for pytest.ini, pyproject.toml, setup.cfg, tox.ini, conftest.py, requirements and test_*.py).';

/** Files that only a pytest project has, or that speak of it, in order of weight. */
const SIGNS: readonly (readonly [path: string, sign: RegExp])[] = [
  ['pytest.ini', /^/],
  ['pyproject.toml', /^\s*\[tool\.pytest/m],
  ['setup.cfg', /^\s*\[tool:pytest\]/m],
  ['tox.ini', /^\s*\[pytest\]/m],
  ['conftest.py', /^/],
  ['tests/conftest.py', /^/],
  ['test/conftest.py', /^/],
  ['pyproject.toml', /\bpytest\b/],
  ['requirements-dev.txt', /^\s*pytest\b/m],
  ['requirements_dev.txt', /^\s*pytest\b/m],
  ['dev-requirements.txt', /^\s*pytest\b/m],
  ['requirements-test.txt', /^\s*pytest\b/m],
  ['test-requirements.txt', /^\s*pytest\b/m],
  ['requirements.txt', /^\s*pytest\b/m],
  ['setup.cfg', /^\s*pytest\b/m],
  ['setup.py', /['"]pytest\b/],
  ['Pipfile', /^\s*pytest\s*=/m],
  ['tox.ini', /\bpytest\b/],
];

async function pytestEvidence(view: FilesView): Promise<string | undefined> {
  for (const [path, sign] of SIGNS) {
    const text = await view.read(path);
    if (text !== undefined && sign.test(text)) {
      return sign.source === '^' ? `There is a ${path}.` : `${path} speaks of pytest.`;
    }
  }
  return undefined;
}

interface TestFiles {
  readonly dir: string;
  readonly path: string;
  readonly style: 'pytest' | 'unittest';
}

const IMPORTS_UNITTEST = /^\s*(import\b[^\n#]*\bunittest\b|from\s+unittest\b)/m;
/** A function of a file is a test to pytest alone; such files take mocks from unittest all the same. */
const PLAIN_TEST = /^(async\s+)?def\s+test/m;

async function testFiles(view: FilesView): Promise<TestFiles | undefined> {
  for (const dir of ['tests', 'test', '']) {
    const names = (await view.list?.(dir)) ?? [];
    const name = names.find((each) => /^test_.*\.py$|_test\.py$/.test(each));
    if (name === undefined) continue;
    const path = dir === '' ? name : `${dir}/${name}`;
    const text = (await view.read(path)) ?? '';
    const style = IMPORTS_UNITTEST.test(text) && !PLAIN_TEST.test(text) ? 'unittest' : 'pytest';
    return { dir, path, style };
  }
  return undefined;
}

export interface Interpreter {
  /** Runs Python with the project's packages. */
  readonly run: string;
  readonly setup: readonly string[];
}

/** How Python is run with the project's packages. */
export async function interpreterOf(view: FilesView, { windows }: DetectOptions): Promise<Interpreter> {
  const inside = windows === true ? 'Scripts/python.exe' : 'bin/python';
  const python = windows === true ? 'python' : 'python3';
  if (await view.exists('uv.lock')) return { run: 'uv run python', setup: ['uv sync --frozen'] };
  if (await view.exists('poetry.lock')) return { run: 'poetry run python', setup: ['poetry install'] };
  if (await view.exists('Pipfile.lock')) return { run: 'pipenv run python', setup: ['pipenv sync --dev'] };
  for (const dir of ['.venv', 'venv', 'env']) {
    if (await view.exists(`${dir}/${inside}`)) return { run: `${dir}/${inside}`, setup: [] };
  }
  // Nothing is ever installed into the machine's own Python.
  return { run: python, setup: [] };
}
