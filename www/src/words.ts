// What went wrong, for somebody who did not write this console: what happened, and what to do.
import { isManagementError, OutcomeUnknownError } from "auth0-users";
import { MetadataConflictError, ResultLimitError } from "auth0-users/admin";

export interface Explanation {
  what: string;
  remedy: string;
  /** The server's own words and the id of the request, for a support ticket. */
  detail?: string;
}

const WORDS: Record<string, [what: string, remedy: string]> = {
  timeout: ["The tenant took too long to answer.", "Try again."],
  deadline: ["This did not succeed in the time it had.", "Try again later."],
  network: ["The console's server did not answer.", "See whether it runs and you are online, then try again."],
  bad_response: ["Something answered that is not the Auth0 API.", "Tell whoever runs this console."],
  unauthorized: ["Your session has ended.", "Sign in again."],
  forbidden: ["You are not allowed to do this.", "Ask an administrator to do it."],
  not_found: ["This does not exist any more.", "Go back to the list, and load it again."],
  conflict: ["This does not go with what is there already.", "See what is there, then try again."],
  rate_limited: ["The tenant takes no more requests for now.", "Wait a moment and try again."],
  bad_request: ["The tenant refused this.", "Correct what it names and try again."],
  server: ["Something went wrong inside the tenant.", "Try again. If it stays, report the request id."],
  outcome_unknown: [
    "Nobody knows yet whether this was done: the answer got lost on the way.",
    "Check before you try again.",
  ],
};

const CODES: Record<string, [what: string, remedy: string]> = {
  inexistent_user: ["There is no such user. Somebody may have deleted it.", "Go back to the list."],
  inexistent_connection: ["There is no such connection.", "Choose another one."],
  invalid_paging: ["A search reaches the first 1,000 users only.", "Narrow it down."],
  too_many_calls: ["You have as many calls under way as one may have.", "Wait until some are done."],
  invalid_csrf_token: ["Your session has changed in another tab.", "Reload the page."],
};

const TAKEN = [
  "There is such a user already.",
  "Look for the user, or use another email, phone number or username.",
] as const;

/** The code of a user who is there already stands for other refusals of a database too, such as of a password. */
const isTaken = (errorCode = "", message = "") =>
  errorCode === "user_exists" || (errorCode === "auth0_idp_error" && message.includes("already"));

export function explain(error: unknown): Explanation {
  if (error instanceof MetadataConflictError) {
    return {
      what: "Somebody has changed this user meanwhile, so nothing was sent.",
      remedy: "Look before you try again.",
    };
  }
  if (error instanceof ResultLimitError) {
    return {
      what: "There are users that a search cannot reach.",
      remedy: "Narrow the list down with a filter.",
      detail: error.message,
    };
  }
  if (error instanceof RangeError && "code" in error && error.code === "unsafe_integer") {
    return {
      what: "Nothing was sent: an integer above 9007199254740991 would be sent as another one.",
      remedy: "Write it as text, in quotes.",
      detail: error.message,
    };
  }
  if (!isManagementError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { what: "That did not work.", remedy: "Reload the page and try again.", detail: message };
  }
  const known = CODES[error.errorCode ?? ""] ?? WORDS[error.code] ?? ["That did not work.", "Try again."];
  let [what, remedy] = known;
  const said = (error.body as { message?: unknown } | undefined)?.message;
  let message = typeof said === "string" ? said : undefined;
  if (isTaken(error.errorCode, message)) {
    [what, remedy] = TAKEN;
  } else if (error.code === "conflict" && message) {
    // Only the API knows with what.
    what = /[.!?]$/.test(message) ? message : `${message}.`;
    message = undefined;
  } else if (message?.startsWith("PasswordStrengthError")) {
    [what, remedy] = ["The password is too weak.", "Take 8 characters or more of three kinds: a, A, 1, !."];
  } else if (error.fieldErrors?.length) {
    what = error.fieldErrors.map(({ field, rule }) => `${labelOf(field)}: ${rule}.`).join(" ");
  } else if (error.missingScopes?.length) {
    what = `The console's server lacks the scope ${error.missingScopes.join(" or ")}.`;
    remedy = "Ask whoever runs it to grant the scope.";
  }
  const detail = [message, error.requestId && `Request ${error.requestId}`].filter(Boolean).join(" · ");
  return { what, remedy, detail: detail || undefined };
}

export const isUnknown = (error: unknown): error is OutcomeUnknownError => error instanceof OutcomeUnknownError;

/** The name of a field as forms have it. */
export function labelOf(field: string): string {
  const words = field.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
