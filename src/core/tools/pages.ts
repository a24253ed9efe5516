/** Pages of the web that a run has read. */

const PAGES_KEPT = 50;

/** Pages of a run that were read, by address: asked again, they are not fetched again. Filled and read inside steps only. */
export interface Pages {
  get(url: string): string | undefined;
  keep(url: string, text: string): void;
}

export function createPages(): Pages {
  const kept = new Map<string, string>();
  return {
    get: (url) => kept.get(url),
    keep(url, text) {
      kept.set(url, text);
      const [oldest] = kept.keys();
      if (kept.size > PAGES_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}
