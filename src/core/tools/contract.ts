/** What agents may do: the contract of a tool, and the small world that a tool sees. */
import * as z from 'zod';
import type { Enforced } from '../../protocol/enforced.ts';
import type { Actor } from '../../protocol/events.ts';
import type { Limits, TextClass } from '../../protocol/settings.ts';
import type { WebSettings } from '../../protocol/tool-settings.ts';
import type {
  Confinement,
  Files,
  History,
  HostTools,
  Http,
  Languages,
  PageRequest,
  PageSeen,
  Search,
  Shell,
  StepContext,
  WorkingCopies,
} from '../ports.ts';
import type { Pages } from './pages.ts';
import type { Readings, Seen } from './readings.ts';

/** What came back from a tool call. `denied` is an error that policy or a person caused. */
export interface Observation {
  readonly state: 'ok' | 'error' | 'denied';
  readonly text: string;
  /** What its command was held to, for tools that run one. */
  readonly enforced?: Enforced;
  /** A named limit that the call met. */
  readonly limit?: { readonly limit: string; readonly value: number };
  /** A JPEG that the model sees where it can. */
  readonly picture?: { readonly name: string; readonly base64: string };
  /** How far the text may travel; absent: as far as the project's own. */
  readonly class?: TextClass;
  /** Files whose text the agent knows from here on. */
  readonly seen?: Seen;
}

/**
 * What a tool does outside itself. `read`: nothing; may run beside other reads. `edit`: files of the working copy.
 * `command`: whatever a child process does. `outward`: reaches beyond this machine's files and programs. `browse`: looks at what a server of this machine shows. `talk`: people and agents; code over steps, never a step itself. `submit`: ends the task.
 */
export type ToolEffect = 'read' | 'edit' | 'command' | 'outward' | 'browse' | 'talk' | 'submit';

/** What a run must have for a tool to be offered. */
export type Ability = 'web' | 'search' | 'languages' | 'browse';

/** The private place that an agent works on: a working copy and what it may write there. */
export interface Place {
  /** Absolute path. */
  readonly root: string;
  /** Globs that may be written; empty for agents that read. */
  readonly scope: readonly string[];
  /** Tree of the base of the run. */
  readonly base: string;
  /** Tree that the task began with. */
  readonly start: string;
  /** The tree that the last finished step left. */
  tree(): string;
  /** Makes sure, inside a step, that the working copy is there and as its last finished step left it. */
  ready(): Promise<void>;
  /** The working copy's tree now, durable. Called inside a step, after an edit or command. */
  snapshot(): Promise<string>;
  /** Makes the working copy read as that tree, inside a step. */
  putBack(tree: string): Promise<void>;
  /** Told, outside steps, what tree a finished step left. */
  settled(tree: string): void;
  /** Told, outside steps, that a step failed: whatever it did to the working copy is put back before the next one. */
  spoilt(): void;
}

/** The observations of one agent, whole. Filled from finished steps, so a resumed agent has what it had. */
export interface Shelf {
  keep(handle: string, text: string): void;
  read(handle: string): string | undefined;
}

/** What a tool's effect may use. */
export interface ToolWorld {
  readonly files: Files;
  readonly search: Search;
  readonly shell: Shell;
  readonly copies: WorkingCopies;
  readonly place: Place;
  readonly limits: Limits;
  /** Absent where this door cannot read it. */
  readonly history?: History | undefined;
  readonly http?: Http | undefined;
  readonly languages?: Languages | undefined;
  readonly hostTools?: HostTools | undefined;
  /** Absent where the web is off. */
  readonly web?: { readonly settings: WebSettings; readonly pages: Pages } | undefined;
  /** Looks at a page of this machine; absent where that is off or cannot be. */
  readonly browse?: ((request: PageRequest, context: StepContext) => Promise<PageSeen>) | undefined;
  /** The agent's former observations, whole. */
  readonly shelf: Pick<Shelf, 'read'>;
  /** What the agent has read. */
  readonly readings: Pick<Readings, 'of'>;
  readonly who: Actor;
  /** How a command is confined that may write these absolute folders. */
  readonly confine: (writable: readonly string[]) => Confinement;
  /** What is added to the environment of commands, such as the ports that the place has for itself. Called inside steps. */
  readonly env?: () => Readonly<Record<string, string>>;
  /** Lower-case hexadecimal SHA-256. */
  readonly hash: (text: string) => string;
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Runs the project's tests in the place and describes the result; `filter` narrows where the runner can. */
  readonly test: (filter: string | undefined, signal: AbortSignal) => Promise<Observation>;
}

/** Paths and commands that a call touches: what policy judges. */
export interface Subject {
  /** Read or written, as the model spelled them. */
  readonly paths?: readonly string[];
  readonly command?: string;
  /** The command wants the whole network. */
  readonly network?: boolean;
  /** A program of the model's own. */
  readonly code?: { readonly language: string; readonly text: string };
  /** Web addresses, as the model spelled them. */
  readonly urls?: readonly string[];
  /** It may change something where it goes. */
  readonly changes?: boolean;
  /** What leaves with it, for the person to read. */
  readonly sends?: string;
  /** Why a person is asked whatever policy says. */
  readonly asks?: string;
}

/** A tool. `A` is the type of its checked arguments. */
export interface Tool<A = unknown> {
  readonly name: string;
  /** Of its contract: a whole number that is raised when a call of before would be refused or mean something else. Absent: 1. */
  readonly version?: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  readonly args: z.ZodType<A>;
  /** JSON Schema for the model, where it is not made of `args`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly effect: ToolEffect;
  /** Offered only where the run has this. */
  readonly needs?: Ability;
  /** What comes back is written by strangers: whoever reads it may follow it. */
  readonly taints?: boolean;
  /** True for a call that must not be made twice: cut off, its outcome is unknown. */
  readonly once?: (args: A) => boolean;
  /** One line for people. */
  readonly title: (args: A) => string;
  readonly subject: (args: A) => Subject;
  /** Runs inside a step. Not called for `submit` and `talk`. */
  readonly run?: (args: A, world: ToolWorld, context: StepContext) => Promise<Observation>;
}

/** Keeps the argument type of a tool while it stands in a list of tools. */
export function defineTool<A>(tool: Tool<A>): Tool {
  return tool as unknown as Tool;
}

export function ok(text: string): Observation {
  return { state: 'ok', text };
}
export function error(text: string): Observation {
  return { state: 'error', text };
}
export function denied(text: string): Observation {
  return { state: 'denied', text };
}

/** Keeps an observation within `max` characters: its head and its end, with what is left out named between them. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = Math.floor(max * 0.6);
  const tail = max - head;
  const dropped = text.length - head - tail;
  return `${text.slice(0, head)}\n[… ${String(dropped)} characters left out …]\n${text.slice(-tail)}`;
}
