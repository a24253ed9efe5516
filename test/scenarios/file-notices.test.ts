/** What teammates say of a file is heard by whoever else at work has read it, by what it is about and not by whom it is for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { isAbout } from '../../src/protocol/team-view.ts';
import { messagesText } from '../../src/terminal/team-text.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, plan, result, script, task } from './parts.ts';

const SHARED = 'src/shared.txt';
const read = (path: string) => call('read_file', { path });
const write = (id: string) => [call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }), result(id)];
const of = (id: string) =>
  task({ id, title: `Make ${id}`, description: `Make ${id}.`, files: [`src/${id}.txt`] });

/** One says something once both others look on; `knows` has read the shared file, `other` has not. */
function scenario(
  says: ReturnType<typeof call>,
  tellsFiles: boolean,
): Scenario & { readonly told: Map<string, string> } {
  const told = new Map<string, string>();
  let said = (): void => undefined;
  const once = new Promise<void>((resolve) => (said = resolve));
  let waiting = 0;
  let ready = (): void => undefined;
  const both = new Promise<void>((resolve) => (ready = resolve));
  return {
    told,
    files: { [SHARED]: 'shared\n', 'test/all.spec': `it is there: ${SHARED} has shared\n` },
    settings: { limits: { concurrency: 3 }, ...(tellsFiles && { tellsFiles }) },
    script: script(
      agent('planner', [[plan(of('author'), of('knows'), of('other'))]]),
      agent('coder', [[read(SHARED)], [says], write('author')], { task: 'author' }),
      agent('coder', [[read(SHARED)], [call('list_files', { max: 1 })], write('knows')], { task: 'knows' }),
      agent('coder', [[call('list_files', { max: 2 })], [call('list_files', { max: 1 })], write('other')], {
        task: 'other',
      }),
      agent('reviewer', [[approve], [approve], [approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      async complete(request, context) {
        const { role, task: id = '', turn, messages } = request;
        if (role === 'coder') told.set(id, messages.map(({ content }) => content).join('\n'));
        if (role === 'coder' && id !== 'author' && turn === 2) {
          waiting += 1;
          if (waiting === 2) ready();
          await once;
        }
        if (role === 'coder' && id === 'author' && turn === 2) await both;
        if (role === 'coder' && id === 'author' && turn === 3) said();
        return scripted.complete(request, context);
      },
    }),
  };
}

async function played(scenarioOf: Scenario): Promise<Played> {
  const run = await play(scenarioOf);
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  assert.equal((await replayRun(run.ports, run.id)).divergence, undefined);
  return run;
}

const notices = ({ view }: Played) =>
  (view.team?.messages ?? []).filter(({ headers }) => headers?.['event'] === 'said of a file');

const MESSAGE = call('post_message', { to: '#layout', text: `In ${SHARED} the second line will go.` });
const FACT = call('facts', { key: 'layout', text: `${SHARED} loses its second line.` });

for (const [what, says] of [
  ['a message to a topic', MESSAGE],
  ['a fact', FACT],
] as const)
  test(`${what} about a file is told to whoever has read it, and to nobody else`, async () => {
    const wanted = scenario(says, true);
    const run = await played(wanted);
    const told = notices(run);
    assert.deepEqual(
      told.map(({ to, readBy }) => [to, readBy]),
      [['task/knows/attempt/1/coder', ['task/knows/attempt/1/coder']]],
    );
    assert.match(
      wanted.told.get('knows') ?? '',
      /coder says of src\/shared\.txt, which you have read: .*second line/u,
    );
    assert.doesNotMatch(wanted.told.get('other') ?? '', /second line/u);
    assert.ok(told[0] && isAbout(told[0], `file:${SHARED}`), 'it is found by its file');
    assert.match(messagesText(run.view, `file:${SHARED}`), /which you have read/u);
  });

test('a run that began before goes as it did', async () => {
  const run = await played(scenario(MESSAGE, false));
  assert.deepEqual(notices(run), []);
});
