import assert from "node:assert/strict";
import { test } from "node:test";
import { Slots } from "../../src/slots.ts";

test("so many are under way at a time, the others in turn, and one that fails makes room", async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const end: ((fails: boolean) => void)[] = [];
  const done = [0, 1, 2, 3].map((number) =>
    slots
      .take(
        () =>
          new Promise<number>((resolve, reject) => {
            begun.push(number);
            end[number] = (fails) => (fails ? reject(new Error("failed")) : resolve(number));
          }),
      )
      .catch(() => -1),
  );
  assert.deepEqual(begun, [0, 1]);
  end[0]?.(true);
  assert.equal(await done[0], -1);
  assert.deepEqual(begun, [0, 1, 2]);
  end[2]?.(false);
  end[1]?.(false);
  assert.deepEqual(await Promise.all(done.slice(1, 3)), [1, 2]);
  assert.deepEqual(begun, [0, 1, 2, 3]);
  end[3]?.(false);
  assert.equal(await done[3], 3);
  assert.equal(await slots.take(() => Promise.resolve(4)), 4, "free again");
});
