/** What a role's requests weigh, and that each repeats the one before: every byte of it is paid for again at every turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../../../src/core/models/contract.ts';
import { systemText } from '../../../../src/core/run/agents/prompts.ts';
import type { Run } from '../../../../src/core/run/run.ts';
import { createRegistry } from '../../../../src/core/team/registry.ts';
import { specOf, TOOLS } from '../../../../src/core/tools/catalogue.ts';
import { RunSettings } from '../../../../src/protocol/settings.ts';
import { play } from '../../../scenarios/check.ts';
import { agent, FILES, fix, PLANNER, result, REVIEWER, script } from '../../../scenarios/parts.ts';

/** System text and tools of any role, as they are sent; the editor's language servers come on top, and the browser where it is enabled. */
const BYTES_MAX = 8 * 1024;
const BYTES_MAX_EDITOR = 9 * 1024;
const BYTES_MAX_ALL = 9.5 * 1024;
const ENABLED_ONLY = 'browse_page';
const EDITOR_ONLY = new Set(['find_symbol', 'find_references', 'get_diagnostics']);

const SETTINGS = RunSettings.parse({
  endpoints: [{ id: 'one', kind: 'openai', model: 'm' }],
  routes: { default: ['one'] },
});

const registry = createRegistry();
for (const name of [...new Set(['planner', 'synthesizer', ...registry.forTasks])])
  test(`the first request of ${name} is small`, () => {
    const role = registry.get(name);
    const tools = [...role.tools, ...role.submit].flatMap((tool) => TOOLS.get(tool) ?? []);
    assert.equal(tools.length, role.tools.length + role.submit.length, 'a tool that is not there');
    const content = systemText({ settings: SETTINGS, roleFiles: new Map() } as unknown as Run, role);
    const bytesWith = (offered: typeof tools): number => {
      const wire = {
        messages: [{ role: 'system', content }],
        tools: offered.map((tool) => ({ type: 'function', function: specOf(tool) })),
      };
      return Buffer.byteLength(JSON.stringify(wire));
    };
    const usual = tools.filter((tool) => tool.name !== ENABLED_ONLY);
    const bytes = bytesWith(usual.filter((tool) => !EDITOR_ONLY.has(tool.name)));
    assert.ok(bytes <= BYTES_MAX, `${bytes} bytes`);
    assert.ok(bytesWith(usual) <= BYTES_MAX_EDITOR, `${bytesWith(usual)} bytes in the editor`);
    assert.ok(bytesWith(tools) <= BYTES_MAX_ALL, `${bytesWith(tools)} bytes with all tools`);
  });

test('what is sent to models has no bounds that only we check', () => {
  const text = JSON.stringify([...TOOLS.values()].map(specOf));
  assert.doesNotMatch(text, /"(min|max)Length":\d|9007199254740991/);
});

test('the planner is told what tasks can require, what the endpoints provide, and what `when` and `model` are for', async () => {
  const sent: ModelRequest[] = [];
  await play({
    files: FILES,
    settings: {
      endpoints: [
        { id: 'eyes', kind: 'scripted', model: 'm', vision: true },
        { id: 'deep', kind: 'scripted', model: 'm', contextTokens: 200_000 },
      ],
      routes: { default: ['eyes'] },
    },
    script: script(PLANNER, agent('coder', [[fix, result()]]), REVIEWER),
    models: (scripted) => ({
      complete(request, context) {
        if (request.role === 'planner') sent.push(request);
        return scripted.complete(request, context);
      },
    }),
  });
  const told = (sent[0]?.messages ?? []).map(({ content }) => content).join('\n');
  for (const word of [
    '`vision`',
    '`context>=',
    '`local`',
    '`tool:',
    '`endpoint:',
    '`role:',
    '`when`',
    '`model`',
  ])
    assert.ok(told.includes(word), word);
  assert.match(told, /- `eyes`: m, context=\d+, vision/u);
  assert.match(told, /- `deep`: m, context=200000/u);
});

const READS = ['src/greet.txt', 'src/other.txt', 'test/greet.spec'];

test('each request of an agent begins with the whole of the one before, byte for byte, over all rounds', async () => {
  const sent = new Map<string, ModelRequest[]>();
  const turns = Array.from({ length: 20 }, (_, turn) => [
    { tool: 'read_file', args: { path: READS[turn % READS.length] ?? '', start_line: 1 } },
  ]);
  const run = await play({
    files: FILES,
    script: script(PLANNER, agent('coder', [...turns, [fix, result()]]), REVIEWER),
    models: (scripted) => ({
      complete(request, context) {
        sent.set(request.role, [...(sent.get(request.role) ?? []), request]);
        return scripted.complete(request, context);
      },
    }),
  });
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done');
  const coder = sent.get('coder') ?? [];
  assert.equal(coder.length, 21);
  const texts = coder.map(({ messages }) => JSON.stringify(messages).slice(0, -1));
  for (const [turn, text] of texts.entries())
    assert.ok(text.startsWith(texts[turn - 1] ?? ''), `turn ${turn + 1}`);
  const tools = new Set(coder.map((request) => JSON.stringify(request.tools)));
  assert.equal(tools.size, 1);
});

test('a file that reads as it did is told once, and again after it was changed', async () => {
  const sent: ModelRequest[] = [];
  const long = `${'a line of greetings\n'.repeat(40)}helo\n`;
  const look = { tool: 'read_file', args: { path: 'src/greet.txt' } };
  await play({
    files: { ...FILES, 'src/greet.txt': long },
    script: script(PLANNER, agent('coder', [[look], [look], [fix], [look], [result()]]), REVIEWER),
    models: (scripted) => ({
      complete(request, context) {
        if (request.role === 'coder') sent.push(request);
        return scripted.complete(request, context);
      },
    }),
  });
  const seen = (sent.at(-1)?.messages ?? []).flatMap((each) => (each.role === 'tool' ? [each.content] : []));
  assert.match(seen[0] ?? '', /a line of greetings/);
  assert.match(seen[1] ?? '', /^Unchanged: word for word the result of read_file in turn 1 above/);
  assert.match(seen[3] ?? '', /a line of greetings[^]*hello/);
});
