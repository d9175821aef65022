/** What a month will have cost: for each day left as much as an average day until now, today counted whole. */
export function projectedMonthEnd(cost: number, dayOfMonth: number, daysInMonth: number): number {
  return cost + (cost / dayOfMonth) * (daysInMonth - dayOfMonth);
}
