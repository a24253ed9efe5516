/**
 * What the readers make of a line, held against what real shells run of it. In a folder of their own, with no program to be found,
 * shells get lines put together at random; each command they do run is one that the reader had told of, or the reader had refused.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readPosix } from '../../../../src/core/policy/posix.ts';
import type { Reading, SimpleCommand } from '../../../../src/core/policy/reading.ts';

/** Lines a run; a nightly run gives more. */
const RUNS = Number(process.env['QUARTET_FUZZ_RUNS'] ?? 100);
/** The same lines each time, unless another seed is given: what a longer search finds becomes a case of its own. */
const SEED = Number(process.env['QUARTET_SEED'] ?? 1);
const SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash'].filter((path) => existsSync(path));
const NAMES = ['aa', 'bb', 'cc'];

/** Functions that note that they were run, with their words, in one write as several may run at once; one fails. */
const PRELUDE = NAMES.map(
  (name, index) =>
    `${name}() { row='${name}'; for w in "$@"; do row="$row$us$w"; done; printf '%s\\036' "$row" >&9; n=$((n+1)); [ "$n" -gt 40 ] && exit 1; return ${index === 1 ? 1 : 0}; }`,
).join('\n');

const PIECES = [
  ...NAMES,
  ...NAMES,
  ' ',
  ' ',
  ' ',
  ' ',
  'x',
  'y',
  '1',
  '-z',
  '"',
  "'",
  '\\',
  '$',
  '$(',
  ')',
  '`',
  '(',
  '{ ',
  '; }',
  ';',
  ';',
  '&&',
  '||',
  '|',
  '&',
  '\n',
  '#',
  '!',
  '<<E\n',
  '\nE\n',
  '<<"E"\n',
  '>',
  '2>&1',
  '<',
  'if ',
  '; then ',
  '; else ',
  '; fi',
  'while ',
  'until ',
  '; do ',
  '; done',
  'for i in x y',
  'case x in x) ',
  ';; esac',
  '$i',
  '${i}',
  '"$i"',
  'i=x',
  'i=aa',
  '$((1+1))',
  '((',
  '))',
  '[[ ',
  ' ]]',
  '[ ',
  ' ]',
  '{x,y}',
  '*',
  '~',
  '=',
  'aa()',
  '<(',
  "$'",
  '\t',
  '\\\n',
  '|&',
  '&>',
  '>&',
  'eval ',
  'time ',
  '! ',
  '<<-E\n\t',
  '\n\tE\n',
  '<<<',
  '${i:-aa}',
  '$(aa)',
  '`bb`',
  '"$(cc)"',
  'function aa ',
  'select ',
  'coproc ',
  '[',
  ']',
  '==',
  '%',
  '@(',
  '+(',
  '\u0020\u0020',
  '0',
  ',',
  "'y[$(bb)]'",
  "i='y[$(bb)]'; ",
  "i='$(bb)'; ",
  'i=; ',
  '$((i))',
  '${#i}',
  '${i@P}',
  '${!i}',
  '[ -v ',
  ' -eq 0',
  'read i ',
  'unset ',
  'printf -v ',
  'let ',
  'declare ',
  '{1..3}',
  '$[i]',
  '${i%$(aa)}',
  ">&'y$(bb)'",
  '@($(bb))',
  '"$[',
  '=~ ',
  'cd ',
  'command ',
];

