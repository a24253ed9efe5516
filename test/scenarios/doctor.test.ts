/** The doctor at the terminal, and the networks that people are in: a proxy, and an authority of their own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import { doors } from '../../esbuild.js';
import type { Finding } from '../../src/core/doctor/finding.ts';
import {
  AUTHORITY,
  HOST,
  startProxy,
  startTls,
  type Listening,
  type Proxy,
} from '../support/corporate-network.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';

const KEY = 'sk-key-of-the-person-0123456789';
const PROJECT = join(import.meta.dirname, '../fixtures/small/project');
let room = '';
let server: ModelServer;
let secure: Listening;
let proxy: Proxy;

before(async () => {
  room = mkdtempSync(join(tmpdir(), 'quartet-doctor-'));
  const options = { ...doors, entryPoints: { cli: 'src/cli.ts' }, outdir: join(room, 'dist') };
  await esbuild.build(options as esbuild.BuildOptions);
  cpSync(PROJECT, join(room, 'project'), { recursive: true });
  server = await startModelServer({
    answers: ({ body, model }) =>
      JSON.stringify(body['tools'] ?? '').includes('report_ready') && model === 'alpha'
        ? { calls: [{ tool: 'report_ready', args: { word: 'ready' } }] }
        : { content: 'ready' },
    key: KEY,
    models: ['alpha', 'mute'],
  });
  secure = await startTls(Number(new URL(server.url).port));
  proxy = await startProxy();
});
after(async () => {
  await Promise.all([proxy.close(), secure.close(), server.close()]);
  rmSync(room, { recursive: true, force: true });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function quartet(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const child = spawn(process.execPath, [join(room, 'dist/cli.cjs'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: room, OPENAI_API_KEY: KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: join(room, 'project'),
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  assert.equal((out + err).includes(KEY), false, 'a key is never shown');
  return { code, out, err };
}

const at = (baseUrl: string, model = 'alpha') => ['--base-url', baseUrl, '--model', model];
const state = () => ['--state-dir', join(room, 'state')];

async function findings(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, err } = await quartet(['doctor', '--json', ...state(), ...args], env);
  const all = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Finding);
  for (const finding of all)
    if (finding.level !== 'ok') assert.ok((finding.advice ?? '').length > 5, `advice: ${finding.text}`);
  return { code, err, all, problems: all.filter(({ level }) => level === 'problem') };
}

test('doctor: where all is well it says so, for people and for programs, and leaves nothing behind', async () => {
  const { code, out } = await quartet(['doctor', ...state(), ...at(server.url)]);
  assert.equal(code, 0, out);
  assert.match(out, /Models: .*answers with a key, and calls tools/);
  assert.match(out, /Tests: npm test/);
  assert.match(out, /Git [\d.]+ works/);
  assert.equal(existsSync(join(room, 'state')), false, 'looking makes no folder');
  const { all } = await findings(at(server.url));
  assert.deepEqual(
    [...new Set(all.map(({ area }) => area))],
    ['Versions', 'Folder', 'Tools', 'Storage', 'Models', 'Network', 'Tests', 'Team', 'Runs'],
  );
});

test('doctor: a model that calls no tools is a warning, a wrong key and a wrong model are problems', async () => {
  const mute = await findings(at(server.url, 'mute'));
  assert.equal(mute.code, 0);
  const warned = mute.all.filter(({ area, level }) => area === 'Models' && level === 'warning');
  assert.match(warned[0]?.text ?? '', /called no tool/);
  const wrong = await findings(at(server.url), { OPENAI_API_KEY: 'sk-another' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.problems[0]?.text ?? '', /does not accept the key/);
  const missing = await findings(at(server.url, 'omega'));
  assert.equal(missing.code, 1);
  assert.match(missing.problems[0]?.advice ?? '', /It has: alpha, mute/);
});

test('doctor: a storage that cannot be written, no tests, and no folder', async (t) => {
  mkdirSync(join(room, 'empty'));
  const bare = await findings(['--workspace', join(room, 'empty'), ...at(server.url)]);
  assert.match(bare.all.find(({ area }) => area === 'Tests')?.text ?? '', /No way to run tests/);
  assert.equal((await quartet(['doctor', '--workspace', join(room, 'nowhere')])).code, 2);
  if (process.getuid?.() === 0) {
    t.diagnostic('root may write everywhere');
    return;
  }
  mkdirSync(join(room, 'locked'));
  chmodSync(join(room, 'locked'), 0o500);
  const locked = await quartet(['doctor', '--state-dir', join(room, 'locked', 'state'), ...at(server.url)]);
  assert.equal(locked.code, 1);
});

const secureUrl = () => `https://${HOST}:${secure.port}/v1`;

test('network: an own authority is refused until it is named, and then trusted', async () => {
  const url = `https://localhost:${secure.port}/v1`;
  const refused = await findings(at(url));
  assert.equal(refused.code, 1);
  assert.match(refused.problems[0]?.text ?? '', /certificate is not trusted/);
  assert.match(refused.problems[0]?.advice ?? '', /NODE_EXTRA_CA_CERTS/);
  const trusted = await findings(at(url), { NODE_EXTRA_CA_CERTS: AUTHORITY });
  assert.equal(trusted.code, 0, JSON.stringify(trusted.problems));
  const mistyped = await findings(at(server.url), { NODE_EXTRA_CA_CERTS: join(room, 'none.pem') });
  assert.match(mistyped.problems[0]?.text ?? '', /NODE_EXTRA_CA_CERTS names/);
});

test('network: a server that only the proxy reaches answers by way of it, and its password is not shown', async () => {
  const { port } = new URL(proxy.url);
  const env = { NODE_EXTRA_CA_CERTS: AUTHORITY, HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
  const direct = await findings(at(secureUrl()), { NODE_EXTRA_CA_CERTS: AUTHORITY });
  assert.equal(direct.code, 1, 'without the proxy nobody knows the host');
  const before = proxy.asked.length;
  const { code, all, problems } = await findings(at(secureUrl()), env);
  assert.equal(code, 0, JSON.stringify(problems));
  assert.ok(proxy.asked.slice(before).includes(`${HOST}:${secure.port}`));
  const text = all.map((finding) => finding.text).join('\n');
  assert.match(text, new RegExp(`Proxy http://127\\.0\\.0\\.1:${port}`));
  assert.equal(text.includes('secret'), false);
});

test('network: a run goes by the proxy; NO_PROXY and this machine do not', async () => {
  const env = { NODE_EXTRA_CA_CERTS: AUTHORITY, https_proxy: proxy.url };
  const before = proxy.asked.length;
  const asked = await quartet(['ask', 'What is this?', ...state(), ...at(secureUrl())], env);
  assert.ok(proxy.asked.length > before, asked.err);
  const then = proxy.asked.length;
  const local = await findings(at(`https://localhost:${secure.port}/v1`), env);
  assert.equal(local.code, 0, JSON.stringify(local.problems));
  const kept = await findings(at(secureUrl()), { ...env, no_proxy: HOST });
  assert.equal(kept.code, 1, 'the host is not known without the proxy');
  assert.equal(proxy.asked.length, then);
});
