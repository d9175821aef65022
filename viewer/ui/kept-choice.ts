/** A choice of the person's that this browser remembers, where it remembers anything. */
export interface KeptChoice<Choice> {
  read(): Choice;
  write(choice: Choice): void;
}

export function keptChoice<Choice extends string>(
  key: string,
  choices: readonly Choice[],
  otherwise: Choice,
): KeptChoice<Choice> {
  return {
    read() {
      try {
        const stored = localStorage.getItem(key);
        return choices.find((choice) => choice === stored) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    write(choice) {
      try {
        localStorage.setItem(key, choice);
      } catch {
        // A browser that keeps nothing still shows the choice until the page is closed.
      }
    },
  };
}
