/** Questions of two to each other, either way, while no file changed for either. Follows the story's own order. */
export interface Exchanges {
  /** Counts one more of a pair; 1 is the first on these files. `tree`: what whoever asks has before it. */
  count(pair: readonly [asker: string, asked: string], tree: string): number;
}

export function createExchanges(): Exchanges {
  const counts = new Map<string, { readonly trees: ReadonlyMap<string, string>; readonly times: number }>();
  return {
    count(pair, tree) {
      const [asker] = pair;
      const key = JSON.stringify([...pair].sort());
      const former = counts.get(key);
      const before = former?.trees.get(asker);
      const goesOn = former !== undefined && (before === undefined || before === tree);
      const times = goesOn ? former.times + 1 : 1;
      counts.set(key, { trees: new Map([...(goesOn ? former.trees : []), [asker, tree]]), times });
      return times;
    },
  };
}
