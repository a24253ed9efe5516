/** Builtins of shells that set variables by name: bash runs the commands of a subscript in a name, and some names steer. */
import { outward, READING, UNCERTAIN, worst, type Judgement } from './danger.ts';
import type { Word } from './reading.ts';
import { judgeAssignment } from './steering.ts';

const READING_NAMES = /^(read|mapfile|readarray)$/u;
const DECLARING = /^(export|declare|typeset|readonly|local)$/u;

export function judgeBuiltin(name: string, words: readonly Word[]): Judgement {
  if (READING_NAMES.test(name)) return judgeRead(words);
  if (DECLARING.test(name)) return judgeDeclaration(name, words);
  if (name === 'unset') return worst(words.map((word) => judgeName(word)));
  if (name === 'printf') return judgePrintf(words);
  if (name === '[' || name === 'test') return judgeTest(words);
  return name === 'wait' && words.some(({ text }) => text.startsWith('-p'))
    ? outward('wait -p sets a variable')
    : READING;
}

/** A word that is, or may be, the name of a variable. */
function judgeName(word: Word): Judgement {
  if (word.certain !== undefined || word.glob) return UNCERTAIN;
  return word.text.includes('[') ? outward('a subscript may run commands') : READING;
}

const judgeSet = (word: Word): Judgement =>
  worst([judgeName(word), lead(judgeAssignment(word.text.replace(/=[\s\S]*$/u, '')))]);

/** What sets an ordinary variable only looks. */
const lead = (judgement: Judgement): Judgement => (judgement.danger === 'outward' ? judgement : READING);

/** Options in capitals, or with a value in the same word, may name a variable or a command. */
function judgeRead(words: readonly Word[]): Judgement {
  const strange = words.find(({ text }) => text.startsWith('-') && !/^-[a-zN]*[\d.]*$/u.test(text));
  return strange ? outward(`an option ${strange.text} that is not judged`) : worst(words.map(judgeSet));
}

/** Attributes that make a shell calculate, or another name stand for the variable, are not judged. */
function judgeDeclaration(name: string, words: readonly Word[]): Judgement {
  const strange = words.find(({ text }) => /^[-+]/u.test(text) && !/^[-+][xrgaApfF]+$/u.test(text));
  return strange
    ? outward(`${name} ${strange.text} changes what setting the variable does`)
    : worst(words.map(judgeSet));
}

function judgePrintf(words: readonly Word[]): Judgement {
  const [first, second] = words;
  if (first?.text.startsWith('-v') === true)
    return worst(
      [first.text === '-v' ? second : { ...first, text: first.text.slice(2) }].flatMap((word) =>
        word ? [judgeSet(word)] : [],
      ),
    );
  return (first?.certain === 'unknown' || first?.certain === 'tame') && words.length > 1
    ? UNCERTAIN
    : READING;
}

function judgeTest(words: readonly Word[]): Judgement {
  return worst(
    words.map((word, index) => {
      if (/^-[vR]$/u.test(words[index - 1]?.text ?? '')) return judgeName(word);
      return (word.certain !== undefined && word.certain !== 'number') || word.glob ? UNCERTAIN : READING;
    }),
  );
}
