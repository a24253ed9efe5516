/** The manifest's menus: whose an entry is can be read among those of others, and no menu says one thing twice. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { LANGUAGES, readTable, tablePath } from '../../support/l10n/tables.mjs';

interface Placed {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly Placed[]>>;
  };
}

const root = join(import.meta.dirname, '..', '..', '..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const menus = Object.entries(contributes.menus);

/** Views, threads and documents of ours need no name; nor does the palette, which says the category. */
const isOurs = (menu: string, when = ''): boolean =>
  menu === 'commandPalette' ||
  menu.startsWith('quartet.') ||
  /\b(?:view|commentController) == quartet\.|[sS]cheme == quartet-/u.test(when);

const label = ({ command, submenu }: Placed): string =>
  (submenu === undefined
    ? contributes.commands.find((each) => each.command === command)?.title
    : contributes.submenus.find(({ id }) => id === submenu)?.label) ?? '';

test('menus: among entries of others, each of ours names Quartet, in every language', () => {
  const shared = menus.flatMap(([menu, entries]) => entries.filter(({ when }) => !isOurs(menu, when)));
  assert.ok(shared.length > 6, 'there are such menus');
  for (const language of [undefined, ...LANGUAGES]) {
    const words = readTable(tablePath(root, 'manifest', language));
    const nameless = shared.map((entry) => words[label(entry).slice(1, -1)] ?? label(entry));
    assert.deepEqual(
      nameless.filter((text) => !text.includes('Quartet')),
      [],
      language,
    );
  }
});

test('menus: beside its button at a row, a command stands once in the row’s menu', () => {
  for (const [menu, entries] of menus) {
    const once = entries.map(
      ({ command, submenu, when = '', group = '' }) =>
        `${command ?? submenu ?? ''} ${group.startsWith('inline') ? 'button' : 'entry'} ${when}`,
    );
    assert.deepEqual(
      once.filter((each, at) => once.indexOf(each) !== at),
      [],
      menu,
    );
  }
});
