/** Garbage goes, with its reason; what a run needs stays, and a base can be taken as before. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CollectHow, RetentionRules } from '../../../src/core/run/keeping/retention.ts';
import { createRunViews } from '../../../src/core/run/views/views.ts';
import { surveyStorage } from '../../../src/node/retention/survey.ts';
import { collectGarbage } from '../../../src/node/retention/collect.ts';
import { createNodePorts } from '../../../src/node/ports.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';
import { finished, journalOf, message, started } from '../core/run/journals.ts';

const DAY = 24 * 3_600_000;
const runId = (agoMs: number, name: string) =>
  `run-${(Date.now() - agoMs).toString(36).padStart(9, '0')}-${name.padEnd(8, '0')}`;

async function world(git?: string) {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-collect-'));
  const [storage, workspace] = [join(home, 'storage'), join(home, 'work')];
  await fs.mkdir(workspace);
  await fs.writeFile(join(workspace, 'file.txt'), 'first\n');
  const log = new InMemoryLog();
  const ports = createNodePorts({
    workspaceRoot: workspace,
    storage,
    log,
    ...(git !== undefined && { git }),
  });
  const store = await storeOf(ports);
  return {
    ...{ home, storage, workspace, log, ports, store },
    /** Makes a run of these events; its trees are kept. */
    async run(id: string, events: readonly RunEvent[], trees: readonly string[] = []) {
      const { text, blobs } = journalOf([started(), ...events]);
      await ports.copies.retain(id, trees);
      await (await ports.store.create(id, text, blobs)).close();
    },
    async collect(rules: Partial<RetentionRules> = {}, dryRun = false, kinds?: CollectHow['kinds']) {
      const views = createRunViews(ports.store, ports.hasher);
      const all = { now: Date.now(), ...rules };
      const how = { dryRun, ...(kinds && { kinds }) };
      const collected = await collectGarbage({ ...ports, storage, views, ...how }, all);
      // How large a store is afterwards is git's affair.
      return collected.flatMap(({ what, name }) => (what === 'trees' ? [] : [`${what} ${name}`]));
    },
    /** Makes everything in the private store look old. */
    async age() {
      const long = new Date(Date.now() - 2 * DAY);
      for (const kind of ['objects', 'blobs', 'trees']) {
        const objects = join(store, kind);
        for (const path of await fs.readdir(objects, { recursive: true }).catch(() => []))
          await fs.utimes(join(objects, path), long, long);
      }
    },
    async has(tree: string) {
      return ports.copies.read(tree, 'file.txt').then(
        (bytes) => bytes !== undefined,
        () => false,
      );
    },
  };
}
type World = Awaited<ReturnType<typeof world>>;

async function storeOf({ copies }: ReturnType<typeof createNodePorts>): Promise<string> {
  const { tree } = await copies.takeBase(new Map());
  await copies.retain('run-000000000-00000000', [tree]);
  await copies.release('run-000000000-00000000');
  const root = copies.rootOf('x');
  const home = join(root, '..', '..', 'store');
  return join(home, (await fs.readdir(home))[0] ?? '');
}

function check(what: string, body: (made: World) => Promise<void>, git?: string): void {
  test(what, async () => {
    const made = await world(git);
    try {
      await body(made);
    } finally {
      await fs.rm(made.home, { recursive: true, force: true });
    }
  });
}

/** With git, and on a machine without. */
function checkBoth(what: string, body: (made: World) => Promise<void>): void {
  check(what, body);
  check(`without git: ${what}`, body, 'no-such-git');
}

/** A tree like the base but for one file. */
const treeWith = (made: World, text: string): Promise<string> =>
  made.ports.copies
    .takeBase(new Map())
    .then(({ tree }) => made.ports.copies.compose(tree, new Map([['file.txt', Buffer.from(text)]])));

check('who stops it keeps what was not removed yet', async ({ ports, storage, run }) => {
  const ids = ['one', 'two', 'three'].map((name) => runId(3 * DAY, name));
  for (const id of ids) await run(id, [finished]);
  const stop = new AbortController();
  const views = createRunViews(ports.store, ports.hasher);
  let looks = 0;
  /** The person stops it while the second run is looked at. */
  const signal = new Proxy(stop.signal, {
    get: (target, name) => {
      if (name === 'aborted') looks += 1;
      if (looks > 2) stop.abort();
      return Reflect.get(target, name, target) as unknown;
    },
  });
  const options = { ...ports, storage, views, signal };
  const gone = await collectGarbage(options, { now: Date.now() + 10 * DAY, daysMax: 5 });
  const left = await ports.store.list();
  assert.ok(gone.length > 0 && left.length > 0, `${gone.length} went, ${left.length} are left`);
  assert.equal(gone.length + left.length, ids.length);
  await assert.rejects(surveyStorage({ ...ports, storage, views, signal: AbortSignal.abort() }));
});

