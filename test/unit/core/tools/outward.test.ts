/** Calls that reach out: who is asked, what is never made twice, and what a tainted agent may still do. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Limits } from '../../../../src/protocol/settings.ts';
import { createRedactor } from '../../../../src/core/policy/redact.ts';
import type { HttpRequest, Steps } from '../../../../src/core/ports.ts';
import { TOOLS } from '../../../../src/core/tools/catalogue.ts';
import { invoke } from '../../../../src/core/tools/invoke.ts';
import { createLedger } from '../../../../src/core/tools/ledger.ts';
import type { ToolUse } from '../../../../src/core/tools/use.ts';
import { createShelf } from '../../../../src/core/tools/more.ts';
import { createReadings } from '../../../../src/core/tools/readings.ts';
import { createTaint, haveHeard } from '../../../../src/core/tools/outward.ts';
import { nodeHasher } from '../../../../src/node/hasher.ts';
import { Policy, type PolicyRule } from '../../../../src/protocol/policy.ts';
import { InMemoryPermissions } from '../../../support/in-memory/small.ts';
import { createBus } from '../../../../src/core/team/bus.ts';
import { createCrew } from '../../../../src/core/team/crew.ts';
import { createFacts } from '../../../../src/core/team/facts.ts';
import type { Message } from '../../../../src/core/team/message.ts';
import { createPages } from '../../../../src/core/tools/pages.ts';

let sent: HttpRequest[] = [];
let asked: string[] = [];
let allow = true;
let times = 0;
let calls = 0;
let posted: Message[] = [];

const steps = {
  step: async (key, _spec, effect) => effect({ signal: new AbortController().signal, key, times }),
  signal: async (_name, ask) => {
    asked.push(ask.detail ?? '');
    return { allow };
  },
  standing: () => new Promise<never>(() => undefined),
  withdraw: () => undefined,
  record: () => undefined,
  pause: () => new Promise<never>(() => undefined),
} satisfies Steps;

function agent(stance: Partial<ToolUse['stance']> = {}): ToolUse {
  const http = {
    exchange: async (request: HttpRequest) => {
      sent.push(request);
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: new TextEncoder().encode('words'),
        cut: false,
      };
    },
  };
  const settings = {
    domains: ['example.com', 'other.example.org'],
    search: 'https://search.example.com/?q={query}',
  };
  const place = {
    root: '/copy',
    scope: ['**'],
    ready: async () => undefined,
    snapshot: async () => 'tree',
    tree: () => 'tree',
    settled: () => undefined,
    spoilt: () => undefined,
  };
  const files = { read: async () => undefined, write: async () => undefined, stat: async () => undefined };
  return {
    steps,
    who: { role: 'researcher', agent: 'a' },
    granted: TOOLS,
    world: {
      http,
      files,
      place,
      limits: Limits.parse({}),
      web: { settings, pages: createPages() },
    } as unknown as ToolUse['world'],
    shelf: createShelf(),
    readings: createReadings(),
    taint: createTaint(),
    stance: { approvals: { commands: true }, interactive: true, ...stance },
    permits: {
      shell: { dialect: 'posix' },
      permissions: new InMemoryPermissions(),
      clock: { now: () => 0 },
      hasher: nodeHasher,
      run: 'run',
    },
    ledger: createLedger({ questionsOpenMax: 6, questionsMax: 40 }, () => undefined),
    classMax: 'secret',
    redactor: createRedactor(),
    bus: heard(),
    crew: createCrew(),
    facts: createFacts(),
    ask: () => assert.fail('nobody is asked'),
  };
}

function heard(): ToolUse['bus'] {
  const bus = createBus({ dead: () => undefined });
  bus.name(['coder', 'researcher']);
  bus.observe(
    () => true,
    (message) => void posted.push(message),
  );
  return bus;
}

async function call(use: ToolUse, name: string, args: unknown) {
  calls += 1;
  const invoked = await invoke(
    `a/turn/1/tool/${String(calls)}`,
    { id: 'c', name, arguments: JSON.stringify(args) },
    use,
  );
  assert.ok('observation' in invoked);
  return invoked.observation;
}

beforeEach(() => {
  [sent, asked, allow, times, posted] = [[], [], true, 0, []];
});

const PAGE = { url: 'https://example.com/a' };
const POST = { method: 'POST', url: 'https://example.com/a', body: 'secret words' };

test('reading a listed host asks nobody; another host is refused and not asked about', async () => {
  const use = agent();
  assert.equal((await call(use, 'fetch_url', PAGE)).state, 'ok');
  assert.equal((await call(use, 'fetch_url', { url: 'https://evil.net/' })).state, 'denied');
  assert.deepEqual([sent.length, asked.length], [1, 0]);
});

test('a request that changes something asks, with all that leaves', async () => {
  await call(agent(), 'http_request', POST);
  assert.match(
    asked[0] ?? '',
    /https:\/\/example\.com\/a[\s\S]*POST[\s\S]*secret words[\s\S]*it may change something/u,
  );
  assert.equal(sent.length, 1);
});

test('without leave, or without anybody to ask, it is not made', async () => {
  allow = false;
  assert.equal((await call(agent(), 'http_request', POST)).state, 'denied');
  const alone = await call(agent({ interactive: false }), 'http_request', POST);
  assert.match(alone.text, /nobody is asked/u);
  assert.equal((await call(agent({ approvals: { commands: false } }), 'http_request', POST)).state, 'denied');
  assert.equal(sent.length, 0);
});

test('a request that was cut off is not made again: its outcome is unknown', async () => {
  times = 1;
  const again = await call(agent(), 'http_request', POST);
  assert.match(again.text, /Interrupted, outcome unknown/u);
  assert.equal(sent.length, 0);
  assert.equal((await call(agent(), 'fetch_url', PAGE)).state, 'ok', 'reading again is harmless');
});

describe('an agent that has read the web', () => {
  const tainted = async (stance: Partial<ToolUse['stance']> = {}): Promise<ToolUse> => {
    const use = agent(stance);
    await call(use, 'fetch_url', PAGE);
    assert.notEqual(use.taint.by, undefined);
    [sent, asked] = [[], []];
    return use;
  };

  const asks = [
    ['fetch_url', { url: 'https://other.example.org/?leak=1' }],
    ['fetch_url', { url: 'https://example.com/b' }],
    ['web_search', { query: 'x' }],
    ['http_request', { method: 'GET', url: 'https://example.com/a' }],
    ['write_file', { path: '.vscode/settings.json', content: '{}' }],
    ['write_file', { path: '.github/workflows/x.yml', content: 'x' }],
    ['write_file', { path: 'package-lock.json', content: '{}' }],
    ['delete_file', { path: 'AGENTS.md' }],
  ] as const;
  for (const [name, args] of asks)
    test(`is asked about ${name} ${JSON.stringify(args)}`, async () => {
      allow = false;
      const observation = await call(await tainted(), name, args);
      assert.equal(observation.state, 'denied');
      assert.match(asked[0] ?? '', /strangers wrote/u);
      assert.equal(sent.length, 0);
    });

  for (const [name, args] of asks)
    test(`does not do it where nobody is asked: ${name} ${JSON.stringify(args)}`, async () => {
      const observation = await call(await tainted({ interactive: false }), name, args);
      assert.equal(observation.state, 'denied');
      assert.deepEqual([asked.length, sent.length], [0, 0]);
    });

  test('reads on where the person let it, without another question; sending asks each time', async () => {
    const use = await tainted();
    for (const path of ['b', 'c', 'd']) await call(use, 'fetch_url', { url: `https://example.com/${path}` });
    assert.equal(asked.length, 1);
    await call(use, 'http_request', POST);
    await call(use, 'http_request', POST);
    assert.equal(asked.length, 3);
  });

  test('writes what is not protected as before', async () => {
    assert.equal((await call(await tainted(), 'write_file', { path: 'a.txt', content: 'x' })).state, 'ok');
    assert.equal(asked.length, 0);
  });
});

describe('rules of the person', () => {
  const allowing: PolicyRule[] = [
    { decision: 'allow', tool: 'http_request', domain: 'example.com' },
    { decision: 'allow', tool: 'write_file', path: '.github/**' },
  ];

  test('can let requests through that change something, to one host', async () => {
    const use = agent({ policy: Policy.parse({ rules: allowing }) });
    assert.equal((await call(use, 'http_request', POST)).state, 'ok');
    assert.deepEqual([asked.length, sent.length], [0, 1]);
  });

  test('do not hold for an agent that has read the web', async () => {
    const use = agent({ policy: Policy.parse({ rules: allowing }) });
    await call(use, 'fetch_url', PAGE);
    await call(use, 'http_request', POST);
    await call(use, 'write_file', { path: '.github/workflows/x.yml', content: 'x' });
    assert.equal(asked.length, 2);
  });

  test('can refuse a host that is listed, also a workspace’s', async () => {
    const deny: PolicyRule[] = [{ decision: 'deny', domain: 'example.com' }];
    for (const policy of [Policy.parse({ rules: deny }), Policy.parse({ workspaceRules: deny })])
      assert.equal((await call(agent({ policy }), 'fetch_url', PAGE)).state, 'denied');
    assert.equal(sent.length, 0);
  });
});

test('what was refused has told the agent nothing, and taints nobody', async () => {
  const use = agent();
  await call(use, 'fetch_url', { url: 'https://evil.net/' });
  assert.equal(use.taint.by, undefined);
});

test('what an agent tells its team says whether it has read what strangers wrote', async () => {
  const use = agent();
  const say = () => call(use, 'post_message', { to: 'team', text: 'Look.' });
  await say();
  await call(use, 'fetch_url', PAGE);
  await say();
  assert.deepEqual(
    posted.map(({ tainted }) => tainted),
    [undefined, 'Read https://example.com/a'],
  );
});

test('whoever reads the words of a tainted teammate is asked as they are; the first source stays known', async () => {
  const use = agent();
  haveHeard('coder', undefined, use.taint);
  assert.equal(use.taint.by, undefined);
  haveHeard('researcher', 'Read https://example.com/a', use.taint);
  haveHeard('qa', 'Read https://example.com/b', use.taint);
  assert.equal(use.taint.by, 'Read https://example.com/a, as told by researcher');
  const third = createTaint();
  haveHeard('coder', use.taint.by, third);
  assert.equal(third.by, use.taint.by);
  await call(use, 'write_file', { path: 'AGENTS.md', content: 'x' });
  assert.match(asked[0] ?? '', /as told by researcher/u);
});

describe('a page of this machine, for an agent that has read what strangers wrote', () => {
  const page = { url: 'http://localhost:3000/admin' };
  const open = async (enforced: ToolUse['stance']['enforced'], by?: string) => {
    const use = agent({ enforced });
    haveHeard('researcher', by, use.taint);
    return call(use, 'browse_page', page);
  };
  const own = { by: 'bubblewrap', network: 'none' } as const;
  const machine = { by: 'none', network: 'open' } as const;

  test('asks where servers of the person can be reached', async () => {
    allow = false;
    assert.equal((await open(machine, 'Read x')).state, 'denied');
    assert.match(asked[0] ?? '', /localhost:3000\/admin[\s\S]*strangers wrote/u);
  });

  test('asks nobody where only its own can, or where it has read nothing', async () => {
    for (const observation of [await open(own, 'Read x'), await open(machine)])
      assert.match(observation.text, /no browser here/u, 'let through to where there is none');
    assert.equal(asked.length, 0);
  });
});
