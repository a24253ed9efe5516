/**
 * Which spellings of a path stay inside a root. Pure: links are the business of the port that opens the file.
 */

export type Confined =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly code: 'path.outside' | 'path.invalid'; readonly why: string };

/** Longest path and longest name in it, in characters; what common file systems take. */
const PATH_CHARS_MAX = 4096;
const NAME_CHARS_MAX = 255;

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u;
const SLASH_LIKE = /[\u2044\u2215\u2216\u2571\u2572\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]/u;
const DOT_LIKE = /[\u2024\u2025\ufe52\uff0e\uff61]/u;
const COLON_LIKE = /[\u02d0\u0589\u2236\ua789\ufe55\uff1a]/u;
/** Some systems give a file a second, short name: ".vscode" is also "VSCODE~1". */
const SHORT_NAME = /^[^.~]{1,6}~\d{1,2}(\.[^.]{0,3})?$/u;
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?$/iu;

const invalid = (why: string): Confined => ({ ok: false, code: 'path.invalid', why });
const outside = (why: string): Confined => ({ ok: false, code: 'path.outside', why });

/**
 * The path relative to its root in one spelling ("" is the root itself), or why it is refused. The same answer on every
 * system, so that a path that is harmless here cannot be harmful where the change is applied.
 */
export function confine(path: string): Confined {
  const refused = refuseCharacters(path) ?? refuseAbsolute(path);
  if (refused) return refused;
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (names.pop() === undefined) return outside('".." leads out of the folder');
      continue;
    }
    const bad = refuseName(name);
    if (bad) return bad;
    names.push(name);
  }
  const normal = names.join('/');
  return isHome(normal) ? outside(NO_HOME) : { ok: true, path: normal };
}

function refuseCharacters(path: string): Confined | undefined {
  if (path.length > PATH_CHARS_MAX) return invalid(`a path has at most ${PATH_CHARS_MAX} characters`);
  if (/\p{Cs}/u.test(path)) return invalid('the path is not well-formed text');
  if (CONTROL.test(path)) return invalid('control characters are not allowed in a path');
  if (INVISIBLE.test(path))
    return invalid('invisible or direction-changing characters are not allowed in a path');
  if (SLASH_LIKE.test(path)) return invalid('a character that looks like a slash is not allowed in a path');
  if (DOT_LIKE.test(path)) return invalid('a character that looks like a dot is not allowed in a path');
  if (COLON_LIKE.test(path)) return invalid('a character that looks like a colon is not allowed in a path');
  return undefined;
}

const NO_HOME = '"~" is not expanded: paths are relative to the workspace';

/** Starts as a shell's name of a home folder. */
const isHome = (path: string): boolean => /^~[^/\\]*([/\\]|$)/u.test(path) && !path.startsWith('~$');

function refuseAbsolute(path: string): Confined | undefined {
  if (path.startsWith('\\\\') || path.startsWith('//')) return outside('network paths are not allowed');
  if (path.startsWith('/')) return outside('paths are relative to the workspace: leave the leading "/" out');
  if (/^[a-z]:/iu.test(path))
    return outside('drive letters are not allowed: paths are relative to the workspace');
  if (isHome(path)) return outside(NO_HOME);
  if (path.includes('\\')) return invalid('write "/" between folders, not "\\"');
  return undefined;
}

function refuseName(name: string): Confined | undefined {
  if (name.length > NAME_CHARS_MAX) return invalid(`a name has at most ${NAME_CHARS_MAX} characters`);
  if (/[. ]$/u.test(name)) return invalid(`"${name}" ends with a dot or a blank, which some systems drop`);
  if (/^\u2026+$/u.test(name)) return invalid('a name made of dots is not allowed');
  if (name.includes(':'))
    return invalid(`"${name}" holds a colon, which names a stream or a drive on some systems`);
  if (SHORT_NAME.test(name)) return invalid(`"${name}" is the short name of another file on some systems`);
  if (DEVICE.test(name)) return invalid(`"${name}" is the name of a device on some systems`);
  return undefined;
}
