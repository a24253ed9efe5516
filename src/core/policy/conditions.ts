/** Tests in brackets: what in them would be read in two ways, or make a shell run something. */
import type { Command, TestCommand, TestExpression, Word } from 'unbash';
import { isNumber, wordsOf, type WordScope } from './posix-words.ts';
import { unreadable } from './syntax.ts';

const CALCULATING = /^-(eq|ne|lt|le|gt|ge)$/u;
const EXPANDS = /^(SimpleExpansion|ParameterExpansion|CommandExpansion)$/u;

/**
 * A test looks names up. Some shells take signs in it for those of the line, run the commands of a subscript in a name (`-v`) or in
 * what they calculate with.
 */
export function refuseCondition({ expression }: TestCommand, scope: WordScope): void {
  refuseExpression(expression, scope);
}

function refuseExpression(expression: TestExpression, scope: WordScope): void {
  switch (expression.type) {
    case 'TestNot':
      refuseExpression(expression.operand, scope);
      return;
    case 'TestUnary':
      refuseSigns(expression.operand);
      if (/^-[vR]$/u.test(expression.operator)) refuseSubscript(expression.operand);
      wordsOf(expression.operand, scope);
      return;
    case 'TestBinary':
      for (const side of [expression.left, expression.right]) {
        refuseSigns(side);
        const words = wordsOf(side, scope);
        if (CALCULATING.test(expression.operator) && (words.length !== 1 || !words.every(isNumber)))
          unreadable('a test that calculates with what is only known when it runs');
      }
      return;
    default:
      unreadable('a test that shells read in two ways');
  }
}

function refuseSigns(word: Word): void {
  const outside = (word.parts ?? [word])
    .filter(({ type }) => /^(Word|Literal|Glob|ExtendedGlob|BraceExpansion)$/u.test(type))
    .map(({ text }) => text);
  if (/[<>|&();\n`]/u.test(outside.join(''))) unreadable('a test that shells read in two ways');
}

function refuseSubscript(word: Word | undefined): void {
  if (!/^[A-Za-z_]\w*$/u.test(word?.text ?? 'end')) unreadable('a test of a name that may hold commands');
}

/** The same for the command `[`. It takes for an operator what a value without quotes holds. */
export function refuseBracket({ args }: Command, scope: WordScope): void {
  for (const [index, arg] of args.entries()) {
    if (arg.type !== 'Word') continue;
    const next = args[index + 1];
    if (/^-[vR]$/u.test(arg.text)) refuseSubscript(next?.type === 'Word' ? next : undefined);
    if (arg.parts?.some(({ type }) => EXPANDS.test(type)) !== true) continue;
    if (wordsOf(arg, scope).some((word) => !isNumber(word) && (word.certain ?? word.glob)))
      unreadable('a value without quotes in a test');
  }
}
