import { type FilesScope, scope, setScope } from "./shown.ts";
import "./scope-switch.css";

const SCOPES: readonly (readonly [FilesScope, string])[] = [
  ["test", "This test"],
  ["all", "All tests"],
];

/** Whose files are listed. */
export function ScopeSwitch() {
  return (
    <fieldset class="scope-switch">
      <legend class="hidden">Show the files of</legend>
      {SCOPES.map(([kind, words]) => (
        <label key={kind}>
          <input
            type="radio"
            name="files-scope"
            class="hidden"
            checked={scope.value === kind}
            onChange={() => setScope(kind)}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
