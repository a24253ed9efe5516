/**
 * The message bus of a run. A message is stamped by the host (I7) and journaled when it is posted; whoever it is for reads it between
 * turns, and the turn's step records what it got, so that a replay delivers the same. Queues are bounded (I10): who writes to a full one
 * is told. What nobody reads becomes a dead letter. All of it follows from the order in which the story posts, reads, comes and goes;
 * what the person says comes at any time and is counted by no limit.
 */
import { TEAM_LIMITS } from '../limits.ts';
import { isFor, isHeartbeat, isTopic, kindOf, rankOf, type Member, type Message } from './message.ts';

/** What became of a message that was to be posted. */
export type Posting =
  | {
      readonly taken: true;
      /** Ids of agents in whose queues it lies. */
      readonly recipients: readonly string[];
      /** Those whose queues are nearly full. */
      readonly crowded: readonly string[];
    }
  | { readonly taken: false; readonly why: string; readonly limit?: number };

export interface HowPosted {
  /** It is for whoever comes later even where all who are there have too much to read. */
  readonly always?: boolean;
  /** It is taken: called before anything becomes of it, so that the record of what becomes of it comes after the record of the message. */
  readonly taken?: () => void;
}

/** A message that was read by nobody it was for, or by one of them. */
export interface DeadLetter {
  readonly message: Message;
  /** The one that did not get it, where others did. */
  readonly agent?: string;
  readonly why: string;
  /** Agents that it was put before in vain. */
  readonly tries: number;
}

export interface BusLimits {
  /** Messages that may wait for one agent. */
  readonly queue: number;
  /** Messages to roles, tasks, topics and the team that are kept for agents that come later; as many of agents that ended before they read. */
  readonly kept: number;
  /** Agents of the same role and task that a message is put before, one after the other, when the former ended without reading it. */
  readonly tries: number;
  /** Ids that are remembered to tell what is posted twice. */
  readonly ids: number;
}

export interface Bus {
  /** An agent that may be written to from now on. It finds what was kept for it. */
  join(member: Member): void;
  /** The agent hears what is said on the topic from now on, and finds what was kept of it. */
  follow(agent: string, topic: string): void;
  /** The agent is over: what it did not read goes to the next one of its role and task, or is dead. */
  leave(agent: string): void;
  /** All agents whose ids begin so are over. */
  retire(beginning: string): void;
  /** Whether a name is an address: `team`, a role, a task, an agent, `#topic`. */
  knows(address: string): boolean;
  /** Makes names addresses: roles, tasks. */
  name(addresses: readonly string[]): void;
  /** Members that a message to that address reaches now. */
  reached(message: Pick<Message, 'from' | 'by' | 'task' | 'to'>): readonly Member[];
  /** A message that is there already, by its id, is not posted twice. */
  post(message: Message, how?: HowPosted): Posting;
  /** A message that whoever it is for gets at once, because it waits for it. Of a heartbeat observers alone hear: nobody reads it. */
  pass(message: Message): void;
  /** What the person says or sends again, at any time. */
  say(message: Message): void;
  /** What the agent has not read, the urgent first, else in the order of posting. */
  waiting(agent: string): readonly Message[];
  /** The agent's turn has read these. Told twice or late, it changes nothing. */
  acknowledge(agent: string, ids: readonly string[]): void;
  /** Calls back with each message that is posted from now on and `wanted`. */
  observe(wanted: (message: Message) => boolean, heard: (message: Message) => void): { dispose(): void };
  /** The run is over: what was for somebody and read by nobody is dead. */
  close(): void;
}

/** Share of a full queue from which on a sender is told. */
const CROWDED = 0.8;

interface Letter {
  readonly message: Message;
  /** For one agent and nobody else. */
  readonly byName: boolean;
  tries: number;
  read: boolean;
  /** No longer kept for agents that come later. */
  dropped: boolean;
}

interface Box {
  readonly member: Member & { readonly topics: Set<string> };
  readonly letters: Letter[];
  /** What it has read of the person. */
  readonly heard: Set<string>;
}

export interface BusSpec {
  readonly dead: (letter: DeadLetter) => void;
  /** The first ids are no longer remembered. */
  readonly forgot?: () => void;
  /** Names that are addresses at any time. */
  readonly roles?: () => readonly string[];
  readonly limits?: BusLimits;
}

export const createBus = (spec: BusSpec): Bus => new RunBus(spec);

