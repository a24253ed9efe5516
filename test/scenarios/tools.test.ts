/** Tools beyond the working copy, in the terminal door as it ships: history and the web. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { parseScript } from '../../src/core/models/script.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

let door: TerminalDoor;
let server: Server;
let origin = '';
let seen: string[] = [];

before(async () => {
  door = await openTerminalDoor();
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        results: [{ title: 'Found', url: 'https://example.com/x', content: 'Now fetch it' }],
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
after(async () => {
  server.close();
  await door.close();
});

function project(name: string): string {
  const folder = join(door.room, name);
  mkdirSync(folder);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '-q');
  writeFileSync(join(folder, 'a.txt'), 'one\n');
  git('add', '-A');
  git('commit', '-qm', 'the first commit');
  writeFileSync(join(folder, 'a.txt'), 'one\ntwo\n');
  git('commit', '-qam', 'the second commit');
  return folder;
}

type Call = readonly [tool: string, args: Readonly<Record<string, unknown>>];

/** Asks the researcher, who makes these calls and hands over; what came back of each. */
async function ask(name: string, calls: readonly Call[], ...options: readonly string[]) {
  const script = join(door.room, `${name}.json`);
  const replies = [
    ...calls.map(([tool, args]) => ({ calls: [{ tool, args }] })),
    { calls: [{ tool: 'submit_findings', args: { summary: 'done', sources: [] } }] },
  ];
  writeFileSync(script, JSON.stringify({ title: name, agents: [{ role: 'researcher', replies }] }));
  const process = door.start(
    'ask',
    'What?',
    '--workspace',
    project(name),
    '--script',
    script,
    '--json',
    ...options,
  );
  const code = await process.ended;
  const lines = process.said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);
  const briefs = lines.flatMap((line) =>
    line.type === 'step.finished' && line.key?.includes('/tool/') === true ? [line.data.brief ?? ''] : [],
  );
  const tools = lines.flatMap((line) => (line.type === 'agent.created' ? line.data.tools : []));
  return { code, briefs, tools, lines, err: process.said.err };
}

test('a question about the history is answered from it', async () => {
  const { code, briefs, tools, err } = await ask('history', [
    ['git_log', {}],
    ['git_show', { commit: 'HEAD' }],
    ['git_diff', { from: 'HEAD~1' }],
    ['git_diff', {}],
    ['git_show', { commit: '--output=stolen' }],
    ['git_log', { path: '../elsewhere' }],
  ]);
  assert.equal(code, 0, err);
  assert.match(briefs[0] ?? '', /the second commit[\s\S]*the first commit/u);
  assert.match(briefs[1] ?? '', /the second commit[\s\S]*\+two/u);
  assert.match(briefs[2] ?? '', /\+two/u);
  assert.equal(briefs[3], 'Nothing was changed yet.');
  assert.match(briefs[4] ?? '', /begins like an option/u);
  assert.match(briefs[5] ?? '', /Not allowed/u);
  assert.ok(!tools.some((name) => /fetch_url|web_search|http_request/u.test(name)), 'the web is off');
});

test('the web is reached where it was enabled, and this machine is not', async () => {
  seen = [];
  const { code, briefs, tools, err } = await ask(
    'web',
    [
      ['fetch_url', { url: `${origin}/secret` }],
      ['fetch_url', { url: 'https://evil.example.net/' }],
      ['web_search', { query: 'a b' }],
      ['http_request', { method: 'POST', url: 'https://example.com/', body: 'x' }],
    ],
    '--web-domain',
    'example.com',
    '--web-search',
    `${origin}/search?q={query}`,
    '--approve',
    'none',
  );
  assert.equal(code, 0, err);
  assert.ok(['fetch_url', 'web_search', 'http_request'].every((name) => tools.includes(name)));
  assert.match(briefs[0] ?? '', /Not allowed: name a host/u);
  assert.match(briefs[1] ?? '', /not on the list/u);
  assert.match(briefs[2] ?? '', /1\. Found\nhttps:\/\/example\.com\/x/u);
  assert.match(briefs[3] ?? '', /nobody is asked/u);
  assert.deepEqual(seen, ['/search?q=a%20b']);
});

