import { Fragment } from "preact";
import { showKeys } from "../playback/keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import "./keys-dialog.css";

interface Group {
  readonly name: string;
  readonly keys: readonly (readonly [what: string, ...keys: string[]])[];
}

const GROUPS: readonly Group[] = [
  {
    name: "Anywhere",
    keys: [
      ["Play or pause", "Space"],
      ["Previous, next event", "←", "→"],
      ["Previous, next step, or result of a test", "Shift ←", "Shift →"],
      ["Previous, next error", "Shift E", "E"],
      ["To the start", "Home"],
      ["To the live edge", "L", "End"],
      ["Nearer, further away on the timeline", "+", "−"],
      ["All of the run on the timeline", "0"],
      ["Find", "Ctrl K", "⌘ K"],
      ["These keys", "?"],
    ],
  },
  {
    name: "In an evaluation",
    keys: [
      ["Filter the tests", "/"],
      ["To the graders of the test that the keyboard is on", "Enter"],
    ],
  },
  {
    name: "On the timeline",
    keys: [
      ["Ten seconds back, on", "Page Down", "Page Up"],
      ["Fold it or open it, on the line above it", "Enter"],
      ["Higher, lower, on the line above it", "↑", "↓"],
    ],
  },
];

const WITH_POINTER = [
  "A press on the figures above the timeline, or a drag, goes to that very moment. In an evaluation a press on a bar chooses its test, too.",
  "The wheel goes nearer and further away, with Shift along the run.",
  "A double click on a span shows it whole. Two fingers spread do the same as the wheel.",
];

/** All that the keys do. */
export function KeysDialog() {
  const close = () => showKeys(false);
  return (
    <Dialog label="Keys" close={close}>
      <div class="keys-dialog">
        <header>
          <h2>Keys</h2>
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </header>
        {GROUPS.map(({ keys, name }) => (
          <Fragment key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([what, ...pressed]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>
                    {pressed.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </Fragment>
        ))}
        <h3>With a pointer</h3>
        {WITH_POINTER.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </Dialog>
  );
}
