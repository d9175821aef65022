import { computed, signal } from "@preact/signals";
import * as v from "valibot";

const Health = v.object({
  runsDirs: v.array(v.string()),
  workingDir: v.optional(v.string()),
  sessionDirs: v.optional(v.array(v.object({ dir: v.string(), source: v.string() }))),
});

const current = signal<v.InferOutput<typeof Health> | null>(null);

/** What the server says of itself, once it has. */
export const health = computed(() => current.value);

export async function readHealth(): Promise<void> {
  try {
    const response = await fetch("/api/health");
    const result = v.safeParse(Health, await response.json());
    if (result.success) current.value = result.output;
  } catch {
    // The connection's own state tells that the server is away.
  }
}
