/**
 * Words of the editor's room that go past `l10n`: literals that are handed to VS Code where it shows them, and sentences anywhere. What
 * the log, models or a pattern of what is told (`told` shows those in the person's language) take is no fault.
 */
import ts from 'typescript';

/** Calls of VS Code, and which of their arguments it shows; `all` of them where the rest are options or buttons. */
const SHOWING = new Map([
  ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage'].map((name) => [name, 'all']),
  ...['setStatusBarMessage', 'createRunProfile', 'appendMarkdown', 'TreeItem', 'TestMessage'].map((name) => [
    name,
    0,
  ]),
  ...['MarkdownString', 'CodeAction'].map((name) => [name, 0]),
  ...['createCommentController', 'createTestController', 'createTestItem', 'Diagnostic'].map((name) => [
    name,
    1,
  ]),
]);
/** Properties that VS Code shows: of items, inputs, buttons, dialogs, comments, progress. */
const SHOWN = new Set([
  ...['label', 'description', 'detail', 'title', 'tooltip', 'prompt', 'placeHolder', 'placeholder'],
  ...['validationMessage', 'openLabel', 'saveLabel'],
]);
/** Names, the same in every language: the product, those who serve models, the demo's, which runs record, and values that are typed. */
const NAMES =
  /^(?:Quartet|Demo script|[~\w.-]*\/[\w./-]+|OpenAI|OpenRouter|Anthropic|Google Gemini|Mistral|DeepSeek|Groq|Azure OpenAI|Ollama|LM Studio|llama\.cpp|vLLM|my-resource|https:\/\/host\/v1)$/u;
/** Files whose sentences nobody reads in the editor, and why. */
const NOT_FOR_PEOPLE = {
  'src/editor/commands/here.ts': 'goals, which models read and the run records',
  'src/editor/goal/attach.ts': 'parts of goals',
  'src/editor/goal/mentions.ts': 'parts of goals',
  'src/editor/offered/report.ts': 'what tools answer to models',
  'src/editor/offered/tools.ts': 'what tools answer to models',
  'src/editor/languages.ts': 'what a tool answers to models',
  'src/editor/host-tools.ts': 'what a tool answers to models; its settings problem is told by a pattern',
  'src/editor/panel/html.ts': 'markup',
};
const WORD = /\p{L}{2}/u;
const SENTENCE = /\p{L}{2}[,:;]? \p{L}|\{\} \p{L}{2}|\p{L}{2}[,:;]? \{\}/u;

const textOf = (node) => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
};
/** Without icons, and the name that messages begin with. */
const bare = (text) => text?.replace(/\$\([a-z-]+\) /gu, '').replace(/^Quartet: /u, '');
const nameOf = (node) => (ts.isPropertyAccessExpression(node) ? node.name.text : node.getText());
const isCall = (node) => ts.isCallExpression(node) || ts.isNewExpression(node);

/** Whether its words are shown as they stand: what holds it leads to VS Code through nothing that could translate it. */
function isShown(node) {
  let at = node;
  while (
    ts.isConditionalExpression(at.parent) ||
    ts.isBinaryExpression(at.parent) ||
    ts.isParenthesizedExpression(at.parent)
  ) {
    const { parent } = at;
    if (ts.isConditionalExpression(parent) && parent.condition === at) return false;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      return parent.right === at && SHOWN.has(nameOf(parent.left));
    if (ts.isBinaryExpression(parent) && !['??', '||', '+'].includes(parent.operatorToken.getText()))
      return false;
    at = parent;
  }
  const { parent } = at;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === at && SHOWN.has(parent.name.getText());
  if (!isCall(parent)) return false;
  const which = SHOWING.get(nameOf(parent.expression));
  return which !== undefined && (which === 'all' || parent.arguments[which] === at);
}

/** What lies in a call of `t`, of the log, or of an error that is a bug, is said elsewhere or to nobody. */
function isSaidElsewhere(node, isTranslation) {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (!isCall(parent) || parent.expression === at) continue;
    const callee = parent.expression.getText();
    if (isTranslation(parent.expression) && parent.arguments[0] === at) return true;
    if (/(?:^|\.)log\.(?:trace|debug|info|warn|error)$/u.test(callee) || callee === 'Error') return true;
  }
  return false;
}

/**
 * @param {import('typescript').SourceFile} source
 * @param {(callee: import('typescript').Node) => boolean} isTranslation
 * @param {(text: string) => boolean} isTold whether a pattern fits; `{}` stands for what is put in
 * @returns {import('typescript').Node[]} the literals at fault
 */
export function spokenIn(source, isTranslation, isTold) {
  const forPeople = NOT_FOR_PEOPLE[source.fileName] === undefined;
  const faults = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const text =
      node.parent && ts.isPropertyAssignment(node.parent) && node.parent.name === node
        ? undefined
        : bare(textOf(node));
    if (
      text !== undefined &&
      !NAMES.test(text) &&
      ((WORD.test(text.replaceAll('{}', '')) && isShown(node)) || (forPeople && SENTENCE.test(text))) &&
      !isSaidElsewhere(node, isTranslation) &&
      !isTold(text)
    )
      faults.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}
