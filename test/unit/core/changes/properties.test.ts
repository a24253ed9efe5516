import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../../../src/core/changes/edits.ts';
import { applyHunks, hunksOf } from '../../../../src/core/changes/hunks.ts';
import { lineChanges } from '../../../../src/core/changes/line-diff.ts';
import { merge3 } from '../../../../src/core/changes/merge3.ts';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import {
  inFormOf,
  linesOf,
  shape,
  splitLines,
  toLf,
  unshape,
} from '../../../../src/core/changes/text-form.ts';
import { unifiedDiff } from '../../../../src/core/changes/unified-diff.ts';
import { patchOf } from './check-patch.ts';
import { anyText, changedText, plainText } from './random-texts.ts';

/** The update of "f" from one text to another, with the whole file as context and its last line marked if it is open. */
function wholePatch(before: string, after: string): string {
  const [old, now] = [before, after].map((text) => toLf(text));
  const [a, b] = [linesOf(old ?? ''), linesOf(now ?? '')];
  const open = (text: string | undefined) =>
    text === '' || text?.endsWith('\n') ? [] : ['\\ No newline at end of file'];
  const removed = a.map((line) => `-${line}`).concat(open(old));
  const added = b.map((line) => `+${line}`).concat(open(now));
  return patchOf(['*** Update File: f', '@@', ...removed, ...added].join('\n'));
}

/** The same with single hunks, each with line numbers and up to three unchanged lines, as `diff -u` writes them. */
function unifiedPatch(before: string, after: string): string {
  const body = unifiedDiff('f', before, after).split('\n').slice(2, -1);
  return patchOf(['*** Update File: f', ...body].join('\n'));
}

function patched(before: string, patch: string): string {
  const result = applyPatch(new Map([['f', before]]), patch);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.texts.get('f') ?? assert.fail('f is gone');
}

test('a patch made from two random texts applies exactly', () => {
  fc.assert(
    fc.property(plainText(), plainText(), (before, after) => {
      fc.pre(before !== after);
      assert.equal(patched(before, wholePatch(before, after)), after);
    }),
    { numRuns: 500 },
  );
});

test('a patch of single hunks applies exactly', () => {
  fc.assert(
    fc.property(changedText, ([before, after]) => {
      fc.pre(before !== after && after !== '');
      assert.equal(patched(before, unifiedPatch(before, after)), after);
    }),
    { numRuns: 1000 },
  );
});

test('a patch written with LF applies to CRLF, and the other way round', () => {
  fc.assert(
    fc.property(changedText, fc.boolean(), ([before, after], crlfFile) => {
      fc.pre(before !== after && after !== '');
      const crlf = (text: string) => text.replaceAll('\n', '\r\n');
      const patch = unifiedPatch(before, after);
      if (crlfFile) assert.equal(patched(crlf(before), patch), crlf(after));
      else assert.equal(patched(before, crlf(patch)), after);
    }),
  );
});

test('a patch that fails in its last hunk changes nothing', () => {
  fc.assert(
    fc.property(changedText, ([before, after]) => {
      fc.pre(before !== after && after !== '');
      const good = unifiedPatch(before, after).replace('\n*** End Patch', '');
      const files = new Map([['f', before]]);
      const result = applyPatch(files, `${good}\n@@\n-no such line anywhere\n+x\n*** End Patch`);
      assert.equal(result.ok, false);
      assert.deepEqual([...files], [['f', before]]);
    }),
  );
});

test('random patches either fail or leave texts, and never throw', () => {
  const piece = fc.constantFrom(
    '*** Begin Patch',
    '*** End Patch',
    '*** Update File: f',
    '*** Add File: n',
    '*** Delete File: f',
    '*** Move to: g',
    '@@',
    '@@ a',
    ' a',
    '-a',
    '+b',
    'b',
    '',
    '*** End of File',
    '\\ No newline at end of file',
    '```',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), plainText(), (body, text) => {
      const result = applyPatch(new Map([['f', text]]), patchOf(body.join('\n')));
      if (!result.ok) assert.ok(result.error.message.length > 0);
      else assert.ok(result.changes.length > 0);
    }),
    { numRuns: 1000 },
  );
});

