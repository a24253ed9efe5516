/** Messages between the Team panel (a webview) and the editor. The editor validates what a page sends. */
import * as z from 'zod';
import { GoalFiles, type GoalFile } from './attached.ts';
import type { Difference } from './difference.ts';
import { GoalImages, type GoalImage } from './images.ts';
import type { Mention, RoleMention } from './mentions.ts';
import { Change } from './people.ts';
import { PlanSpec } from './plan.ts';
import { Autonomy } from './policy.ts';
import type { Requirement } from './registry.ts';
import { RecordPart } from './run-view.ts';
import { RunMode } from './settings.ts';
import type { TestProgress } from './test-progress.ts';
import type { FeedItem, RunEntry, RunView } from './view.ts';

/** From the panel. Sent when the person does something; `ready` when the page has loaded. */
export const PanelRequest = z.discriminatedUnion('type', [
  /** The page is up and holds nothing, or something that it holds went astray: everything is sent. */
  z.object({ type: z.literal('ready') }),
  /** The page got the focus or lost it: keys that are the panel's alone hold meanwhile. */
  z.object({ type: z.literal('focus'), isWithin: z.boolean() }),
  z.object({
    type: z.literal('run.start'),
    goal: z.string().min(1).max(50000),
    mode: RunMode,
    demo: z.boolean().default(false),
    /** Pasted or dropped into the goal box. */
    images: GoalImages.optional(),
    files: GoalFiles.optional(),
    /** The finished run that this one goes on from. */
    follows: z.string().optional(),
  }),
  /** Files and folders that a mention may name, or with "@" the person's own roles; answered by `mention.found` with the same `token`. */
  z.object({
    type: z.literal('mention.find'),
    token: z.number().int(),
    sign: z.enum(['#', '@']),
    query: z.string().max(200),
  }),
  /** What goes with the goal that is being written; sent when the person gave something or took it away. The editor keeps it for the page. */
  z.object({ type: z.literal('given.keep'), images: GoalImages, files: GoalFiles }),
  /** Addresses of files that were dropped on the goal box; answered by `given`. */
  z.object({ type: z.literal('places.drop'), uris: z.array(z.string().max(4000)).max(20) }),
  /** Asks for files in the editor's dialog; answered by `given`. */
  z.object({ type: z.literal('files.choose') }),
  z.object({ type: z.literal('run.open'), run: z.string() }),
  z.object({ type: z.literal('run.close') }),
  z.object({ type: z.literal('run.stop'), run: z.string() }),
  /** What is under way ends, nothing new begins, then the run pauses. */
  z.object({ type: z.literal('run.pause'), run: z.string() }),
  z.object({ type: z.literal('run.resume'), run: z.string() }),
  /** Raises a limit of a run that its budget stopped; the editor asks which, and goes on with it. */
  z.object({ type: z.literal('run.raise'), run: z.string() }),
  /** Changes how much a run does without asking, or its limits; the editor asks which. */
  z.object({ type: z.literal('run.set'), run: z.string() }),
  /** Takes the applied change back; the editor asks before it does. */
  z.object({ type: z.literal('run.undo'), run: z.string() }),
  /** Writes what can be read of the run into a file; the editor asks where. */
  z.object({ type: z.literal('run.export'), run: z.string() }),
  /** Removes the run for good; the editor asks before it does. */
  z.object({ type: z.literal('run.delete'), run: z.string() }),
  /** Commits the applied change; the editor asks where to. */
  z.object({ type: z.literal('run.commit'), run: z.string() }),
  /**
   * Goes another way from a point of the run: before a task, after a line of the journal, or where the plan was decided, which is then
   * asked about once more. The editor asks with whom.
   */
  z.object({
    type: z.literal('run.fork'),
    run: z.string(),
    task: z.string().optional(),
    at: z.number().int().optional(),
    plan: z.literal('ask').optional(),
  }),
  /** Asks for the picture of a call, by the `id` of its item in the feed; answered by `picture`. */
  z.object({ type: z.literal('picture.show'), run: z.string(), call: z.number().int() }),
  z.object({
    type: z.literal('run.steer'),
    run: z.string(),
    text: z.string().min(1).max(20000),
    to: z.string().optional(),
  }),
  /** Sends a message again that nobody read, by the `id` that it has in the view. `elsewhere`: the editor asks to whom. */
  z.object({
    type: z.literal('message.resend'),
    run: z.string(),
    message: z.number().int(),
    elsewhere: z.boolean().optional(),
  }),
  /** Opens the working copy of a task that the person does, in a window of its own. */
  z.object({ type: z.literal('hand.open'), run: z.string(), signal: z.string() }),
  /** Changes the run while it works. */
  z.object({ type: z.literal('run.change'), run: z.string(), change: Change }),
  z.object({ type: z.literal('answer'), run: z.string(), signal: z.string(), value: z.unknown() }),
  /** Asks for the problems of a plan being edited; answered by `plan.checked` with the same `token`. */
  z.object({ type: z.literal('plan.check'), token: z.number().int(), run: z.string(), plan: PlanSpec }),
  z.object({ type: z.literal('review.open'), run: z.string(), path: z.string().optional() }),
  z.object({ type: z.literal('review.acceptAll'), run: z.string() }),
  z.object({ type: z.literal('review.rejectAll'), run: z.string() }),
  /** Hands in what was decided one by one; the editor asks about what is open, and says what becomes of it. */
  z.object({ type: z.literal('review.apply'), run: z.string() }),
  z.object({ type: z.literal('review.sendBack'), run: z.string() }),
  /** Shows files in conflict, and applies what was made of them. */
  z.object({ type: z.literal('conflict.open'), run: z.string() }),
  z.object({ type: z.literal('conflict.apply'), run: z.string() }),
  z.object({ type: z.literal('file.open'), path: z.string(), line: z.number().int().optional() }),
  z.object({ type: z.literal('link.open'), url: z.string().max(4000) }),
  z.object({ type: z.literal('models.configure') }),
  /** Asks which model answers in new runs. */
  z.object({ type: z.literal('model.choose') }),
  /** About the tests of the workspace; `fix` mends what failed in `run`. The editor asks what else it has to know. */
  z.object({
    type: z.literal('tests.act'),
    act: z.enum(['run', 'fix', 'diagnose', 'confirm', 'configure']),
    run: z.string().optional(),
  }),
  /** How much new runs do without asking. */
  z.object({ type: z.literal('autonomy.set'), level: Autonomy }),
  z.object({ type: z.literal('permissions.show') }),
  z.object({ type: z.literal('audit.show'), run: z.string() }),
  /** The run along its time, in an editor tab. */
  z.object({ type: z.literal('run.view'), run: z.string() }),
  /** Gets back what the person did by hand and is no part of the result; `kept` is the line that says so. */
  z.object({ type: z.literal('kept.back'), run: z.string(), kept: z.number().int() }),
  /** What a task changed, as a diff of all its files. */
  z.object({ type: z.literal('task.diff'), run: z.string(), task: z.string().max(200) }),
  /** What a line of the run's record says in full, in a text editor. */
  z.object({
    type: z.literal('record.open'),
    run: z.string(),
    seq: z.number().int().min(1),
    part: RecordPart,
  }),
  /** Does what the context's `obstacle.action` names; the editor knows the command, the page never says one. */
  z.object({ type: z.literal('obstacle.act') }),
  /** Asks which of several folders the team works on. */
  z.object({ type: z.literal('folder.choose') }),
  /** How the panel is used by keyboard and by ear. */
  z.object({ type: z.literal('help.show') }),
  z.object({ type: z.literal('log.show') }),
]);
export type PanelRequest = z.infer<typeof PanelRequest>;

