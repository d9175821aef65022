/** The flow's graph as of the playhead. */
export function Graph() {
  return <div class="graph" />;
}
