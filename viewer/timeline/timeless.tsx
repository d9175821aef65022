import { recorded } from "./axis.ts";
import { drawn } from "./drawn.ts";
import "./timeless.css";

/** An axis on which nothing lies would say that nothing happened. */
export function Timeless() {
  if (!recorded.value.isTimeless) return null;
  return (
    <p class="timeless" style={{ height: `${drawn.value.box.height}px` }}>
      It is not told when each test ran: all are known from the end on.
    </p>
  );
}
