/** sed and awk: little languages that can write and run. */
import { inside, outward, READING, type Judgement } from './danger.ts';

/** One sed command that prints, deletes or replaces: nothing of it writes, reads or runs. */
const ADDRESS = String.raw`(?:\d+(?:~\d+)?|\$|/(?:[^/\\\n]|\\[^\n])*/I?)`;
const RANGE = String.raw`(?:${ADDRESS}(?:,\s*(?:${ADDRESS}|[+~]\d+))?\s*!?\s*)?`;
const REPLACE = ['/', '|', '#', ',', ':', '@', '!', '%', '_', '~']
  .map((mark) => {
    const sign = mark === '|' ? String.raw`\|` : mark;
    const text = String.raw`(?:[^${sign}\\\n]|\\[\s\S])*`;
    return String.raw`(?:s${sign}${text}${sign}${text}${sign}[gpIi\d]*|y${sign}${text}${sign}${text}${sign})`;
  })
  .join('|');
const HARMLESS_SED = new RegExp(
  String.raw`^\s*(?:${RANGE}(?:[pdqlDPNnGgHhx=Q]\d*|${REPLACE}|[{}])\s*(?:;|\n|(?=\})|$)\s*)*(?:\}\s*;?\s*)*$`,
  'u',
);

const SED_FLAGS =
  /^-(?:[nErsuz]+|-quiet|-silent|-regexp-extended|-posix|-null-data|-separate|-unbuffered|-debug)$/u;

interface SedCall {
  readonly scripts: readonly string[];
  readonly files: readonly string[];
  readonly inPlace: boolean;
  /** An option that is not known, or a script in a file. */
  readonly strange: string | undefined;
}

/** What a sed command line gives as scripts and as files. */
export function sedCall(args: readonly string[]): SedCall {
  const scripts: string[] = [];
  const plain: string[] = [];
  let inPlace = false;
  let strange: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const script = /^(?:-[nErsuz]*e|--expression=?)([\s\S]*)$/u.exec(arg);
    if (script) scripts.push(script[1] === '' ? (args[(at += 1)] ?? '') : (script[1] ?? ''));
    else if (/^-[nErsuz]*i|^--in-place/u.test(arg)) {
      inPlace = true;
      // BSD takes the next word for a suffix.
      if (arg === '-i' && args[at + 1] === '') at += 1;
    } else if (!arg.startsWith('-') || arg === '-') plain.push(arg);
    else if (!SED_FLAGS.test(arg)) strange ??= arg;
  }
  return scripts.length > 0
    ? { scripts, files: plain, inPlace, strange }
    : { scripts: plain.slice(0, 1), files: plain.slice(1), inPlace, strange };
}

export function judgeSed(args: readonly string[]): Judgement {
  const { scripts, inPlace, strange } = sedCall(args);
  if (strange !== undefined) return inside(`sed ${strange} runs a script of a file`);
  if (!scripts.every((script) => HARMLESS_SED.test(script)))
    return outward('sed may write or run what its script says');
  return inPlace ? inside('sed -i changes files') : READING;
}

export function judgeAwk(name: string, args: readonly string[]): Judgement {
  if (args.some((arg) => /^(-f|--file|-i|--include|-l|--load|-E|--exec)/u.test(arg)))
    return outward(`${name} runs a script of a file`);
  const running = args.find((arg) =>
    /system|getline|@|print[\s\S]*>|print[^;}\n]*\||[^|]\|[^|]|close\s*\(|ENVIRON|PROCINFO|ARGV/u.test(arg),
  );
  return running === undefined ? READING : outward(`${name} may write or run what its program says`);
}
