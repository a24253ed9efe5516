/** Which files of a tree are broken to see whether its tests load them, and how. Pure. */
import { configuresTests } from '../runner-files.ts';
import { isTestFile } from '../weaken/languages.ts';

/** Makes a text one that cannot run. The marker is a word that stands nowhere else. */
type Breaking = (text: string, marker: string) => string;

/** The rest stays, so that types are still right and names still there: what fails then is loading it. */
const before =
  (statement: (marker: string) => string): Breaking =>
  (text, marker) => {
    const shebang = /^#!.*\n?/.exec(text)?.[0] ?? '';
    return `${shebang}${statement(marker)}\n${text.slice(shebang.length)}`;
  };

const instead =
  (text: (marker: string) => string): Breaking =>
  (_, marker) =>
    `${text(marker)}\n`;

const WAYS: readonly (readonly [files: RegExp, breaking: Breaking])[] = [
  [/\.[cm]?[jt]sx?$/, before((marker) => `throw new Error('${marker}');`)],
  [/\.py$/, before((marker) => `raise RuntimeError('${marker}')`)],
  [/\.rb$/, before((marker) => `raise '${marker}'`)],
  [/\.php$/, instead((marker) => `<?php throw new \\RuntimeException('${marker}');`)],
  [/\.(vue|svelte)$/, instead((marker) => `<script>throw new Error('${marker}');</script>`)],
  [
    /\.(go|rs|java|kt|scala|groovy|cs|fs|vb|swift|dart|zig|hs|ml|c|cc|cpp|cxx|h|hh|hpp|hxx|mm?)$/,
    instead((marker) => `${marker} stands here to see whether the tests load this file.`),
  ],
];

/** Written by tools, declarations only, or minified. */
const GENERATED =
  /\.(min|bundle)\.[cm]?js$|\.d\.[cm]?ts$|_pb2(_grpc)?\.py$|\.pb\.(go|cc|h)$|\.(g|generated|gen|designer)\.\w+$|[._-]generated\.\w+$/i;
/** Tests of languages in which only names tell them, and what only tests read. */
const TESTS =
  /(^|\/)(unit-?tests?|testing|testdata|fixtures?)\/|(^|\/)(test|test[_-][^/]*|[^/]*[._-](tests?|unittest|specs?))\.\w+$|[a-z0-9]Tests?\.\w+$/;
/** Runners, builders and linters load these whatever the tests load. */
const CONFIGURES =
  /\.config\.[cm]?[jt]s$|(^|\/)\.[^/]*rc\.[cm]?[jt]s$|(^|\/)(gulpfile|gruntfile|(jest|vitest|mocha|ava|karma)[._-][^/]*|(setup|global)[._-]?(tests?|setup))\.[cm]?[jt]sx?$|(^|\/)(setup|noxfile|fabfile|conanfile|manage)\.py$|(^|\/)(build\.rs|Package\.swift)$/i;

/** Folders of packages, and of what builders make. */
const APART =
  /^(node_modules|bower_components|vendor|third_party|site-packages|\.venv|venv|obj|generated|coverage)$/;
const BUILT = /^(dist|build|out|target)$/;

/** True where nothing of a folder is broken. A folder below `src` holds sources, whatever its name. */
export function isApart(folder: string): boolean {
  const parts = folder.split('/');
  return parts.some(
    (name, at) =>
      APART.test(name) || /^\../.test(name) || (BUILT.test(name) && !parts.slice(0, at).includes('src')),
  );
}

/** True where the file is source code of the project: no test, no configuration, not generated. */
export function isSource(path: string): boolean {
  return (
    WAYS.some(([files]) => files.test(path)) &&
    !isTestFile(path) &&
    ![GENERATED, TESTS, CONFIGURES].some((others) => others.test(path)) &&
    !configuresTests(path) &&
    !isApart(path.split('/').slice(0, -1).join('/'))
  );
}

/** The text of a source file, made so that it can neither be compiled nor run. */
export function broken(path: string, text: string, marker: string): string {
  return WAYS.find(([files]) => files.test(path))?.[1](text, marker) ?? text;
}

/** Files that a command starts: they begin the tests, so that they must run. */
export function startedBy(command: string): ReadonlySet<string> {
  const words = command
    .split(/[\s"'`=;&|()]+/)
    .map((word) => word.replaceAll('\\', '/').replace(/^\.\//, ''));
  return new Set(words.flatMap((word) => [word, `${word.replaceAll('.', '/')}.py`]));
}

/** The scripts of a package that run its tests; empty where the text is no such file. */
export function testScripts(packageText: string | undefined): readonly string[] {
  try {
    const { scripts } = JSON.parse(packageText ?? '{}') as { readonly scripts?: object };
    return Object.entries(scripts ?? {}).flatMap(([name, script]) =>
      /test/.test(name) && typeof script === 'string' ? [script] : [],
    );
  } catch {
    return [];
  }
}

/** True where a file at the root of a tree tells how its tests are set up: it pins packages, or says where code is found. */
export function tellsSetup(name: string): boolean {
  return (
    configuresTests(name) ||
    /^(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(lock|workspace)\.yaml|bun\.lockb?|tsconfig[\w.-]*\.json|pyproject\.toml|setup\.py|requirements[\w.-]*\.txt|(uv|poetry)\.lock|Pipfile(\.lock)?|go\.(mod|sum|work)|Cargo\.(toml|lock)|pom\.xml|(build|settings)\.gradle(\.kts)?|composer\.(json|lock)|Gemfile(\.lock)?|CMakeLists\.txt|Makefile)$/.test(
      name,
    )
  );
}
