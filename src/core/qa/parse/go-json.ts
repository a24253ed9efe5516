/** The events of `go test -json`: one JSON object a line, with the words of the build in between. */
import * as z from 'zod';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';

const Event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Elapsed: z.number().optional(),
  Output: z.string().optional(),
});
type Event = z.infer<typeof Event>;

/** One package, or one test of it, as its events tell it. */
interface Told {
  status: 'pass' | 'fail' | 'skip' | undefined;
  seconds: number | undefined;
  output: string;
}

const START = /^\{"(?:Time|Action|ImportPath)"/;
const ENDS = new Set(['pass', 'fail', 'skip']);

/** `undefined` where the text holds no such event. Files are told relative to what all packages have in common. */
export function parseGoJson(text: string): TestReport | undefined {
  const lines = text.split('\n');
  const events = lines.filter((line) => START.test(line)).map(eventOf);
  const failsToBuild = /^FAIL\s+\S+ \[(?:build|setup) failed\]$/m.test(text);
  if (!failsToBuild && !events.some((event) => event?.Package !== undefined)) return undefined;
  const { packages, tests, builds } = fold(events.flatMap((event) => event ?? []));
  const module = commonOf([...packages.keys()]);
  const listed = [...tests].flatMap(([key, told]) => testOf(key, told, module) ?? []);
  const unfinished = [...tests].filter(([, told]) => told.status === undefined);
  const errors = [
    ...unfinished.map(([key]) => ({
      message: `"${nameOf(key)}" began and did not end: its process ended first`,
    })),
    ...unbuilt(lines, packages),
    ...[...packages].flatMap(
      ([name, told]) => packageError(name, told, { tests, said: builds + plainOf(lines) }) ?? [],
    ),
  ];
  const whole =
    events.every((event) => event !== undefined) &&
    [...packages.values()].every((its) => its.status !== undefined);
  return makeReport({
    runner: 'go',
    status: whole ? 'complete' : 'truncated',
    tests: listed,
    errors,
    notes: [...packages]
      .filter(([, its]) => its.status === 'skip')
      .map(([name]) => `${name} has no test files.`),
  });
}

function eventOf(line: string): Event | undefined {
  try {
    return Event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function fold(events: readonly Event[]): {
  readonly packages: Map<string, Told>;
  /** By package and test, with a line break between. */
  readonly tests: Map<string, Told>;
  readonly builds: string;
} {
  const [packages, tests] = [new Map<string, Told>(), new Map<string, Told>()];
  let builds = '';
  for (const event of events) {
    if (event.Action === 'build-output') builds += event.Output ?? '';
    if (event.Package === undefined) continue;
    take(packages, event.Package, event.Test === undefined ? event : { Action: 'run' });
    if (event.Test !== undefined) take(tests, `${event.Package}\n${event.Test}`, event);
  }
  return { packages, tests, builds };
}

function take(into: Map<string, Told>, key: string, event: Event): void {
  const told = into.get(key) ?? { status: undefined, seconds: undefined, output: '' };
  into.set(key, told);
  told.output += event.Output ?? '';
  if (!ENDS.has(event.Action)) return;
  told.status = event.Action as Told['status'];
  told.seconds = event.Elapsed;
}

function commonOf(packages: readonly string[]): string {
  const [first = [], ...others] = packages.map((name) => name.split('/'));
  let length = first.length;
  for (const parts of others) {
    const differs = parts.findIndex((part, at) => part !== first[at]);
    length = Math.min(length, differs < 0 ? parts.length : differs);
  }
  return first.slice(0, length).join('/');
}

function nameOf(key: string): string {
  return key.split('\n')[1] ?? key;
}

const STATUS = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;
/** What the runner prints around a test's own words. */
const FRAME = /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\b.*|--- (?:PASS|FAIL|SKIP): .*)\n?/gm;

function testOf(key: string, told: Told, module: string): FoundTest | undefined {
  if (told.status === undefined) return undefined;
  const [owner = '', name = ''] = key.split('\n');
  const status = STATUS[told.status];
  const said = told.output.replace(FRAME, '').trim();
  const place = status === 'failed' ? /(?:^|[\s/])([\w.-]+\.go):(\d+)/.exec(said) : null;
  const folder = owner.slice(module.length + 1);
  return {
    path: [owner, ...name.split('/')],
    fileInId: false,
    status,
    ...(told.seconds === undefined ? {} : { durationMs: told.seconds * 1000 }),
    ...(place === null
      ? {}
      : { file: folder === '' ? (place[1] ?? '') : `${folder}/${place[1] ?? ''}`, line: Number(place[2]) }),
    ...(status === 'failed' ? { message: said || 'failed', ...comparedIn(said) } : {}),
  };
}

/** `got 1, want 2` is how Go's tests say it; testify has lines of its own. */
function comparedIn(said: string): Pick<FoundTest, 'expected' | 'actual'> {
  const plain = /\bgot:? (.+?)[,;]? want(?:ed)?:? (.+)$/im.exec(said);
  if (plain?.[1] !== undefined && plain[2] !== undefined) return { actual: plain[1], expected: plain[2] };
  const expected = /^\s*expected\s*: (.+)$/m.exec(said)?.[1];
  const actual = /^\s*actual\s*: (.+)$/m.exec(said)?.[1];
  return expected === undefined || actual === undefined ? {} : { expected, actual };
}

/** A package that failed without a failing test: it does not build, or its process died. */
function packageError(
  name: string,
  told: Told,
  { tests, said }: { readonly tests: ReadonlyMap<string, Told>; readonly said: string },
): ReportError | undefined {
  if (told.status !== 'fail') return undefined;
  const failing = [...tests].some(([key, its]) => key.startsWith(`${name}\n`) && its.status === 'fail');
  if (failing) return undefined;
  const place = /^\S*?([\w./-]+\.go):(\d+):\d+: (.+)$/m.exec(said);
  const own = told.output.replace(/^(FAIL|ok)\s.*\n?/gm, '').trim();
  const built = /\[(build|setup) failed\]/.test(told.output) || own === '';
  if (built && place !== null)
    return {
      message: `${name}: ${place[3] ?? 'does not build'}`,
      file: (place[1] ?? '').replace(/^\.\//, ''),
      line: Number(place[2]),
    };
  return { message: `${name}: ${own || 'failed'}` };
}

/** Before go 1.24 a package that does not build is told in plain words between the events. */
function unbuilt(lines: readonly string[], packages: ReadonlyMap<string, Told>): readonly ReportError[] {
  const said = plainOf(lines);
  return lines.flatMap((line) => {
    const [, name, why] = /^FAIL\s+(\S+) \[((?:build|setup) failed)\]$/.exec(line) ?? [];
    if (name === undefined || why === undefined || packages.has(name)) return [];
    return (
      packageError(
        name,
        { status: 'fail', seconds: undefined, output: `[${why}]` },
        { tests: new Map(), said },
      ) ?? []
    );
  });
}

function plainOf(lines: readonly string[]): string {
  return lines.filter((line) => !START.test(line)).join('\n');
}
