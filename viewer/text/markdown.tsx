import { FoldedText } from "../ui/folded-text.tsx";

interface Props {
  readonly text: string;
}

/** What an agent wrote, as its markdown means it. */
export function Markdown({ text }: Props) {
  return <FoldedText text={text} lines={Infinity} />;
}
