import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { isLive } from "../../src/protocol/going-on.ts";
import type { GroupedBy, RunGroup } from "../../src/protocol/run-groups.ts";
import { kindOf } from "../../src/protocol/run-words.ts";
import { dollars } from "../catalog/cost-words.ts";
import { twinsAmong } from "../catalog/groups.ts";
import { RunRow } from "../catalog/run-row.tsx";
import { runs } from "../live/state.ts";
import { minute } from "../playback/now.ts";
import { plural, wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { Glyph } from "../ui/glyph.tsx";
import { isSameData } from "../ui/same-data.ts";
import { askGroups, askRows } from "./ask-groups.ts";
import { folds } from "./folds.ts";
import { projectNames } from "./project-names.ts";
import { useAsked } from "./use-asked.ts";
import "./grouped-runs.css";

/** So many rows of a group are shown at a time, and at most. */
const STEP = 50;
const MOST_ROWS = 500;

const NONE: readonly RunGroup[] = [];

interface Props {
  readonly by: GroupedBy;
  /** Words that must all be found. */
  readonly search: string;
  /** What of the head is found, in order. */
  readonly found: readonly RunSummary[];
  readonly openId: string | null;
  readonly choose: (runId: string) => void;
}

/** All runs under their projects or kinds, those with the newest run first; what is live stands before them. */
export function GroupedRuns({ by, choose, found, openId, search }: Props) {
  const { answer, hasFailed } = useAsked(`${by} ${search}`, runs.value, (signal) =>
    askGroups(by, search, signal).then((groups) => ({ ...groups, by })),
  );
  const live = found.filter((run) => isLive(run, minute.value));
  const twins = twinsAmong(live);
  // What was asked for before is no answer to this.
  const groups = useUnchanged(answer?.by === by ? answer.groups : NONE);
  const names = useMemo(
    () => (by === "project" ? projectNames(groups.map(({ name }) => name)) : null),
    [by, groups],
  );
  const shown = groups
    .map((group) => ({ group, others: group.count - live.filter((run) => isIn(run, by, group)).length }))
    .filter(({ others }) => others > 0);
  const [firstLive] = live;
  return (
    <>
      {live.length > 0 && (
        <section>
          <h2>
            Live <span class="num">{wholeNumber(live.length)}</span>
          </h2>
          {live.map((run) => (
            <RunRow
              key={run.runId}
              run={run}
              isOpen={run.runId === openId}
              isStop={run === firstLive}
              isTwin={twins.has(run.runId)}
              choose={choose}
            />
          ))}
        </section>
      )}
      {shown.map(({ group, others }, index) => (
        <GroupOfRuns
          key={`${by} ${group.name}`}
          by={by}
          group={group}
          count={others}
          word={names?.get(group.name) ?? kindOf(group.name)}
          isFirst={index === 0}
          isStop={index === 0 && firstLive === undefined}
          search={search}
          openId={openId}
          choose={choose}
        />
      ))}
      <p class="run-count" role="status" aria-label="Groups listed">
        {statusOf(answer, by, hasFailed, live.length)}
      </p>
    </>
  );
}

/** The same object for as long as a group says the same, so that only what has changed is drawn again. */
function useUnchanged(groups: readonly RunGroup[]): readonly RunGroup[] {
  const last = useRef(NONE);
  return useMemo(() => {
    const known = new Map(last.current.map((group) => [group.name, group]));
    last.current = groups.map((group) => {
      const before = known.get(group.name);
      return before !== undefined && isSameData(before, group) ? before : group;
    });
    return last.current;
  }, [groups]);
}

function isIn(run: RunSummary, by: GroupedBy, { name }: RunGroup): boolean {
  return (by === "kind" ? run.source : (run.project ?? "")) === name;
}

function statusOf(
  answer: { readonly total: number; readonly groups: readonly unknown[] } | null,
  by: GroupedBy,
  hasFailed: boolean,
  live: number,
): string {
  if (hasFailed) return "The groups could not be read.";
  if (answer === null) return "Reading the groups…";
  const rest = answer.total - answer.groups.length;
  if (rest > 0) return `${plural(rest, by === "kind" ? "more kind" : "more project")} with older runs.`;
  return answer.total === 0 && live === 0 ? "No run matches." : "";
}

interface GroupProps extends Pick<Props, "by" | "search" | "openId" | "choose"> {
  readonly group: RunGroup;
  /** Without those that stand elsewhere. */
  readonly count: number;
  readonly word: string;
  readonly isFirst: boolean;
  /** Does the Tab key stop here? */
  readonly isStop: boolean;
}

/** A group that folds; its rows are asked for once it is open. */
const GroupOfRuns = memo<GroupProps>(({ count, group, isFirst, isStop, word, ...rest }) => {
  const fold = folds(`${rest.by} ${group.name}`, isFirst);
  const cost = costOf(group);
  return (
    <section class={`group-by-${rest.by}`}>
      <h2 class="group-title">
        <button
          type="button"
          class="group-head"
          aria-expanded={fold.isOpen}
          tabIndex={isStop ? 0 : -1}
          title={group.name || word}
          onClick={fold.toggle}
        >
          <Glyph name="down" />
          <span class="group-name clip">{word}</span>
          {cost !== null && <span class="num">{cost}</span>}
          <span class="num group-count">{wholeNumber(count)}</span>
        </button>
      </h2>
      {fold.isOpen && <Rows group={group} count={count} {...rest} />}
    </section>
  );
});

function costOf({ costUsd, unpricedTokens }: RunGroup): string | null {
  if (costUsd !== null) return dollars(costUsd);
  return unpricedTokens > 0 ? "unpriced" : null;
}

function Rows({ by, choose, count, group, openId, search }: Omit<GroupProps, "isFirst" | "isStop" | "word">) {
  const limit = useSignal(STEP);
  const { name } = group;
  // Another count, another sum: there is something else in it by now.
  const { answer, hasFailed } = useAsked(
    `${search} ${limit.value}`,
    `${JSON.stringify(group)} ${count}`,
    (signal) => askRows({ by, name, search, limit: limit.value }, signal),
  );
  if (answer === null) {
    return <p class="run-count">{hasFailed ? "These runs could not be read." : "Reading…"}</p>;
  }
  const head = runs.value?.runsById ?? {};
  // Of what is in both, the head is what is kept up to date; what is live stands above.
  const rows = answer.runs.map((run) => head[run.runId] ?? run).filter((run) => !isLive(run, minute.value));
  const isMore = answer.next !== null && limit.value < MOST_ROWS;
  return (
    <>
      {rows.map((run) => (
        <RunRow
          key={run.runId}
          run={run}
          isOpen={run.runId === openId}
          isStop={run.runId === openId}
          isTwin={false}
          hasDay
          choose={choose}
        />
      ))}
      {isMore && (
        <button
          type="button"
          class="button more-runs"
          onClick={() => (limit.value = Math.min(MOST_ROWS, limit.value + STEP))}
        >
          Show more
        </button>
      )}
      {answer.next !== null && !isMore && (
        <p class="run-count">
          {wholeNumber(MOST_ROWS)} of {plural(answer.total, "run")}; a filter finds the others.
        </p>
      )}
    </>
  );
}