class RunBus implements Bus {
  readonly #dead: (letter: DeadLetter) => void;
  readonly #forgot: () => void;
  readonly #limits: BusLimits;
  readonly #roles: () => readonly string[];
  readonly #boxes = new Map<string, Box>();
  readonly #names = new Set<string>(['team']);
  readonly #ids = new Set<string>();
  readonly #observers = new Set<{
    wanted: (message: Message) => boolean;
    heard: (message: Message) => void;
  }>();
  /** Of the person: for everybody it is for, whenever they come. */
  readonly #person: Letter[] = [];
  #kept: Letter[] = [];
  /** Left unread by an agent that was meant by name: for the next of its role and task. */
  #orphans: { readonly letter: Letter; readonly of: Member }[] = [];

  constructor({ dead, forgot = () => undefined, roles = () => [], limits = TEAM_LIMITS }: BusSpec) {
    this.#dead = dead;
    this.#forgot = forgot;
    this.#roles = roles;
    this.#limits = limits;
  }

  join(joining: Member): void {
    if (this.#boxes.has(joining.agent)) return;
    const member = { ...joining, topics: new Set(joining.topics) };
    this.name([member.role, ...(member.task === undefined ? [] : [member.task])]);
    const kept = this.#kept.filter(({ message }) => isFor(message, member));
    const left = this.#orphans.filter(({ of }) => of.role === member.role && of.task === member.task);
    this.#orphans = this.#orphans.filter((each) => !left.includes(each));
    const letters = [...kept, ...left.map(({ letter }) => letter)];
    this.#boxes.set(member.agent, { member, letters, heard: new Set() });
  }

  follow(agent: string, topic: string): void {
    const box = this.#boxes.get(agent);
    if (!box || box.member.topics.has(topic)) return;
    box.member.topics.add(topic);
    for (const letter of this.#kept)
      if (letter.message.to === topic && isFor(letter.message, box.member)) box.letters.push(letter);
  }

  retire(beginning: string): void {
    for (const agent of [...this.#boxes.keys()]) if (agent.startsWith(beginning)) this.leave(agent);
  }

  leave(agent: string): void {
    const box = this.#boxes.get(agent);
    if (!box) return;
    this.#boxes.delete(agent);
    for (const letter of box.letters) this.#leaveBehind(letter, box.member);
  }

  #leaveBehind(letter: Letter, of: Member): void {
    letter.tries += 1;
    const { message, tries } = letter;
    // What is not for this agent alone is kept for those to come; what the host tells one that works is of no use to the next.
    if (!letter.byName) this.#lostWith(letter, of);
    if (!letter.byName || message.from === 'host') return;
    if (kindOf(message) === 'notification' && tries < this.#limits.tries) this.#orphan(letter, of);
    else this.#dead({ message, why: endedUnread(of), tries });
  }

  /** Was for several, is kept for nobody any more, and whoever is gone was the last that had it. */
  #lostWith(letter: Letter, of: Member): void {
    if (letter.dropped && isMissed(letter) && !this.#lies(letter))
      this.#dead({ ...letter, why: endedUnread(of) });
  }

  #orphan(letter: Letter, of: Member): void {
    this.#orphans.push({ letter, of });
    const oldest = this.#orphans.length > this.#limits.kept ? this.#orphans.shift() : undefined;
    if (oldest) this.#dead({ ...oldest.letter, why: TOO_MANY });
  }

  knows(address: string): boolean {
    const isName = this.#names.has(address) || this.#roles().includes(address);
    return isName || isTopic(address) || this.#boxes.has(address);
  }

  name(addresses: readonly string[]): void {
    for (const address of addresses) this.#names.add(address);
  }

  reached(message: Pick<Message, 'from' | 'by' | 'task' | 'to'>): readonly Member[] {
    return this.#boxesFor(message).map(({ member }) => member);
  }

  #boxesFor(message: Pick<Message, 'from' | 'by' | 'task' | 'to'>): readonly Box[] {
    const own = this.#boxes.get(message.to);
    if (own) return [own];
    return [...this.#boxes.values()].filter(({ member }) => isFor(message, member));
  }

  post(message: Message, { always = false, taken }: HowPosted = {}): Posting {
    if (this.#ids.has(message.id)) return { taken: true, recipients: [], crowded: [] };
    const letter = letterOf(message, this.#boxes.has(message.to));
    if (!this.knows(message.to)) return this.#nobody(message);
    const boxes = this.#boxesFor(message);
    const full = boxes.filter((box) => this.#isFull(box, message));
    const [first] = full;
    if (first && full.length === boxes.length && !always) return this.#tooMuch(first);
    taken?.();
    const open = boxes.filter((box) => !full.includes(box));
    for (const box of open) box.letters.push(letter);
    for (const { member } of full)
      this.#dead({
        message,
        agent: member.agent,
        why: `${named(member)} had too much to read already.`,
        tries: 0,
      });
    if (!letter.byName) this.#keep(letter);
    this.#noted(message);
    const crowded = open.filter(({ letters }) => letters.length >= this.#limits.queue * CROWDED);
    return { taken: true, recipients: open.map(agentOf), crowded: crowded.map(agentOf) };
  }

  pass(message: Message): void {
    this.#noted(message);
  }

  say(message: Message): void {
    if (this.#ids.has(message.id)) return;
    this.#person.push(letterOf(message, false));
    this.#noted(message);
  }

  /** What answers somebody who waits is let in, or both would wait. */
  #isFull({ letters }: Box, message: Message): boolean {
    const kind = kindOf(message);
    return kind !== 'response' && kind !== 'error' && letters.length >= this.#limits.queue;
  }

  #nobody({ to }: Message): Posting {
    return {
      taken: false,
      why: `Nobody is called "${to}". There are: ${[...new Set([...this.#names, ...this.#roles()])].join(', ')}, and topics such as #api.`,
    };
  }

  #tooMuch({ member }: Box): Posting {
    const { queue } = this.#limits;
    return {
      taken: false,
      why: `Not sent: ${String(queue)} messages wait for ${member.role}${member.task === undefined ? '' : ` (${member.task})`} already. Say only what they must know, once they have read those.`,
      limit: queue,
    };
  }

  /** Over the limit goes the oldest that nobody misses, else the oldest. */
  #keep(letter: Letter): void {
    this.#kept.push(letter);
    if (this.#kept.length <= this.#limits.kept) return;
    const at = this.#kept.findIndex((each) => !isMissed(each));
    const [oldest] = this.#kept.splice(Math.max(0, at), 1);
    if (!oldest) return;
    oldest.dropped = true;
    // Every box is looked into only where somebody would miss it.
    if (isMissed(oldest) && !this.#lies(oldest)) this.#dead({ ...oldest, why: TOO_MANY });
  }

  #lies(letter: Letter): boolean {
    return [...this.#boxes.values()].some(({ letters }) => letters.includes(letter));
  }

  #noted(message: Message): void {
    if (!isHeartbeat(message)) this.#remember(message.id);
    for (const { wanted, heard } of [...this.#observers]) if (wanted(message)) heard(message);
  }

  #remember(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size <= this.#limits.ids || oldest === undefined) return;
    this.#ids.delete(oldest);
    this.#forgot();
  }

  waiting(agent: string): readonly Message[] {
    const box = this.#boxes.get(agent);
    if (!box) return [];
    const said = this.#person.filter(
      ({ message }) => !box.heard.has(message.id) && isFor(message, box.member),
    );
    const letters = box.letters.toSorted((one, other) => rankOf(one.message) - rankOf(other.message));
    return [...said, ...letters].map(({ message }) => message);
  }

  acknowledge(agent: string, ids: readonly string[]): void {
    const box = this.#boxes.get(agent);
    if (!box) return;
    const read = new Set(ids);
    for (const letter of this.#person.filter(({ message }) => read.has(message.id))) {
      letter.read = true;
      box.heard.add(letter.message.id);
    }
    const rest = box.letters.filter((letter) => {
      if (!read.has(letter.message.id)) return true;
      letter.read = true;
      return false;
    });
    box.letters.splice(0, box.letters.length, ...rest);
  }

  observe(wanted: (message: Message) => boolean, heard: (message: Message) => void): { dispose(): void } {
    const observer = { wanted, heard };
    this.#observers.add(observer);
    return { dispose: () => void this.#observers.delete(observer) };
  }

  close(): void {
    for (const agent of [...this.#boxes.keys()]) this.leave(agent);
    const left = [...this.#kept, ...this.#orphans.map(({ letter }) => letter), ...this.#person];
    [this.#kept, this.#orphans] = [[], []];
    const resent = new Set(this.#person.map(({ message }) => message.resends));
    for (const letter of left.filter((each) => isMissed(each) && !resent.has(each.message.id)))
      this.#dead({ ...letter, why: 'The run ended before anybody it was for read it.' });
  }
}

const letterOf = (message: Message, byName: boolean): Letter => ({
  message,
  byName,
  tries: 0,
  read: false,
  dropped: false,
});

const agentOf = ({ member }: Box): string => member.agent;

/** What people call a member: ids of agents tell them nothing. */
const named = ({ role, task }: Member): string =>
  task === undefined ? `The ${role}` : `The ${role} of "${task}"`;

const endedUnread = (of: Member): string => `${named(of)} ended without reading it.`;

const TOO_MANY = 'Too many messages were kept for agents to come.';

/** What was for somebody in particular or for a topic, and nobody read. What is told to all who are there is not missed. */
const isMissed = ({ message, read }: Letter): boolean =>
  !read && message.from !== 'host' && message.to !== 'team';