checkBoth('a dropped run takes its trees with it, what others need stays', async (made) => {
  const [mine, both] = [await treeWith(made, 'mine\n'), await treeWith(made, 'both\n')];
  const [old, young] = [runId(3 * DAY, 'old'), runId(3 * DAY, 'young')];
  await made.run(old, [finished], [mine, both]);
  await made.run(young, [message('goes on')], [both]);
  await made.age();
  const rules = { now: Date.now() + 10 * DAY, daysMax: 5 };
  assert.deepEqual(await made.collect(rules, true), [`run ${old}`]);
  assert.ok(await made.has(mine));
  assert.deepEqual(await made.collect(rules), [`run ${old}`]);
  assert.deepEqual(await made.ports.store.list(), [young]);
  assert.deepEqual(await fs.readdir(join(made.storage, 'tmp')), []);
  assert.equal(await made.has(mine), false);
  assert.ok(await made.has(both));
  await made.age();
  assert.deepEqual(await made.collect({ ...rules, unfinished: [young] }), [`run ${young}`]);
  assert.equal(await made.has(both), false);
});

checkBoth('a run that is chosen goes with its trees at once; one that is owned stays', async (made) => {
  const [mine, others] = [await treeWith(made, 'mine\n'), await treeWith(made, 'theirs\n')];
  const [young, live] = [runId(1000, 'young'), runId(2000, 'live')];
  await made.run(young, [message('goes on')], [mine]);
  await made.run(live, [finished], [others]);
  await made.age();
  const owned = await made.ports.store.own(live);
  assert.deepEqual(await made.collect({ chosen: [young, live] }), [`run ${young}`]);
  await owned.close();
  assert.deepEqual(await made.ports.store.list(), [live]);
  assert.deepEqual([await made.has(mine), await made.has(others)], [false, true]);
});

check('only what is asked for goes', async (made) => {
  const [done, gone] = [runId(3 * DAY, 'done'), runId(4 * DAY, 'gone')];
  await made.run(done, [finished]);
  const copy = join(made.storage, 'copies', `${gone}-task`);
  await fs.mkdir(copy, { recursive: true });
  assert.deepEqual(await made.collect({ chosen: [done] }, false, ['copy']), [`copy ${gone}-task`]);
  await fs.mkdir(copy);
  assert.deepEqual(await made.collect({ chosen: [done] }, false, ['run']), [`run ${done}`]);
  assert.deepEqual(await fs.readdir(join(made.storage, 'copies')), [`${gone}-task`]);
});

