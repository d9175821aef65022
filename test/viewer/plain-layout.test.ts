import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FlowGraph, flowGraph } from "../../viewer/graph/flow-graph.ts";
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from "../../viewer/graph/layout.ts";
import { plainLayout } from "../../viewer/graph/plain-layout.ts";

/** Flows of any shape, dense ones and such with several beginnings among them. */
const flows = fc
  .integer({ min: 1, max: 40 })
  .chain((count) =>
    fc
      .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: count * 5 })
      .map((pairs) => made(count, pairs)),
  );

function made(count: number, pairs: readonly (readonly [number, number])[]): FlowGraph {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const nodes = Object.fromEntries(ids.map((id) => [id, { nodeType: "compute" }]));
  return flowGraph({
    startAt: "n0",
    nodes,
    edges: pairs.map(([from, to]) => ({ from: ids[from], to: ids[to] })),
  });
}

test("a plain layout has each node in a place of its own and no way across one", () => {
  fc.assert(
    fc.property(flows, (graph) => holds(graph, plainLayout(graph))),
    { numRuns: 200 },
  );
});

test("what follows stands further down, unless it leads back", () => {
  const graph = made(5, [
    [0, 1],
    [1, 2],
    [0, 2],
    [2, 3],
    [3, 1],
    [3, 4],
    [4, 4],
  ]);
  const { edges, nodes } = plainLayout(graph);
  const heights = nodes.map(({ y }) => y);
  assert.deepEqual(
    heights,
    heights.toSorted((left, right) => left - right),
  );
  assert.equal(new Set(heights).size, 5);
  const back = edges.flatMap(({ isBack }, index) => (isBack ? [graph.edges[index]] : []));
  assert.deepEqual(
    back.map((edge) => [edge?.from, edge?.to]),
    [
      [3, 1],
      [4, 4],
    ],
  );
});

test("the largest flow that is drawn is laid out, however dense it is", (t) => {
  const pairs: [number, number][] = [];
  for (let index = 0; index < 8000; index += 1)
    pairs.push([(index * 7919) % 2000, (index * index * 31 + index) % 2000]);
  const graph = made(2000, pairs);
  assert.ok(!graph.isTooLarge);
  const begun = performance.now();
  const layout = plainLayout(graph);
  t.diagnostic(`laid out in ${Math.round(performance.now() - begun)} ms, ${layout.width} x ${layout.height}`);
  holds(graph, layout);
});

function holds(graph: FlowGraph, { edges, height, nodes, width }: Layout): void {
  assert.equal(nodes.length, graph.nodes.length);
  const taken = new Set<string>();
  for (const { x, y } of nodes) {
    assert.ok(x >= 0 && x + NODE_WIDTH <= width && y >= 0 && y + NODE_HEIGHT <= height);
    taken.add(`${x} ${y}`);
  }
  assert.equal(taken.size, nodes.length);
  const rows = [...new Set(nodes.map(({ y }) => y))];
  for (const [index, { points }] of edges.entries()) {
    const source = nodes[graph.edges[index]?.from ?? -1];
    const target = nodes[graph.edges[index]?.to ?? -1];
    const [first] = points;
    const last = points.at(-1);
    assert.ok(source !== undefined && target !== undefined && first !== undefined && last !== undefined);
    assert.ok(first.x >= source.x && first.x <= source.x + NODE_WIDTH);
    assert.ok(first.y >= source.y && first.y <= source.y + NODE_HEIGHT);
    assert.ok(last.x >= target.x && last.x <= target.x + NODE_WIDTH);
    assert.ok(last.y >= target.y && last.y <= target.y + NODE_HEIGHT);
    for (const [at, to] of points.slice(1).entries()) {
      const from = points[at] ?? to;
      assert.ok(from.x === to.x || from.y === to.y, "its turns are square");
      assert.ok(to.x >= 0 && to.x <= width && to.y >= 0 && to.y <= height);
      for (const row of rows) {
        if (Math.max(from.y, to.y) <= row || Math.min(from.y, to.y) >= row + NODE_HEIGHT) continue;
        // Beside the nodes of a row, or the loop at its own.
        for (const place of nodes)
          assert.ok(
            place.y !== row ||
              Math.max(from.x, to.x) <= place.x ||
              Math.min(from.x, to.x) >= place.x + NODE_WIDTH,
          );
      }
    }
  }
}
