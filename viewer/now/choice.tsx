import { useId } from "preact/hooks";
import "../ui/scope-switch.css";

interface Props<Key extends string> {
  readonly legend: string;
  readonly of: readonly (readonly [key: Key, words: string])[];
  readonly chosen: Key;
  readonly choose: (key: Key) => void;
}

/** One of a few, all of them to be seen. */
export function Choice<Key extends string>({ choose, chosen, legend, of }: Props<Key>) {
  const name = useId();
  return (
    <fieldset class="scope-switch">
      <legend class="hidden">{legend}</legend>
      {of.map(([key, words]) => (
        <label key={key}>
          <input
            type="radio"
            name={name}
            class="hidden"
            checked={key === chosen}
            onChange={() => choose(key)}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
