/** Where the boxes and arrows of a plan stand. In a chunk of its own, loaded when a graph is first shown. */
import { Graph, layout } from '@dagrejs/dagre';

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Around a task and its sub-tasks. */
export interface Group extends Size, Point {
  readonly id: string;
}

export interface Laid extends Size {
  /** Middles of boxes by id. */
  readonly boxes: ReadonlyMap<string, Point>;
  /** Outer ones first. */
  readonly groups: readonly Group[];
  readonly arrows: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
  }[];
}

export interface Node {
  readonly id: string;
  readonly after: readonly string[];
  /** The group that it stands in; a task with sub-tasks stands in its own. */
  readonly within?: string | undefined;
  /** The group that this group stands in. */
  readonly around?: string | undefined;
}

const nameOf = (group: string): string => `group ${group}`;

/** Top to bottom, so that it fits a narrow panel. Dependencies on what is not there are left out. */
export function layOut(nodes: readonly Node[], box: Size): Laid {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 28, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...box });
  const groups = nodes.filter(({ id, within }) => id === within);
  for (const { id } of groups) graph.setNode(nameOf(id), {});
  for (const { id, within } of nodes) if (within !== undefined) graph.setParent(id, nameOf(within));
  for (const { id, around } of groups) if (around !== undefined) graph.setParent(nameOf(id), nameOf(around));
  for (const { id, after } of nodes)
    for (const other of after) if (graph.hasNode(other)) graph.setEdge(other, id);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    boxes: new Map(nodes.map(({ id }) => [id, graph.node(id) as Point])),
    groups: groups.map(({ id }) => ({ id, ...(graph.node(nameOf(id)) as Size & Point) })),
    arrows: graph.edges().map(({ v, w }) => ({
      from: v,
      to: w,
      points: (graph.edge(v, w) as { readonly points: readonly Point[] }).points,
    })),
  };
}
