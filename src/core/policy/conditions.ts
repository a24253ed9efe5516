/** Tests in brackets: what in them would be read in two ways, or make a shell run something. */
import type { SyntaxNode } from '../ports.ts';
import { everyNode, unreadable } from './syntax.ts';
import { isNumber, wordsOf, type WordScope } from './tree-words.ts';

const CALCULATING = /^-(eq|ne|lt|le|gt|ge)$/u;
const GROUP = /^(unary|binary|parenthesized|negated)_expression$/u;
const EXPANDS = /^(simple_expansion|expansion|command_substitution)$/u;

/**
 * A test looks names up. Some shells take signs in it for redirections, run the commands of a subscript in a name (`-v`) or in
 * what they calculate with, and take for an operator what a value without quotes holds.
 */
export function refuseCondition(node: SyntaxNode, scope: WordScope): void {
  let outside = node.text;
  for (const inner of everyNode(node)) {
    if (/^(string|raw_string|(command|process)_substitution|expansion)$/u.test(inner.type))
      outside = outside.replace(inner.text, '_');
  }
  if (/[<>|&();\n`]/u.test(outside)) unreadable('a test that shells read in two ways');
  const isDouble = node.text.startsWith('[[');
  const parts = [...partsOf(node)];
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (/^-[vR]$/u.test(part.text) && !/^[A-Za-z_]\w*$/u.test(next?.text ?? 'end'))
      unreadable('a test of a name that may hold commands');
    if (isDouble && CALCULATING.test(part.text))
      for (const side of [parts[index - 1], next]) refuseNumberless(side, scope);
    const [word] = part.named ? wordsOf(part, scope) : [];
    if (!isDouble && word && isLoose(part) && !isNumber(word) && (word.certain ?? word.glob))
      unreadable('a value without quotes in a test');
  }
}

function* partsOf(node: SyntaxNode): Generator<SyntaxNode> {
  for (const child of node.children) {
    if (GROUP.test(child.type)) yield* partsOf(child);
    else yield child;
  }
}

function refuseNumberless(side: SyntaxNode | undefined, scope: WordScope): void {
  const words = side?.named === true ? wordsOf(side, scope) : [];
  if (!words.every(isNumber) || words.length !== 1)
    unreadable('a test that calculates with what is only known when it runs');
}

/** Its value may become several words. */
const isLoose = (part: SyntaxNode): boolean =>
  EXPANDS.test(part.type) ||
  (part.type === 'concatenation' && part.children.some((child) => EXPANDS.test(child.type)));
