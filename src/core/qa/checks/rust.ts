/** Checks of Cargo packages and workspaces. */
import type { FilesView } from '../test-setup.ts';
import { idOf, type Check } from './check.ts';
import { automationOf, isBelow, within, type Folder } from './folders.ts';

const ENDINGS = [
  '.rs',
  'Cargo.toml',
  'Cargo.lock',
  'clippy.toml',
  '.cargo/config.toml',
  'rust-toolchain.toml',
];
const FLAGS = ' --message-format=json';

/** Never throws for what files hold. */
export async function rustChecks(view: FilesView, folders: readonly Folder[]): Promise<readonly Check[]> {
  const found: Check[] = [];
  for (const folder of await projectsOf(view, folders)) found.push(...(await checksOf(view, folder)));
  return found;
}

/** The outermost packages and workspaces, and what a workspace leaves out. */
async function projectsOf(view: FilesView, folders: readonly Folder[]): Promise<readonly string[]> {
  const root = await view.read('Cargo.toml');
  const excluded = [
    ...(/^\s*exclude\s*=\s*\[([^\]]*)\]/m.exec(root ?? '')?.[1]?.matchAll(/["']([^"']+)["']/g) ?? []),
  ].map(([, path = '']) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  const projects = root === undefined ? [] : [''];
  for (const { path, files } of folders) {
    if (path === '' || !files.includes('Cargo.toml')) continue;
    const isOwn = excluded.includes(path) || !projects.some((project) => isBelow(path, project));
    if (isOwn) projects.push(path);
  }
  return projects;
}

async function checksOf(root: FilesView, folder: string): Promise<readonly Check[]> {
  const view = within(root, folder);
  const manifest = (await view.read('Cargo.toml')) ?? '';
  const whole = /^\s*\[workspace\b/m.test(manifest) ? ' --workspace' : '';
  const its = { ...(folder !== '' && { folder }), format: 'cargo' as const, endings: ENDINGS };
  const place = folder === '' ? '' : `${folder}/`;
  const check = `cargo check${whole} --all-targets`;
  const clippy = await clippyOf(root, view, manifest);
  const lint = `cargo clippy${whole} --all-targets`;
  return [
    {
      kind: 'types',
      command: check,
      why: `There is a ${place}Cargo.toml.`,
      id: idOf('cargo', folder),
      run: check + FLAGS,
      ...its,
    },
    ...(clippy === undefined
      ? []
      : [
          {
            ...{ kind: 'lint' as const, command: lint + clippy.after, why: clippy.why },
            ...{ id: idOf('clippy', folder), run: `${lint}${FLAGS}${clippy.after}`, ...its },
          },
        ]),
  ];
}

/** `after`: what the project itself makes of warnings. */
async function clippyOf(
  root: FilesView,
  view: FilesView,
  manifest: string,
): Promise<{ readonly why: string; readonly after: string } | undefined> {
  const automation = await automationOf(root);
  const [, denied = ''] = /\bclippy\b[^\n]*\s--\s+((?:-[DWF]\s*[\w:-]+\s*)+)/.exec(automation) ?? [];
  const after = denied.trim() === '' ? '' : ` -- ${denied.trim()}`;
  for (const path of ['clippy.toml', '.clippy.toml'])
    if (await view.exists(path)) return { why: `There is a ${path}.`, after };
  if (/^\s*\[(workspace\.)?lints\.clippy\]|^\s*clippy\s*=\s*\{|^\s*clippy\.\w+\s*=/m.test(manifest))
    return { why: 'Cargo.toml configures clippy.', after };
  for (const path of ['src/lib.rs', 'src/main.rs'])
    if (/#!\[[^\]]*\bclippy::/.test((await view.read(path)) ?? ''))
      return { why: `${path} speaks of clippy.`, after };
  return /\bcargo\s+clippy\b/.test(automation)
    ? { why: 'The project runs clippy in its automation.', after }
    : undefined;
}
