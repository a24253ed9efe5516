/** Runs a table of edits: what a text becomes, or why it stays as it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, type EditErrorCode, type TextEdit } from '../../../../src/core/changes/edits.ts';

/** [old, new], or [old, new, 'all']. */
export type ShortEdit = readonly [old: string, now: string, all?: 'all'];

export interface EditCase {
  readonly is: string;
  readonly text: string;
  readonly edits: readonly ShortEdit[];
  /** The text after, or the error. */
  readonly gives: string | { readonly error: EditErrorCode; readonly at?: number; readonly says?: RegExp };
  /** Matches the notes, one after the other; without it there must be none. */
  readonly notes?: readonly RegExp[];
}

const editOf = ([old_text, new_text, all]: ShortEdit): TextEdit => ({
  old_text,
  new_text,
  ...(all && { replace_all: true }),
});

export function checkEdits(cases: readonly EditCase[]): void {
  for (const one of cases) test(one.is, () => check(one));
}

function check({ text, edits, gives, notes = [] }: EditCase): void {
  const result = applyEdits(text, edits.map(editOf));
  if (typeof gives === 'string') {
    assert.ok(result.ok, result.ok ? '' : result.error.message);
    assert.equal(result.text, gives);
    assert.equal(result.notes.length, notes.length, result.notes.join('\n'));
    for (const [at, note] of notes.entries()) assert.match(result.notes[at] ?? '', note);
    return;
  }
  assert.ok(!result.ok, `made ${JSON.stringify(result)}`);
  assert.equal(result.error.code, gives.error);
  assert.equal(result.error.editIndex, gives.at ?? 0);
  if (gives.says) assert.match(result.error.message, gives.says);
}
