/** The life of an agent: what it is, what it shares with its team, and what it has in mind. */
import type { Actor, EventData } from '../../protocol/events.ts';
import type { ImageRef } from '../../protocol/images.ts';
import type { Endpoint, RunSettings, TextClass } from '../../protocol/settings.ts';
import type { ModelRequest, Models } from '../models/contract.ts';
import type { Clock } from '../ports.ts';
import type { Fence } from '../policy/untrusted.ts';
import type { ToolUse } from '../tools/use.ts';
import type { Shape } from './context.ts';
import type { Bus } from './bus.ts';
import type { Crew } from './crew.ts';
import type { Facts } from './facts.ts';
import type { Watch } from './guards.ts';
import type { ReadImage } from './pictures.ts';
import type { Said } from './said.ts';
import type { Role } from './role.ts';
import type { Standings } from './standing.ts';
import type { Purse } from './purse.ts';
import type { Windows } from './windows.ts';

/** What all agents of a run share. */
export interface TeamWorld {
  readonly models: Models;
  readonly clock: Clock;
  readonly settings: RunSettings;
  readonly bus: Bus;
  readonly crew: Crew;
  readonly facts: Facts;
  readonly windows: Windows;
  /** How the endpoints of the run do, as its story has seen it. */
  readonly standings: Standings;
  readonly image: ReadImage;
  /** Keeps a picture that a result brought, so that `image` finds it, and names it. */
  readonly picture: (picture: { readonly name: string; readonly base64: string }) => ImageRef;
  readonly purse: Purse;
  /** Puts text that nobody vouches for into a fence that says where it is from. */
  readonly fence: Fence;
  /** Of what everybody is told with the goal. */
  readonly textClass: TextClass;
  /** Live text on its way to views. */
  readonly onText: (key: string, who: Actor, text: string) => void;
  /** A call is alive, and waits for its turn at an endpoint. */
  readonly onWait: (key: string, who: Actor) => void;
}

/** One agent to be. */
export interface AgentSpec {
  readonly role: Role;
  readonly who: Actor & { readonly agent: string };
  /** `task/<id>/attempt/<a>/<role>` or `plan/<rev>`: where its keys begin. */
  readonly key: string;
  readonly attempt: number;
  /** Id of the endpoint that is asked first. */
  readonly model?: string | undefined;
  readonly temperature?: number | undefined;
  /** Where its role was read, for a role of the person's own. */
  readonly file?: NonNullable<EventData<'agent.created'>['file']> | undefined;
  readonly system: string;
  /** What its task cannot do without: only endpoints that provide it are asked. */
  readonly requires?: readonly string[] | undefined;
  /** Another plan, where it goes round in circles: whether that may be asked for, and whether one was taken, given the evidence. */
  readonly replans?: {
    readonly isLeft: () => boolean;
    readonly ask: (key: string, evidence: string) => Promise<boolean>;
  };
  /** Topics that it follows from the start. Whoever writes to one follows it from then on. */
  readonly topics: ReadonlySet<string>;
  readonly use: Omit<ToolUse, 'granted' | 'who' | 'classMax'>;
}

/** Whose endpoints the agent asks. */
export const askerOf = ({ role, model }: Pick<AgentSpec, 'role' | 'model'>) => ({ ...role, first: model });

export interface Life {
  readonly spec: AgentSpec;
  readonly world: TeamWorld;
  readonly use: ToolUse;
  readonly endpoints: readonly Endpoint[];
  readonly tools: ModelRequest['tools'];
  readonly said: Said[];
  /** Versions of the facts that it was told. */
  readonly facts: Map<string, number>;
  /** What it has called and what came of it, for the guards. */
  readonly watch: Watch;
  /** Endpoints that come last for it: it went round in circles with their models, or they fell silent. */
  readonly avoided: Set<string>;
  /** Endpoints that were said not to see. */
  readonly blind: Set<string>;
  turn: number;
  /** Times that it was begun again because its model fell silent. */
  restarts: number;
  /** The widest class of what it was told. */
  textClass: TextClass;
  shape: Shape;
  /** Times that the conversation was compacted. */
  compactions: number;
  /** The endpoint that answered last: the next request most likely goes there too. */
  answering: Endpoint | undefined;
}
