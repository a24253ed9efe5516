/** How the tests of projects in other languages run: each kind is told by files that only it has. */
import { instrument, setupOf } from './flags.ts';
import type { FilesView, TestSetup } from '../test-setup.ts';

/** What was found, before reports are asked for. */
interface Find {
  readonly line: string;
  readonly why: string;
  readonly setUp?: readonly string[];
}

interface Kind {
  readonly name: string;
  readonly find: (view: FilesView) => Promise<Find | undefined>;
}

const KINDS: readonly Kind[] = [
  { name: 'Go', find: findGo },
  { name: 'Rust', find: findCargo },
  { name: 'Maven', find: findMaven },
  { name: 'Gradle', find: findGradle },
  { name: '.NET', find: findDotnet },
  { name: 'PHP', find: findPhp },
  { name: 'Ruby', find: findRuby },
  { name: 'CMake', find: findCmake },
];

/** All kinds that are there, best first. Errors: what the view throws. */
export async function detectOthers(view: FilesView): Promise<readonly TestSetup[]> {
  const found: TestSetup[] = [];
  for (const { find } of KINDS) {
    const its = await find(view);
    if (its === undefined) continue;
    const setup = setupOf(instrument(its.line), { label: its.line, why: its.why });
    found.push(its.setUp === undefined ? setup : { ...setup, setupCommands: its.setUp });
  }
  return found;
}

/** For people: what is looked for. */
export const OTHER_KINDS = KINDS.map(({ name }) => name).join(', ');

async function findGo(view: FilesView): Promise<Find | undefined> {
  if (await view.exists('go.work')) return { line: 'go test ./...', why: 'There is a go.work.' };
  return (await view.exists('go.mod')) ? { line: 'go test ./...', why: 'There is a go.mod.' } : undefined;
}

async function findCargo(view: FilesView): Promise<Find | undefined> {
  const manifest = await view.read('Cargo.toml');
  if (manifest === undefined) return undefined;
  const all = /^\[workspace\b/m.test(manifest) ? ' --workspace' : '';
  if (await view.exists('.config/nextest.toml'))
    return { line: `cargo nextest run${all}`, why: 'There is a .config/nextest.toml.' };
  return { line: `cargo test${all}`, why: 'There is a Cargo.toml.' };
}

async function findMaven(view: FilesView): Promise<Find | undefined> {
  if (!(await view.exists('pom.xml'))) return undefined;
  const program = (await view.exists('mvnw')) ? 'sh ./mvnw' : 'mvn';
  return { line: `${program} test`, why: 'There is a pom.xml.' };
}

async function findGradle(view: FilesView): Promise<Find | undefined> {
  for (const file of ['settings.gradle', 'settings.gradle.kts', 'build.gradle', 'build.gradle.kts']) {
    if (!(await view.exists(file))) continue;
    const program = (await view.exists('gradlew')) ? 'sh ./gradlew' : 'gradle';
    return { line: `${program} test --continue`, why: `There is a ${file}.` };
  }
  return undefined;
}

async function findDotnet(view: FilesView): Promise<Find | undefined> {
  for (const dir of ['', 'src', 'test', 'tests']) {
    const names = (await view.list?.(dir)) ?? [];
    const name =
      names.find((each) => /\.slnx?$/.test(each)) ?? names.find((each) => /\.(cs|fs|vb)proj$/.test(each));
    if (name === undefined || /["$`\\]/.test(name)) continue;
    const path = dir === '' ? name : `${dir}/${name}`;
    return { line: `dotnet test "${path}"`, why: `There is a ${path}.` };
  }
  return undefined;
}

async function findPhp(view: FilesView): Promise<Find | undefined> {
  const setUp = (await view.exists('composer.lock')) ? ['composer install --no-interaction'] : undefined;
  const program =
    setUp === undefined && !(await view.exists('vendor/bin/phpunit')) ? 'phpunit' : 'vendor/bin/phpunit';
  for (const file of ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml']) {
    if (await view.exists(file))
      return { line: program, why: `There is a ${file}.`, ...(setUp && { setUp }) };
  }
  const composer = (await view.read('composer.json')) ?? '';
  if (!/"phpunit\/phpunit"/.test(composer)) return undefined;
  const dir = (await view.exists('tests')) ? 'tests' : 'test';
  return { line: `${program} ${dir}`, why: 'composer.json speaks of PHPUnit.', ...(setUp && { setUp }) };
}

async function findRuby(view: FilesView): Promise<Find | undefined> {
  const gems = await view.read('Gemfile.lock');
  const setUp = gems === undefined ? {} : { setUp: ['bundle install'] };
  const exec = (await view.exists('Gemfile')) ? 'bundle exec ' : '';
  const specs = ((await view.list?.('spec')) ?? []).find(
    (name) => name.endsWith('_spec.rb') || name === 'spec_helper.rb',
  );
  if ((await view.exists('.rspec')) || specs !== undefined) {
    const why = specs === undefined ? 'There is a .rspec.' : `There is spec/${specs}.`;
    return { line: `${exec}rspec`, why, ...setUp };
  }
  if ((await view.exists('bin/rails')) && (await view.exists('test')))
    return { line: 'ruby bin/rails test -v', why: 'There are bin/rails and tests.', ...setUp };
  const rake = (await view.read('Rakefile')) ?? '';
  if (/TestTask/.test(rake))
    return { line: `${exec}rake test`, why: 'The Rakefile has a test task.', ...setUp };
  const test = ((await view.list?.('test')) ?? []).find((name) => /^test_.*\.rb$|_test\.rb$/.test(name));
  if (test === undefined) return undefined;
  const load = `Dir["./test/**/{test_*,*_test}.rb"].sort.each { |f| require f }`;
  return { line: `${exec}ruby -Ilib -Itest -e '${load}' -- -v`, why: `There is test/${test}.`, ...setUp };
}

async function findCmake(view: FilesView): Promise<Find | undefined> {
  const lists = await view.read('CMakeLists.txt');
  if (lists === undefined || !/\b(enable_testing|include\s*\(\s*CTest)\b/i.test(lists)) return undefined;
  const build = 'cmake -S . -B build && cmake --build build';
  return { line: `${build} && ctest --test-dir build`, why: 'CMakeLists.txt enables testing.' };
}
