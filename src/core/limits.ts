/** Code of a step that gave no sign of life for too long. */
export const SILENT = 'agent.silent';

/** Limits of a team that are no settings (I10), in one place: what each bounds, and what happens at it. Reaching one is an event. */
export const TEAM_LIMITS = {
  /** Unread messages of one agent. Further ones are refused, and their author hears why. */
  queue: 50,
  /** Messages to roles, tasks, topics and the team that are kept for agents to come. The oldest becomes a dead letter. */
  kept: 200,
  /** Ids of messages that are remembered to tell what is posted twice. Of older ones that is not told any more. */
  ids: 10_000,
  /** Agents, one after the other, that a message for one agent is put before. Then it is a dead letter. */
  tries: 3,
  /** Turns that a teammate may take before it answers a question. Then somebody else is asked. */
  answerTurns: 4,
  /** Turns of whoever is made only to answer. */
  answeringTurns: 8,
  /** Questions between two agents, either way, with no change to files in between, before they are told to decide; twice as many are refused. */
  exchanges: 4,
  /** Turns in a row with the same calls and results before a guard steps in. */
  identicalTurns: 3,
  /** Turns that go back and forth between two. */
  alternatingTurns: 6,
  /** Turns with the same failure since a guard last looked. */
  sameFailures: 4,
  /** Turns in a row in which nothing was changed or learned. */
  idleTurns: 10,
  /** Turns without a loop after which an agent is dealt with mildly again. */
  forgivenTurns: 15,
  /** Seconds without a sign of life after which a call to a model is given up: endpoints have shorter limits of their own. */
  silentModelSeconds: 1800,
  /** The same for a tool call, beyond the longest that a command or test may take. */
  silentToolSeconds: 120,
  /** Times that a turn is asked again in fewer words, because its request was too long. Then the call fails. */
  fits: 4,
  /** Screenshots that an agent is shown: images are dear in every later request. Of later pages it gets the text. */
  screenshots: 4,
  /** Times that an agent whose model fell silent is begun again with all it knows, in one attempt. */
  restarts: 2,
  /**
   * Units that are started before one that was ready and that their files kept from starting; then its files are kept free. Calls that are
   * let through before one that waits for the budget; then none is before it.
   */
  passedOver: 5,
  /** Characters of what a former agent did that the next attempt is told. */
  accountChars: 2500,
  /** Facts of a run. The one that was noted longest ago gives way. */
  facts: 200,
  /** Characters of facts that an agent is told at a time. */
  factChars: 2000,
} as const;
