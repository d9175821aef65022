import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { course, indexed, view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { chooseLine } from "../steps/chosen.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { useLate } from "../ui/use-late.ts";
import { bringIntoView, type CameraMode, follow, overview } from "./camera.ts";
import { BranchView, EdgeView, EdgeWordsView } from "./edge-view.tsx";
import type { FlowGraph } from "./flow-graph.ts";
import type { Layout } from "./layout.ts";
import { neighbourOf } from "./neighbour.ts";
import { type NodeHands, NodeView } from "./node-view.tsx";
import type { GraphPicture } from "./picture.ts";
import { GraphNote, type Note } from "./note.tsx";
import { Rig } from "./rig.ts";
import { chosenNode, followedNode, shownPicture } from "./shown.ts";
import { useLayout } from "./use-layout.ts";
import "./canvas.css";

/** A part of its own, loaded when a graph is shown. */
export function Canvas({ graph }: { readonly graph: FlowGraph }) {
  const laid = useLayout(graph);
  const isLate = useLate(laid.kind === "awaited");
  switch (laid.kind) {
    case "awaited":
      return isLate ? <LoadingNote>Laying out…</LoadingNote> : null;
    case "failed":
      return (
        <div class="graph-absent">
          <p role="alert">The graph could not be laid out. The run’s steps can be seen under “Steps”.</p>
          <button type="button" class="button" onClick={laid.retry}>
            Try again
          </button>
        </div>
      );
    case "ready":
      return <LaidOut graph={graph} layout={laid.layout} />;
  }
}

interface LaidOutProps {
  readonly graph: FlowGraph;
  readonly layout: Layout;
}

const MODES = [
  ["follow", "Follow"],
  ["overview", "Overview"],
] as const;

function LaidOut({ graph, layout }: LaidOutProps) {
  const box = useRef<HTMLDivElement>(null);
  const world = useRef<SVGSVGElement>(null);
  const mode = useSignal<CameraMode>("follow");
  /** Where somebody last was with the keyboard. */
  const stop = useSignal<number | null>(null);
  const { isLate, isLoading, isPartial, value } = usePicture("graph", shownPicture);
  const note = useSignal<Note | null>(null);
  const rig = useRig(box, world, layout, mode);
  const tabStop = Math.min(stop.value ?? chosenNode.value ?? 0, graph.nodes.length - 1);

  const hands = useMemo(
    (): NodeHands => ({
      choose(index) {
        const line = lineOfNode(graph, index);
        note.value = line === null ? { words: unreachedWords() } : null;
        if (line !== null) chooseLine(line);
      },
      move(index, to) {
        const next = neighbourOf(layout.nodes, index, to);
        box.current?.querySelector<SVGGElement>(`[data-node="${next}"]`)?.focus({ preventScroll: true });
      },
      scale(factor) {
        mode.value = "free";
        rig.current?.scaleBy(factor);
      },
      focused(index, isByKeys) {
        stop.value = index;
        const place = layout.nodes[index];
        const current = rig.current;
        if (!isByKeys || place === undefined || current === null) return;
        const to = bringIntoView(current.camera, current.size, place);
        if (to.x === current.camera.x && to.y === current.camera.y) return;
        mode.value = "free";
        current.go(to, true);
      },
    }),
    [graph, layout],
  );
  return (
    <>
      <div
        ref={box}
        class={`graph-canvas ${loadingClass(isLate && !isPartial)}`}
        role="group"
        aria-label="Nodes of the flow"
        aria-busy={isLoading}
      >
        <svg ref={world} width={layout.width} height={layout.height}>
          <Edges graph={graph} layout={layout} picture={value} />
          {graph.nodes.map((node, index) => {
            const shown = value?.nodes[index];
            const attempt = shown?.attempt ?? null;
            return (
              <NodeView
                key={node.id}
                index={index}
                node={node}
                x={layout.nodes[index]?.x ?? 0}
                y={layout.nodes[index]?.y ?? 0}
                state={shown?.state ?? "unknown"}
                attempts={shown?.attempts ?? null}
                number={attempt?.number ?? 0}
                startedAt={attempt?.startedAt ?? null}
                finishedAt={attempt?.finishedAt ?? null}
                outcome={attempt?.outcome ?? null}
                isChosen={chosenNode.value === index}
                isTabStop={tabStop === index}
                hands={hands}
              />
            );
          })}
          <Branches graph={graph} layout={layout} picture={value} />
          <EdgeWords graph={graph} layout={layout} picture={value} />
        </svg>
      </div>
      <GraphNote note={note.value} />
      {isLate && <LoadingNote>{isPartial ? "Loading earlier steps…" : "Loading steps…"}</LoadingNote>}
      <div class="cameras" role="group" aria-label="Camera">
        {MODES.map(([kind, word]) => (
          <button
            key={kind}
            type="button"
            class="camera"
            aria-pressed={mode.value === kind}
            onClick={() => {
              mode.value = kind;
            }}
          >
            {word}
          </button>
        ))}
      </div>
    </>
  );
}

/** The attempt that a node shows; of one that is reached later, its first. A press is the way there, and tells no more. */
function lineOfNode(graph: FlowGraph, index: number): number | null {
  const shown = shownPicture.peek().value?.nodes[index]?.attempt ?? null;
  if (shown !== null) return shown.line;
  const id = graph.nodes[index]?.id;
  const table = view.peek()?.steps.table;
  const first = id === undefined ? undefined : table?.firstAt(id);
  return first === undefined || first === null ? null : (table?.lineOf(first) ?? null);
}

/** Of a node that nothing known of the run led to. */
function unreachedWords(): string {
  if (indexed.peek()?.index.trace.isWhole !== true) return "Not known yet.";
  return course.peek().ended ? "Not reached in this run." : "Not reached yet.";
}

interface EdgesProps extends LaidOutProps {
  readonly picture: GraphPicture | null;
}

/** For the eye alone: what leads where, the names of the steps tell in their order. */
function Edges({ graph, layout, picture }: EdgesProps) {
  return (
    <g aria-hidden="true">
      {graph.edges.map(({ from, to }, index) => {
        const place = layout.edges[index];
        const shown = picture?.edges[index];
        if (place === undefined) return null;
        return (
          <EdgeView
            key={`${from} ${to}`}
            place={place}
            isTaken={shown?.isTaken ?? false}
            isNewest={shown?.isNewest ?? false}
          />
        );
      })}
    </g>
  );
}

function EdgeWords({ graph, layout, picture }: EdgesProps) {
  return (
    <g aria-hidden="true">
      {graph.edges.map(({ from, label, to }, index) => {
        const place = layout.edges[index];
        const shown = picture?.edges[index];
        if (place === undefined) return null;
        return (
          <EdgeWordsView
            key={`${from} ${to}`}
            place={place}
            label={label}
            isTaken={shown?.isTaken ?? false}
            count={shown?.count ?? null}
          />
        );
      })}
    </g>
  );
}

function Branches({ graph, layout, picture }: EdgesProps) {
  return (
    <g aria-hidden="true">
      {graph.edges.map(({ from, label, to }, index) => {
        const place = layout.edges[index];
        const shown = picture?.edges[index];
        if (place === undefined || label === "") return null;
        return (
          <BranchView
            key={`${from} ${to}`}
            place={place}
            isTaken={shown?.isTaken ?? false}
            isNewest={shown?.isNewest ?? false}
          />
        );
      })}
    </g>
  );
}

/** Moves the drawn graph by its style alone: nothing is drawn anew for it. */
function useRig(
  box: { readonly current: HTMLDivElement | null },
  world: { readonly current: SVGSVGElement | null },
  layout: Layout,
  mode: Signal<CameraMode>,
) {
  const rig = useRef<Rig | null>(null);
  const aim = (isEased: boolean) => {
    const current = rig.current;
    if (current === null) return;
    switch (mode.peek()) {
      case "free":
        return;
      case "overview":
        return current.go(overview(current.size, layout), isEased);
      case "follow": {
        const node = followedNode.peek();
        // While it is not known where the run is, the camera stays where it is.
        if (node !== null || !isEased)
          current.go(follow(current.size, layout, layout.nodes[node ?? 0]), isEased);
      }
    }
  };
  useLayoutEffect(() => {
    const drawn = box.current;
    if (drawn === null) return undefined;
    const ground = drawn.parentElement;
    rig.current = new Rig(drawn, {
      layout,
      draw({ k, x, y }) {
        if (world.current !== null) world.current.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
        drawn.classList.toggle("is-far", k < FAR);
        drawn.classList.toggle("is-farthest", k < FARTHEST);
        // In steps, since lines that change their width are all drawn anew.
        drawn.style.setProperty("--afar", String(k < FAR ? 2 ** Math.round(Math.log2(1 / k)) : 1));
        ground?.style.setProperty("background-position", `${x}px ${y}px`);
      },
      moved() {
        mode.value = "free";
      },
      resized: () => aim(false),
    });
    aim(false);
    return () => rig.current?.end();
  }, [layout]);
  const followed = followedNode.value;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else aim(true);
  }, [mode.value, followed, layout]);
  return rig;
}

/** Smaller than this only names can be made out, and then not even they. */
const FAR = 0.4;
const FARTHEST = 0.18;
