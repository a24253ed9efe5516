/**
 * Every sign of a line is to be accounted for: by a node of its tree, or as what stands between two. A parser that lost its way, or took
 * more into a node than belongs there, leaves a gap that is not spelled as it must be. What is inside quotes, expansions and
 * here-documents is text by right; the commands in it are held to the same.
 */
import type { Script, SyntaxNode } from 'unbash';
import { childrenOf, everyNode, unreadable } from './syntax.ts';

/** Nodes whose text is not made of their children and signs. */
const TEXTS = new Set<SyntaxNode['type']>([
  'DoubleQuoted',
  'LocaleString',
  'HereDocBody',
  'ParameterExpansion',
  'ArithmeticExpansion',
  'Glob',
  'ExtendedGlob',
  'BraceExpansion',
]);
/** Nodes that end with their row: what is behind its end is another command, at least for some shells. */
const ROWS = new Set<SyntaxNode['type']>([
  'Command',
  'Redirected',
  'Redirect',
  'HereDoc',
  'HereString',
  'TestCommand',
  'TestUnary',
  'TestBinary',
  'TestNot',
]);

/** What may stand before, between and behind the children of a node, apart from blanks and comments. */
const SIGNS: Readonly<Partial<Record<SyntaxNode['type'], RegExp>>> = {
  Script: /^;?$/u,
  CompoundList: /^;?$/u,
  Statement: /^&?$/u,
  AndOr: /^(&&|\|\|)?$/u,
  Pipeline: /^(\|&?)?$/u,
  Command: /^$/u,
  Redirected: /^$/u,
  Redirect: /^(>>?|<|<>|<&|>&|>\||&>>?)?$/u,
  HereString: /^(<<<)?$/u,
  HereDoc: /^(<<-?)?$/u,
  Assignment: /^(\w+=)?$/u,
  Word: /^$/u,
  CommandExpansion: /^(\$\(|[`)])?$/u,
  ProcessSubstitution: /^([<>]\(|\))?$/u,
  Subshell: /^\(?$|^;?\s*\)$/u,
  BraceGroup: /^\{?$|^;?\s*\}$/u,
  If: /^;?\s*(if|then|else|fi)?$/u,
  Elif: /^;?\s*(elif|then)?$/u,
  While: /^;?\s*(while|until|do|done)?$/u,
  For: /^(for|in)?\s*;?\s*(do|done)?$/u,
  Case: /^(case|in)?\s*(esac)?$/u,
  CaseItem: /^[(|)]?\s*;?\s*(;;)?$/u,
  Function: /^(\(\s*\))?$/u,
  TestCommand: /^(\[\[|\]\])?$/u,
  TestUnary: /^(-\w)?$/u,
  TestBinary: /^(-\w\w|[=!]?=|=~)?$/u,
  TestNot: /^$/u,
};

/** How leaves are spelled whose end a shell may see elsewhere. */
const LEAVES: Readonly<Partial<Record<SyntaxNode['type'], RegExp>>> = {
  Word: /^(?:\\[\s\S]|[^\s\\;&|<>()"'`$])*$/u,
  Literal: /^(?:\\[\s\S]|[^\s\\;&|<>()"'`$])*$/u,
  SingleQuoted: /^'[^']*'$/u,
  // Some shells see a single-quoted text in it, which no backslash prolongs.
  AnsiCQuoted: /^\$'[^']*'$/u,
  SimpleExpansion: /^\$(?:[A-Za-z_]\w*|[\d*@?!#$-])$/u,
  FileDescriptor: /^\d$/u,
  HereDocDelimiter: /^(?:\\?\w+|'\w+'|"\w+")$/u,
  Negation: /^!$/u,
  Time: /^time([ \t]+-p)?$/u,
};

/** Throws where something of `line` is not accounted for by its tree. */
export function refuseGaps(root: Script, line: string): void {
  visit(root, withoutDocuments(root, line));
}

/** A line with nothing but blanks where its here-documents are: they lie between the commands behind them. */
function withoutDocuments(root: Script, line: string): string {
  let left = line;
  for (const node of everyNode(root)) {
    if (node.type !== 'HereDoc') continue;
    const { body, closing } = node;
    const end = closing?.end ?? body.end;
    left = left.slice(0, body.pos) + ' '.repeat(end - body.pos) + left.slice(end);
  }
  return left;
}

function visit(node: SyntaxNode, line: string): void {
  if (node.type === 'Script' && (node.errors?.length ?? 0) > 0) unreadable('something that cannot be read');
  // Its places are those of another text.
  if (node.type === 'Script' && node.source !== undefined) unreadable('backquotes that hold a backslash');
  const children = childrenOf(node);
  if (TEXTS.has(node.type)) {
    for (const script of scriptsIn(node)) visit(script, line);
    return;
  }
  const text = line.slice(node.pos, node.end);
  const leaf = children.length === 0 ? LEAVES[node.type] : undefined;
  if (leaf) {
    if (!leaf.test(text)) unreadable(`"${text}" as one word`);
    return;
  }
  let at = node.pos;
  for (const child of children) {
    // It is behind the row, with nothing around it.
    if (child.type === 'HereDocBody') continue;
    refuseGap(node, line.slice(at, child.pos));
    visit(child, line);
    at = child.end;
  }
  refuseGap(node, line.slice(at, node.end));
}

/** The nearest scripts below a node. */
function* scriptsIn(node: SyntaxNode): Generator<Script> {
  for (const child of childrenOf(node)) {
    if (child.type === 'Script') yield child;
    else yield* scriptsIn(child);
  }
}

function refuseGap({ type }: SyntaxNode, gap: string): void {
  // A comment begins where no word goes on; the end of its row belongs to what is behind it.
  const signs = gap.replaceAll('\\\n', '').replace(/#[^\n]*/gu, '');
  const isFit = SIGNS[type]?.test(signs.trim()) === true && !(ROWS.has(type) && /\n/u.test(signs));
  if (!isFit) unreadable('something that cannot be read');
}
