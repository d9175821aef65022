import { Code } from "./code.tsx";

interface Props {
  readonly value: unknown;
  readonly label: string;
}

/** Any JSON value, opened a level at a time. */
export function JsonTree({ label, value }: Props) {
  return <Code text={JSON.stringify(value, null, 2)} language="json" label={label} />;
}
