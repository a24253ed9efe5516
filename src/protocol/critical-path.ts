/** The longest chain of tasks that wait for each other: what the whole plan takes at least. */

export interface Weighed {
  readonly id: string;
  readonly after: readonly string[];
  /** How long it takes, in any unit; every task takes at least a little. */
  readonly weight: number;
}

/** Ids along the longest chain, first to last. Empty where the plan goes in a circle, or has fewer than two tasks in a chain. */
export function criticalPath(tasks: readonly Weighed[]): readonly string[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const chains = new Map<string, { readonly length: number; readonly ids: readonly string[] } | 'open'>();
  const met = { circle: false };
  const longestTo = (id: string): { readonly length: number; readonly ids: readonly string[] } => {
    const task = known.get(id);
    const before = chains.get(id);
    if (before === 'open') met.circle = true;
    if (task === undefined || before === 'open') return { length: 0, ids: [] };
    if (before) return before;
    chains.set(id, 'open');
    const longest = task.after
      .map(longestTo)
      .reduce((most, each) => (each.length > most.length ? each : most), {
        length: 0,
        ids: [] as readonly string[],
      });
    const chain = { length: longest.length + Math.max(1, task.weight), ids: [...longest.ids, id] };
    chains.set(id, chain);
    return chain;
  };
  const [first, ...others] = tasks.map(({ id }) => longestTo(id));
  if (first === undefined || met.circle) return [];
  const longest = others.reduce((most, each) => (each.length > most.length ? each : most), first);
  return longest.ids.length > 1 ? longest.ids : [];
}
