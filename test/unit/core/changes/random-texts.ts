/** Texts for property tests: few different lines, so that they repeat, and every form a text can have. */
import fc from 'fast-check';

const line = fc.oneof(
  fc.constantFrom(
    '',
    '}',
    '  }',
    'a',
    'b',
    'c',
    '\tif (x) {',
    '    return 1;',
    '-x',
    '+x',
    '@@ y',
    '*** End Patch',
    '😀',
    ' ',
  ),
  fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n\u0000]/gu, '')),
);

/** Lines with one kind of end, with or without a final newline. */
export const plainText = (end: '\n' | '\r\n' = '\n'): fc.Arbitrary<string> =>
  fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, closed]) => {
    const text = lines.join(end);
    return closed && lines.length > 0 ? text + end : text;
  });

/** Any text: mixed line ends, lone carriage returns, byte order marks. */
export const anyText: fc.Arbitrary<string> = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\r\r\n')), { maxLength: 12 }),
    line,
  )
  .map(
    ([bom, lines, last]) => (bom ? '\uFEFF' : '') + lines.map(([text, end]) => text + end).join('') + last,
  );

/** A text and one made from it by a few changes. */
export const changedText: fc.Arbitrary<readonly [before: string, after: string]> = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 20 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.array(line, { maxLength: 3 })), { maxLength: 4 }),
  )
  .map(([lines, changes]) => {
    const after = [...lines];
    for (const [at, removed, added] of changes) after.splice(at % (after.length + 1), removed, ...added);
    return [lines, after].map((all) => all.map((one) => `${one}\n`).join('')) as [string, string];
  });
