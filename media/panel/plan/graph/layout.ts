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

export interface Laid extends Size {
  /** Middles of boxes by id. */
  readonly boxes: ReadonlyMap<string, Point>;
  readonly arrows: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
  }[];
}

export interface Node {
  readonly id: string;
  readonly after: readonly string[];
}

/** Top to bottom, so that it fits a narrow panel. Dependencies on what is not there are left out. */
export function layOut(nodes: readonly Node[], box: Size): Laid {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 28, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...box });
  for (const { id, after } of nodes)
    for (const other of after) if (graph.hasNode(other)) graph.setEdge(other, id);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    boxes: new Map(nodes.map(({ id }) => [id, graph.node(id) as Point])),
    arrows: graph.edges().map(({ v, w }) => ({
      from: v,
      to: w,
      points: (graph.edge(v, w) as { readonly points: readonly Point[] }).points,
    })),
  };
}
