import { FoldedText } from "../ui/folded-text.tsx";

interface Props {
  readonly text: string;
  readonly label: string;
  readonly lines?: number;
}

/** What a program wrote to a terminal, its colours included. */
export function Terminal({ label, lines = 24, text }: Props) {
  return (
    <pre class="terminal" tabIndex={0} aria-label={label}>
      <FoldedText text={text} lines={lines} />
    </pre>
  );
}
