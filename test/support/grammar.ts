/** The real grammar, from the packages that the build takes it from. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { createNodeGrammar } from '../../src/node/grammar.ts';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** A folder that holds the grammar's files as `dist/wasm` does. */
export function grammarFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quartet-grammar-'));
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-bash/tree-sitter-bash.wasm']) {
    const packed = brotliCompressSync(readFileSync(join(modules, file)), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    });
    writeFileSync(join(folder, `${file.split('/')[1] ?? ''}.br`), packed);
  }
  return folder;
}

const log = { info: () => undefined, warn: console.error, error: console.error };
export const realGrammar = createNodeGrammar({ folder: grammarFolder(), log, platform: 'linux' });
