/** The editor in a pseudo-locale, in which every letter of ours that is translated is marked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, workbenchReady } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { makePseudoExtension, PSEUDO } from '../support/l10n/pseudo-extension.mjs';
import { pseudo, readTable, tablePath } from '../support/l10n/tables.mjs';

const root = join(import.meta.dirname, '..', '..');
/** Words of the manifest. */
export const english = readTable(tablePath(root, 'manifest'));

export async function openPseudo(options: Parameters<typeof openEditor>[0]) {
  const extension = await mkdtemp(join(tmpdir(), 'quartet-pseudo-'));
  makePseudoExtension(root, extension);
  const editor = await openEditor({ ...options, extension });
  await editor.page.addInitScript((language: string) => {
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { value: language, writable: false });
  }, PSEUDO);
  await editor.page.reload();
  await workbenchReady(editor.page);
  return {
    ...editor,
    /** Runs a command by its name of the manifest. */
    run: (name: string): Promise<void> =>
      command(editor.page, `Quartet: ${pseudo(english[`quartet.${name}.title`] ?? name)}`),
    async close() {
      await editor.close();
      await rm(extension, { recursive: true, force: true });
    },
  };
}

/** Names of products and models, addresses, settings, types, sizes; and the icon of the status bar. */
const DATA =
  /^(?:Quartet|OpenAI|OpenRouter|Anthropic|Google|Gemini|Mistral|DeepSeek|Groq|Azure|Ollama|LM|Studio|llama\.cpp|vLLM|[a-z]+:\/\/\S+|quartet\.\S+|[~.\w-]*\/\S*|[kM]B|number|string|retention|days|[\d.,:%]+|organization)$/u;

/** Texts with a word that is neither marked nor a name. */
export const unmarked = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) =>
    text
      .replace(/\(Press 'Enter' .*\)$/u, '')
      .split(/⟦[^⟧]*⟧|[\s,;·()“”"|]+/u)
      .map((piece) => piece.replace(/[.:!?…]+$/u, ''))
      .some((piece) => /[A-Za-z]{2}/u.test(piece) && !DATA.test(piece)),
  );

const wordsIn = (text: string): readonly string[] => text.match(/[A-Za-z]+/gu) ?? [];

/** Words that are neither marked, even where they stand in what is, nor in `data`. */
export function leftInEnglish(texts: readonly string[], data: string): readonly string[] {
  const theirs = new Set(wordsIn(data));
  return texts.filter((text) => wordsIn(text).some((word) => !theirs.has(word)));
}
