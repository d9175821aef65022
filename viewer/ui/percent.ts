/** "83 %", "88.9 %". All and nothing are said of all and nothing alone. */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000);
  const told = share > 0 && share < 1 ? Math.min(999, Math.max(1, tenths)) : tenths;
  return `${told % 10 === 0 ? told / 10 : (told / 10).toFixed(1)} %`;
}
