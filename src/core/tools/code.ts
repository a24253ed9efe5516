/** `run_code`: a few lines of a language, run beside the project's files. What it writes there is no part of the change. */
import * as z from 'zod';
import { describe, labelOf } from './commanding.ts';
import { defineTool } from './contract.ts';

/** Longest time of a piece of code, in seconds. */
const CODE_SECONDS_MAX = 120;
const OUTPUT_CHARS_MAX = 200_000;

const Language = z.enum(['javascript', 'typescript', 'python', 'bash']);

interface Runtime {
  readonly ends: (code: string) => string;
  readonly run: string;
}

/** A script that calls `require` and neither imports nor exports is no module. */
const isScript = (code: string) => /\brequire\s*\(/u.test(code) && !/^\s*(import|export)\b/mu.test(code);

/** How a file of each language is named and run. */
const LANGUAGES: Readonly<Record<z.infer<typeof Language>, Runtime>> = {
  javascript: { ends: (code) => (isScript(code) ? '.cjs' : '.mjs'), run: 'node' },
  typescript: {
    ends: (code) => (isScript(code) ? '.cts' : '.mts'),
    run: 'node --experimental-strip-types --no-warnings',
  },
  python: { ends: () => '.py', run: 'python3' },
  bash: { ends: () => '.sh', run: 'bash' },
};

export const runCode = defineTool({
  name: 'run_code',
  description:
    'Run a short program and read what it prints. It runs in the working copy and may import from it; files it writes there are put back.',
  args: z.object({
    language: Language,
    code: z.string().min(1).max(50_000),
    stdin: z.string().max(100_000).optional(),
  }),
  effect: 'command',
  title: ({ language, code }) => `Run ${language}: ${(code.trim().split('\n')[0] ?? '').slice(0, 60)}`,
  subject: ({ language, code }) => ({ code: { language, text: code } }),
  run: async ({ language, code, stdin = '' }, world, { key, signal }) => {
    const { files, shell, place, limits } = world;
    const { ends, run } = LANGUAGES[language];
    const name = `.quartet-code-${world.hash(key).slice(0, 12)}`;
    const paths = [`${name}${ends(code)}`, `${name}.txt`] as const;
    const encode = (text: string) => new TextEncoder().encode(text);
    await files.write(place.root, paths[0], encode(code));
    await files.write(place.root, paths[1], encode(stdin));
    try {
      const seconds = Math.min(CODE_SECONDS_MAX, limits.commandSeconds);
      const result = await shell.run(
        {
          command: `${run} ${paths[0]} < ${paths[1]}`,
          cwd: place.root,
          timeoutMs: seconds * 1000,
          outputChars: OUTPUT_CHARS_MAX,
          label: labelOf(world),
          confined: world.confine([place.root]),
          beside: place.root,
        },
        signal,
      );
      return describe(result, seconds);
    } finally {
      // The code itself may have removed them.
      for (const path of paths) await files.remove(place.root, path).catch(() => undefined);
    }
  },
});
