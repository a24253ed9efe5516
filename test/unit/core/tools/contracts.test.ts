/** Contracts of tools: none changes unnoticed, and agents that know another version are not gone on with. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { TOOLS } from '../../../../src/core/tools/catalogue.ts';
import { contractsOf, incompatible, numberOf } from '../../../../src/core/tools/contracts.ts';
import { hostTools } from '../../../../src/core/tools/host.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What models were told last. Where this fails a tool is told otherwise now: raise its `version` if a call of before would be refused or
 * mean something else, then write down the new contract.
 */
const CONTRACTS: Readonly<Record<string, string>> = {
  read_file: '1+f1ab2a5c',
  list_files: '1+9a7a530f',
  search_text: '1+2fb187d7',
  read_more: '1+a943ba1b',
  git_diff: '1+3daca247',
  git_log: '1+a715a3d9',
  git_show: '1+8a4286d2',
  find_symbol: '1+84520209',
  find_references: '1+6f4a2c87',
  get_diagnostics: '1+4b6e6941',
  edit_file: '1+39f2f592',
  apply_patch: '1+12974f44',
  write_file: '1+ad1df74d',
  delete_file: '1+c1cdeb17',
  move_file: '1+a95ea517',
  run_command: '1+ee3be094',
  run_tests: '1+7af3c8f5',
  run_code: '1+8efe863d',
  read_output: '1+12f89680',
  stop_command: '1+f8409146',
  browse_page: '1+d527896d',
  fetch_url: '1+519bef46',
  web_search: '1+e88b539e',
  http_request: '1+2fc1919e',
  ask_user: '1+9b0e289d',
  post_message: '1+a562d8d7',
  ask_teammate: '1+51d0d0cb',
  facts: '1+75ad537e',
  submit_plan: '1+7a632397',
  submit_findings: '1+a51470cf',
  submit_result: '1+4374d230',
  submit_diagnosis: '1+0f066c6b',
  submit_review: '1+65254666',
  submit_answer: '1+b16be630',
  submit_summary: '1+908292e9',
};

test('no contract of a tool changes unnoticed', () => {
  assert.deepEqual(contractsOf(TOOLS, hash), CONTRACTS);
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
