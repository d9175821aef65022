import assert from "node:assert/strict";
import { test } from "node:test";
import ELK from "elkjs";
import { type FlowGraph, flowGraph } from "../../viewer/graph/flow-graph.ts";
import {
  elkQuestion,
  LABEL_HEIGHT,
  type Layout,
  NODE_HEIGHT,
  NODE_WIDTH,
  type Point,
  readLayout,
} from "../../viewer/graph/layout.ts";

/** The library as it works in Node; in the page it works in a worker. */
const elk = new ELK();

async function laidOut(graph: FlowGraph): Promise<Layout> {
  return readLayout(graph, await elk.layout(elkQuestion(graph)));
}

const node = { nodeType: "acp" };
const looped = flowGraph({
  startAt: "load",
  nodes: { judge: node, load: node, draft: node, approve: node, post: node },
  edges: [
    { from: "load", to: "judge" },
    { from: "judge", switch: { cases: { needs_work: "draft", ready: "approve", again: "judge" } } },
    { from: "draft", to: "load" },
    { from: "approve", to: "post" },
    { from: "post", switch: { cases: { failed: "judge" } } },
  ],
});

test("nodes lie in layers from the start downwards and apart from each other", async () => {
  const layout = await laidOut(looped);
  const start = layout.nodes[0];
  assert.ok(start !== undefined);
  for (const [index, place] of layout.nodes.entries()) {
    assert.ok(index === 0 || place.y > start.y);
    assert.ok(place.x >= 0 && place.x + NODE_WIDTH <= layout.width);
    assert.ok(place.y >= 0 && place.y + NODE_HEIGHT <= layout.height);
    for (const other of layout.nodes.slice(index + 1)) {
      const isApart =
        Math.abs(other.x - place.x) >= NODE_WIDTH + 20 || Math.abs(other.y - place.y) >= NODE_HEIGHT + 20;
      assert.ok(isApart);
    }
  }
});

test("an edge begins at its source, ends at its target and crosses no node", async () => {
  const layout = await laidOut(looped);
  for (const [index, { points }] of layout.edges.entries()) {
    const { from, to } = looped.edges[index] ?? { from: -1, to: -1 };
    assert.ok(isOn(points[0], layout.nodes[from]));
    assert.ok(isOn(points.at(-1), layout.nodes[to]));
    for (const place of layout.nodes)
      for (const [at, point] of points.slice(1).entries())
        assert.ok(!crosses(points[at] ?? point, point, place), `edge ${index}`);
  }
});

test("what leads back runs on rails beside all that it passes", async () => {
  const layout = await laidOut(looped);
  const back = layout.edges.flatMap(({ isBack, points }, index) => (isBack ? [{ index, points }] : []));
  const names = back.map(({ index }) => {
    const { from = -1, to = -1 } = looped.edges[index] ?? {};
    return `${looped.nodes[from]?.id}>${looped.nodes[to]?.id}`;
  });
  assert.deepEqual(names, ["judge>judge", "draft>load", "post>judge"]);
  for (const { index, points } of back) {
    const { from = -1, to = -1 } = looped.edges[index] ?? {};
    if (from === to) continue;
    const high = layout.nodes[to]?.y ?? 0;
    const low = layout.nodes[from]?.y ?? 0;
    const passed = layout.nodes.filter(({ y }) => y >= high && y <= low);
    const left = Math.min(...passed.map(({ x }) => x));
    const right = Math.max(...passed.map(({ x }) => x + NODE_WIDTH));
    assert.ok(points.some(({ x }) => x < left || x > right));
  }
});

test("a branch's label stands near its source and on no node", async () => {
  const layout = await laidOut(looped);
  for (const [index, { label, points }] of layout.edges.entries()) {
    const [first] = points;
    assert.equal(label !== null, looped.edges[index]?.label !== "");
    if (label === null || first === undefined) continue;
    assert.ok(Math.abs(label.y + LABEL_HEIGHT / 2 - first.y) < 40);
    assert.ok(Math.abs(label.x - first.x) < 120);
    for (const { x, y } of layout.nodes)
      assert.ok(
        label.x >= x + NODE_WIDTH || label.y >= y + NODE_HEIGHT || label.y + LABEL_HEIGHT <= y || label.x < x,
      );
  }
});

function isOn(point: Point | undefined, place: Point | undefined): boolean {
  if (point === undefined || place === undefined) return false;
  return (
    point.x >= place.x - 1 &&
    point.x <= place.x + NODE_WIDTH + 1 &&
    point.y >= place.y - 1 &&
    point.y <= place.y + NODE_HEIGHT + 1
  );
}

function crosses(from: Point, to: Point, place: Point): boolean {
  return (
    Math.max(from.x, to.x) > place.x + 1 &&
    Math.min(from.x, to.x) < place.x + NODE_WIDTH - 1 &&
    Math.max(from.y, to.y) > place.y + 1 &&
    Math.min(from.y, to.y) < place.y + NODE_HEIGHT - 1
  );
}
