/**
 * A reporter for node's own test runner (18.20 and newer). None of its built-in ones names file and line of every test on
 * every version. One JSON object a line; the last is `{"type":"end"}`, so that a cut report is known as one.
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
export default async function* report(events) {
  const written = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:stderr') {
      written.set(data.file, ((written.get(data.file) ?? '') + data.message).slice(0, OUTPUT_MAX));
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, nesting, file, line, skip, todo, details } = data;
    const own = { type, name, nesting, file, line, skip, todo, kind: details?.type, ms: details?.duration_ms };
    yield JSON.stringify({ ...own, ...failure(details?.error, written.get(name)) }) + '\\n';
  }
  yield '{"type":"end"}\\n';
}
`;
