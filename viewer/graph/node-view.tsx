import { position } from "../playback/playback.ts";
import { clock, duration, humanise, wholeNumber } from "../ui/format.ts";
import { Glyph } from "../ui/glyph.tsx";
import { memo } from "../ui/memo.ts";
import { outcomeLook, outcomeWord, runLook } from "../ui/status-mark.tsx";
import { firstThatFits, fitText } from "./fit-text.ts";
import type { FlowNode } from "./flow-graph.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./layout.ts";
import { type Move, moveOf } from "./neighbour.ts";
import type { NodeState } from "./picture.ts";
import { outlineOf, stripeOf } from "./shape.ts";
import { kindWords, nodeName } from "./words.ts";

/** Plain figures rather than an object: a node is drawn again only when one of them changes. */
interface NodeProps {
  readonly index: number;
  readonly node: FlowNode;
  readonly x: number;
  readonly y: number;
  readonly state: NodeState;
  readonly attempts: number | null;
  /** The number of the attempt that is shown; 0 for none. */
  readonly number: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly outcome: string | null;
  readonly isChosen: boolean;
  /** The one node that the Tab key comes to. */
  readonly isTabStop: boolean;
  readonly hands: NodeHands;
}

/** What a person does to a node; the same object for as long as the layout is. */
export interface NodeHands {
  choose(index: number): void;
  move(index: number, to: Move): void;
  scale(factor: number): void;
  focused(index: number, isByKeys: boolean): void;
}

const LEFT = 18;
const RIGHT = NODE_WIDTH - 16;
const GLYPH = 14;

export const NodeView = memo<NodeProps>(({ hands, index, node, x, y, ...shown }) => {
  const { attempts, isChosen, isTabStop, outcome, state } = shown;
  const name = nodeName(node, state, outcomeWord(outcome), attempts);
  return (
    <g
      class={`graph-node kind-${node.kind} is-${state} ${isChosen ? "is-chosen" : ""}`}
      style={{ transform: `translate(${x}px, ${y}px)` }}
      role="none"
    >
      <title>{node.summary === null ? name : `${name}\n${node.summary}`}</title>
      {/* Its words are beside it rather than in it: its name says more than they have room for. */}
      <path
        class="node-button"
        d={outlineOf(node.kind)}
        role="button"
        tabIndex={isTabStop ? 0 : -1}
        aria-label={name}
        aria-current={isChosen ? "step" : undefined}
        data-node={index}
        onClick={() => hands.choose(index)}
        onKeyDown={(event) => press(hands, index, event)}
        onFocus={(event) => hands.focused(index, event.currentTarget.matches(":focus-visible"))}
      />
      <g class="node-look" aria-hidden="true">
        <path class="halo" d={outlineOf(node.kind)} />
        <path class="outline" d={outlineOf(node.kind)} />
        <path class="stripe" d={stripeOf(node.kind)} />
        {node.isStart && <circle class="start" cx={LEFT + 6} cy={0} r={5} />}
        {node.isEnd && (
          <>
            <circle class="end" cx={LEFT + 6} cy={NODE_HEIGHT} r={6} />
            <circle class="end-core" cx={LEFT + 6} cy={NODE_HEIGHT} r={2.6} />
          </>
        )}
        <text class="node-name" x={LEFT} y={25}>
          {fitText(humanise(node.id), "600 14px", RIGHT - LEFT - GLYPH - 8)}
        </text>
        <text class="node-kind" x={LEFT} y={44}>
          {kindLine(node, shown)}
        </text>
        <text class="node-time num" x={RIGHT} y={44}>
          <NodeTime {...shown} />
        </text>
        <StateGlyph state={state} outcome={outcome} />
      </g>
    </g>
  );
});

function press(hands: NodeHands, index: number, event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const move = event.shiftKey ? null : moveOf(event.key);
  if (move !== null) hands.move(index, move);
  else if (event.key === "Enter" || event.key === " ") hands.choose(index);
  else if (event.key === "+") hands.scale(1.25);
  else if (event.key === "-") hands.scale(0.8);
  else return;
  event.preventDefault();
}

type Shown = Pick<NodeProps, "state" | "attempts" | "number" | "startedAt" | "finishedAt" | "outcome">;

/** What there is room for. That a flow starts or ends here is left out first: a mark tells it too. */
function kindLine(node: FlowNode, shown: Shown): string {
  const { attempts, number } = shown;
  const count = Math.max(number, attempts ?? 0);
  const attempt = count > 1 ? [`attempt ${wholeNumber(count)}`] : [];
  const words = kindWords(node);
  const [kind = ""] = words;
  const kinds = node.isDecision ? [kind, "decision"] : [kind];
  const choices = [
    [...words, ...attempt],
    [...kinds, ...attempt],
    count > 1 ? [...kinds, `×${count}`] : kinds,
    [kind],
  ];
  return firstThatFits(
    choices.map((choice) => choice.join(" · ")),
    "11.5px",
    RIGHT - LEFT - timeRoom(timeText(shown)),
  );
}

/** Null of an attempt that goes on: its time is a clock. */
function timeText({ finishedAt, startedAt, state }: Shown): string | null {
  if (state === "unknown") return "…";
  if (state === "waiting") return "waiting";
  if (startedAt === null) return "";
  return finishedAt === null ? null : duration(finishedAt - startedAt);
}

const DIGIT = 7.3;
const CLOCK_ROOM = 44;

function timeRoom(text: string | null): number {
  if (text === "") return 0;
  return text === null ? CLOCK_ROOM : text.length * DIGIT + 8;
}

function NodeTime(shown: Shown) {
  const text = timeText(shown);
  return text === null && shown.startedAt !== null ? <Elapsed since={shown.startedAt} /> : <>{text}</>;
}

function Elapsed({ since }: { readonly since: number }) {
  return <>{clock(position.value - since)}</>;
}

function StateGlyph({ outcome, state }: { readonly state: NodeState; readonly outcome: string | null }) {
  const look = lookOf(state, outcome);
  if (look === null) return null;
  return (
    <g class={`tone-${look.tone}`} style={{ transform: `translate(${RIGHT - GLYPH}px, 12px)` }}>
      <Glyph name={look.glyph} />
    </g>
  );
}

function lookOf(state: NodeState, outcome: string | null) {
  switch (state) {
    case "unknown":
    case "not_reached":
      return null;
    case "waiting":
      return runLook("waiting");
    case "unfinished":
      return outcomeLook("unfinished");
    case "current":
    case "visited":
    case "failed":
    case "interrupted":
      return outcomeLook(outcome);
  }
}
