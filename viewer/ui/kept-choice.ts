/** A choice of the person's that this browser remembers, where it remembers anything. */
export interface KeptChoice<Choice> {
  read(): Choice;
  write(choice: Choice): void;
}

/** One of a few. */
export function keptChoice<Choice extends string>(
  key: string,
  choices: readonly Choice[],
  otherwise: Choice,
): KeptChoice<Choice> {
  const kept = keptText(key);
  return {
    read: () => choices.find((choice) => choice === kept.read()) ?? otherwise,
    write: (choice) => kept.write(choice),
  };
}

/** Any text, to be checked by who reads it; null is none. */
export function keptText(
  key: string,
  storage: () => Storage = () => localStorage,
): KeptChoice<string | null> {
  return {
    read() {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        if (text === null) storage().removeItem(key);
        else storage().setItem(key, text);
      } catch {
        // A browser that keeps nothing still shows the choice until the page is closed.
      }
    },
  };
}

/** The same for as long as this tab of the browser is open. */
export function textKeptInTab(key: string): KeptChoice<string | null> {
  return keptText(key, () => sessionStorage);
}