test('an edit of one unique line changes that line only', () => {
  fc.assert(
    fc.property(plainText(), plainText(), fc.string(), (head, tail, now) => {
      const [before, after] = [`${head}\n`, `\n${tail}`];
      fc.pre(now !== 'UNIQUE' && !/[\r\u0000\uFEFF]/u.test(now));
      const result = applyEdits(`${before}UNIQUE${after}`, [{ old_text: 'UNIQUE', new_text: now }]);
      assert.ok(result.ok);
      assert.equal(result.text, before + now + after);
    }),
  );
});

test('a failing edit after a good one changes nothing and says which', () => {
  fc.assert(
    fc.property(plainText(), (text) => {
      const edits = [
        { old_text: 'UNIQUE', new_text: 'x' },
        { old_text: 'not there at all', new_text: 'y' },
      ];
      const result = applyEdits(`UNIQUE\n${text}`, edits);
      assert.ok(!result.ok);
      assert.equal(result.error.editIndex, 1);
    }),
  );
});

test('a text is what its parts make', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(unshape(shape(text)), text);
      assert.equal(splitLines(text).join(''), text);
      assert.equal(inFormOf(text, text), text);
    }),
  );
});

test('accepting no hunk gives the old text, accepting all the new one', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const ids = hunksOf(before, after).map((hunk) => hunk.id);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(applyHunks(before, after, []), before);
      assert.equal(applyHunks(before, after, ids), after);
    }),
  );
});

test('accepting some hunks and then the others gives the new text', () => {
  fc.assert(
    fc.property(changedText, fc.infiniteStream(fc.boolean()), ([before, after], coin) => {
      const hunks = hunksOf(before, after, 0);
      const chosen = hunks.filter(() => coin.next().value === true);
      const half = applyHunks(
        before,
        after,
        chosen.map((hunk) => hunk.id),
      );
      const lines = splitLines(half).length - splitLines(before).length;
      assert.equal(
        lines,
        chosen.reduce((sum, hunk) => sum + hunk.newLines - hunk.oldLines, 0),
      );
      const rest = hunksOf(half, after).map((hunk) => hunk.id);
      assert.equal(applyHunks(half, after, rest), after);
    }),
  );
});

test('changes never touch, and what is between them is equal', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      let [oldAt, newAt] = [0, 0];
      for (const change of lineChanges(before, after)) {
        assert.deepEqual(before.slice(oldAt, change.oldStart), after.slice(newAt, change.newStart));
        assert.ok(oldAt === 0 || change.oldStart > oldAt);
        [oldAt, newAt] = [change.oldEnd, change.newEnd];
      }
      assert.deepEqual(before.slice(oldAt), after.slice(newAt));
    }),
  );
});

test('a merge with an unchanged side gives the other', () => {
  fc.assert(
    fc.property(anyText, anyText, (base, x) => {
      assert.deepEqual(merge3(base, x, base), { ok: true, text: x });
      assert.deepEqual(merge3(base, base, x), { ok: true, text: x });
      assert.deepEqual(merge3(base, x, x), { ok: true, text: x });
    }),
  );
});

test('a merge does not depend on who is who, but for the order in conflicts', () => {
  fc.assert(
    fc.property(changedText, plainText(), ([base, ours], theirs) => {
      const [one, other] = [merge3(base, ours, theirs), merge3(base, theirs, ours)];
      assert.equal(one.ok, other.ok);
      if (one.ok && other.ok) assert.equal(one.text, other.text);
      if (one.ok || other.ok) return;
      assert.deepEqual(
        one.conflicts.map(({ oursLines }) => oursLines),
        other.conflicts.map(({ theirsLines }) => theirsLines),
      );
    }),
  );
});