let room = '';
before(() => {
  room = mkdtempSync(join(tmpdir(), 'quartet-shells-'));
});
// What runs in the background may still make files there.
after(() => rmSync(room, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

/** Commands that a shell runs of a line, each as its words. */
function runBy(shell: string, line: string): readonly (readonly string[])[] {
  const cwd = mkdtempSync(join(room, 'cwd-'));
  const log = `${cwd}.log`;
  // What runs on by itself ends by its limit of CPU time.
  const script = `ulimit -t 2\nexec 9>>"${log}"\nn=0\nus=$(printf '\\037')\n${PRELUDE}\nPATH=/nonexistent\n`;
  spawnSync(shell, ['-c', `${script}eval "$1"`, shell, line], {
    cwd,
    env: {},
    timeout: 1500,
    stdio: 'ignore',
  });
  // A busy machine may not even have started the shell in its time.
  const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
  // What runs in the background may still be at its row.
  return text
    .split('\u001e')
    .slice(0, -1)
    .map((row) => row.split('\u001f'));
}

/** True where the words that were run are ones that the command may become. */
function tells(command: SimpleCommand, ran: readonly string[]): boolean {
  const [program] = command.words;
  if (!program || program.certain || program.glob)
    return program?.certain !== undefined || program?.glob === true;
  const words = command.words.filter((word) => word.text !== '' || word.certain !== undefined);
  if (words.some((word) => word.certain ?? word.glob)) return program.text === ran[0];
  // A brace expansion is told of in each of its readings.
  return (
    program.text === ran[0] &&
    ran.every((word) => word === '' || command.words.some(({ text }) => text === word))
  );
}

function escapes(reading: Reading, line: string): readonly string[] {
  if (!reading.ok) return [];
  const evals = reading.commands.some(({ words }) =>
    ['eval', '.', 'source', 'time', 'coproc', 'trap'].includes(words[0]?.text ?? ''),
  );
  if (evals) return [];
  return SHELLS.flatMap((shell) =>
    runBy(shell, line)
      .filter((ran) => !reading.commands.some((command) => tells(command, ran)))
      .map((ran) => `${shell} ran ${JSON.stringify(ran)} of ${JSON.stringify(line)}`),
  );
}

/** Lines with sense in them, as deep as they come. */
const { line: sensible } = fc.letrec<{ word: string; simple: string; line: string }>((tie) => ({
  word: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'x',
        'y',
        '-z',
        "'q q'",
        '"r r"',
        's\\ s',
        '$i',
        '"$i"',
        '${i}',
        'a{x,y}b',
        '*',
        '1',
        '""',
        '$((i))',
        '${#i}',
        '{1..3}',
        '$i[',
      ),
    },
    { weight: 1, arbitrary: tie('line').map((line) => `$(${line})`) },
    { weight: 1, arbitrary: tie('line').map((line) => `"$(${line})"`) },
    { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name) => `\`${name} x\``) },
    { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name) => `\${j:-$(${name})}`) },
  ),
  simple: fc
    .tuple(
      fc.constantFrom('', '', 'i=x ', 'i=$(cc) ', "i='y[$(bb)]'; ", 'i=; ', '! '),
      fc.constantFrom(...NAMES, '"aa"', 'b\\b', "c'c'"),
      fc.array(tie('word'), { maxLength: 3 }),
      fc.constantFrom('', '', '', ' > o', ' 2>&1', ' < /dev/null', ' >> o', ' &> o', ' |& bb'),
    )
    .map(([before, name, words, redirect]) => `${before}${[name, ...words].join(' ')}${redirect}`),
  line: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: tie('simple') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('line'), fc.constantFrom('; ', ' && ', ' || ', ' | ', '\n', ' & ', ' ;\n'), tie('line'))
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: tie('line').map((line) => `(${line})`) },
    { weight: 1, arbitrary: tie('line').map((line) => `{ ${line}\n}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('line'), tie('line'), tie('line'))
        .map(([a, b, c]) => `if ${a}\nthen ${b}\nelse ${c}\nfi`),
    },
    { weight: 1, arbitrary: tie('line').map((line) => `for i in x y; do ${line}\ndone`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('simple'), tie('line')).map(([a, b]) => `until ${a}\ndo ${b}\ndone`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('line'), tie('line')).map(([a, b]) => `case x in y) ${a} ;; *) ${b} ;; esac`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          tie('line'),
          fc.constantFrom('E', "'E'", '"E"', '-E'),
          fc.constantFrom('', ' | bb', ' && cc', ' > o'),
        )
        .map(([line, mark, more]) => `aa <<${mark}${more}\n${line}\nE\n`),
    },
    { weight: 1, arbitrary: tie('line').map((line) => `f() { ${line}\n}; f x`) },
  ),
}));

/** A line, as it is or with something thrown in anywhere. */
const lines = fc
  .tuple(
    sensible,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...PIECES)), { maxLength: 2 }),
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 }),
    fc.nat(9),
  )
  .map(([line, thrown, soup, kind]) => {
    if (kind === 0) return soup.join('');
    return (kind < 5 ? [] : thrown).reduce((text, [at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place);
    }, line);
  })
  .filter((line) => line.length < 600);

test('the shells tell what they run', () => {
  for (const shell of SHELLS)
    assert.deepEqual(runBy(shell, "aa x 'y z' && bb && cc | aa").toSorted(), [['aa', 'x', 'y z'], ['bb']]);
});

test('no shell runs a command that the reader did not tell of', () => {
  fc.assert(
    fc.property(lines, (line) => {
      assert.deepEqual(escapes(readPosix(line, ''), line), []);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
