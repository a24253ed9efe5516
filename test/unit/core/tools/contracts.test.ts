/** Contracts of tools: none changes unnoticed, and agents that know another version are not gone on with. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { specOf, TOOLS } from '../../../../src/core/tools/catalogue.ts';
import { contractsOf, incompatible, numberOf } from '../../../../src/core/tools/contracts.ts';
import { hostTools } from '../../../../src/core/tools/host.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The arguments that agents of each version may give, with `?` those that they may leave out. What is added and may be left out need not stand here. */
const CONTRACTS: Readonly<Record<string, readonly [version: string, args: string]>> = {
  read_file: ['1', 'path start_line? end_line?'],
  list_files: ['1', 'path? glob? max?'],
  search_text: ['1', 'query regex? glob? max?'],
  read_more: ['1', 'handle from?'],
  git_diff: ['1', 'from? to? path?'],
  git_log: ['1', 'from? path? max?'],
  git_show: ['1', 'commit path? stat?'],
  find_symbol: ['1', 'name'],
  find_references: ['1', 'path line character'],
  get_diagnostics: ['1', 'path?'],
  edit_file: ['1', 'path edits'],
  apply_patch: ['1', 'patch'],
  write_file: ['1', 'path content'],
  delete_file: ['1', 'path'],
  move_file: ['1', 'from to'],
  run_command: ['1', 'command cwd? timeout_seconds? network? background? ready_when?'],
  run_tests: ['1', 'filter?'],
  run_code: ['1', 'language code stdin?'],
  read_output: ['1', 'handle wait_seconds?'],
  stop_command: ['1', 'handle'],
  browse_page: ['1', 'url wait_for?'],
  fetch_url: ['1', 'url'],
  web_search: ['1', 'query max?'],
  http_request: ['1', 'method url headers? body?'],
  ask_user: ['1', 'question options?'],
  post_message: ['1', 'to text priority?'],
  ask_teammate: ['1', 'to question options? several?'],
  facts: ['1', 'about? key? text? version?'],
  submit_plan: ['1', 'summary tasks new_roles?'],
  submit_findings: ['1', 'summary sources?'],
  submit_result: ['1', 'summary'],
  submit_diagnosis: ['1', 'summary causes?'],
  submit_review: ['1', 'verdict comments?'],
  submit_answer: ['1', 'answer choice?'],
  submit_summary: ['1', 'title body'],
};

/** What of a call of before a tool would refuse, or not understand any more. */
function broken(name: string, [version, args]: readonly [version: string, args: string]): string | undefined {
  const tool = TOOLS.get(name);
  if (!tool) return `${name} is gone`;
  if ((tool.version ?? '1') !== version) return undefined;
  const { properties = {}, required = [] } = specOf(tool).parameters as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const known = args.split(' ').filter((arg) => arg !== '');
  const gone = known.filter((arg) => !(arg.replace('?', '') in properties));
  const asked = required.filter((arg) => !known.includes(arg));
  return gone.length + asked.length === 0
    ? undefined
    : `${name}: ${[...gone, ...asked].join(', ')}: raise its version, and write down here what it takes now`;
}

test('no tool refuses what agents of the same version may ask of it', () => {
  assert.deepEqual(
    Object.entries(CONTRACTS).flatMap(([name, contract]) => broken(name, contract) ?? []),
    [],
  );
  assert.match(broken('read_file', ['1', 'path lines?']) ?? '', /lines\?/u);
  assert.match(broken('read_file', ['1', 'start_line? end_line?']) ?? '', /read_file: path:/u);
  assert.equal(broken('read_file', ['0', 'lines']), undefined, 'another version is another contract');
  for (const version of Object.values(contractsOf(TOOLS, hash)))
    assert.match(version, /^[1-9]\d*\+[0-9a-f]{8}$/u);
});

test('agents that know another version of a tool, or one that is gone, are not gone on with; another wording is no hindrance', () => {
  const one = TOOLS.get('read_file');
  assert.ok(one);
  const now = new Map([
    ['same', one],
    ['raised', { ...one, version: '3' }],
  ]);
  const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp | undefined])[] = [
    [{}, undefined],
    [{ same: '1+00000000' }, undefined],
    [{ raised: '2+00000000' }, /raised is version 3, and its agents know version 2/u],
    [{ raised: '4+00000000' }, /raised is version 3, and its agents know version 4/u],
    [{ gone: '1+00000000' }, /gone \(version 1\) is no longer there/u],
    [{ mcp_other: '0+00000000' }, undefined],
  ];
  for (const [recorded, why] of cases) {
    const told = incompatible(recorded, now);
    if (why) assert.match(told ?? '', why);
    else assert.equal(told, undefined, JSON.stringify(recorded));
  }
});

test('a tool of another program has the digest of its form, and another form another', () => {
  const granted = (description: string) =>
    hostTools(
      [{ name: 'jira', description, schema: { type: 'object' }, roles: ['coder'], ask: true }],
      'coder',
    );
  const [one, same, other] = ['Finds issues.', 'Finds issues.', 'Sends mail.'].map((each) =>
    String(contractsOf(granted(each), hash)['mcp_jira']),
  );
  assert.equal(numberOf(one ?? ''), '0');
  assert.equal(one, same);
  assert.notEqual(one, other);
});
