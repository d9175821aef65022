import { computed } from "@preact/signals";
import { kindOf } from "../../src/protocol/run-words.ts";
import { now } from "../playback/now.ts";
import { limitsOf } from "./limit.ts";
import { stats } from "./shown.ts";
import "./limits.css";

const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);

/** How much of a plan's allowance is used up, where a producer tells it. */
export function Limits() {
  const limits = limitsOf(stats.value?.plan_limits ?? [], minute.value);
  if (limits.length === 0) return null;
  return (
    <section class="limits" aria-label="Plan limits">
      <h2>Plan limits</h2>
      <ul>
        {limits.map(({ isNear, isOver, key, percent, reset, source, text, window }) => (
          <li key={key} class={isOver ? "limit over" : isNear ? "limit near" : "limit"}>
            <span class="limit-name">
              {kindOf(source)} <span class="num">{window}</span>
            </span>
            <span
              class="limit-bar"
              role="meter"
              aria-label={`${kindOf(source)}, ${window}`}
              aria-valuenow={percent}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuetext={text}
            >
              <i style={{ width: `${percent}%` }} />
            </span>
            <b class="num">{text}</b>
            <span class="limit-reset">{reset}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
