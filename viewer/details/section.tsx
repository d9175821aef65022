import type { ComponentChildren } from "preact";
import "./section.css";

interface Props {
  readonly title: string;
  /** What can be done with it, at the title's side. */
  readonly acts?: ComponentChildren;
  readonly tone?: "bad" | "wait";
  /** What comes before the attempt's own name is not a part of it: it stands beside it. */
  readonly isFirst?: boolean;
  readonly children: ComponentChildren;
}

/** A part of the details, under its name. */
export function Section({ acts, children, isFirst = false, title, tone }: Props) {
  return (
    <section class={tone === undefined ? "detail" : `detail ${tone}`} aria-label={title}>
      <div class="detail-head">
        {isFirst ? <h2>{title}</h2> : <h3>{title}</h3>}
        {acts}
      </div>
      {children}
    </section>
  );
}

/** A name and what it stands for. */
export function Fact({ children, label }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
