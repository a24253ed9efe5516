/** Results that come children first, each with its depth, put together to a tree. */

export interface Flat<T> {
  readonly depth: number;
  readonly name: string;
  readonly item: T;
}

export interface Nested<T> {
  readonly name: string;
  readonly item: T;
  readonly children: readonly Nested<T>[];
}

/** Parents take the deeper results since the last one of their own depth. Depth-first order is kept. */
export function nest<T>(flat: Iterable<Flat<T>>): readonly Nested<T>[] {
  const waiting: Nested<T>[][] = [];
  for (const { depth, name, item } of flat) {
    const children = waiting.slice(depth + 1).flat();
    waiting.length = Math.min(waiting.length, depth + 1);
    while (waiting.length <= depth) waiting.push([]);
    waiting[depth]?.push({ name, item, children });
  }
  return waiting.flat();
}

/** Visits parents before their children; `path` ends with the visited name. */
export function* walk<T>(
  nodes: readonly Nested<T>[],
  above: readonly string[] = [],
): Generator<{ readonly node: Nested<T>; readonly path: readonly string[] }> {
  for (const node of nodes) {
    const path = [...above, node.name];
    yield { node, path };
    yield* walk(node.children, path);
  }
}
