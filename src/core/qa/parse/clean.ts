/** Console text as parsers want it: no colours, no carriage returns, paths relative to the run's folder. */

const ESCAPES = /\u001b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export function clean(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n');
}

/** Cuts `root` off every path below it, also in file URLs, with either slash and as JSON escapes it. */
export function relativeTo(root: string | undefined, text: string): string {
  if (root === undefined || root.length < 3) return text;
  const spellings = new Set([root, encodeURI(root.replaceAll('\\', '/'))]);
  return [...spellings].reduce((its, spelling) => its.replace(below(spelling), ''), text);
}

function below(root: string): RegExp {
  const parts = root.split(/[\\/]+/).filter((part) => part !== '');
  const separator = String.raw`(?:\\\\|[\\/])`;
  const path = parts.map(escaped).join(separator);
  return new RegExp(`(?<![\\w.-])(?:file:///?)?(?:/private)?${separator}?${path}${separator}`, 'g');
}

/** The part of a failure before its stack, and where in `file` the stack first points. */
export function splitStack(text: string): { readonly message: string; readonly frames: string } {
  const at = text.search(/^\s+at .*(?::\d+|\))(?:\s*\{)?$/m);
  if (at < 0) return { message: text.trim(), frames: '' };
  return { message: text.slice(0, at).trim(), frames: text.slice(at) };
}

/** One-based line of the first frame of a stack that lies in `file`. */
export function lineIn(file: string | undefined, stack: string | undefined): number | undefined {
  if (file === undefined || stack === undefined) return undefined;
  const found = new RegExp(`(?<![\\w.-])${escaped(file)}:(\\d+)`).exec(stack);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
