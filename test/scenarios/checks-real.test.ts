/** Real monorepos at the terminal, checked by their own programs: a coder that makes a fault in one package, silences it, then mends it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { GateReport, JournalLine } from '../../src/protocol/events.ts';
import { agent, edit, result, script } from './parts.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

let door: TerminalDoor;
before(async () => {
  // The door has a home of its own; where Rust is, its programs look for in the person's.
  const rust = process.env['RUSTUP_HOME'] ?? join(userInfo().homedir, '.rustup');
  door = await openTerminalDoor(async () => ({ RUSTUP_HOME: rust }));
});
after(() => door.close());

interface Project {
  readonly name: string;
  /** A program that has to be there, and what it is asked. */
  readonly needs: readonly [program: string, ...args: string[]];
  readonly files: Readonly<Record<string, string>>;
  readonly options: readonly string[];
  readonly path: string;
  readonly good: string;
  /** A fault that no test sees, the same with its checker silenced, and none again. */
  readonly bad: string;
  readonly silent: string;
  readonly mended: string;
  /** Folder and program of the checks that the change asks for. */
  readonly checks: readonly string[];
  readonly fault: RegExp;
  readonly silenced: RegExp;
}

const goTest =
  'package PKG\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {\n\tif 1 != 1 {\n\t\tt.Fatal("no")\n\t}\n}\n';
const cargoPackage = (name: string): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[lints]\nworkspace = true\n`;
const rustTest = '\n#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n';

const PROJECTS: readonly Project[] = [
  {
    name: 'a workspace of Go modules',
    needs: ['go', 'version'],
    files: {
      'go.work': 'go 1.18\n\nuse (\n\t./api\n\t./lib\n\t./other\n)\n',
      'lib/go.mod': 'module example.com/lib\n\ngo 1.18\n',
      'lib/lib.go': 'package lib\n\nfunc Add(a int, b int) int {\n\treturn a + b\n}\n',
      'lib/lib_test.go': goTest.replace('PKG', 'lib'),
      'api/go.mod': 'module example.com/api\n\ngo 1.18\n\nrequire example.com/lib v0.0.0\n',
      'api/api.go':
        'package api\n\nimport "example.com/lib"\n\nfunc Sum() int {\n\treturn lib.Add(1, 2)\n}\n',
      'other/go.mod': 'module example.com/other\n\ngo 1.18\n',
      'other/other.go': 'package other\n',
    },
    options: ['--test-command', 'go test -v ./lib/... ./api/...'],
    path: 'lib/lib.go',
    good: '\treturn a + b\n',
    bad: '\ta = a\n\treturn a + b\n',
    silent: '\ta = a //nolint:govet // it stays\n\treturn a + b\n',
    mended: '\treturn b + a\n',
    checks: ['lib: go vet ./...', 'api: go vet ./...'],
    fault: /lib\/lib\.go:4: self-assignment of a/,
    silenced: /lib\/lib\.go:4: It keeps golangci-lint silent about govet.*"it stays"/,
  },
  {
    name: 'a workspace of Cargo packages with clippy',
    needs: ['cargo', 'clippy', '--version'],
    files: {
      '.gitignore': 'target/\n',
      'Cargo.toml':
        '[workspace]\nmembers = ["one", "two"]\nresolver = "2"\n\n[workspace.lints.clippy]\nneedless_return = "deny"\n',
      'one/Cargo.toml': cargoPackage('one'),
      'one/src/lib.rs': `pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n${rustTest}`,
      'two/Cargo.toml': cargoPackage('two'),
      'two/src/lib.rs': 'pub fn two() -> i32 {\n    2\n}\n',
    },
    options: ['--check', 'lint=block'],
    path: 'one/src/lib.rs',
    good: 'pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n',
    bad: 'pub fn add(a: i32, b: i32) -> i32 {\n    return a + b;\n}\n',
    silent: '#[allow(clippy::needless_return)]\npub fn add(a: i32, b: i32) -> i32 {\n    return a + b;\n}\n',
    mended: 'pub fn add(a: i32, b: i32) -> i32 {\n    b + a\n}\n',
    checks: ['cargo check --workspace --all-targets', 'cargo clippy --workspace --all-targets'],
    fault: /one\/src\/lib\.rs:2: unneeded `return` statement \(clippy::needless_return\)/,
    silenced: /one\/src\/lib\.rs:1: It keeps the compiler silent about clippy::needless_return.*no reason/,
  },
];

async function lay(folder: string, files: Project['files']): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
}

const named = ({ checks = [] }: GateReport): readonly string[] =>
  checks.map(({ folder, command }) => (folder === undefined ? command : `${folder}: ${command}`));

for (const [index, project] of PROJECTS.entries()) {
  const [program, ...args] = project.needs;
  const absent = spawnSync(program, args).status !== 0 && `${project.needs.join(' ')} does not work here`;
  test(
    `${project.name}: a fault is found by its package's own check, and only the fix is green`,
    { skip: absent },
    async () => {
      const { path, good, bad, silent, mended } = project;
      const folder = join(door.room, `monorepo-${index}`);
      const coder = join(door.room, `monorepo-${index}.json`);
      await lay(folder, project.files);
      const rounds = [edit(path, good, bad), edit(path, bad, silent), edit(path, silent, mended)];
      await fs.writeFile(
        coder,
        JSON.stringify(
          script(
            agent(
              'coder',
              rounds.map((each) => [each, result()]),
            ),
          ),
        ),
      );
      const run = door.start(
        ...['run', 'Write the sum in another way.', '--workspace', folder, '--script', coder],
        ...['--quick', '--approve', 'none', '--apply', '--json', '--no-coverage', ...project.options],
      );
      const code = await run.ended;
      const lines = run.said.out
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text) as JournalLine);
      const gates = lines.flatMap((line) =>
        line.type === 'gate.finished' && line.data.scope === 'task' ? [line.data.report] : [],
      );
      const told = `${run.said.err}\n${JSON.stringify(gates, undefined, 1)}`;
      assert.deepEqual(
        gates.map(({ verdict }) => verdict),
        ['red', 'red', 'green'],
        told,
      );
      const [faulty, silenced, done] = gates;
      assert.deepEqual(faulty && named(faulty), project.checks, told);
      assert.match(faulty?.reasons.join('\n') ?? '', project.fault);
      assert.match(silenced?.reasons.join('\n') ?? '', project.silenced);
      assert.deepEqual(
        done?.checks?.map(({ verdict }) => verdict),
        project.checks.map(() => 'clean'),
        told,
      );
      assert.equal(code, 0, told);
      assert.match(await fs.readFile(join(folder, path), 'utf8'), /b \+ a/);
    },
  );
}
