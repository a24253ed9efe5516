/** Tool arguments as real models have written them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../../../src/core/tools/arguments.ts';
import { TOOLS } from '../../../../src/core/tools/catalogue.ts';
import type { Tool } from '../../../../src/core/tools/contract.ts';

const tool = (name: string): Tool => {
  const found = TOOLS.get(name);
  assert.ok(found);
  return found;
};

const understood: readonly [string, string, string, unknown][] = [
  ['as it should be', 'read_file', '{"path":"a.js"}', { path: 'a.js' }],
  ['nothing for a tool that needs nothing', 'list_files', '', {}],
  ['blanks', 'list_files', ' \n', {}],
  ['null', 'list_files', 'null', {}],
  ['the object as a text', 'read_file', '"{\\"path\\":\\"a.js\\"}"', { path: 'a.js' }],
  ['the object as a text with a fault', 'read_file', '"{\\"path\\":\\"a.js\\",}"', { path: 'a.js' }],
  ['a list of one', 'read_file', '[{"path":"a.js"}]', { path: 'a.js' }],
  ['a trailing comma', 'read_file', '{"path":"a.js",}', { path: 'a.js' }],
  ['a missing brace', 'read_file', '{"path":"a.js"', { path: 'a.js' }],
  ['a missing quote and brace', 'read_file', '{"path":"a.js', { path: 'a.js' }],
  ['one brace too many', 'read_file', '{"path":"a.js"}}', { path: 'a.js' }],
  ['a fence', 'read_file', '```json\n{"path":"a.js"}\n```', { path: 'a.js' }],
  ['single quotes', 'read_file', "{'path': 'a.js'}", { path: 'a.js' }],
  ['names without quotes', 'read_file', '{path: "a.js"}', { path: 'a.js' }],
  ['Python', 'search_text', '{"query": "x", "regex": True}', { query: 'x', regex: true }],
  ['a comment', 'read_file', '{"path":"a.js" /* the file */}', { path: 'a.js' }],
  [
    'raw line breaks in a text',
    'write_file',
    '{"path":"a.js","content":"one\ntwo"}',
    { path: 'a.js', content: 'one\ntwo' },
  ],
];
for (const [name, tools, text, expected] of understood) {
  test(`arguments: ${name} is understood`, () => {
    assert.deepEqual(readArguments(tool(tools), text), { ok: true, args: expected });
  });
}

const told: readonly [string, string, string, RegExp][] = [
  [
    'prose',
    'read_file',
    'Sure! I would like to look at the file first.',
    /not JSON.*Send one JSON object with path, start_line\?, end_line\?\.$/,
  ],
  [
    'null where something is needed',
    'read_file',
    'null',
    /path: .*It takes path, start_line\?, end_line\?\.$/,
  ],
  ['a number', 'read_file', '42', /an object was expected, and this is a number/],
  ['a list of two', 'read_file', '[{"path":"a"},{"path":"b"}]', /an object was expected, and this is a list/],
  ['a wrong kind', 'read_file', '{"path":["a.js"]}', /not valid\. path: .*expected string/],
  [
    'a missing field deep inside',
    'edit_file',
    '{"path":"a","edits":[{"old_text":"x"}]}',
    /edits\.0\.new_text/,
  ],
];
for (const [name, tools, text, says] of told) {
  test(`arguments: ${name} is told in words that a model can act on`, () => {
    const read = readArguments(tool(tools), text);
    assert.ok(!read.ok);
    assert.match(read.problem, says);
  });
}
