import "./scope-switch.css";

/** Of an evaluation: what is the chosen test's, or all tests'. */
export type Scope = "test" | "all";

const SCOPES: readonly (readonly [Scope, string])[] = [
  ["test", "This test"],
  ["all", "All tests"],
];

interface Props {
  /** What is shown of them, in the plural. */
  readonly what: string;
  readonly scope: Scope;
  readonly choose: (scope: Scope) => void;
}

/** Whose files, or events, are listed. */
export function ScopeSwitch({ choose, scope, what }: Props) {
  return (
    <fieldset class="scope-switch">
      <legend class="hidden">Show the {what} of</legend>
      {SCOPES.map(([kind, words]) => (
        <label key={kind}>
          <input
            type="radio"
            name={`${what}-scope`}
            class="hidden"
            checked={scope === kind}
            onChange={() => choose(kind)}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
