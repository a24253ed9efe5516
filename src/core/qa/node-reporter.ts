/**
 * A reporter for node's own test runner (18.20 and newer). None of its built-in ones names file and line of every test on
 * every version. One JSON object a line; the last is `{"type":"end"}`, so that a cut report is known as one. What begins is told too, as
 * `begin`: where the time is up, what has not ended is known by `of`.
 */
export const NODE_REPORTER = `import { inspect } from 'node:util';

const OUTPUT_MAX = 4000;
const show = (value) => (typeof value === 'string' ? value : inspect(value, { depth: 6, breakLength: 100 }));
const has = (value, key) => typeof value === 'object' && value !== null && key in value;

function failure(error, written) {
  if (error === undefined) return {};
  const cause = error.cause ?? error;
  const compared = has(cause, 'expected') && has(cause, 'actual');
  return {
    failure: error.failureType,
    exit: error.exitCode ?? error.signal,
    message: has(cause, 'message') ? cause.message : show(cause),
    stack: has(cause, 'stack') ? cause.stack : undefined,
    written,
    ...(compared ? { expected: show(cause.expected), actual: show(cause.actual) } : {}),
  };
}

// Node reports a file that breaks as a test with the file's name.
const isFile = ({ name, file }) => name === file || (file ?? '').endsWith('/' + name) || (file ?? '').endsWith('\\\\' + name);
const keyOf = ({ name, nesting, file, line, column }) => JSON.stringify([file, line, column, nesting, name]);
const ofOf = ({ name, nesting, file, line }) => JSON.stringify([file, line, nesting, name]);

export default async function* report(events) {
  const written = new Map();
  const running = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:stderr') {
      written.set(data.file, ((written.get(data.file) ?? '') + data.message).slice(0, OUTPUT_MAX));
    }
    if (type === 'test:dequeue' && !isFile(data)) {
      const key = keyOf(data);
      running.set(key, { data, count: (running.get(key)?.count ?? 0) + 1 });
      const { name, file, nesting } = data;
      yield JSON.stringify({ type: 'begin', name, file, nesting, of: ofOf(data) }) + '\\n';
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const open = running.get(keyOf(data));
    if (open !== undefined) open.count -= 1;
    const { name, nesting, file, line, skip, todo, details } = data;
    const own = { type, name, nesting, file, line, skip, todo, kind: details?.type, ms: details?.duration_ms, of: ofOf(data) };
    yield JSON.stringify({ ...own, ...failure(details?.error, written.get(name)) }) + '\\n';
  }
  // A test that began and never ended: its process ended first, be it with code 0.
  for (const { data, count } of running.values()) {
    const { name, file, line } = data;
    if (count > 0) yield JSON.stringify({ type: 'unfinished', name, file, line }) + '\\n';
  }
  yield '{"type":"end"}\\n';
}
`;
