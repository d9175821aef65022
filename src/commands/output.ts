/** Where a command speaks: sentences for a person, or a line of JSON an event for a program. */
export interface Output {
  /** What the command found or did. With --json the event is printed instead of the sentence. */
  tell(sentence: string, event: Readonly<Record<string, unknown>>): void;
  /** What goes on meanwhile; never mixed into the JSON. */
  note(sentence: string): void;
  fail(sentence: string): void;
}

export function createOutput(json: boolean): Output {
  const note = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  return {
    tell: (sentence, event) => void process.stdout.write(`${json ? JSON.stringify(event) : sentence}\n`),
    note,
    fail(sentence) {
      note(sentence);
      if (json) process.stdout.write(`${JSON.stringify({ event: "error", message: sentence })}\n`);
    },
  };
}
