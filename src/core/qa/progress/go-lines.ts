/** The events of `go test -json`, as they come; other lines are read as the console's. */
import type { TestStatus } from '../report.ts';
import type { LineReader, LineSays } from './line.ts';

const STATUS: Readonly<Record<string, TestStatus>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** A test that has others in it is none itself. */
export function goLine(console: LineReader): LineReader {
  const holding = new Set<string>();
  return (line) => {
    if (!line.startsWith('{')) return console(line);
    const { Action: action = '', Test: name, Package: from = '', Elapsed: seconds } = eventOf(line);
    if (name === undefined) return {};
    const id = `${from} > ${name}`;
    if (action === 'run') return begun(holding, from, name);
    const status = STATUS[action];
    if (status === undefined || holding.delete(id)) return {};
    return { ended: { name: id, status, ...(seconds !== undefined && { durationMs: seconds * 1000 }) } };
  };
}

function begun(holding: Set<string>, from: string, name: string): LineSays {
  const started = `${from} > ${name}`;
  const above = name.includes('/') ? `${from} > ${name.slice(0, name.lastIndexOf('/'))}` : undefined;
  if (above === undefined) return { started };
  holding.add(above);
  return { started, holds: above };
}

interface GoEvent {
  readonly Action?: string;
  readonly Test?: string;
  readonly Package?: string;
  readonly Elapsed?: number;
}

function eventOf(line: string): GoEvent {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return {};
    const { Action, Test, Package, Elapsed } = value as Record<string, unknown>;
    return {
      ...(typeof Action === 'string' && { Action }),
      ...(typeof Test === 'string' && { Test }),
      ...(typeof Package === 'string' && { Package }),
      ...(typeof Elapsed === 'number' && { Elapsed }),
    };
  } catch {
    return {};
  }
}
