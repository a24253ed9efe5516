/** A panel that nobody looks at costs nothing: whatever a run does, nothing is sent to it, and it has all of it once it is back. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LiveTests } from '../../src/core/run/contract.ts';
import { GoalGiven } from '../../src/editor/goal/given.ts';
import { NOTHING } from '../../src/editor/goal/kept.ts';
import { TeamPanel } from '../../src/editor/panel/panel.ts';
import type { PanelUpdate } from '../../src/protocol/panel.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { deskOf, house, viewOf, waitUntil } from './house.ts';

const unused = async () => await Promise.reject(new Error('Nobody asks for it here.'));
const TALLY = { decided: 0, all: 0, differs: false, forTeam: 0 };
const never: vscode.Event<void> = () => new vscode.Disposable(() => undefined);

/** A view as the editor hands it out; what is posted to it is kept. */
function viewPlace() {
  const received = new vscode.EventEmitter<unknown>();
  const turned = new vscode.EventEmitter<void>();
  const posted: PanelUpdate[] = [];
  const webview: vscode.Webview = {
    options: {},
    html: '',
    cspSource: 'none',
    asWebviewUri: (uri) => uri,
    onDidReceiveMessage: received.event,
    postMessage: async (update: PanelUpdate) => posted.push(update) > 0,
  };
  let visible = true;
  const view: vscode.WebviewView = {
    viewType: 'quartet.team',
    webview,
    get visible() {
      return visible;
    },
    onDidChangeVisibility: turned.event,
    onDidDispose: never,
    show: () => undefined,
  };
  return {
    view,
    posted,
    /** The page says that it is there. */
    ready: () => received.fire({ type: 'ready' }),
    turn(isVisible: boolean) {
      visible = isVisible;
      turned.fire();
    },
  };
}

function panelOn(runs: ReturnType<typeof house>) {
  const { desk } = deskOf(runs.backend);
  const tests = new vscode.EventEmitter<LiveTests>();
  const log = new InMemoryLog();
  const none = async () => await Promise.resolve(undefined);
  const models = { find: none, picked: none, choices: unused, pick: unused, settings: unused };
  const store = { read: async () => await Promise.resolve({ ...NOTHING, left: [] }), write: unused };
  const panel = new TeamPanel({
    ...{ desk, log, extension: vscode.Uri.file('/extension'), handle: unused, obstacle: none },
    models: { ...models, settingsAlone: unused, forget: () => undefined },
    review: { onChanged: never, current: undefined, tally: TALLY },
    given: new GoalGiven(store, log),
    onTests: tests.event,
  });
  return { desk, panel, tests };
}

/** Longer than what waits for the next flush waits. */
const passed = async () => await new Promise((resolve) => setTimeout(resolve, 200));

suite('hidden panel', () => {
  test('nothing crosses while a run works, and all of it once the page is back', async () => {
    const runs = house([viewOf('a', { status: 'working' })]);
    const { desk, panel, tests } = panelOn(runs);
    const { view, posted, ready, turn } = viewPlace();
    const grow = (lastSeq: number) =>
      runs.followers.get('a')?.(
        viewOf('a', {
          ...{ lastSeq, status: 'working', needs: [] },
          feed: [{ kind: 'note', id: lastSeq, at: 0, level: 'info', text: `note ${lastSeq}` }],
        }),
      );
    const work = (lastSeq: number) => {
      grow(lastSeq);
      for (const listen of runs.listeners) listen({ run: 'a', key: 'k', role: 'coder', text: 'word ' });
      tests.fire({ run: 'a', key: 'k', ended: [], progress: { unit: 'tests', done: 1, failed: 0 } });
    };
    const types = () => posted.map(({ type }) => type);
    const isThere = (type: PanelUpdate['type']) => types().includes(type);

    panel.resolveWebviewView(view);
    await desk.resume('a');
    await desk.open('a');
    work(2);
    await passed();
    assert.deepEqual(types(), [], 'a page that is not up yet is told nothing');
    ready();
    await waitUntil(() => isThere('given'));
    work(3);
    await waitUntil(() => isThere('delta') && isThere('stream') && isThere('tests'));

    work(4);
    turn(false);
    posted.length = 0;
    for (let line = 5; line < 30; line += 1) work(line);
    await desk.stop('a');
    await panel.refresh();
    await passed();
    assert.deepEqual(types(), []);
    assert.equal(panel.isVisible, false);

    turn(true);
    grow(30);
    await passed();
    assert.deepEqual(types(), [], 'a page that comes back says when it is up');
    ready();
    await waitUntil(() => isThere('given'));
    const [context, snapshot] = posted;
    assert.deepEqual([context?.type, snapshot?.type], ['context', 'snapshot']);
    assert.ok(snapshot?.type === 'snapshot' && snapshot.view?.lastSeq === 30);
    panel.dispose();
    desk.dispose();
  });
});
