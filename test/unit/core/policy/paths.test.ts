import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { posix, win32 } from 'node:path';
import { confine } from '../../../../src/core/policy/paths.ts';
import { protectedPath } from '../../../../src/core/policy/protected.ts';

const inside: readonly (readonly [string, string])[] = [
  ['src/a.ts', 'src/a.ts'],
  ['./src//a.ts', 'src/a.ts'],
  ['src/../b.ts', 'b.ts'],
  ['src/', 'src'],
  ['', ''],
  ['.', ''],
  ['a b/ü/日本語.ts', 'a b/ü/日本語.ts'],
  ['[...slug].tsx', '[...slug].tsx'],
  ['.gitignore', '.gitignore'],
  ['..hidden', '..hidden'],
  ['~$draft.docx', '~$draft.docx'],
  ['console.ts', 'console.ts'],
  ['to be continued….md', 'to be continued….md'],
];
test('spellings that stay inside are put into one form', () => {
  for (const [path, expected] of inside) assert.deepEqual(confine(path), { ok: true, path: expected });
});

const refused: readonly (readonly [string, 'path.outside' | 'path.invalid'])[] = [
  ['..', 'path.outside'],
  ['../x', 'path.outside'],
  ['a/../../x', 'path.outside'],
  ['a/./.././../x', 'path.outside'],
  ['/etc/passwd', 'path.outside'],
  ['//server/share', 'path.outside'],
  ['\\\\server\\share', 'path.outside'],
  ['\\\\?\\C:\\x', 'path.outside'],
  ['C:\\x', 'path.outside'],
  ['c:/x', 'path.outside'],
  ['c:x', 'path.outside'],
  ['~/x', 'path.outside'],
  ['~root/x', 'path.outside'],
  ['~', 'path.outside'],
  ['a\\b', 'path.invalid'],
  ['a\\..\\..\\b', 'path.invalid'],
  ['a\0b', 'path.invalid'],
  ['a\nb', 'path.invalid'],
  ['a\rb', 'path.invalid'],
  ['a\u001b[2Kb', 'path.invalid'],
  ['a\u202egpj.exe', 'path.invalid'],
  ['a\u200b.ts', 'path.invalid'],
  ['a\u2028b', 'path.invalid'],
  ['\ufeffa', 'path.invalid'],
  ['a\u{e0041}b', 'path.invalid'],
  ['a\u2215b', 'path.invalid'],
  ['a\uff0fb', 'path.invalid'],
  ['\u2024\u2024/x', 'path.invalid'],
  ['\uff0e\uff0e/x', 'path.invalid'],
  ['\u2025/x', 'path.invalid'],
  ['\u2026/x', 'path.invalid'],
  ['a\uff1ab', 'path.invalid'],
  ['a.', 'path.invalid'],
  ['a ', 'path.invalid'],
  ['a./b', 'path.invalid'],
  ['.../x', 'path.invalid'],
  ['.. /x', 'path.invalid'],
  ['file.txt:stream', 'path.invalid'],
  ['.git::$INDEX_ALLOCATION/config', 'path.invalid'],
  ['con', 'path.invalid'],
  ['src/NUL.txt', 'path.invalid'],
  ['lpt1', 'path.invalid'],
  ['COM¹.log', 'path.invalid'],
  ['aux .ts', 'path.invalid'],
  ['a\ud800b', 'path.invalid'],
  ['x'.repeat(256), 'path.invalid'],
  ['x/'.repeat(3000), 'path.invalid'],
];
test('spellings that lead out, or would on some system, are refused', () => {
  for (const [path, code] of refused) {
    const confined = confine(path);
    assert.equal(confined.ok ? 'inside' : confined.code, code, JSON.stringify(path));
  }
});

test('whatever is confined stays below any root, on every system, and confining is idempotent', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '/', '\\', 'a', '...', ' ', ':', '~', 'C:', 'nul', '\u2024', '\0', '//'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const confined = confine(pieces.join(''));
      if (!confined.ok) return;
      for (const [flavour, root] of [
        [posix, '/root/copy'],
        [win32, 'C:\\root\\copy'],
      ] as const) {
        const landed = flavour.resolve(root, confined.path);
        assert.ok(landed === root || landed.startsWith(root + flavour.sep), landed);
      }
      assert.deepEqual(confine(confined.path), confined);
    }),
    { numRuns: 3000 },
  );
});

const guarded: readonly (readonly [string, string | undefined])[] = [
  ['.git/config', 'deny'],
  ['.GIT/hooks/pre-commit', 'deny'],
  ['sub/.git', 'deny'],
  ['GIT~1/config', 'deny'],
  ['.g\u200cit/config', 'deny'],
  ['.git /config', 'deny'],
  ['.git::$INDEX_ALLOCATION', 'deny'],
  ['.vscode/settings.json', 'ask'],
  ['.VSCode/tasks.json', 'ask'],
  ['packages/x/.vscode/settings.json', 'ask'],
  ['.github/workflows/ci.yml', 'ask'],
  ['.husky/pre-commit', 'ask'],
  ['AGENTS.md', 'ask'],
  ['.mcp.json', 'ask'],
  ['.cursorrules', 'ask'],
  ['package-lock.json', 'ask'],
  ['.env', 'ask'],
  ['.env.production', 'ask'],
  ['.env.example', undefined],
  ['certs/server.pem', 'ask'],
  ['id_ed25519', 'ask'],
  ['.npmrc', 'ask'],
  ['src/git.ts', undefined],
  ['.gitignore', undefined],
  ['src/environment.ts', undefined],
  ['package.json', undefined],
  ['docs/github.md', undefined],
];
test('protected paths are known under every spelling', () => {
  for (const [path, decision] of guarded) assert.equal(protectedPath(path)?.decision, decision, path);
});
