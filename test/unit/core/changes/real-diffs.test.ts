/** Diffs as the real programs write them, of random texts; and patches that were damaged on their way. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import { patchPaths } from '../../../../src/core/changes/patch-paths.ts';
import { unifiedDiff } from '../../../../src/core/changes/unified-diff.ts';
import { patchOf } from './check-patch.ts';
import { changedText, plainText } from './random-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'quartet-diffs-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ran = (program: string, ...args: string[]): string => {
  const { stdout, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  assert.equal(error, undefined, `${program} is there`);
  return stdout;
};
const write = (side: 'a' | 'b', files: Readonly<Record<string, string>>): void => {
  rmSync(join(folder, side), { recursive: true, force: true });
  mkdirSync(join(folder, side));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, side, path), text);
};

/** What the files are after a patch. */
function patched(before: Readonly<Record<string, string>>, patch: string): Record<string, string> {
  const result = applyPatch(new Map(Object.entries(before)), patch);
  assert.ok(result.ok, result.ok ? '' : `${result.error.message}\n${patch}`);
  const files: Record<string, string | undefined> = { ...before, ...Object.fromEntries(result.texts) };
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])),
  );
}

const pair = fc.oneof(changedText, fc.tuple(plainText(), plainText()));
/** A file keeps the line ends that it has: one without any has none to keep. */
const windowsPair = fc
  .tuple(plainText('\r\n'), plainText('\r\n'))
  .filter(([before]) => before.includes('\r\n'));
/** A new name, no file, or a text: two trees of a few files. */
const trees = fc.dictionary(fc.constantFrom('f', 'g h', 'ü.txt', 'deep'), pair, { minKeys: 1, maxKeys: 4 });
const RUNS = { numRuns: 60 };

describe('diffs that real programs wrote', () => {
  for (const context of ['-u', '-U0', '-U1', '-U8'] as const)
    test(`diff ${context}`, () => {
      fc.assert(
        fc.property(fc.oneof(pair, windowsPair), ([before, after]) => {
          fc.pre(before !== after);
          write('a', { f: before });
          write('b', { f: after });
          const diff = ran('diff', context, '--text', '--label', 'f', '--label', 'f', 'a/f', 'b/f');
          assert.deepEqual(patched({ f: before }, diff), { f: after });
        }),
        RUNS,
      );
    });

  const git = ['-c', 'core.quotePath=false', 'diff', '--no-index', '--no-color', '--no-ext-diff', '--text'];
  for (const options of [[], ['-U0'], ['--patience'], ['--minimal', '-U1']])
    test(`git diff ${options.join(' ')}: files changed, made and removed`, () => {
      fc.assert(
        fc.property(trees, fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }), (files, fates) => {
          const [before, after]: [Record<string, string>, Record<string, string>] = [{}, {}];
          for (const [at, [path, [old, now]]] of Object.entries(files).entries()) {
            if (fates[at] !== 1) before[path] = old;
            if (fates[at] !== 2) after[path] = now;
          }
          write('a', before);
          write('b', after);
          const diff = ran('git', ...git, '--no-renames', ...options, 'a', 'b');
          fc.pre(diff !== '');
          // Of two folders the names hold the folder on each side.
          const named = diff.replaceAll(/^(diff --git |--- |\+\+\+ )(.*)$/gmu, (line) =>
            line
              .replaceAll('a/a/', 'a/')
              .replaceAll('b/b/', 'b/')
              .replaceAll('a/b/', 'a/')
              .replaceAll('b/a/', 'b/'),
          );
          assert.deepEqual(patched(before, named), after);
        }),
        RUNS,
      );
    });

  test('git diff of a renamed and edited file', () => {
    const before = `${Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n')}\n`;
    write('a', { old: before });
    write('b', { new: before.replace('line 7', 'line seven') });
    const diff = ran('git', ...git, '-M', 'a', 'b')
      .replaceAll('a/old', 'old')
      .replaceAll('b/new', 'new')
      .replaceAll('a/new', 'new');
    assert.match(diff, /rename from old\nrename to new/u);
    assert.deepEqual(
      patched(
        { old: before },
        diff.replaceAll(/^--- .*$/gmu, '--- a/old').replaceAll(/^\+\+\+ .*$/gmu, '+++ b/new'),
      ),
      {
        new: before.replace('line 7', 'line seven'),
      },
    );
  });
});

/** One damage to a text: a part cut out, doubled, moved or overwritten. */
const damage = fc.tuple(
  fc.constantFrom('cut', 'double', 'swap', 'noise', 'lines'),
  fc.nat(),
  fc.nat(40),
  fc.string(),
);
function damaged(text: string, [how, place, length, noise]: [string, number, number, string]): string {
  const at = text.length === 0 ? 0 : place % text.length;
  const part = text.slice(at, at + length);
  const rest = text.slice(at + length);
  const head = text.slice(0, at);
  switch (how) {
    case 'cut':
      return head + rest;
    case 'double':
      return head + part + part + rest;
    case 'swap':
      return rest + part + head;
    case 'noise':
      return head + noise + rest;
    default: {
      const lines = text.split('\n');
      const line = place % lines.length;
      return [...lines.slice(0, line), ...lines.slice(line + 1 + (length % 3))].join('\n');
    }
  }
}

describe('damaged patches', () => {
  test('never throw, never touch what they do not name, and never apply a part', () => {
    const before = { f: 'a\nb\nc\nd\ne\n', g: 'one\ntwo\n', h: 'stays\n' };
    const framed = patchOf(
      [
        '*** Update File: f',
        '@@ a',
        ' b',
        '-c',
        '+C',
        ' d',
        '*** Update File: g',
        '*** Move to: moved',
        '@@',
        '-one',
        '+1',
        '*** Add File: new',
        '+text',
      ].join('\n'),
    );
    const unified = `${unifiedDiff('f', before.f, 'a\nb\nC\nd\ne\n')}\n${unifiedDiff('g', before.g, '1\ntwo\n')}`;
    fc.assert(
      fc.property(
        fc.constantFrom(framed, unified),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        (patch, damages) => {
          const broken = damages.reduce((text, each) => damaged(text, each), patch);
          const files = new Map(Object.entries(before));
          const result = applyPatch(files, broken);
          assert.deepEqual([...files], Object.entries(before), 'what was given stays');
          const named = new Set(patchPaths(broken));
          if (!result.ok) {
            assert.ok(result.error.message.length > 0);
            return;
          }
          for (const [path, text] of result.texts) {
            assert.ok(named.has(path), `${path} is named`);
            assert.ok(
              text !== '' || !files.has(path) || /^[-*]/mu.test(broken),
              'nothing is emptied by accident',
            );
          }
          // Whatever it now says is done whole: each section that names a file that is there and changes it has left its mark.
          for (const change of result.changes)
            assert.ok(change.kind === 'delete' || change.text !== files.get(change.path));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