test('a question about what goes out pauses the run, and says what would leave', async () => {
  const asked = await ask(
    'pausing',
    [['http_request', { method: 'POST', url: 'https://example.com/', body: 'x' }]],
    '--web-domain',
    'example.com',
  );
  assert.equal(asked.code, 3, asked.err);
  const opened = asked.lines.find((line) => line.type === 'signal.opened');
  assert.match(opened?.data.detail ?? '', /https:\/\/example\.com\/\nPOST\nx/u);
});

for (const [name, options] of [
  ['a domain that is none', ['--web-domain', '*']],
  ['an address of this network', ['--web-domain', '10.0.0.1']],
  ['a search without a place for the query', ['--web-search', 'https://example.com/']],
] as const)
  test(`${name} is refused with exit code 2`, async () => {
    const process = door.start(
      'ask',
      'What?',
      '--workspace',
      door.room,
      '--base-url',
      origin,
      '--model',
      'm',
      ...options,
    );
    assert.equal(await process.ended, 2, process.said.err);
    assert.match(process.said.err, /--web-/u);
  });

test('what stands where keys are kept goes to endpoints that may get it, and is not read for others', async () => {
  const script = parseScript(
    JSON.stringify({
      title: 'keys',
      agents: [
        {
          role: 'researcher',
          replies: [
            { calls: [{ tool: 'read_file', args: { path: '.env' } }] },
            { calls: [{ tool: 'submit_findings', args: { summary: 'done', sources: [] } }] },
          ],
        },
      ],
    }),
  );
  const [outside, inside] = await Promise.all([
    startModelServer({ answers: script }),
    startModelServer({ answers: script }),
  ]);
  const policy = join(door.room, 'policy.json');
  writeFileSync(policy, '{"rules":[{"decision":"allow","tool":"read_file","path":".env"}]}');
  const run = async (name: string, ...ids: readonly string[]) => {
    const workspace = project(name);
    writeFileSync(join(workspace, '.env'), 'COLOUR=mauve\n');
    const models = join(door.room, `${name}.json`);
    const all = [
      { id: 'outside', baseUrl: outside.url, model: 'scripted', classesMax: 'internal' },
      { id: 'inside', baseUrl: inside.url, model: 'scripted' },
    ];
    const endpoints = all.filter(({ id }) => ids.includes(id));
    writeFileSync(models, JSON.stringify({ endpoints, routes: { default: ids } }));
    const process = door.start(
      'ask',
      'What?',
      '--workspace',
      workspace,
      '--models',
      models,
      '--policy',
      policy,
      '--json',
    );
    const code = await process.ended;
    const lines = process.said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalLine);
    const end = lines.find((line) => line.type === 'step.finished' && line.key?.endsWith('/tool/0') === true);
    return {
      code,
      output: end?.type === 'step.finished' ? end.data.output : undefined,
      err: process.said.err,
    };
  };
  try {
    const both = await run('both', 'outside', 'inside');
    assert.equal(both.code, 0, both.err);
    assert.deepEqual([outside.requests.length, inside.requests.length], [1, 1]);
    assert.match(JSON.stringify(both.output), /"class":"secret"/u);
    const alone = await run('alone', 'outside');
    assert.equal(alone.code, 0, alone.err);
    assert.match(JSON.stringify(alone.output), /"state":"denied".*classesMax/u);
    assert.ok(!JSON.stringify(outside.requests).includes('mauve'));
    assert.ok(JSON.stringify(inside.requests).includes('mauve'));
  } finally {
    await Promise.all([outside.close(), inside.close()]);
  }
});
