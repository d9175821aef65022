import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { Flow, type RunState, type TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { bringIntoView, follow, kept, overview } from "../../viewer/graph/camera.ts";
import { countOf, labelOf } from "../../viewer/graph/edge-words.ts";
import { flowGraph } from "../../viewer/graph/flow-graph.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "../../viewer/graph/layout.ts";
import { neighbourOf } from "../../viewer/graph/neighbour.ts";
import { graphPicture } from "../../viewer/graph/picture.ts";
import { headPath, longestMiddle, routePath } from "../../viewer/graph/route.ts";
import { Walk } from "../../viewer/graph/walk.ts";
import { nodeName } from "../../viewer/graph/words.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { DATA, json } from "../data/recorded.ts";
import { madeRun, stamp, T0, tableOf, traced } from "./made-run.ts";

const EDGE = Number.POSITIVE_INFINITY;

const review: Flow = {
  name: "review",
  startAt: "load",
  nodes: {
    post: { nodeType: "action" },
    load: { nodeType: "action" },
    judge: { nodeType: "acp" },
    draft: { nodeType: "acp", summary: "writes it" },
    approve: { nodeType: "checkpoint" },
    sum: { nodeType: "compute" },
    odd: {},
  },
  edges: [
    { from: "load", to: "judge" },
    {
      from: "judge",
      switch: {
        on: "$.route",
        cases: { needs_work: "draft", unsure: "draft", ready: "approve", never: "ghost", broken: 7 },
      },
    },
    { from: "draft", switch: { on: "$result.outcome", cases: { ok: "post", failed: "draft" } } },
    { from: "approve", to: "post" },
    { from: "post", to: "sum" },
    { from: "post", to: "sum" },
    { from: "ghost", to: "sum" },
    { from: "odd", to: "ghost" },
    { from: "odd" },
    { from: 1, to: "sum" },
    { from: "sum", switch: { cases: null } },
    "odd",
    null,
  ],
};

test("edges are read in their two shapes; what is of another, or leads nowhere, is left out", () => {
  const graph = flowGraph(review);
  const name = (index: number) => graph.nodes[index]?.id;
  assert.deepEqual(
    graph.edges.map(({ from, label, to }) => [name(from), name(to), label]),
    [
      ["load", "judge", ""],
      ["judge", "draft", "needs work, unsure"],
      ["judge", "approve", "ready"],
      ["draft", "post", "ok"],
      ["draft", "draft", "failed"],
      ["approve", "post", ""],
      ["post", "sum", ""],
    ],
  );
  assert.deepEqual(graph.nodes[0], {
    id: "load",
    kind: "action",
    kindWord: "action",
    summary: null,
    isStart: true,
    isEnd: false,
    isDecision: false,
  });
  const those = (which: "isStart" | "isEnd" | "isDecision") =>
    graph.nodes.filter((node) => node[which]).map(({ id }) => id);
  assert.deepEqual(those("isStart"), ["load"]);
  assert.deepEqual(those("isEnd"), ["sum", "odd"]);
  assert.deepEqual(those("isDecision"), ["judge", "draft"]);
  assert.equal(graph.nodes[graph.indexOf.get("draft") ?? -1]?.summary, "writes it");
  assert.equal(graph.nodes[graph.indexOf.get("odd") ?? -1]?.kind, "other");
});

test("a flow of any shape makes a graph whose edges lead from a node of it to another", () => {
  const id = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
  const edge = fc.oneof(
    fc.record({ from: id, to: id }),
    fc.record({ from: id, switch: fc.record({ cases: fc.dictionary(id, fc.oneof(id, fc.integer())) }) }),
    fc.jsonValue(),
  );
  const nodes = fc.array(id).map((ids) => Object.fromEntries(ids.map((each) => [each, {}])));
  fc.assert(
    fc.property(nodes, fc.array(edge), id, (made, edges, startAt) => {
      const graph = flowGraph({ startAt, nodes: made, edges });
      const pairs = graph.edges.map(({ from, to }) => `${from} ${to}`);
      assert.equal(new Set(pairs).size, pairs.length);
      for (const { from, to } of graph.edges) assert.ok(graph.nodes[from] && graph.nodes[to]);
    }),
  );
});

const walked = [
  traced(1, 0, "run_started"),
  traced(2, 10, "node_started", "load#1", { nodeType: "action" }),
  traced(3, 20, "node_outcome", "load#1", { outcome: "ok" }),
  traced(4, 30, "node_started", "judge#1", { nodeType: "acp" }),
  traced(5, 90, "node_outcome", "judge#1", { outcome: "ok" }),
  traced(6, 100, "node_started", "draft#1", { nodeType: "acp" }),
  traced(7, 190, "node_outcome", "draft#1", { outcome: "failed", error: "no JSON" }),
  traced(8, 200, "node_started", "draft#2", { nodeType: "acp" }),
  traced(9, 290, "node_outcome", "draft#2", { outcome: "ok" }),
  traced(10, 300, "node_started", "post#1", { nodeType: "action" }),
];

function pictureAt(run: RunState, ms: number, index = new RunIndex()) {
  return graphPicture(flowGraph(review), asOf(run, index, ms === EDGE ? EDGE : T0 + ms, null));
}

/** What is told of each node that has anything to tell. */
function told(run: RunState, ms: number) {
  const graph = flowGraph(review);
  const { value } = pictureAt(run, ms);
  const nodes = (value?.nodes ?? []).flatMap(({ attempt, attempts, state }, index) =>
    state === "not_reached" ? [] : [[graph.nodes[index]?.id, state, attempts, attempt?.finishedAt ?? null]],
  );
  const edges = (value?.edges ?? []).flatMap(({ count, isNewest, isTaken }, index) => {
    const { from = -1, to = -1 } = graph.edges[index] ?? {};
    const name = `${graph.nodes[from]?.id}>${graph.nodes[to]?.id}`;
    return isTaken ? [`${name} ${count}${isNewest ? " newest" : ""}`] : [];
  });
  return { nodes, edges };
}

const going = madeRun({ trace: Log.from(walked) });

test("a node is reached from its start on, its time and its outcome are known from its end on", () => {
  assert.deepEqual(told(going, 9), { nodes: [], edges: [] });
  assert.deepEqual(told(going, 19), { nodes: [["load", "current", 1, null]], edges: [] });
  assert.deepEqual(told(going, 30), {
    nodes: [
      ["load", "visited", 1, T0 + 20],
      ["judge", "current", 1, null],
    ],
    edges: ["load>judge 1 newest"],
  });
  assert.deepEqual(told(going, 195).nodes.at(-1), ["draft", "failed", 1, T0 + 190]);
  assert.deepEqual(told(going, 200).nodes.at(-1), ["draft", "current", 2, null]);
  assert.deepEqual(told(going, EDGE).edges, [
    "load>judge 1",
    "judge>draft 1",
    "draft>post 1 newest",
    "draft>draft 1",
  ]);
});

test("what a run waits for, what was interrupted and what nobody finished are told apart", () => {
  const stateOf = (run: RunState, id: string) => {
    const index = flowGraph(review).indexOf.get(id) ?? -1;
    return pictureAt(run, EDGE).value?.nodes[index]?.state;
  };
  const trace = Log.from(walked.slice(0, 5));
  assert.equal(stateOf(madeRun({ status: "waiting", trace }), "judge"), "waiting");
  assert.equal(
    stateOf(madeRun({ status: "waiting", trace, run: { waitingOn: "approve" } }), "approve"),
    "waiting",
  );
  const unended = Log.from(walked.slice(0, 4));
  assert.equal(stateOf(madeRun({ status: "running", trace: unended }), "judge"), "current");
  assert.equal(stateOf(madeRun({ status: "stalled", trace: unended }), "judge"), "unfinished");
  const killed = madeRun({ status: "failed", trace: unended, run: { finishedAt: stamp(500) } });
  assert.equal(stateOf(killed, "judge"), "interrupted");
});

test("while older steps are not known, the newer ones are told of, and no counts", () => {
  const run = madeRun({ trace: Log.tail(Log.PAGE, walked.slice(4)) });
  const { isReady, value } = pictureAt(run, EDGE);
  assert.equal(isReady, false);
  const graph = flowGraph(review);
  const of = (id: string) => value?.nodes[graph.indexOf.get(id) ?? -1];
  assert.deepEqual([of("load")?.state, of("load")?.attempts], ["unknown", null]);
  assert.deepEqual([of("draft")?.state, of("draft")?.attempts], ["visited", null]);
  assert.equal(of("draft")?.attempt?.number, 2);
  assert.ok(value?.edges.every(({ count }) => count === null));
  assert.equal(pictureAt(run, 50).value, null);
});

const ids = Object.keys(review.nodes ?? {});
const story = fc.array(
  fc.record({
    type: fc.constantFrom("node_started", "node_started", "node_outcome", "node_heartbeat", "run_failed"),
    id: fc.constantFrom(...ids, "ghost"),
    number: fc.integer({ min: 1, max: 3 }),
    later: fc.nat(20),
    outcome: fc.constantFrom("ok", "ok", "failed", "timed_out"),
  }),
  { maxLength: 60 },
);

test("a picture at T is the picture of the run cut at T", () => {
  fc.assert(
    fc.property(story, fc.nat(700), (lines, ms) => {
      let time = 0;
      const trace = lines.map(({ id, later, number, outcome, type }, seq): TraceEvent => {
        time += later;
        return traced(seq, time, type, `${id}#${number}`, { nodeType: "acp", outcome, error: `e${seq}` });
      });
      const whole = madeRun({ trace: Log.from(trace) });
      const cut = madeRun({ trace: Log.from(trace.filter(({ at }) => Date.parse(at) <= T0 + ms)) });
      const index = new RunIndex();
      // Whatever was asked before.
      pictureAt(whole, EDGE, index);
      assert.deepEqual(pictureAt(whole, ms, index), pictureAt(cut, EDGE));
    }),
  );
});

test("a walk is the same in whatever order it is asked for", () => {
  const length = 3000;
  const names = ["load", "judge", "draft", "ghost", "draft", "post"];
  const table = tableOf(
    Array.from({ length }, (_, index) => {
      const id = names[(index * 7 + Math.floor(index / 11)) % names.length] ?? "load";
      return traced(index, index, "node_started", `${id}#${index}`);
    }),
  );
  const graph = flowGraph(review);
  fc.assert(
    fc.property(fc.array(fc.nat(length), { minLength: 1, maxLength: 8 }), (counts) => {
      const walk = new Walk(graph, table);
      for (const count of counts) {
        const once = new Walk(graph, table).at(count);
        assert.deepEqual(walk.at(count), once);
        const known = Array.from({ length: count }, (_, index) => table.name(index).nodeId);
        const drafts = known.filter((id) => id === "draft").length;
        assert.equal(once.attempts[graph.indexOf.get("draft") ?? -1], drafts);
      }
    }),
    { numRuns: 30 },
  );
});

test("a node's name says its kind, its state and its attempts, and of one that is not reached no attempt", () => {
  const [load] = flowGraph(review).nodes;
  assert.ok(load !== undefined);
  assert.equal(nodeName(load, "visited", "Done", 2), "Load, action, start, done, 2 attempts");
  assert.equal(nodeName(load, "not_reached", "Running", 0), "Load, action, start, not reached yet");
  assert.equal(nodeName(load, "failed", "Timed out", null), "Load, action, start, timed out");
});

test("a route turns round its corners and ends in a head", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0, y: 40 },
    { x: 30, y: 40 },
    { x: 30, y: 44 },
  ];
  assert.equal(routePath(points), "M0 0L0 30Q0 40 10 40L28 40Q30 40 30 42L30 44");
  assert.equal(headPath(points), "M30 44L33.9 37L26.2 37Z");
  assert.deepEqual(longestMiddle(points), { x: 0, y: 20 });
  assert.equal(routePath([]), "");
});

