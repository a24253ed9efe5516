/** The audit log lists what the team told each other: who, to whom, about what, and whether anybody read it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditRun, auditText } from '../../src/core/run/views/audit.ts';
import { messagesIn } from '../../src/core/run/views/audit-messages.ts';
import { createBus } from '../../src/core/team/bus.ts';
import { isAbout } from '../../src/protocol/team-view.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const read = call('read_file', { path: 'src/greet.txt' });
const post = (to: string, text: string) => call('post_message', { to, text });

test('messages stand in the audit log with sender, reader, headers and proof; one that nobody read is dead', async () => {
  const run = await play({
    files: FILES,
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [
        [read],
        [
          post('reviewer', 'Look at src/greet.txt first.'),
          post('documenter', 'Nobody of you works here.'),
          call('ask_teammate', { to: 'researcher', question: 'Is src/greet.txt used?' }),
        ],
        [fix, result()],
      ]),
      agent('researcher', [[call('submit_answer', { answer: 'Yes.' })]]),
      agent('reviewer', [[approve]]),
    ),
  });
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  const report = await createEngine(run.enginePorts, { whenWaiting: 'pause' }).replay(run.id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
  const audit = await auditRun(run.ports.store, run.ports.hasher, run.id);
  const told = audit.messages.map(({ from, to, kind, state }) => [from, to.split('/').at(-1), kind, state]);
  assert.deepEqual(told, [
    ['coder', 'reviewer', 'notification', 'delivered'],
    ['coder', 'documenter', 'notification', 'dead'],
    ['coder', 'researcher', 'request', 'delivered'],
    ['researcher', 'coder', 'response', 'delivered'],
  ]);
  const [first, dead, request] = audit.messages;
  assert.equal(first?.headers?.['file'], 'src/greet.txt');
  assert.equal(first.headers['attempt'], '1');
  assert.match(first.by ?? '', /^task\/fix\/attempt\/1\/coder/u);
  assert.match(first.readBy.join(), /reviewer/u);
  assert.equal(request?.headers?.['file'], 'src/greet.txt');
  assert.match(dead?.why ?? '', /before anybody it was for read it/u);
  assert.equal(dead?.headers?.['file'], undefined);
  const lines = new Map(run.lines.map((line) => [line.seq, line]));
  for (const { proof } of audit.messages)
    for (const { seq, type, sum } of proof)
      assert.deepEqual([lines.get(seq)?.type, lines.get(seq)?.sum], [type, sum]);
  const text = auditText(audit);
  assert.match(
    text,
    /Messages\n[\s\S]*coder to reviewer {2}\(notification, fix, attempt 1, file src\/greet\.txt\)\n {4}Look at/u,
  );
  assert.match(text, /dead: The run ended before anybody/u);
  const view = run.view.team?.messages.find(({ to }) => to === 'reviewer');
  assert.ok(view && isAbout(view, 'file:src/greet.txt') && !isAbout(view, 'file:src/other.txt'));
});

const line = (seq: number, data: object, type = 'message.posted', key = `m/${String(seq)}`): JournalLine =>
  ({ v: 1, seq, at: seq, type, key, data, prev: '', sum: `sum${String(seq)}` }) as unknown as JournalLine;

test('of very many messages the latest are listed and the others counted, as long as they may be', () => {
  const lines = Array.from({ length: 1005 }, (_, at) =>
    line(at + 1, { from: 'coder', to: 'qa', text: 'x'.repeat(9000), tainted: 'example.org' }),
  );
  const { messages, earlier } = messagesIn([
    ...lines,
    line(2000, { agent: 'q', messages: ['m/1', 'm/1005'] }, 'message.delivered', 'turn'),
  ]);
  assert.deepEqual([messages.length, earlier, messages[0]?.proof[0]?.seq], [1000, 5, 6]);
  assert.ok(messages.every(({ text, tainted }) => text.length === 500 && tainted === 'example.org'));
  assert.deepEqual(messages.at(-1)?.readBy, ['q'], 'what is no longer listed changes nothing');
});

test('an observer may take only what is about a file', () => {
  const bus = createBus({ dead: () => undefined, roles: () => ['qa'] });
  const heard: string[] = [];
  bus.observe(
    ({ headers }) => headers?.['file']?.split(', ').includes('src/a.ts') === true,
    ({ id }) => heard.push(id),
  );
  const say = (id: string, file?: string) =>
    bus.post({ id, from: 'coder', to: 'qa', text: '', ...(file !== undefined && { headers: { file } }) });
  say('one', 'src/a.ts');
  say('two', 'src/b.ts');
  say('three', 'src/b.ts, src/a.ts');
  say('four');
  assert.deepEqual(heard, ['one', 'three']);
});
