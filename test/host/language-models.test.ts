/** The editor's own language models, supplied by another extension, in the real extension host. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { chooseEditorModel } from '../../src/core/models/candidates.ts';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { probeModel } from '../../src/core/models/probe.ts';
import type { Log } from '../../src/core/ports.ts';
import { createConsent } from '../../src/editor/language-models/consent.ts';
import { createEditorLanguageModels } from '../../src/editor/language-models/editor-models.ts';
import { listEditorModels } from '../../src/editor/language-models/select.ts';
import { createEditorModels } from '../../src/editor/models.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { Endpoint } from '../../src/protocol/settings.ts';
import type { RunView } from '../../src/protocol/view.ts';
import type { TestModels, Trouble } from '../support/language-models/extension.ts';
import { api, asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const forgetful = { get: () => undefined, update: async () => undefined } as unknown as vscode.Memento;
const endpoint = Endpoint.parse({ id: 'one', kind: 'editor', label: 'Alpha', model: 'quartet-test/alpha' });

const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  role: 'coder',
  attempt: 1,
  turn: 1,
  messages: [
    { role: 'system', content: "You are Quartet's coder." },
    { role: 'user', content: 'Hello.' },
  ],
  tools: [],
  outputTokensMax: 1000,
  endpoints: [endpoint],
  ...more,
});

suite("the editor's language models", () => {
  let supplier: TestModels;
  const attended = () => {
    const consent = createConsent({ state: forgetful, access: undefined });
    consent.attend();
    return consent;
  };
  const models = (consent = attended()) =>
    createEditorLanguageModels({
      consent,
      clock: nodeClock,
      log: quiet,
      limits: { retriesMax: 0, firstMs: 8000, betweenMs: 1500, wholeMs: 20_000 },
    });
  const ask = async (more: Partial<ModelRequest> = {}, signal = new AbortController().signal) => {
    const said: string[] = [];
    const reply = await models().complete(request(more), { signal, onText: (delta) => said.push(delta) });
    return { ...reply, said };
  };
  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<TestModels>('quartet-test.language-models');
    assert.ok(extension);
    supplier = await extension.activate();
  });
  teardown(() => supplier.reset());

  test('they are listed with their window, and one that calls no tools is never chosen', async () => {
    supplier.offer([
      { id: 'gpt-5', toolCalling: false },
      { id: 'alpha', maxInputTokens: 12_345 },
    ]);
    const listed = (await listEditorModels()).filter(({ vendor }) => vendor === 'quartet-test');
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['gpt-5', 'alpha'],
    );
    assert.equal(chooseEditorModel(listed)?.id, 'alpha');
    const finder = createEditorModels({
      candidates: async () => [
        { source: 'local', label: 'here', baseUrl: 'http://127.0.0.1:9/v1', models: ['x'] },
      ],
      editorModels: async () => listed,
      environmentModel: undefined,
      instructions: () => Promise.resolve([]),
    });
    const found = await finder.find();
    assert.equal(found?.source, 'editor', 'before a server of this machine');
    assert.deepEqual(
      found.endpoints.map(({ kind, model, contextTokens }) => [kind, model, contextTokens]),
      [['editor', 'quartet-test/alpha', 12_345]],
    );
  });

  test('instructions come first, results of tools go back under their calls, and its calls are read', async () => {
    supplier.offer([{ id: 'alpha' }]);
    supplier.answers = () => ({
      content: 'I look at both.',
      calls: [
        { tool: 'read_file', args: { path: 'a' } },
        { tool: 'read_file', args: { path: 'b' } },
      ],
    });
    const reply = await ask({
      messages: [
        ...request().messages,
        {
          role: 'assistant',
          content: '',
          toolCalls: [
            { id: 'c1', name: 'list_files', arguments: '{}' },
            { id: 'c2', name: 'list_files', arguments: 'no json' },
          ],
        },
        { role: 'tool', callId: 'c1', content: 'one' },
        { role: 'tool', callId: 'c2', content: 'two' },
      ],
      tools: [{ name: 'read_file', description: 'Reads.', parameters: { type: 'object' } }],
    });
    assert.deepEqual(supplier.requests[0]?.messages, [
      { role: 'user', content: "You are Quartet's coder." },
      { role: 'user', content: 'Hello.' },
      { role: 'assistant', content: 'list_files {}\nlist_files {"unreadable":"no json"}' },
      { role: 'user', content: 'one\ntwo' },
    ]);
    assert.deepEqual(supplier.requests[0].tools, ['read_file']);
    assert.equal(reply.said.join(''), 'I look at both.');
    assert.equal(reply.finish, 'tool_calls');
    assert.deepEqual(
      reply.toolCalls.map(({ name, arguments: text }) => [name, text]),
      [
        ['read_file', '{"path":"a"}'],
        ['read_file', '{"path":"b"}'],
      ],
    );
    assert.equal(new Set(reply.toolCalls.map(({ id }) => id)).size, 2);
    assert.ok(reply.usage.estimated && reply.usage.inputTokens > 0 && reply.usage.outputTokens > 0);
  });

  test('a model is found by its family too', async () => {
    supplier.offer([{ id: 'alpha-2026-01', family: 'alpha' }]);
    supplier.answers = () => ({ content: 'Yes.' });
    assert.equal((await ask()).model, 'alpha-2026-01');
  });

  test('abort reaches the provider, and the call ends at once with its reason', async () => {
    supplier.offer([{ id: 'alpha' }]);
    supplier.trouble = () => ({ kind: 'hang' });
    const stop = new AbortController();
    const reason = new Error('stopped by the person');
    const asked = ask({}, stop.signal);
    while (supplier.active === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort(reason);
    await assert.rejects(asked, reason);
    const ends = Date.now() + 5000;
    while (supplier.active > 0 && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([supplier.active, supplier.cancelled], [0, 1]);
  });

  test('a reply without an end is cut at the output limit, and its provider is told', async () => {
    supplier.offer([{ id: 'alpha' }]);
    supplier.trouble = () => ({ kind: 'endless' });
    const { finish, usage } = await ask({ outputTokensMax: 500 });
    assert.equal(finish, 'length');
    assert.ok(usage.outputTokens < 5000);
    const ends = Date.now() + 5000;
    while (supplier.active > 0 && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(supplier.active, 0);
  });

  const troubles: readonly (readonly [string, Trouble, string, RegExp])[] = [
    ['no consent', { kind: 'error', code: 'NoPermissions', message: 'no' }, 'endpoint.auth', /not allowed/],
    [
      'blocked',
      { kind: 'error', code: 'Blocked', message: 'no more' },
      'endpoint.rateLimited',
      /quota.*no more/,
    ],
    ['not found', { kind: 'error', code: 'NotFound', message: 'x' }, 'endpoint.unreachable', /not there/],
    ['too long', { kind: 'error', message: 'Message exceeds token limit' }, 'endpoint.context', /so long/],
    ['too many', { kind: 'error', message: 'Too many requests' }, 'endpoint.rateLimited', /fewer/],
    ['a fault', { kind: 'error', message: 'Sorry, it broke' }, 'endpoint.failed', /Sorry, it broke/],
    ['nothing said', { kind: 'silence' }, 'endpoint.badReply', /without a word/],
    ['silence in the middle', { kind: 'hang' }, 'endpoint.timeout', /fell silent/],
  ];
  for (const [title, trouble, code, message] of troubles) {
    test(`${title}: ${code}`, async () => {
      supplier.offer([{ id: 'alpha' }]);
      supplier.trouble = () => trouble;
      await assert.rejects(ask(), { code, message });
    });
  }

  test('no model there, and another one there: each is told with what to do', async () => {
    await assert.rejects(ask(), {
      code: 'endpoint.unreachable',
      message: /no model of "quartet-test" now/,
      advice: /sign in/,
    });
    supplier.offer([{ id: 'beta' }]);
    await assert.rejects(ask(), { code: 'endpoint.missing', advice: /It has: beta/ });
  });

  test('nobody is asked for consent out of the blue', async () => {
    supplier.offer([{ id: 'alpha' }]);
    supplier.answers = () => ({ content: 'Yes.' });
    const kept = new Map<string, unknown>();
    const state = {
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, value),
    } as unknown as vscode.Memento;
    const consent = createConsent({ state, access: undefined });
    const call = (used = consent) =>
      models(used).complete(request(), { signal: new AbortController().signal, onText: () => undefined });
    await assert.rejects(call(), { code: 'endpoint.auth', advice: /Resume the run yourself/ });
    assert.equal(supplier.requests.length, 0);
    consent.attend();
    await call();
    const later = createConsent({ state, access: undefined });
    await call(later);
    const denied = createConsent({ state, access: { canSendRequest: () => false } });
    await assert.rejects(call(denied), { code: 'endpoint.auth', message: /not allowed/ });
  });

  test('the probe tells whether a model calls tools', async () => {
    supplier.offer([{ id: 'alpha' }]);
    const probe = async () => (await probeModel(models(), endpoint, AbortSignal.timeout(10_000))).tools;
    supplier.answers = ({ tools }) => ({ calls: [{ tool: tools[0] ?? '', args: { word: 'ready' } }] });
    assert.equal(await probe(), 'called');
    supplier.answers = () => ({ content: 'I am ready.' });
    assert.equal(await probe(), 'ignored');
  });
});

suite("a whole run with the editor's models", () => {
  let supplier: TestModels;
  const originals = new Map<string, string>();
  suiteSetup(async () => {
    supplier = await (vscode.extensions
      .getExtension<TestModels>('quartet-test.language-models')
      ?.activate() ?? Promise.reject(new Error('the test extension is not there')));
    await vscode.workspace
      .getConfiguration('files')
      .update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });
  teardown(async () => {
    supplier.reset();
    await set('endpoints', undefined);
    await set('routes', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [path, text] of originals) await writeFile(join(root(), path), text);
    originals.clear();
  });
  suiteTeardown(() =>
    vscode.workspace
      .getConfiguration('files')
      .update('autoSave', undefined, vscode.ConfigurationTarget.Global),
  );
  const goal = async () => {
    const extension = vscode.extensions.getExtension('quartet.quartet');
    assert.ok(extension);
    const script = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'demo', 'script.json');
    return (
      JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(script))) as { goal: string }
    ).goal;
  };
  const remember = async (view: RunView) => {
    for (const { path, kind } of view.changes?.files ?? [])
      if (kind !== 'added') originals.set(path, await onDisk(path));
  };

  test('plan, code, tests, review, hand-over: each role by its route', async function () {
    this.timeout(2 * RUN_MS);
    supplier.offer([{ id: 'alpha' }, { id: 'beta' }]);
    await set('endpoints', [
      { id: 'a', kind: 'editor', model: 'quartet-test/alpha' },
      { id: 'b', kind: 'editor', model: 'quartet-test/beta' },
    ]);
    await set('routes', { default: ['a'], reviewer: ['b', 'a'] });
    const run = await execute<string>('startRun', await goal());
    assert.equal(typeof run, 'string');
    await reach(run, 'a plan is offered', asks('plan'));
    assert.equal(await execute('approvePlan'), true);
    const view = await reach(run, 'changes are offered', asks('review'));
    await remember(view);
    assert.equal(view.changes?.verdict, 'green');
    assert.equal(await execute('acceptAll'), true);
    const finished = await reach(run, 'the run is finished', ({ finished: end }) => end !== undefined);
    assert.equal(finished.finished?.outcome, 'done', finished.finished?.message);
    assert.equal(finished.demo, false);
    const by = (model: string) =>
      new Set(supplier.requests.filter((each) => each.model === model).map(({ role }) => role));
    assert.ok(by('alpha').has('planner') && by('alpha').has('coder'));
    assert.deepEqual([...by('beta')], ['reviewer']);
  });

  test('stopped in the middle of a reply, then resumed once the model answers again', async function () {
    this.timeout(2 * RUN_MS);
    supplier.offer([{ id: 'alpha' }]);
    await set('endpoints', [{ id: 'a', kind: 'editor', model: 'quartet-test/alpha' }]);
    supplier.trouble = () => ({ kind: 'hang' });
    const run = await execute<string>('startRun', await goal());
    const ends = Date.now() + 20_000;
    while (supplier.active === 0 && Date.now() < ends)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(supplier.active, 1);
    await execute('stop', run);
    assert.equal((await (await api()).view(run)).paused?.reason, 'stopped');
    assert.deepEqual([supplier.active, supplier.cancelled], [0, 1]);
    supplier.trouble = undefined;
    assert.equal(await execute('resume', run), run);
    const until = Date.now() + 10_000;
    while ((await (await api()).view(run)).paused !== undefined && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await reach(run, 'a plan is offered', asks('plan'));
    await execute('stop', run);
  });

  test('a model that is gone pauses the run with what to do', async function () {
    this.timeout(RUN_MS);
    await set('endpoints', [{ id: 'a', kind: 'editor', model: 'quartet-test/alpha' }]);
    const run = await execute<string>('startRun', await goal());
    const ends = Date.now() + 60_000;
    const paused = async () => (await (await api()).view(run)).paused;
    while ((await paused()) === undefined && Date.now() < ends)
      await new Promise((resolve) => setTimeout(resolve, 200));
    const end = await paused();
    assert.equal(end?.reason, 'endpoint');
    assert.match(end.message, /no model of "quartet-test" now/);
  });
});
