/** What the build carries of others is named with its licence, and nothing goes in that may not. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { isPermissive, noticeOf, noticesText, packagesIn } from '../../../notices.js';

const cases: readonly (readonly [string, boolean])[] = [
  ['MIT', true],
  ['(MPL-2.0 OR Apache-2.0)', true],
  ['MIT AND BSD-3-Clause', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['UNLICENSED', false],
  ['', false],
  ['MIT OR (GPL-2.0-only AND MIT)', false],
];
for (const [license, expected] of cases)
  test(`${license || 'no licence'} may${expected ? '' : ' not'} ship`, () => {
    assert.equal(isPermissive(license), expected);
  });

test('packages are those of which something is left, wherever they lie', () => {
  const outputs = {
    'dist/a.js': {
      inputs: {
        'src/a.ts': { bytesInOutput: 9 },
        'node_modules/zod/v4/index.js': { bytesInOutput: 5 },
        'node_modules/@scope/one/x/y.js': { bytesInOutput: 1 },
        'node_modules/zod/node_modules/inner/i.js': { bytesInOutput: 1 },
        'node_modules/shaken/off.js': { bytesInOutput: 0 },
      },
    },
  } as unknown as Parameters<typeof packagesIn>[0];
  assert.deepEqual(packagesIn(outputs), [
    'node_modules/@scope/one',
    'node_modules/zod',
    'node_modules/zod/node_modules/inner',
  ]);
});

async function inPackage<T>(
  files: Readonly<Record<string, string>>,
  look: (folder: string) => T,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-notice-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return look(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
const manifest = (license: unknown, more: object = {}) =>
  JSON.stringify({ name: 'one', version: '1.0.0', license, ...more });

test('a package under another licence, or under none, fails the build by name', async () => {
  for (const license of ['GPL-3.0-only', undefined, { type: 'MIT' }])
    await inPackage({ 'package.json': manifest(license) }, (folder) => {
      assert.throws(() => noticeOf(folder), /one 1\.0\.0 may not be bundled/u);
    });
});

test('the same words stand once, under all who use them; claims stay with their package', async () => {
  const text = 'Permission is hereby granted,\nfree of charge.';
  const one = await inPackage(
    {
      'package.json': manifest('MIT'),
      LICENSE: `The MIT License (MIT)\n\nCopyright (c) 2020 Ann\n\n${text}`,
    },
    noticeOf,
  );
  const two = await inPackage(
    {
      'package.json': manifest('MIT', { name: 'two' }),
      'license.md': `MIT License\n\n© 2021 Bo\n\n${text.replaceAll(/\s/gu, '  ')}`,
      'README.md': 'Copyright (c) 1999 Nobody',
    },
    noticeOf,
  );
  const three = await inPackage(
    { 'package.json': manifest('MIT', { name: 'three', author: { name: 'Cy' } }) },
    noticeOf,
  );
  const all = noticesText([one, two, three]);
  assert.equal(all.match(/hereby granted/gu)?.length, 1);
  for (const said of ['one 1.0.0 (MIT)', 'Copyright (c) 2020 Ann', '© 2021 Bo', 'three 1.0.0 (MIT)', 'By Cy'])
    assert.ok(all.includes(said), said);
  assert.ok(!all.includes('Nobody'));
});

test('a package without a text, whose licence nobody else brings, is not passed over', async () => {
  const lone = await inPackage({ 'package.json': manifest('ISC') }, noticeOf);
  assert.throws(() => noticesText([lone]), /one 1\.0\.0 comes without the text of ISC/u);
});

test('what is built names each package in it, with its licence', async () => {
  const { build } = await import('esbuild');
  const { bundles } = await import('../../../esbuild.js');
  const built = await Promise.all(
    bundles.map((options) => build({ ...options, sourcemap: false, write: false, metafile: true } as object)),
  );
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile?.outputs)) as Parameters<
    typeof packagesIn
  >[0];
  const folders = packagesIn(outputs);
  assert.ok(folders.length > 20, String(folders.length));
  const notices = folders.map((folder) => noticeOf(folder));
  const text = noticesText(notices);
  for (const { name, license } of notices) assert.ok(text.includes(`${name} (${license})`), name);
});
