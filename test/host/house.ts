/** A desk whose house only remembers what it was asked. */
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { PortError } from '../../src/core/ports.ts';
import type { Engine, LiveRun, LiveText, RunEnd } from '../../src/core/run/contract.ts';
import type { Backend } from '../../src/editor/backend.ts';
import { Desk } from '../../src/editor/desk.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import type { RunEntry, RunView } from '../../src/protocol/view.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';

const settings = RunSettings.parse({
  endpoints: [{ id: 'e', kind: 'scripted', model: 'm' }],
  routes: { default: ['e'] },
});

export const viewOf = (id: string, more: Partial<RunView> = {}): RunView => ({
  id,
  goal: `goal of ${id}`,
  mode: 'team',
  demo: false,
  status: 'paused',
  startedAt: 0,
  updatedAt: 0,
  lastSeq: 1,
  tasks: [],
  agents: [],
  needs: [],
  active: [],
  feed: [],
  spent: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, calls: 0, costUsd: null },
  budget: {},
  ledger: [],
  evidence: {},
  ...more,
});

/** A house that only remembers what it was asked. */
export function house(views: readonly RunView[], owned: readonly string[] = [], damaged = new Set<string>()) {
  const calls: string[] = [];
  const ends = new Map<string, (end: RunEnd) => void>();
  /** Called with what is said in runs. */
  const listeners = new Set<(text: LiveText) => void>();
  const followers = new Map<string, (view: RunView) => void>();
  const live = (id: string): LiveRun => ({
    id,
    ended: new Promise((resolve) => ends.set(id, resolve)),
    stop: async (_reason, { drain = false } = {}) => {
      calls.push(`stop ${id}${drain ? ' when it has drained' : ''}`);
      ends.get(id)?.({ kind: 'paused', reason: 'stopped', message: 'Stopped.' });
    },
  });
  const unused = async () => assert.fail('the desk has no business here');
  const engine: Engine = {
    change: async () => undefined,
    fork: unused,
    resend: async (id, message, to = 'whoever it was for') =>
      void calls.push(`resend ${id} ${String(message)} to ${to}`),
    replay: unused,
    apply: unused,
    undo: unused,
    previewUndo: unused,
    commit: unused,
    previewCommit: unused,
    start: async ({ goal }) => (calls.push(`start ${goal}`), live('new')),
    resume: async (id, changes = {}) => (calls.push(`resume ${id} ${JSON.stringify(changes)}`), live(id)),
    live: () => undefined,
    onText: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    answer: async (id, signal, value, from) =>
      void calls.push(`answer ${id} ${signal} ${JSON.stringify(value)} ${from}`),
    steer: async (id, text) => void calls.push(`steer ${id} ${text}`),
    close: async () => void calls.push('close'),
  };
  const all = [...views, viewOf('new', { status: 'working' })];
  const find = (id: string) => {
    const found = all.find((view) => view.id === id);
    if (found === undefined) throw new PortError('run.missing', `There is no run ${id}.`);
    return found;
  };
  const backend: Backend = {
    views: {
      list: async () => views.map((view): RunEntry => ({ ...view, origin: 'editor' })),
      view: async (id) => find(id),
      follow: (id, changed, failed) => {
        followers.set(id, changed);
        if (damaged.has(id)) failed?.(new PortError('journal.damaged', `The journal of ${id} is damaged.`));
        else changed(find(id));
        return { dispose: () => followers.delete(id) };
      },
      picture: async () => undefined,
      watchList: () => ({ dispose: () => undefined }),
    },
    store: {
      isOwned: async (id) => owned.includes(id),
      owner: async (id) => (owned.includes(id) ? 'process 7 on elsewhere' : undefined),
      putSignal: async (id, { name, value }) =>
        void calls.push(`signal ${id} ${name} ${JSON.stringify(value)}`),
      watch: () => ({ dispose: () => undefined }),
    },
    copies: { read: async () => undefined, names: async () => undefined, diff: async () => [] },
    record: () => assert.fail('the desk looks into no record'),
    engine: async () => engine,
    checkPlan: async () => ({ problems: [] }),
    roles: { list: async () => [], add: async () => '', approve: async () => undefined },
    tests: {
      kept: unused,
      keep: unused,
      known: unused,
      files: async () => [],
      told: async () => [],
      lacksPackages: async () => false,
      install: unused,
    },
    permissions: { list: async () => [], add: async () => undefined, remove: async () => false },
    audit: async () => '',
    verify: async () => ({ lines: 0, blobs: 0, problems: [] }),
    exportRun: async () => '',
    importRun: async () => '',
    takeOver: async (id) => void calls.push(`take over ${id}`),
    survey: async () => ({ runs: [], bytes: { runs: 0, copies: 0, trees: 0, caches: 0 } }),
    collect: async (rules, how) => (calls.push(`collect ${JSON.stringify({ rules, how })}`), []),
  };
  return { backend, calls, ends, followers, listeners };
}

export class Memento implements vscode.Memento {
  readonly kept = new Map<string, unknown>();
  keys = () => [...this.kept.keys()];
  get = <T>(key: string) => this.kept.get(key) as T | undefined;
  update = async (key: string, value: unknown) => void this.kept.set(key, value);
}

export function deskOf(backend: Backend, state = new Memento()) {
  const log = new InMemoryLog();
  const load = async () => backend;
  const desk = new Desk({
    load,
    settings: async () => settings,
    budget: async () => ({ tokensMax: 9 }),
    state,
    log,
  });
  return { desk, state };
}

export async function waitUntil(holds: () => boolean): Promise<void> {
  for (const ends = Date.now() + 5_000; !holds() && Date.now() < ends;)
    await new Promise((resolve) => setTimeout(resolve, 1));
}
