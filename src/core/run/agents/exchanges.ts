/** How often two have asked each other while the files stayed as they were. Follows the story's own order. */
export interface Exchanges {
  /** Counts one more; 1 is the first on this tree. */
  count(pair: string, tree: string): number;
}

export function createExchanges(): Exchanges {
  const counts = new Map<string, { readonly tree: string; readonly times: number }>();
  return {
    count(pair, tree) {
      const former = counts.get(pair);
      const times = former?.tree === tree ? former.times + 1 : 1;
      counts.set(pair, { tree, times });
      return times;
    },
  };
}
