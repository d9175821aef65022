import { commandOf, oneLine } from "./call.ts";
import { type Fields, textOf } from "./record.ts";

/** What marks and notices say. */

export function abortWords(reason: string | null): string {
  switch (reason) {
    case null:
    case "interrupted":
      return "Stopped by the person";
    case "replaced":
      return "Stopped: something else was asked";
    case "review_ended":
      return "The review was ended";
    default:
      return `Stopped: ${reason.replaceAll("_", " ")}`;
  }
}

export function errorText({
  error,
  message,
}: {
  readonly error: Fields | null;
  readonly message: string | null;
}): string {
  return message ?? textOf(error?.["message"]) ?? textOf(error?.["kind"]) ?? "The model could not answer";
}

export function questionText({
  command,
  message,
  reason,
}: {
  readonly command?: unknown;
  readonly message: string | null;
  readonly reason: string | null;
}): string {
  const about = oneLine(commandOf(command)) || reason || message;
  return about ? `Asks for permission: ${about}` : "Asks for permission";
}
