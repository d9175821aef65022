import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { CopyButton } from "../ui/copy-button.tsx";
import { useFold } from "../ui/folded-text.tsx";
import { TextBlocks } from "../ui/text-blocks.tsx";
import { lazyPart } from "./lazy-part.ts";
import { useSeen } from "./use-seen.ts";
import "./code.css";
import "./pane.css";

interface Props {
  readonly text: string;
  /** The name that the writer gave it or a file's extension; null where nothing tells. */
  readonly language: string | null;
  /** Read to who cannot see where it stands. */
  readonly label: string;
  /** Lines drawn before the fold. */
  readonly lines?: number;
  /** Characters drawn at once. */
  readonly portion?: number;
  /** Stands where the text ends; while there is something, the text grows. */
  readonly end?: ComponentChildren;
}

/** More than this has no colours: they would cost more than they help. */
const MOST = 30_000;
/** Of what grows all is coloured again at each change. */
const MOST_GROWING = 6000;

const highlighting = lazyPart(() => import("./highlight.ts"));

/** Code in its own face; its colours come when they have been loaded. */
export function Code({ end, label, language, lines = 60, portion, text }: Props) {
  const [ref, isSeen] = useSeen<HTMLDivElement>();
  const fold = portion === undefined ? { text, lines } : { text, lines, portion };
  const { more, shown } = useFold(fold);
  const isGrowing = end !== undefined && end !== null && end !== false;
  const mayColour = isSeen && language !== null && shown.length <= (isGrowing ? MOST_GROWING : MOST);
  const part = mayColour ? highlighting.read() : null;
  const pieces = useMemo(
    () => (part === null || language === null ? null : part.highlight(shown, language)),
    [part, shown, language],
  );
  const last = more === null ? end : undefined;
  return (
    <div class="code-block" ref={ref}>
      <pre class="code" tabIndex={0} aria-label={label}>
        {pieces === null ? (
          <TextBlocks text={shown} end={last} />
        ) : (
          <>
            {pieces.map(({ text, tone }, index) =>
              tone === null ? (
                text
              ) : (
                <span key={index} class={`code-${tone}`}>
                  {text}
                </span>
              ),
            )}
            {last}
          </>
        )}
        {more}
      </pre>
      <span class="pane-copy">
        <CopyButton text={text} what={label} />
      </span>
    </div>
  );
}
