/** The TRX of `dotnet test`. */
import { attribute, isXml, listOf, numberOf, parseXml, textOf } from './xml.ts';
import { makeReport } from '../report.ts';
import type { FoundTest, ReportError, TestReport } from '../report.ts';
import type { Xml } from './xml.ts';

/** `undefined` where the text is no TRX; broken XML is `truncated`. */
export function parseTrx(text: string): TestReport | undefined {
  const start = text.search(/<\?xml|<TestRun[\s>]/);
  if (start < 0 || !/<TestRun[\s>]/.test(text)) return undefined;
  const root = parseXml(text.slice(start).trim());
  const run = root?.['TestRun'];
  if (/<!(DOCTYPE|ENTITY)/i.test(text) || !isXml(run))
    return makeReport({
      runner: 'dotnet',
      status: 'truncated',
      tests: [],
      notes: ['The XML is broken or was cut off.'],
    });
  const classes = classesOf(run);
  const tests = listOf(child(run, 'Results'), 'UnitTestResult').map((result) => testOf(result, classes));
  const summary = child(run, 'ResultSummary');
  const counters = child(summary, 'Counters');
  const failed = tests.filter((test) => test.status === 'failed').length;
  const told = ['failed', 'error', 'timeout', 'aborted'].reduce(
    (sum, name) => sum + numberOf(counters, name),
    0,
  );
  const whole = numberOf(counters, 'total') === tests.length && told === failed;
  return makeReport({
    runner: 'dotnet',
    status: whole ? 'complete' : 'truncated',
    tests,
    errors: errorsOf(summary),
  });
}

function child(node: Xml, name: string): Xml {
  const value = node[name];
  return isXml(value) ? value : {};
}

/** The class of each test, by the id of its definition. */
function classesOf(run: Xml): ReadonlyMap<string, string> {
  return new Map(
    listOf(child(run, 'TestDefinitions'), 'UnitTest').map((test) => [
      attribute(test, 'id') ?? '',
      attribute(child(test, 'TestMethod'), 'className') ?? '',
    ]),
  );
}

const STATUS: Readonly<Record<string, FoundTest['status']>> = {
  Passed: 'passed',
  PassedButRunAborted: 'passed',
  NotExecuted: 'skipped',
};

function testOf(result: Xml, classes: ReadonlyMap<string, string>): FoundTest {
  const owner = classes.get(attribute(result, 'testId') ?? '') ?? '';
  const name = attribute(result, 'testName') ?? '';
  const status = STATUS[attribute(result, 'outcome') ?? ''] ?? 'failed';
  const info = child(child(result, 'Output'), 'ErrorInfo');
  const message = wordsOf(info, 'Message');
  const place = / in (.+):line (\d+)/.exec(wordsOf(info, 'StackTrace'));
  const ms = millisecondsOf(attribute(result, 'duration'));
  return {
    path: owner === '' ? [name] : [owner, name.startsWith(`${owner}.`) ? name.slice(owner.length + 1) : name],
    fileInId: false,
    status,
    ...(ms === undefined ? {} : { durationMs: ms }),
    ...(status !== 'failed' ? {} : { message: message || 'failed', ...comparedIn(message) }),
    ...(status !== 'failed' || place === null ? {} : { file: place[1] ?? '', line: Number(place[2]) }),
  };
}

function wordsOf(node: Xml, name: string): string {
  const value = node[name];
  return isXml(value) ? textOf(value).trim() : textOf({ '#text': value }).trim();
}

function millisecondsOf(duration: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):([\d.]+)$/.exec(duration ?? '') ?? [];
  return seconds === undefined
    ? undefined
    : (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

function comparedIn(message: string): Pick<FoundTest, 'expected' | 'actual'> {
  const angled = /Expected:<(.*?)>\. Actual:<(.*?)>/s.exec(message);
  const expected = angled?.[1] ?? /^\s*Expected: (.+)$/m.exec(message)?.[1];
  const actual = angled?.[2] ?? /^\s*(?:Actual|But was): +(.+)$/m.exec(message)?.[1];
  return expected === undefined || actual === undefined
    ? {}
    : { expected: expected.trim(), actual: actual.trim() };
}

/** What the run says of itself besides its tests: a host that crashed, a fixture that broke. */
function errorsOf(summary: Xml): readonly ReportError[] {
  return listOf(child(summary, 'RunInfos'), 'RunInfo')
    .filter((info) => attribute(info, 'outcome') === 'Error')
    .map((info) => ({ message: wordsOf(info, 'Text') || 'The test host broke.' }));
}