/** What the panel knows of the world outside runs. */
export interface PanelContext {
  readonly workspace?: string;
  /** True where other folders are open beside `workspace`. */
  readonly isOneOfMany?: boolean;
  readonly trusted: boolean;
  /** A model was found; its label. Absent: none, the panel offers the demo team and Configure Models. */
  readonly model?: string;
  readonly demoOnly: boolean;
  /** Roles have models of their own, so that `model` answers only for the others. */
  readonly isByRole?: true;
  /** The model that the person picked for new runs: it answers for every role. */
  readonly picked?: { readonly label: string; /** Absent: it is not there now. */ readonly isThere?: true };
  /** A person said how the tests are run; absent where that is not known yet. */
  readonly testsKept?: boolean;
  /** How much new runs do without asking. */
  readonly autonomy?: Autonomy;
  /** What is in the way of starting a run, with what to do; absent if nothing is. */
  readonly obstacle?: {
    readonly text: string;
    readonly action?: { readonly label: string; readonly command: string };
  };
  /** The latest, newest first, as many as are listed; their goals are cut to what a row shows. */
  readonly runs: readonly RunEntry[];
  /** Runs that wait for the person, the open one among them. */
  readonly waits?: readonly RunWaits[];
}

/** How often a run needs the person. */
export interface RunWaits {
  readonly run: string;
  /** Cut to what a row shows. */
  readonly goal: string;
  readonly count: number;
}

