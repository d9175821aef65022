import { useMemo } from "preact/hooks";
import { CopyButton } from "../ui/copy-button.tsx";
import { useFold } from "../ui/folded-text.tsx";
import { TextBlocks } from "../ui/text-blocks.tsx";
import { lazyPart } from "./lazy-part.ts";
import type { Colour, Piece } from "./terminal-pieces.ts";
import { hasEscapes, plainTerminal, settleTerminal, withoutCutColour } from "./terminal-text.ts";
import "./terminal.css";
import "./pane.css";

interface Props {
  readonly text: string;
  readonly label: string;
  readonly lines?: number;
}

const colouring = lazyPart(() => import("./terminal-pieces.ts"));
/** More pieces than this at once are drawn as text without colours. */
const MOST_PIECES = 4000;

/** What a program wrote to a terminal, its colours included. */
export function Terminal({ label, lines = 24, text }: Props) {
  const settled = useMemo(() => settleTerminal(text), [text]);
  const plain = useMemo(() => plainTerminal(settled), [settled]);
  const fold = useFold({ text: settled, lines });
  const shown = withoutCutColour(fold.shown);
  const part = hasEscapes(shown) ? colouring.read() : null;
  const pieces = useMemo(() => part?.terminalPieces(shown) ?? null, [part, shown]);
  return (
    <div class="terminal-block">
      <pre class="terminal" tabIndex={0} aria-label={label}>
        {pieces === null || pieces.length > MOST_PIECES ? (
          <TextBlocks text={shown === settled ? plain : plainTerminal(shown)} />
        ) : (
          pieces.map((piece, index) => <Stretch key={index} piece={piece} />)
        )}
        {fold.more}
      </pre>
      <span class="pane-copy">
        <CopyButton text={plain} what={label} />
      </span>
    </div>
  );
}

function Stretch({ piece }: { readonly piece: Piece }) {
  const { back, fore, isBold, isDim, isItalic, isStruck, isUnderlined, text } = piece;
  const names = [
    fore?.kind === "named" && `fore-${fore.name}`,
    fore?.kind === "mixed" && "fore-mixed",
    back?.kind === "named" && `back-${back.name}`,
    back?.kind === "mixed" && "back-mixed",
    isBold && "is-bold",
    isDim && "is-dim",
    isItalic && "is-italic",
    isUnderlined && "is-underlined",
    isStruck && "is-struck",
  ].filter((name) => name !== false);
  if (names.length === 0) return <>{text}</>;
  const style = { "--fore": mixOf(fore), "--back": mixOf(back) };
  return (
    <span class={names.join(" ")} style={style}>
      {text}
    </span>
  );
}

function mixOf(colour: Colour | null): string | undefined {
  return colour?.kind === "mixed" ? `rgb(${colour.red} ${colour.green} ${colour.blue})` : undefined;
}