check('a survey names every run with its size and state, and what the rest takes', async (made) => {
  const [done, open] = [runId(3 * DAY, 'done'), runId(2 * DAY, 'open')];
  await made.run(done, [finished]);
  await made.run(open, [message('goes on')]);
  await fs.mkdir(join(made.storage, 'copies', 'x'), { recursive: true });
  await fs.writeFile(join(made.storage, 'copies', 'x', 'file'), 'x'.repeat(1000));
  const owned = await made.ports.store.own(open);
  const views = createRunViews(made.ports.store, made.ports.hasher);
  const survey = await surveyStorage({ ...made.ports, storage: made.storage, views });
  await owned.close();
  assert.deepEqual(
    survey.runs.map(({ id, state }) => `${id} ${state}`),
    [`${open} owned`, `${done} finished`],
  );
  const { runs, copies, trees, caches } = survey.bytes;
  assert.equal(
    runs,
    survey.runs.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  assert.ok(runs > 500 && trees > 500, `${runs} ${trees}`);
  assert.deepEqual([copies, caches], [1000, 0]);
});

check('the next base is whole although nothing refers to the last one', async (made) => {
  await fs.writeFile(join(made.workspace, 'file.txt'), 'second\n');
  const { tree } = await made.ports.copies.takeBase(new Map());
  await made.age();
  await made.collect();
  const again = await made.ports.copies.takeBase(new Map());
  assert.equal(again.tree, tree);
  assert.ok(await made.has(again.tree));
  await fs.rm(join(made.store, 'objects'), { recursive: true });
  await fs.mkdir(join(made.store, 'objects'));
  await made.collect();
  assert.ok(await made.has((await made.ports.copies.takeBase(new Map())).tree));
});

checkBoth('objects that are young stay although nothing refers to them', async (made) => {
  const tree = await treeWith(made, 'just made\n');
  await made.collect();
  assert.ok(await made.has(tree));
});

checkBoth('a run that is being made keeps its trees, one that never came gives them up', async (made) => {
  const [coming, never] = [await treeWith(made, 'coming\n'), await treeWith(made, 'never\n')];
  await made.ports.copies.retain(runId(60_000, 'coming'), [coming]);
  await made.ports.copies.retain(runId(2 * 3_600_000, 'never'), [never]);
  await made.age();
  assert.deepEqual(await made.collect(), []);
  assert.ok(await made.has(coming));
  assert.equal(await made.has(never), false);
});

check('blobs that no line refers to go, those of damaged or torn journals stay', async (made) => {
  const long = message('x'.repeat(300_000));
  const [whole, torn, damaged] = ['whole', 'torn', 'damaged'].map((name) => runId(DAY, name));
  for (const id of [whole, torn, damaged]) {
    await made.run(id ?? '', [long, finished]);
    await fs.writeFile(join(made.storage, 'runs', id ?? '', 'blobs', 'f'.repeat(64)), 'unused');
  }
  const journal = (id = '') => join(made.storage, 'runs', id, 'journal.jsonl');
  await fs.appendFile(journal(torn), '{"half');
  await fs.writeFile(
    journal(damaged),
    (await fs.readFile(journal(damaged), 'utf8')).replace('a goal', 'a gaol'),
  );
  assert.deepEqual(await made.collect(), [`blob ${whole ?? ''}/${'f'.repeat(64)}`]);
  const views = createRunViews(made.ports.store, made.ports.hasher);
  assert.equal((await views.view(whole ?? '')).feed.length, 2);
});

check('a run that a process owns is left alone altogether', async (made) => {
  const id = runId(DAY, 'live');
  await made.run(id, [finished]);
  const owned = await made.ports.store.own(id);
  await fs.writeFile(join(made.storage, 'runs', id, 'blobs', 'f'.repeat(64)), 'unused');
  assert.deepEqual(await made.collect({ daysMax: 0.001, bytesMax: 1, unfinished: [id] }), []);
  await owned.close();
  assert.deepEqual(await made.collect({ now: Date.now() + DAY, daysMax: 0.001 }), [`run ${id}`]);
});

check('packages that were not lent for long go, unless a working copy may link to them', async (made) => {
  const cache = join(made.storage, 'cache', 'lent');
  const used = async (name: string, days: number) => {
    await fs.mkdir(join(cache, name, 'node_modules'), { recursive: true });
    await fs.writeFile(join(cache, name, 'manifest.json'), '{}');
    const at = new Date(Date.now() - days * DAY);
    await fs.utimes(join(cache, name, 'manifest.json'), at, at);
  };
  await used('fresh', 29);
  await used('month', 31);
  await used('year', 365);
  const open = runId(100 * DAY, 'open');
  await made.run(open, [message('goes on')]);
  await fs.mkdir(join(made.storage, 'copies', `${open}-task`), { recursive: true });
  assert.deepEqual(await made.collect(), ['cache year']);
  await fs.rm(join(made.storage, 'copies', `${open}-task`), { recursive: true });
  assert.deepEqual(await made.collect(), ['cache month']);
  assert.deepEqual(await fs.readdir(cache), ['fresh']);
});

check('lending tells that packages are in use', async (made) => {
  const modules = join(made.workspace, 'node_modules', 'left');
  await fs.mkdir(modules, { recursive: true });
  await fs.writeFile(join(modules, 'index.js'), '');
  await fs.writeFile(join(made.workspace, '.gitignore'), 'node_modules/\n');
  const { tree } = await made.ports.copies.takeBase(new Map());
  await made.ports.copies.create('run-000000001-00000000-a', tree);
  const cache = join(made.storage, 'cache', 'lent');
  const manifest = join(cache, (await fs.readdir(cache))[0] ?? '', 'manifest.json');
  const long = new Date(Date.now() - 365 * DAY);
  await fs.utimes(manifest, long, long);
  const another = createNodePorts({ workspaceRoot: made.workspace, storage: made.storage, log: made.log });
  await another.copies.create('run-000000001-00000000-b', tree);
  assert.ok((await fs.stat(manifest)).mtimeMs > Date.now() - DAY);
});

check('copies of runs that are over go with their size', async (made) => {
  const id = runId(DAY, 'done');
  await made.run(id, [finished]);
  const { tree } = await made.ports.copies.takeBase(new Map());
  const copy = await made.ports.copies.create(`${id}-task`, tree);
  assert.deepEqual(await made.collect({}, true), [`copy ${id}-task`]);
  assert.deepEqual(await made.collect(), [`copy ${id}-task`]);
  await assert.rejects(fs.stat(copy.root), { code: 'ENOENT' });
});

check('the person’s repository is not touched', async (made) => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: made.workspace, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  const objects = await fs.readdir(join(made.workspace, '.git', 'objects'), { recursive: true });
  await made.collect({ now: Date.now() + 100 * DAY, daysMax: 1 });
  assert.deepEqual(await fs.readdir(join(made.workspace, '.git', 'objects'), { recursive: true }), objects);
});
