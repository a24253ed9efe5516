/** Finds what else a project asks of a change: type checks, lint and builds, by its own files, in each of its packages. */
import type { FilesView } from '../test-setup.ts';
import type { Check } from './check.ts';
import { foldersIn } from './folders.ts';
import { goChecks } from './go.ts';
import { javascriptChecks } from './javascript.ts';
import { pythonChecks } from './python.ts';
import { rustChecks } from './rust.ts';

/** Checks of one tree; a monorepo with more is checked in part. */
const CHECKS_MAX = 300;

/** Those of the root first. Never throws for what files hold. */
export async function findChecks(view: FilesView): Promise<readonly Check[]> {
  const folders = await foldersIn(view);
  const found = [
    ...(await javascriptChecks(view, folders)),
    ...(await pythonChecks(view, folders)),
    ...(await goChecks(view, folders)),
    ...(await rustChecks(view, folders)),
  ];
  const isRoots = ({ folder }: Check): boolean => folder === undefined;
  return [...found.filter(isRoots), ...found.filter((check) => !isRoots(check))].slice(0, CHECKS_MAX);
}
