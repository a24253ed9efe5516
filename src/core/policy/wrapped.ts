/** Programs that run another one. */
import { inside, outward, READING, USUAL, worst, type Judgement } from './danger.ts';
import type { Word } from './reading.ts';
import { judgeAssignment } from './steering.ts';

/** Options of a wrapper that take the next word, and those that stand alone. All others are not judged. */
interface Wrapper {
  readonly valued: RegExp;
  readonly alone: RegExp;
  /** Plain words before the program. */
  readonly leading: number;
}
const WRAPPER: Readonly<Record<string, Wrapper>> = {
  time: { valued: /^$/u, alone: /^-[pv]$/u, leading: 0 },
  nice: { valued: /^(-n|--adjustment)$/u, alone: /^(-n-?\d+|-\d+|--adjustment=-?\d+)$/u, leading: 0 },
  nohup: { valued: /^$/u, alone: /^$/u, leading: 0 },
  command: { valued: /^$/u, alone: /^-p$/u, leading: 0 },
  timeout: {
    valued: /^(-s|-k|--signal|--kill-after)$/u,
    alone: /^(-[vfp]|--foreground|--preserve-status|--verbose|-[sk]\w+|--(signal|kill-after)=\w+)$/u,
    leading: 1,
  },
  xargs: {
    valued: /^(-n|-P|-L|-s|-d|-E|--max-args|--max-procs|--max-lines|--delimiter|-I)$/u,
    alone:
      /^(-0|-r|-t|-x|-[nPLs]\d+|-d.+|-I\S+|--null|--no-run-if-empty|--verbose|--exit|-0r|-r0|--max-(args|procs|lines)=\d+|--delimiter=.*|-i\S*)$/u,
    leading: 0,
  },
  env: { valued: /^(-u|--unset)$/u, alone: /^(-i|-0|--ignore-environment|--unset=\w+|-u\w+)$/u, leading: 0 },
  stdbuf: { valued: /^(-[ioe])$/u, alone: /^(-[ioe][0L]|--(input|output|error)=[0L])$/u, leading: 0 },
  ionice: { valued: /^(-c|-n)$/u, alone: /^-[cn]\d$|^-t$/u, leading: 0 },
  chrt: { valued: /^$/u, alone: /^(-[bfiro]|--(batch|idle|other))$/u, leading: 1 },
  unbuffer: { valued: /^$/u, alone: /^-p$/u, leading: 0 },
  caffeinate: { valued: /^-t$/u, alone: /^-[dimsu]+$/u, leading: 0 },
};

export interface WrappedCall {
  readonly name: string;
  readonly words: readonly Word[];
  readonly piped: boolean | 'names';
  /** Judges the program that is run, with its words. */
  readonly judge: (words: readonly Word[]) => Judgement;
}

/** What a wrapper runs, with what its own words do. */
export function judgeWrapped(call: WrappedCall): Judgement {
  const { name } = call;
  const known = (name === 'gtimeout' ? WRAPPER['timeout'] : WRAPPER[name]) ?? {
    valued: /^$/u,
    alone: /^$/u,
    leading: 0,
  };
  if (name === 'command' && /^-[vV]$/u.test(call.words[0]?.text ?? '')) return READING;
  const found: Judgement[] = [];
  let at = 0;
  let { leading } = known;
  for (; at < call.words.length; at += 1) {
    const text = call.words[at]?.text ?? '';
    if (known.valued.test(text)) at += 1;
    else if (known.alone.test(text) && text !== '') continue;
    else if (name === 'env' && /^\w+=/u.test(text))
      found.push(judgeAssignment(text.replace(/=[\s\S]*$/u, '')));
    else if (text.startsWith('-')) return outward(`${name} ${text} is not judged`);
    else if (leading > 0) leading -= 1;
    else break;
  }
  const rest = call.words.slice(at);
  if (rest.length === 0)
    return worst([...found, name === 'env' ? inside('env shows the environment') : USUAL]);
  if (name === 'nohup') found.push(inside('nohup keeps a program running'));
  return worst([...found, name === 'xargs' ? judgeFed(call, rest) : call.judge(rest)]);
}

/** xargs adds words that it reads: names of the working copy, or anything. */
function judgeFed(call: WrappedCall, rest: readonly Word[]): Judgement {
  const certain = call.piped === 'names' ? ('tame' as const) : ('unknown' as const);
  const placeholder = call.words
    .map((word) => /^-I(.*)$/u.exec(word.text)?.[1])
    .find((mark) => mark !== undefined);
  const index = call.words.findIndex((word) => word.text === '-I' || word.text === '-i');
  const mark =
    placeholder === '' ? call.words[index + 1]?.text : (placeholder ?? (index >= 0 ? '{}' : undefined));
  if (mark === undefined || mark === '') return call.judge([...rest, { text: '', glob: false, certain }]);
  return call.judge(
    rest.map((word) =>
      word.text.includes(mark) ? { ...word, text: word.text.replaceAll(mark, ''), certain } : word,
    ),
  );
}

/** `find -exec`: the commands that find runs on what it finds below the folders it was given. */
export function judgeFind(words: readonly Word[], judge: WrappedCall['judge']): Judgement {
  const found: Judgement[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const option = words[at]?.text ?? '';
    if (option === '-delete') found.push(inside('find -delete removes files'));
    if (/^-(fprint|fls|files0-from)/u.test(option))
      found.push(outward(`find ${option} reads or writes another file`));
    if (!/^-(exec|execdir|ok|okdir)$/u.test(option)) continue;
    const end = words.findIndex((word, index) => index > at && (word.text === ';' || word.text === '+'));
    const inner = words.slice(at + 1, end < 0 ? undefined : end);
    if (end < 0 || inner.length === 0) return outward(`find ${option} has no end`);
    found.push(
      judge(
        inner.map((word) =>
          word.text.includes('{}')
            ? { ...word, text: word.text.replaceAll('{}', ''), certain: 'tame' }
            : word,
        ),
      ),
    );
    at = end;
  }
  return worst(found);
}

/** The words of a find command without the commands that it runs. */
export function findArguments(words: readonly Word[]): readonly Word[] {
  const at = words.findIndex((word) => /^-(exec|execdir|ok|okdir)$/u.test(word.text));
  if (at < 0) return words;
  const end = words.findIndex((word, index) => index > at && (word.text === ';' || word.text === '+'));
  return end < 0 ? words.slice(0, at) : [...words.slice(0, at), ...findArguments(words.slice(end + 1))];
}
