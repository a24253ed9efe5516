/** One run at the terminal: told as it goes, asked about where there is somebody to ask. */
import { createInterface } from 'node:readline/promises';
import type { Engine, LiveRun, RunEnd, RunViews } from '../core/run/contract.ts';
import type { Disposable, Hasher, RunStore } from '../core/ports.ts';
import type { JournalLine } from '../protocol/events.ts';
import type { NeedView, RunView } from '../protocol/view.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import { hintFor, readAnswer } from './answering.ts';
import { followLines } from './following.ts';
import { createStory, needText } from './story.ts';

/** Where words go: a terminal, or streams in tests. */
export interface Console {
  /** Text for people. */
  say(text: string): void;
  /** Text that people must not miss, wherever the other words go. */
  warn(text: string): void;
  /** Journal lines for programs. */
  line(text: string): void;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string>) | undefined;
}

export interface SessionParts {
  readonly engine: Engine;
  readonly views: RunViews;
  readonly store: RunStore;
  readonly hasher: Hasher;
  readonly console: Console;
  readonly json: boolean;
}

/** Follows a live run to its end. `known` lines were there before this process. */
export async function accompany(run: LiveRun, known: number, parts: SessionParts): Promise<RunEnd> {
  const { console } = parts;
  const following = followLines(parts, run.id, known, createTeller(console, parts.json));
  const over = new AbortController();
  const asking = askNeeds(run.id, parts, over.signal);
  try {
    return await run.ended;
  } finally {
    over.abort();
    asking.dispose();
    await following.catchUp();
    following.dispose();
  }
}

/** Tells lines in words, and as they are where a program listens. */
export function createTeller(console: Console, json: boolean): (line: JournalLine) => void {
  const story = createStory();
  return (line) => {
    if (json) console.line(JSON.stringify(line));
    const words = story(line);
    if (words !== undefined) console.say(words);
  };
}

type Asking = Pick<SessionParts, 'engine' | 'views' | 'console'>;

/** Puts a run's questions to whoever is at the terminal, one after the other, until `over`. */
export function askNeeds(runId: string, parts: Asking, over: AbortSignal): Disposable {
  if (!parts.console.ask) return { dispose: () => undefined };
  const asked = new Set<string>();
  let queue = Promise.resolve();
  return parts.views.follow(runId, (view) => {
    for (const need of view.needs) {
      if (asked.has(need.signal)) continue;
      asked.add(need.signal);
      queue = queue.then(() => askOne({ need, view }, parts, over)).catch(() => undefined);
    }
  });
}

async function askOne(
  { need, view }: { need: NeedView; view: RunView },
  parts: Asking,
  over: AbortSignal,
): Promise<void> {
  const { ask } = parts.console;
  if (!ask) return;
  parts.console.say(`\n${needText(need, view)}`);
  for (;;) {
    const typed = readAnswer(need, await ask(`${hintFor(need, view)}\n> `, over), view);
    if (typed.ok) {
      await parts.engine.answer(view.id, need.signal, typed.value, 'terminal');
      return;
    }
    parts.console.say(typed.hint);
  }
}

/** The real terminal. Words go to standard error where standard output is for programs, or nobody watches it. */
export function realConsole(json: boolean): Console {
  const { stdin, stdout, stderr } = process;
  const words = json ? stderr : stdout;
  const interactive = stdin.isTTY && words.isTTY;
  return {
    say: (text) => void words.write(`${plainText(text)}\n`),
    warn: (text) => void stderr.write(`${plainText(text)}\n`),
    line: (text) => void stdout.write(`${text}\n`),
    ask: interactive ? askOnTerminal : undefined,
  };
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D ends the input: the run is stopped, and can go on.
  let answered = false;
  reader.on('SIGINT', () => process.emit('SIGINT'));
  reader.on('close', () => {
    if (!answered && !signal.aborted) process.emit('SIGINT');
  });
  try {
    const answer = await reader.question(question, { signal });
    answered = true;
    return answer;
  } finally {
    reader.close();
  }
}
