/** Runs a table of patches: what files become, or why they stay as they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch, type PatchErrorCode } from '../../../../src/core/changes/patch.ts';

type Texts = Readonly<Record<string, string>>;

interface Refusal {
  readonly error: PatchErrorCode;
  readonly says?: RegExp;
}

export interface PatchCase {
  readonly is: string;
  /** Files before; a single text is the file "f". */
  readonly files?: Texts | string;
  /** A whole patch, or the hunks of an update of "f". */
  readonly patch?: string;
  readonly hunks?: string;
  /** All files after, or the error. A single text is the file "f". */
  readonly gives: Texts | string | Refusal;
  readonly notes?: readonly RegExp[];
}

export const patchOf = (body: string): string => `*** Begin Patch\n${body}\n*** End Patch`;

export function checkPatches(cases: readonly PatchCase[]): void {
  for (const one of cases) test(one.is, () => check(one));
}

function check({ files = {}, patch, hunks, gives, notes = [] }: PatchCase): void {
  const before = new Map(Object.entries(texts(files)));
  const kept = new Map(before);
  const result = applyPatch(before, patch ?? patchOf(`*** Update File: f\n${hunks ?? ''}`));
  assert.deepEqual(before, kept, 'the files given are never changed');
  if (isError(gives)) {
    assert.ok(!result.ok, result.ok ? JSON.stringify([...result.texts]) : '');
    assert.equal(result.error.code, gives.error, result.error.message);
    if (gives.says) assert.match(result.error.message, gives.says);
    return;
  }
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  const after = new Map<string, string>(before);
  for (const [path, text] of result.texts) {
    if (text === undefined) assert.ok(after.delete(path), `${path} was there`);
    else after.set(path, text);
  }
  assert.deepEqual(Object.fromEntries(after), texts(gives));
  assert.equal(result.notes.length, notes.length, result.notes.join('\n'));
  for (const [at, note] of notes.entries()) assert.match(result.notes[at] ?? '', note);
}

const texts = (files: Texts | string): Texts => (typeof files === 'string' ? { f: files } : files);
const isError = (gives: PatchCase['gives']): gives is Refusal =>
  typeof gives !== 'string' && 'error' in gives;