/** How far the person is with the review that waits. The editor keeps it: before it is handed in it is no part of the run. */
export interface ReviewTally {
  /** Hunks, and files that are taken or left as a whole. */
  readonly decided: number;
  readonly all: number;
  /** Something is left out or edited by hand, so what is applied is not what the tests have seen. */
  readonly differs: boolean;
  /** What the team can act on when it is sent back: rejected with a reason, or a remark to be fixed. */
  readonly forTeam: number;
}

/** What is wrong with a plan, and what may be chosen in it now. */
export interface PlanCheck {
  readonly problems: readonly string[];
  /** What is to be known of it and keeps nobody from it, such as tasks that never work at the same time. */
  readonly notes?: readonly string[];
  /** Roles that a task may be given to, the person's own included. */
  readonly roles?: readonly string[];
  /** Those of them that only read: several who work on such a task are opinions. */
  readonly readers?: readonly string[];
  /** Ids of the endpoints that a task may ask first. */
  readonly models?: readonly string[];
  /** What its tasks require, each with what serves it or who lacks what. */
  readonly requirements?: readonly Requirement[];
}

/** An entry of the conversation, and its place there from 0. */
export type PlacedItem = readonly [place: number, item: FeedItem];

/** To the panel. */
export type PanelUpdate =
  | { readonly type: 'context'; readonly context: PanelContext }
  /**
   * The whole state of a run; `null` shows the start page. Sent on `ready`, on opening, and when deltas cannot bridge. `at` numbers what the
   * page holds then: it rises with each snapshot and delta.
   */
  | {
      readonly type: 'snapshot';
      readonly at: number;
      readonly view: RunView | null;
      readonly owned: boolean;
    }
  /** What became of a page that holds number `from`: of the view but its feed, and items of the feed that came or changed. */
  | {
      readonly type: 'delta';
      readonly run: string;
      readonly from: number;
      readonly at: number;
      readonly by?: Difference;
      readonly feed: readonly PlacedItem[];
    }
  /** The next piece of a model reply on its way; not part of the journal, dropped when its step `key` ends. */
  | {
      readonly type: 'stream';
      readonly run: string;
      readonly key: string;
      readonly role: string;
      readonly task?: string;
      readonly text: string;
    }
  /** How far the tests of a running step have come; not part of the journal, dropped when its step `key` ends. */
  | { readonly type: 'tests'; readonly run: string; readonly key: string; readonly progress: TestProgress }
  /** Sent after the run it is of, and when the person decided something; `null`: no review waits. */
  | { readonly type: 'reviewed'; readonly run: string; readonly tally: ReviewTally | null }
  /**
   * A command leads here: the card of an open question gets the focus, the plan opens to be changed, or the conversation to be searched.
   * Sent after the run it is of.
   */
  | {
      readonly type: 'show';
      readonly run: string;
      readonly place: { readonly need: string } | 'plan' | 'search';
    }
  /** The picture of a call as a `data:` address; `null`: there is none in the record. */
  | {
      readonly type: 'picture';
      readonly run: string;
      readonly call: number;
      readonly data: string | null;
    }
  /** What goes with the goal now. `mentions` are to be put into its text, once; `problem` says what was not taken. */
  | {
      readonly type: 'given';
      readonly images: readonly GoalImage[];
      readonly files: readonly GoalFile[];
      readonly mentions: readonly Mention[];
      readonly problem?: string;
    }
  | {
      readonly type: 'mention.found';
      readonly token: number;
      readonly found: readonly (Mention | RoleMention)[];
    }
  | ({ readonly type: 'plan.checked'; readonly token: number } & PlanCheck)
  | { readonly type: 'error'; readonly text: string };
