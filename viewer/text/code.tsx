import { FoldedText } from "../ui/folded-text.tsx";

interface Props {
  readonly text: string;
  /** The name that the writer gave it or a file's extension; null where nothing tells. */
  readonly language: string | null;
  /** Read to who cannot see where it stands. */
  readonly label: string;
  /** Lines drawn before the fold. */
  readonly lines?: number;
}

/** Code in its own face; its colours come when they have been loaded. */
export function Code({ label, lines = 60, text }: Props) {
  return (
    <pre class="code" tabIndex={0} aria-label={label}>
      <FoldedText text={text} lines={lines} />
    </pre>
  );
}
