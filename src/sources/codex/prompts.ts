import type { CodexRecord } from "./record.ts";
import { isInjected, saidIn } from "./said.ts";

interface Prompt {
  readonly at: number;
  readonly text: string;
}

/**
 * What the person asked for. A file tells it twice: as the model is given it, among what the tool adds, and
 * at once after that as it was typed. Where only the first is told, that is what there is.
 */
export class PromptReader {
  /** Given to the model, and not yet seen as typed. */
  #given: Prompt | null = null;
  /** Typed last, and not yet seen as given. */
  #typed: string | null = null;
  /** What is typed follows what is given: so nothing else was typed. */
  #tellsTyped = false;

  take(record: CodexRecord, at: number): Prompt[] {
    if (record.kind === "event_msg/user_message") {
      const text = record.payload.message;
      if (this.#given !== null) this.#tellsTyped = true;
      this.#typed = this.#given === null ? text : null;
      this.#given = null;
      return [{ at, text }];
    }
    const before = this.#release(record);
    if (record.kind !== "response_item/message" || record.payload.role !== "user") return before;
    const text = saidIn(record.payload.content);
    if (this.#tellsTyped || text === "" || isInjected(text)) return before;
    if (this.#typed !== null && text.includes(this.#typed)) this.#typed = null;
    else this.#given = { at, text };
    return before;
  }

  /** Something else follows: it was not told as typed. */
  #release(record: CodexRecord): Prompt[] {
    const given = this.#given;
    if (given === null || record.kind === "turn_context" || record.kind === "event_msg/task_started")
      return [];
    this.#given = null;
    return [given];
  }
}
