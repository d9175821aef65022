/** A Markdown table. Its cells are texts made by the functions below. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---:")), ...rows.map(line)].join("\n");
}

/** A figure, or "-" where there is none to measure. */
export function figure(value: number | undefined, digits = 0): string {
  return value === undefined
    ? "-"
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function times(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${figure(ratio, ratio < 10 ? 1 : 0)}x`;
}

export function megabytes(bytes: number | undefined, digits = 0): string {
  return figure(bytes === undefined ? undefined : bytes / 1024 ** 2, digits);
}

export function kilobytes(bytes: number | undefined): string {
  return figure(bytes === undefined ? undefined : bytes / 1024);
}
