/** What steers how tests are run: a change to it makes results prove nothing, unless somebody asked for it. */

/** Files that configure runners as a whole. */
const CONFIGURES =
  /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.mocharc\.\w+|\.taprc|\.nycrc(\.json)?|(jest|vitest|vite|ava|playwright|karma|babel)\.config\.\w+|node\.config\.json|pytest\.ini|tox\.ini|setup\.cfg|conftest\.py|sitecustomize\.py)$/;
/** Keys of a package.json that do. */
const KEYS = [
  'scripts',
  'jest',
  'mocha',
  'ava',
  'vitest',
  'tap',
  'nyc',
  'babel',
  'packageManager',
  'type',
] as const;

/** True where the file configures a runner as a whole. */
export function configuresTests(path: string): boolean {
  return CONFIGURES.test(path);
}

/** True where the change of a file changes how tests are run. Texts are undefined where the file is absent. */
export function steersTests(path: string, before: string | undefined, after: string | undefined): boolean {
  if (configuresTests(path)) return true;
  if (!/(^|\/)package\.json$/.test(path)) return false;
  return partOf(before) !== partOf(after);
}

/** A package.json that cannot be read differs from any other. */
function partOf(text: string | undefined): string {
  if (text === undefined) return '';
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(KEYS.map((key) => json[key] ?? null));
  } catch {
    return text;
  }
}