test("a way back says how often it was taken, a loop beside its label", () => {
  const points = [
    { x: 100, y: 50 },
    { x: 80, y: 50 },
    { x: 80, y: 10 },
    { x: 100, y: 10 },
  ];
  const back = { points, label: null, isBack: true, isLoop: false };
  assert.deepEqual(countOf(back, 1200), { at: { x: 80, y: 34 }, anchor: "middle", text: "×1,200" });
  assert.equal(countOf(back, 1), null);
  assert.equal(countOf(back, null), null);
  assert.equal(countOf({ ...back, isBack: false }, 2), null);
  const loop = { ...back, isLoop: true, label: { x: 20, y: 22 } };
  assert.equal(countOf(loop, 3), null);
  assert.deepEqual(labelOf(loop, "failed", 3), { at: { x: 74, y: 34 }, anchor: "end", text: "failed ×3" });
  assert.equal(labelOf({ ...loop, label: null }, "", 3)?.text, "×3");
  assert.equal(labelOf(back, "", 3), null);
  assert.deepEqual(labelOf({ ...back, label: { x: 104, y: 60 } }, "again", 3)?.text, "again");
});

const layout = { width: 1200, height: 5000, nodes: [], edges: [] };
const box = { width: 600, height: 400 };

test("a camera shows all, or the node it follows, and is never lost", () => {
  const all = overview(box, layout);
  assert.ok(layout.height * all.k <= box.height && layout.width * all.k <= box.width);
  const node = { x: 900, y: 3000 };
  const { k, x, y } = follow(box, layout, node);
  assert.ok(node.x * k + x >= 0 && (node.x + NODE_WIDTH) * k + x <= box.width);
  assert.ok(node.y * k + y >= 0 && (node.y + NODE_HEIGHT) * k + y <= box.height);
  const small = { ...layout, width: 300, height: 340 };
  assert.deepEqual(follow(box, small, { x: 0, y: 0 }), overview(box, small));
  assert.equal(overview({ width: 900, height: 1200 }, small).k, 1);
  assert.equal(overview({ width: 1500, height: 1200 }, small).k, 1.4);
  // The pane of the page at 1280 px, and on a phone.
  for (const pane of [
    { width: 545, height: 516 },
    { width: 390, height: 143 },
  ])
    for (const height of [200, 700, 900, 4000]) {
      const k = follow(pane, { ...layout, height }, node).k;
      assert.ok(11.5 * k >= 11 - 1e-9, `words of 11 px: ${11.5 * k}`);
      assert.ok(NODE_WIDTH * k < pane.width && NODE_HEIGHT * k < pane.height);
    }
  const near = bringIntoView({ k: 1, x: 0, y: 0 }, box, { x: 0, y: 900 });
  assert.equal(900 + NODE_HEIGHT + near.y + 24, box.height);
  const lost = kept({ k: 1, x: -1e6, y: 1e6 }, box, layout);
  assert.ok(lost.x + layout.width > 0 && lost.y < box.height);
});

