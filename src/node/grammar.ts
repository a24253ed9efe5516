/** The grammar of POSIX shells: tree-sitter's, as the editor itself uses it, loaded when a command is first judged. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Node } from 'web-tree-sitter';
import type { Grammar, Log, SyntaxNode } from '../core/ports.ts';

export interface NodeGrammarOptions {
  /** Where the two WebAssembly files are, as the build compresses them; absent: there are none, and lines are read more strictly. */
  readonly folder: string | undefined;
  readonly log: Log;
  /** Default: that of this process. */
  readonly platform?: NodeJS.Platform;
}

type Parse = (line: string) => SyntaxNode;

export function createNodeGrammar({ folder, log, platform = process.platform }: NodeGrammarOptions): Grammar {
  let loading: Promise<Parse | undefined> | undefined;
  const dialect = platform === 'win32' ? 'cmd' : 'posix';
  return {
    dialect,
    load() {
      if (folder === undefined || dialect === 'cmd') return Promise.resolve(undefined);
      loading ??= loadParser(folder).catch((error: unknown) => {
        log.warn(`Commands are read without a grammar, and more of them ask: ${String(error)}`);
        return undefined;
      });
      return loading;
    },
  };
}

const inflate = promisify(brotliDecompress);
const inflated = async (path: string): Promise<Buffer> => inflate(await fs.readFile(path));

async function loadParser(folder: string): Promise<Parse> {
  const [{ Language, Parser }, wasmBinary, bash] = await Promise.all([
    import('web-tree-sitter'),
    inflated(join(folder, 'web-tree-sitter.wasm.br')),
    inflated(join(folder, 'tree-sitter-bash.wasm.br')),
  ]);
  await Parser.init({ wasmBinary });
  const language = await Language.load(new Uint8Array(bash));
  const parser = new Parser();
  parser.setLanguage(language);
  return (line) => {
    const tree = parser.parse(line);
    if (!tree) throw new Error('The parser gave no tree.');
    try {
      return copyOf(tree.rootNode, line);
    } finally {
      tree.delete();
    }
  };
}

/** Trees live in the parser's memory; what is kept is a copy. The root covers the whole line. */
function copyOf(root: Node, line: string): SyntaxNode {
  return { ...plain(root), text: line, start: 0, end: line.length };
}

function plain(node: Node): SyntaxNode {
  return {
    type: node.type,
    text: node.text,
    named: node.isNamed,
    broken: node.isError || node.isMissing,
    start: node.startIndex,
    end: node.endIndex,
    children: node.children.map((child) => plain(child)),
  };
}
