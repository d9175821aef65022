import { Floats } from "./columns.ts";

/** A subagent as of a moment. */
export interface Agent {
  /** Names its session. */
  readonly session: string;
  /** From 1, in the order of their start. */
  readonly number: number;
  readonly name: string;
  /** The line of the trace that it began with. */
  readonly line: number;
  readonly startedAt: number;
  /** Null while it works. */
  readonly endedAt: number | null;
}

interface AgentLine {
  readonly line: number;
  readonly session: string;
  readonly name: string;
  readonly call: string | null;
}

/** The subagents of a coding session, in the order of their start. */
export class AgentTable {
  readonly #starts = new Floats();
  readonly #agents: (Omit<Agent, "endedAt"> & { readonly turns: { at: number; isOver: boolean }[] })[] = [];
  readonly #bySession = new Map<string, number>();
  /** Whom a call started, or asked once more, and when that was known. */
  readonly #byCall = new Map<string, { readonly place: number; readonly at: number }>();

  begin(at: number, told: AgentLine): void {
    const known = this.#bySession.get(told.session);
    const place = known ?? this.#agents.length;
    if (told.call !== null && !this.#byCall.has(told.call)) this.#byCall.set(told.call, { place, at });
    // One that is asked again goes on.
    if (known !== undefined) return void this.#agents[known]?.turns.push({ at, isOver: false });
    this.#bySession.set(told.session, place);
    this.#starts.push(at);
    const { line, name, session } = told;
    this.#agents.push({ session, number: place + 1, name, line, startedAt: at, turns: [] });
  }

  end(at: number, session: string): void {
    const place = this.#bySession.get(session);
    if (place !== undefined) this.#agents[place]?.turns.push({ at, isOver: true });
  }

  get count(): number {
    return this.#agents.length;
  }

  /** Those that had begun by `at`, as they were then. */
  by(at: number): Agent[] {
    const count = this.#starts.upTo(at);
    return this.#agents
      .slice(0, count)
      .map((_, place) => this.#agentAt(place, at))
      .filter((agent) => agent !== null);
  }

  /** The one that a tool call started; null while it had not begun. */
  ofCall(call: string, at: number): Agent | null {
    const known = this.#byCall.get(call);
    return known === undefined || known.at > at ? null : this.#agentAt(known.place, at);
  }

  ofSession(session: string, at: number): Agent | null {
    const place = this.#bySession.get(session);
    return place === undefined || !(this.#starts.at(place) <= at) ? null : this.#agentAt(place, at);
  }

  #agentAt(place: number, at: number): Agent | null {
    const told = this.#agents[place];
    if (told === undefined) return null;
    const { turns, ...agent } = told;
    const last = turns.findLast((turn) => turn.at <= at);
    return { ...agent, endedAt: last?.isOver === true ? last.at : null };
  }
}