test("every node is reached with the arrow keys", () => {
  const place = fc.record({ x: fc.nat(900), y: fc.nat(300) });
  const places = fc.array(place, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(places, (made) => {
      const reached = new Set([0]);
      for (const from of reached)
        for (const move of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"] as const)
          reached.add(neighbourOf(made, from, move));
      assert.equal(reached.size, made.length);
    }),
  );
});

test("left and right stay in a row while there is one, up and down leave it", () => {
  const places = [
    { x: 300, y: 0 },
    { x: 0, y: 110 },
    { x: 600, y: 100 },
    { x: 300, y: 200 },
  ];
  assert.equal(neighbourOf(places, 1, "ArrowRight"), 2);
  assert.equal(neighbourOf(places, 2, "ArrowLeft"), 1);
  assert.equal(neighbourOf(places, 2, "ArrowUp"), 0);
  assert.equal(neighbourOf(places, 2, "ArrowDown"), 3);
  assert.equal(neighbourOf(places, 3, "ArrowDown"), 3);
  assert.deepEqual([neighbourOf(places, 2, "Home"), neighbourOf(places, 1, "End")], [0, 3]);
});

const FOLDERS = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";

test("every recorded flow's edges are all read", { skip }, async () => {
  for (const folder of FOLDERS)
    for (const runId of await readdir(folder)) {
      const flow = v.parse(Flow, await json(join(folder, runId, "flow.json")));
      const graph = flowGraph(flow);
      const said = JSON.stringify(flow.edges);
      assert.equal(graph.nodes.length, Object.keys(flow.nodes ?? {}).length);
      assert.equal(graph.nodes[0]?.id, flow.startAt);
      for (const { from, to } of graph.edges) {
        assert.ok(said.includes(`"from":"${graph.nodes[from]?.id}"`));
        assert.ok(said.includes(`:"${graph.nodes[to]?.id}"`));
      }
      assert.ok(graph.edges.length >= (flow.edges ?? []).length);
    }
});
