import { CopyButton } from "../ui/copy-button.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import { Section } from "./section.tsx";

/** What went wrong, in the words of who noted it. */
export function Failure({ error, title }: { readonly title: string; readonly error: string }) {
  return (
    <Section title={title} tone="bad" isFirst acts={<CopyButton text={error} what="the error" />}>
      <pre tabIndex={0} aria-label={title}>
        <FoldedText text={error} lines={14} />
      </pre>
    </Section>
  );
}
